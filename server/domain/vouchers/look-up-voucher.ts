import { rawSql } from "@/db/client";
import { VOUCHER_STATES } from "@/db/schema";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError, isDomainError } from "@/server/core/errors";
import { referenceOf } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { openBooks } from "../ledger";
import { ConfigReader } from "./campaign-config";
import { actingMerchant, identify, requirePossession, type Subject } from "./identify";
import { holdsLock } from "./redeem-vouchers";
import { judge } from "./rules";
import { type LookUpVoucherInput, lookUpVoucherInput } from "./schemas";
import { type StoredVoucher, type StoredVoucherRow, statusOf, storedVoucher } from "./stored-voucher";
import type { Refusal, VoucherLookup } from "./types";
import { openDynamicSecret } from "./voucher-secrets";

/**
 * What a voucher is, and what it would give on an order, without using it or its rotating code. Why it cannot be
 * redeemed as asked stands in `refusal`.
 * @throws DomainError VOUCHER_UNKNOWN · VOUCHER_MISTYPED · VOUCHER_CODE_STALE (bare digits) · VOUCHER_CODE_AMBIGUOUS
 */
export async function lookUpVoucher(ctx: Ctx, input: LookUpVoucherInput): Promise<VoucherLookup> {
  requirePermission(ctx, "voucher:lookup");
  const asked = lookUpVoucherInput.parse(input);
  const merchantId = actingMerchant(ctx, asked.merchantId, true);
  const subject = await identify(ctx, asked);
  return withTransaction(ctx, async (ctx) => {
    const [books, voucher] = await Promise.all([openBooks(ctx), findVoucher(ctx, subject)]);
    const now = ctx.clock.now();
    const lockRef = asked.lockRef ?? null;
    if (!voucher) throw new DomainError("VOUCHER_UNKNOWN");
    requirePossession(ctx, subject, merchantId !== null && holdsLock(voucher, merchantId, lockRef, now));
    const config = new ConfigReader(ctx, books);
    await config.load([voucher.campaignId], [merchantId ?? [], voucher.redeemedBy ?? []].flat());
    const campaign = config.campaign(voucher.campaignId);
    if (!campaign) throw new DomainError("VOUCHER_UNKNOWN");
    const merchant = merchantId ? (config.party(merchantId) ?? null) : null;
    if (merchantId && merchant?.kind !== "merchant") throw new DomainError("NOT_FOUND", { noun: "merchant" });

    const name = (id: string) => config.party(id)?.name ?? null;
    let refusal: Refusal | null = null;
    let given: ReturnType<typeof judge>["given"] = null;
    try {
      given = judge(
        voucher,
        campaign,
        {
          merchantId,
          merchant,
          at: now,
          now,
          digits: subject.digits,
          // Staff who look a voucher up by its number are not asked for its holder's code.
          codeAsked: !subject.byIdOnly,
          lockRef,
          currency: asked.currency ?? null,
          order: asked.orderAmount
            ? {
                amount: asked.orderAmount,
                productCode: asked.productCode ?? null,
                lines: asked.lines ?? [],
                use: asked.amount ?? null,
              }
            : null,
        },
        ({ id, dynamicSealed }) => dynamicSealed && openDynamicSecret(ctx.tenant.id, id, dynamicSealed),
        name,
      ).given;
    } catch (error) {
      if (!isDomainError(error)) throw error;
      refusal = { code: error.code, params: error.params };
    }
    const orderAmount = asked.orderAmount ?? 0n;
    return {
      voucherId: voucher.id,
      reference: referenceOf("VC", voucher.id),
      campaignId: campaign.id,
      campaignName: campaign.name,
      type: campaign.type,
      terms: campaign.terms,
      currency: campaign.currency,
      verification: campaign.verification,
      status: statusOf(voucher, now),
      validFrom: voucher.validFrom,
      validTo: voucher.validTo,
      usesLeft: voucher.usesLeft,
      balance: voucher.balance,
      lockedUntil: voucher.lockedUntil && voucher.lockedUntil > now ? voucher.lockedUntil : null,
      redeemed: voucher.redeemedAt
        ? { at: voucher.redeemedAt, merchantName: voucher.redeemedBy && name(voucher.redeemedBy) }
        : null,
      offer: given && {
        orderAmount,
        discount: given.discount,
        storedValue: given.storedValue,
        payable: given.paid,
        balanceAfter: voucher.balance === null ? null : voucher.balance - given.storedValue,
      },
      refusal,
    };
  });
}

/** Without a lock. */
export async function findVoucher(ctx: TxCtx, { hash, voucherId }: Subject): Promise<StoredVoucher | null> {
  const sql = rawSql(ctx.tx);
  const which = hash ? sql`code_hash = ${hash}` : sql`id = ${voucherId}`;
  const [row] = await sql<StoredVoucherRow[]>`
    select id, campaign_id, code_hash, state, uses_left, balance, valid_from, valid_to, dynamic_sealed, dynamic_last_step,
      locked_until, locked_by, lock_ref, redeemed_at, redeemed_by, issued_at
    from vouchers where tenant_id = ${ctx.tenant.id} and ${which} and state <> ${VOUCHER_STATES.created}`;
  return row ? storedVoucher(row) : null;
}
