import { type RawSql, rawSql } from "@/db/client";
import { VOUCHER_STATES } from "@/db/schema";
import { type Ctx, partyScope, partyScopeKind, requirePermission, type TxCtx } from "@/server/core/context";
import { decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import { isId, referenceOf, referenceRange } from "@/server/core/ids";
import { withSnapshot } from "@/server/core/transaction";
import { readPresented } from "./codes";
import { redemptionsOfVoucher } from "./redemption-queries";
import {
  type ListVouchersInput,
  listVouchersInput,
  type Verification,
  type VoucherStatus,
  type VoucherTerms,
  type VoucherType,
} from "./schemas";
import { statusOf } from "./stored-voucher";
import type { VoucherDetail, VoucherRow } from "./types";
import { codeHash } from "./voucher-secrets";

interface Row {
  id: string;
  campaign_id: string;
  campaign_name: string;
  type: VoucherType;
  terms: VoucherTerms;
  verification: Verification;
  currency: string;
  state: number;
  uses_left: number;
  balance: bigint | null;
  initial_balance: bigint | null;
  customer_id: string | null;
  source_id: string | null;
  job_id: string | null;
  valid_from: string | null;
  valid_to: string | null;
  issued_at: string;
  redeemed_at: string | null;
  redeemed_by: string | null;
  merchant_name: string | null;
  locked_until: string | null;
}

/** Newest first. A brand sees those of its campaigns, a merchant those of campaigns that it accepts. */
export async function listVouchers(
  ctx: Ctx,
  input: ListVouchersInput,
): Promise<{ items: VoucherRow[]; nextCursor: string | null }> {
  requirePermission(ctx, "voucher:read");
  const asked = listVouchersInput.parse(input);
  const before = decodeCursor(asked.cursor, ["id"])?.[0];
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const found = asked.search ? searched(ctx, sql, asked.search) : sql``;
    const rows = await select(
      ctx,
      sql`${asked.campaignId ? sql`and v.campaign_id = ${asked.campaignId}` : sql``}
        ${asked.jobId ? sql`and v.job_id = ${asked.jobId}` : sql``}
        ${asked.customerId && partyScope(ctx) === null ? sql`and v.customer_id = ${asked.customerId}` : sql``}
        ${asked.status && asked.status.length > 0 ? withStatus(sql, asked.status, ctx.clock.now()) : sql``}
        ${found} ${before ? sql`and v.id < ${String(before)}` : sql``}`,
      asked.limit + 1,
    );
    const shown = rows.slice(0, asked.limit);
    return {
      items: shown.map((row) => present(ctx, row)),
      nextCursor: rows.length > asked.limit ? encodeCursor([shown.at(-1)?.id ?? ""]) : null,
    };
  });
}

/** One voucher with its redemptions. Throws NOT_FOUND. */
export async function getVoucher(ctx: Ctx, input: { id: string }): Promise<VoucherDetail> {
  requirePermission(ctx, "voucher:read");
  return withSnapshot(ctx, async (ctx) => {
    const [row] = await select(ctx, rawSql(ctx.tx)`and v.id = ${input.id}`, 1);
    if (!row) throw new DomainError("NOT_FOUND", { noun: "voucher" });
    return {
      ...present(ctx, row),
      terms: row.terms,
      verification: row.verification,
      redemptions: await redemptionsOfVoucher(ctx, row.id),
    };
  });
}

type Fragment = ReturnType<RawSql>;

function select(ctx: TxCtx, where: Fragment, limit: number): Promise<Row[]> {
  const sql = rawSql(ctx.tx);
  return sql<Row[]>`
    select v.id, v.campaign_id, c.name as campaign_name, c.type, c.terms, c.verification, c.currency, v.state, v.uses_left,
      v.balance, v.initial_balance, v.customer_id, v.source_id, v.job_id, v.valid_from, v.valid_to, v.issued_at,
      v.redeemed_at, v.redeemed_by, p.name as merchant_name, v.locked_until
    from vouchers v join campaigns c on c.tenant_id = v.tenant_id and c.id = v.campaign_id
    left join parties p on p.tenant_id = v.tenant_id and p.id = v.redeemed_by
    where v.tenant_id = ${ctx.tenant.id} and v.state <> ${VOUCHER_STATES.created} ${scoped(ctx, sql)} ${where}
    order by v.id desc limit ${limit}`;
}

function scoped(ctx: TxCtx, sql: RawSql): Fragment {
  const scope = partyScope(ctx);
  if (scope === null) return sql``;
  return partyScopeKind(ctx) === "merchant"
    ? sql`and c.status <> 'draft' and (cardinality(c.merchant_ids) = 0 or c.merchant_ids @> array[${scope}]::uuid[])`
    : sql`and c.brand_id = ${scope}`;
}

/** A code, a number (`VC-…`) or an id finds one voucher; else a customer's or source id. */
function searched(ctx: TxCtx, sql: RawSql, text: string): Fragment {
  if (isId(text.toLowerCase())) return sql`and v.id = ${text.toLowerCase()}`;
  const range = /^vc-/i.test(text) ? referenceRange("VC", text) : null;
  if (range) return sql`and v.id between ${range.from} and ${range.to}`;
  const presented = readPresented(text);
  if (presented.kind === "static" || presented.kind === "dynamic")
    return sql`and v.code_hash = ${codeHash(presented.code)}`;
  if (partyScope(ctx) !== null) return sql`and false`;
  return sql`and v.id in (
    select id from vouchers where tenant_id = ${ctx.tenant.id} and customer_id = ${text}
    union all
    select s.id from campaigns o join vouchers s on s.tenant_id = o.tenant_id and s.campaign_id = o.id and s.source_id = ${text}
    where o.tenant_id = ${ctx.tenant.id})`;
}

/** As `statusOf` has it. */
function withStatus(sql: RawSql, statuses: readonly VoucherStatus[], now: Date): Fragment {
  const at = now.toISOString();
  const is = (status: VoucherStatus): Fragment => {
    const open = sql`v.state in (${VOUCHER_STATES.issued}, ${VOUCHER_STATES.expired})`;
    switch (status) {
      case "void":
        return sql`v.state = ${VOUCHER_STATES.void}`;
      case "redeemed":
        return sql`v.state = ${VOUCHER_STATES.redeemed}`;
      case "expired":
        return sql`(${open} and v.valid_to <= ${at}::timestamptz)`;
      case "locked":
        return sql`(${open} and (v.valid_to is null or v.valid_to > ${at}::timestamptz) and v.locked_until > ${at}::timestamptz)`;
      case "issued":
        return sql`(${open} and (v.valid_to is null or v.valid_to > ${at}::timestamptz)
          and (v.locked_until is null or v.locked_until <= ${at}::timestamptz))`;
    }
  };
  const any = statuses.map(is).reduce((all, one) => sql`${all} or ${one}`);
  return sql`and (${any})`;
}

const date = (text: string | null) => (text === null ? null : new Date(text));

function present(ctx: TxCtx, row: Row): VoucherRow {
  const scope = partyScope(ctx);
  const now = ctx.clock.now();
  const lockedUntil = date(row.locked_until);
  const validTo = date(row.valid_to);
  const status = statusOf({ state: row.state, validTo, lockedUntil }, now);
  // Where else a voucher was used is not a merchant's business in a list; redeeming tells it at the till.
  const elsewhere = partyScopeKind(ctx) === "merchant" && row.redeemed_by !== scope;
  return {
    id: row.id,
    reference: referenceOf("VC", row.id),
    campaignId: row.campaign_id,
    campaignName: row.campaign_name,
    type: row.type,
    currency: row.currency,
    status,
    usesLeft: row.uses_left,
    balance: row.balance,
    initialBalance: row.initial_balance,
    customerId: scope === null ? row.customer_id : null,
    sourceId: scope === null ? row.source_id : null,
    jobId: scope === null ? row.job_id : null,
    validFrom: date(row.valid_from),
    validTo,
    issuedAt: new Date(row.issued_at),
    redeemedAt: date(row.redeemed_at),
    redeemedBy: row.redeemed_by && !elsewhere ? { id: row.redeemed_by, name: row.merchant_name ?? "" } : null,
    lockedUntil: status === "locked" ? lockedUntil : null,
  };
}
