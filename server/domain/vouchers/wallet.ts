import { type Database, inTenant, rawSql } from "@/db/client";
import { VOUCHER_STATES } from "@/db/schema";
import { type Clock, systemClock, type Tenant, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { referenceOf } from "@/server/core/ids";
import { findTenantId, loadTenant, systemCtx } from "../parties";
import { dynamicPayload, formatCode } from "./codes";
import { DYNAMIC_SECONDS, dynamicCodeAt } from "./dynamic-codes";
import type { Verification, VoucherTerms, VoucherType } from "./schemas";
import { type StoredVoucherRow, statusOf, storedVoucher } from "./stored-voucher";
import type { WalletView } from "./types";
import { displayHash, openCode, openDynamicSecret } from "./voucher-secrets";
import { readWalletToken } from "./wallet-token";

/** What the holder of an address `/w/<slug>/<token>` sees; never more. Throws NOT_FOUND for whatever is no such address. */
export async function walletView(
  db: Database,
  slug: string,
  token: string,
  clock: Clock = systemClock,
): Promise<WalletView> {
  const tenantId = await findTenantId(db, slug);
  const voucherId = tenantId ? readWalletToken(tenantId, token) : null;
  if (!tenantId || !voucherId) throw notFound();
  const tenant = await loadTenant(db, tenantId);
  return inTenant(db, tenantId, (tx) =>
    view({ ...systemCtx(db, tenant, "wallet", clock), tx }, tenant, voucherId),
  );
}

const notFound = () => new DomainError("NOT_FOUND", { noun: "voucher" });

interface Row extends StoredVoucherRow {
  code_sealed: Buffer;
  initial_balance: bigint | null;
  campaign_name: string;
  type: VoucherType;
  terms: VoucherTerms;
  currency: string;
  verification: Verification;
  merchant_name: string | null;
}

async function view(ctx: TxCtx, tenant: Tenant, voucherId: string): Promise<WalletView> {
  const [row] = await rawSql(ctx.tx)<Row[]>`
    select v.*, c.name as campaign_name, c.type, c.terms, c.currency, c.verification, p.name as merchant_name
    from vouchers v join campaigns c on c.tenant_id = v.tenant_id and c.id = v.campaign_id
    left join parties p on p.tenant_id = v.tenant_id and p.id = v.redeemed_by
    where v.tenant_id = ${tenant.id} and v.id = ${voucherId} and v.state <> ${VOUCHER_STATES.created}`;
  if (!row) throw notFound();
  const voucher = storedVoucher(row);
  const now = ctx.clock.now();
  const status = statusOf(voucher, now);
  const usable = status === "issued" || status === "locked";
  const code = usable ? openCode(tenant.id, voucher.id, row.code_sealed) : null;
  const isRotating = row.verification === "dynamic";
  return {
    tenantName: tenant.name,
    timeZone: tenant.timezone,
    asOf: now,
    campaignName: row.campaign_name,
    type: row.type,
    terms: row.terms,
    currency: row.currency,
    verification: row.verification,
    status,
    validFrom: voucher.validFrom,
    validTo: voucher.validTo,
    usesLeft: voucher.usesLeft,
    reference: referenceOf("VC", voucher.id),
    code: code !== null && !isRotating ? formatCode(code) : null,
    rotating:
      code !== null && isRotating ? await rotate(ctx, voucher.id, code, row.dynamic_sealed, now) : null,
    balance: voucher.balance,
    initialBalance: row.initial_balance,
    movements: row.type === "gift_card" ? await movements(ctx, voucher.id) : [],
    redeemed:
      status === "redeemed" && voucher.redeemedAt
        ? { at: voucher.redeemedAt, merchantName: row.merchant_name }
        : null,
  };
}

/** The code of the moment, noted as shown, so that a merchant can type its 8 digits alone. */
async function rotate(
  ctx: TxCtx,
  voucherId: string,
  code: string,
  sealed: Buffer | null,
  now: Date,
): Promise<WalletView["rotating"]> {
  if (!sealed) throw new Error(`voucher ${voucherId} of a campaign with rotating codes has no secret`);
  const { digits, step, changesAt, refusedFrom } = dynamicCodeAt(
    openDynamicSecret(ctx.tenant.id, voucherId, sealed),
    now,
  );
  const sql = rawSql(ctx.tx);
  await Promise.all([
    sql`
      insert into voucher_displays (tenant_id, code_hash, voucher_id, step, expires_at)
      values (${ctx.tenant.id}, ${displayHash(ctx.tenant.id, digits)}, ${voucherId}, ${step}, ${refusedFrom.toISOString()}::timestamptz)
      on conflict (tenant_id, code_hash, voucher_id) do update set step = excluded.step, expires_at = excluded.expires_at`.execute(),
    // A few of those that are over go with each that is added.
    sql`
      delete from voucher_displays d using (
        select code_hash, voucher_id from voucher_displays
        where tenant_id = ${ctx.tenant.id} and expires_at < ${now.toISOString()}::timestamptz
        order by expires_at limit 10 for update skip locked) old
      where d.tenant_id = ${ctx.tenant.id} and d.code_hash = old.code_hash and d.voucher_id = old.voucher_id`.execute(),
  ]);
  return { digits, qr: dynamicPayload(code, digits), validUntil: changesAt, everySeconds: DYNAMIC_SECONDS };
}

/** What a gift card gave and got back, newest first. */
async function movements(ctx: TxCtx, voucherId: string): Promise<WalletView["movements"]> {
  const rows = await rawSql(ctx.tx)<{ traded_at: string; amount: bigint; name: string | null }[]>`
    select t.traded_at, t.discount + t.paid - t.gross as amount, p.name
    from trades t left join parties p on p.tenant_id = t.tenant_id and p.id = t.merchant_id
    where t.tenant_id = ${ctx.tenant.id} and t.voucher_id = ${voucherId} and t.kind in ('redemption', 'reversal')
    order by t.traded_at desc, t.id desc limit 50`;
  return rows
    .filter(({ amount }) => amount !== 0n)
    .map(({ traded_at, amount, name }) => ({ at: new Date(traded_at), amount, merchantName: name }));
}
