import { rawSql } from "@/db/client";
import { type Ctx, requirePermission } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { openBooks } from "../ledger";
import { ConfigReader } from "./campaign-config";
import { actingMerchant, identify, requirePossession } from "./identify";
import { holdsLock } from "./redeem-vouchers";
import { judge } from "./rules";
import {
  type LockVoucherInput,
  lockVoucherInput,
  type UnlockVoucherInput,
  unlockVoucherInput,
} from "./schemas";
import type { VoucherLock } from "./types";
import { openDynamicSecret } from "./voucher-secrets";
import { readVouchers } from "./vouchers-at-hand";

/**
 * Holds a voucher for one merchant's checkout (pre-authorisation): nobody else can use or hold it until the time
 * is over. Locking again under the same reference prolongs it. A rotating code is used up by it; redeeming then
 * needs the lock's reference only.
 * @throws DomainError VOUCHER_LOCKED by another one, and whatever would refuse redeeming it there now
 */
export async function lockVoucher(ctx: Ctx, input: LockVoucherInput): Promise<VoucherLock> {
  requirePermission(ctx, "voucher:redeem");
  const { lockRef, minutes, ...asked } = lockVoucherInput.parse(input);
  const merchantId = actingMerchant(ctx, asked.merchantId);
  const subject = await identify(ctx, asked);
  return withTransaction(ctx, async (ctx) => {
    const [books, vouchers] = await Promise.all([
      openBooks(ctx),
      readVouchers(ctx, [{ subject }], { lock: true }),
    ]);
    const voucher = vouchers.of(subject);
    if (!voucher) throw new DomainError("VOUCHER_UNKNOWN");
    const now = ctx.clock.now();
    requirePossession(ctx, subject, holdsLock(voucher, merchantId, lockRef, now));
    const config = new ConfigReader(ctx, books);
    await config.load([voucher.campaignId], [merchantId, voucher.redeemedBy ?? []].flat());
    const campaign = config.campaign(voucher.campaignId);
    const merchant = config.party(merchantId);
    if (!campaign) throw new DomainError("VOUCHER_UNKNOWN");
    if (merchant?.kind !== "merchant") throw new DomainError("NOT_FOUND", { noun: "merchant" });
    const { dynamicStep } = judge(
      voucher,
      campaign,
      {
        merchantId,
        merchant,
        at: now,
        now,
        digits: subject.digits,
        codeAsked: true,
        lockRef,
        currency: null,
        order: null,
      },
      ({ id, dynamicSealed }) => dynamicSealed && openDynamicSecret(ctx.tenant.id, id, dynamicSealed),
      (id) => config.party(id)?.name ?? null,
    );
    const lockedUntil = new Date(now.getTime() + (minutes ?? ctx.tenant.settings.lockMinutes) * 60_000);
    await rawSql(ctx.tx)`
      update vouchers set locked_until = ${lockedUntil.toISOString()}::timestamptz, locked_by = ${merchantId},
        lock_ref = ${lockRef}, dynamic_last_step = coalesce(${dynamicStep}::bigint, dynamic_last_step)
      where tenant_id = ${ctx.tenant.id} and id = ${voucher.id}`;
    await record(ctx, {
      action: "voucher.locked",
      subject: { kind: "voucher", id: voucher.id },
      partyId: merchantId,
      data: { lockRef, until: lockedUntil },
    });
    return { voucherId: voucher.id, lockRef, lockedUntil };
  });
}

/** Ends a lock before its time. Throws VOUCHER_NOT_LOCKED where the merchant holds none under this reference. */
export async function unlockVoucher(ctx: Ctx, input: UnlockVoucherInput): Promise<void> {
  requirePermission(ctx, "voucher:redeem");
  const { voucherId, lockRef, ...asked } = unlockVoucherInput.parse(input);
  const merchantId = actingMerchant(ctx, asked.merchantId);
  await withTransaction(ctx, async (ctx) => {
    const [row] = await rawSql(ctx.tx)`
      update vouchers set locked_until = null, locked_by = null, lock_ref = null
      where tenant_id = ${ctx.tenant.id} and id = ${voucherId} and locked_by = ${merchantId} and lock_ref = ${lockRef}
        and locked_until > ${ctx.clock.now().toISOString()}::timestamptz
      returning id`;
    if (!row) throw new DomainError("VOUCHER_NOT_LOCKED", { lock: lockRef });
    await record(ctx, {
      action: "voucher.unlocked",
      subject: { kind: "voucher", id: voucherId },
      partyId: merchantId,
      data: { lockRef },
    });
  });
}
