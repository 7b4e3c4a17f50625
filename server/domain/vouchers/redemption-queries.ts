import { type RawSql, rawSql } from "@/db/client";
import { type Ctx, partyScope, partyScopeKind, requirePermission, type TxCtx } from "@/server/core/context";
import { decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import { isId, referenceOf, referenceRange } from "@/server/core/ids";
import { withSnapshot } from "@/server/core/transaction";
import {
  type ListRedemptionsInput,
  listRedemptionsInput,
  type RedemptionFilter,
  redemptionFilter,
  type VoucherType,
} from "./schemas";
import type { RedemptionDetail, RedemptionRow } from "./types";

/** Newest first, by business time. A merchant sees its own, a brand those of its campaigns. */
export async function listRedemptions(
  ctx: Ctx,
  input: ListRedemptionsInput,
): Promise<{ items: RedemptionRow[]; nextCursor: string | null }> {
  requirePermission(ctx, "redemption:read");
  const { cursor, limit, ...filter } = listRedemptionsInput.parse(input);
  const rows = await page(ctx, filter, cursor ?? null, limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? cursorOf(last) : null };
}

const EXPORT_PAGE = 1_000;

/** All that a filter finds, in step with its reader. */
export async function* exportRedemptions(ctx: Ctx, input: RedemptionFilter): AsyncGenerator<RedemptionRow> {
  requirePermission(ctx, "redemption:read");
  const filter = redemptionFilter.parse(input);
  for (let cursor: string | null = null; ; ) {
    const rows: RedemptionRow[] = await page(ctx, filter, cursor, EXPORT_PAGE);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < EXPORT_PAGE) return;
    cursor = cursorOf(last);
  }
}

/** One redemption, by its id or reference, with its legs and reversals. Throws NOT_FOUND. */
export async function getRedemption(ctx: Ctx, input: { id: string }): Promise<RedemptionDetail> {
  requirePermission(ctx, "redemption:read");
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const [row] = await select(ctx, identified(sql, input.id) ?? sql`and false`, 1);
    if (!row) throw new DomainError("NOT_FOUND", { noun: "redemption" });
    const scope = partyScope(ctx);
    const [legs, reversals] = await Promise.all([
      sql<{ id: string; leg: string; amount: bigint; party_id: string; name: string }[]>`
        select t.id, t.leg, t.amount, t.party_id, p.name
        from transfers t join parties p on p.tenant_id = t.tenant_id and p.id = t.party_id
        join accounts d on d.tenant_id = t.tenant_id and d.id = t.debit_account_id
        join accounts c on c.tenant_id = t.tenant_id and c.id = t.credit_account_id
        where t.tenant_id = ${ctx.tenant.id} and t.trade_id = ${row.id}
          ${scope ? sql`and ${scope} in (t.party_id, d.party_id, c.party_id)` : sql``}
        order by t.id`.execute(),
      sql<{ id: string; traded_at: string; amount: bigint; reason: string | null }[]>`
        select id, traded_at, discount - gross as amount, reason from trades
        where tenant_id = ${ctx.tenant.id} and reverses_id = ${row.id} order by id`.execute(),
    ]);
    return {
      ...present(ctx, row),
      collectedBy: row.collected_by,
      legs: legs.map(({ id, leg, amount, party_id, name }) => ({
        transferId: id,
        code: leg,
        amount,
        partyId: party_id,
        partyName: name,
      })),
      reversals: reversals.map(({ id, traded_at, amount, reason }) => ({
        id,
        reference: referenceOf("RV", id),
        at: new Date(traded_at),
        amount,
        reason,
      })),
    };
  });
}

/** For a voucher's page; within the asker's scope. */
export async function redemptionsOfVoucher(ctx: TxCtx, voucherId: string): Promise<RedemptionRow[]> {
  const rows = await select(ctx, rawSql(ctx.tx)`and t.voucher_id = ${voucherId}`, 100);
  return rows.map((row) => present(ctx, row));
}

// ── rows ──

interface Row {
  id: string;
  traded_at: string;
  posted_at: string;
  merchant_id: string | null;
  merchant_name: string | null;
  campaign_id: string | null;
  campaign_name: string | null;
  type: VoucherType | null;
  voucher_id: string | null;
  order_ref: string | null;
  currency: string;
  gross: bigint;
  discount: bigint;
  paid: bigint;
  collected_by: "platform" | "merchant";
  moved: bigint;
  reversals: bigint;
  given_back: bigint;
}

type Fragment = ReturnType<RawSql>;

const cursorOf = (row: RedemptionRow) => encodeCursor([row.tradedAt.toISOString(), row.id]);

function page(
  ctx: Ctx,
  filter: ReturnType<typeof redemptionFilter.parse>,
  cursor: string | null,
  limit: number,
): Promise<RedemptionRow[]> {
  const after = decodeCursor(cursor, ["time", "id"]);
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const { merchantId, campaignId, voucherId, from, to, state, search } = filter;
    const rows = await select(
      ctx,
      sql`${merchantId ? sql`and t.merchant_id = ${merchantId}` : sql``}
        ${campaignId ? sql`and t.campaign_id = ${campaignId}` : sql``}
        ${voucherId ? sql`and t.voucher_id = ${voucherId}` : sql``}
        ${from ? sql`and t.traded_at >= ${from.toISOString()}::timestamptz` : sql``}
        ${to ? sql`and t.traded_at < ${to.toISOString()}::timestamptz` : sql``}
        ${state ? inState(sql, state) : sql``}
        ${search ? (identified(sql, search) ?? sql`and t.order_ref = ${search}`) : sql``}
        ${after ? sql`and (t.traded_at, t.id) < (${String(after[0])}::timestamptz, ${String(after[1])}::uuid)` : sql``}`,
      limit,
    );
    return rows.map((row) => present(ctx, row));
  });
}

/**
 * The page is found by an index first; what each row came to is then summed for it alone: `moved`, what it and its
 * reversals gave the merchant, or, to a brand that asks, took from it (below zero).
 */
function select(ctx: TxCtx, where: Fragment, limit: number): Promise<Row[]> {
  const sql = rawSql(ctx.tx);
  const whose =
    partyScopeKind(ctx) === "brand"
      ? sql`a.party_id = ${partyScope(ctx)} and a.kind = 'receivable'`
      : sql`a.party_id = t.merchant_id and a.kind = 'payable'`;
  return sql<Row[]>`
    with page as materialized (
      select t.* from trades t
      where t.tenant_id = ${ctx.tenant.id} and t.kind = 'redemption' ${scoped(ctx, sql)} ${where}
      order by t.traded_at desc, t.id desc limit ${limit})
    select t.id, t.traded_at, t.posted_at, t.merchant_id, m.name as merchant_name, t.campaign_id, c.name as campaign_name,
      c.type, t.voucher_id, t.order_ref, t.currency, t.gross, t.discount, t.paid, t.collected_by,
      coalesce(account.moved, 0)::bigint as moved, coalesce(back.reversals, 0)::bigint as reversals,
      coalesce(back.amount, 0)::bigint as given_back
    from page t
    left join parties m on m.tenant_id = ${ctx.tenant.id} and m.id = t.merchant_id
    left join campaigns c on c.tenant_id = ${ctx.tenant.id} and c.id = t.campaign_id
    left join lateral (
      select count(*) as reversals, sum(r.discount - r.gross) as amount from trades r
      where r.tenant_id = ${ctx.tenant.id} and r.reverses_id = t.id) back on true
    left join accounts a on a.tenant_id = ${ctx.tenant.id} and ${whose}
      and a.currency = t.currency and a.ref = ''
    left join lateral (
      select sum(case a.id when x.credit_account_id then x.amount when x.debit_account_id then -x.amount else 0 end) as moved
      from (select t.id union all select r.id from trades r where r.tenant_id = ${ctx.tenant.id} and r.reverses_id = t.id) own
      join transfers x on x.tenant_id = ${ctx.tenant.id} and x.trade_id = own.id) account on true
    order by t.traded_at desc, t.id desc`;
}

function scoped(ctx: TxCtx, sql: RawSql): Fragment {
  const scope = partyScope(ctx);
  if (scope === null) return sql``;
  return partyScopeKind(ctx) === "merchant"
    ? sql`and t.merchant_id = ${scope}`
    : sql`and t.brand_id = ${scope}`;
}

/** What the customer gave is money paid and stored value: gross less discount. */
function inState(sql: RawSql, state: RedemptionRow["state"]): Fragment {
  const reversals = sql`select from trades r where r.tenant_id = t.tenant_id and r.reverses_id = t.id`;
  const back = sql`(select coalesce(sum(r.discount - r.gross), 0) from trades r where r.tenant_id = t.tenant_id and r.reverses_id = t.id)`;
  switch (state) {
    case "standing":
      return sql`and not exists (${reversals})`;
    case "reversed":
      return sql`and exists (${reversals}) and ${back} >= t.gross - t.discount`;
    case "part_reversed":
      return sql`and exists (${reversals}) and ${back} < t.gross - t.discount`;
  }
}

function identified(sql: RawSql, text: string): Fragment | null {
  if (isId(text.toLowerCase())) return sql`and t.id = ${text.toLowerCase()}`;
  const range = /^rd-/i.test(text) ? referenceRange("RD", text) : null;
  return range && sql`and t.id between ${range.from} and ${range.to}`;
}

function present(ctx: TxCtx, row: Row): RedemptionRow {
  const given = row.gross - row.discount;
  const postedAt = new Date(row.posted_at);
  const forBrand = partyScopeKind(ctx) === "brand";
  return {
    id: row.id,
    reference: referenceOf("RD", row.id),
    tradedAt: new Date(row.traded_at),
    postedAt,
    merchantId: row.merchant_id,
    merchantName: row.merchant_name,
    campaignId: row.campaign_id,
    campaignName: row.campaign_name,
    type: row.type,
    voucherId: row.voucher_id,
    voucherReference: row.voucher_id && referenceOf("VC", row.voucher_id),
    orderRef: row.order_ref,
    currency: row.currency,
    gross: row.gross,
    discount: row.discount,
    storedValue: row.gross - row.discount - row.paid,
    paid: row.paid,
    merchantDue: forBrand ? null : row.moved,
    ownCost: forBrand ? -row.moved : null,
    state: row.reversals === 0n ? "standing" : row.given_back >= given ? "reversed" : "part_reversed",
    reversedAmount: row.given_back,
    undoUntil: new Date(postedAt.getTime() + ctx.tenant.settings.undoMinutes * 60_000),
  };
}
