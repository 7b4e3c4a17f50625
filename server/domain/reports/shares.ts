import { type RawSql, rawSql } from "@/db/client";
import {
  type Ctx,
  partyScope,
  requirePartyScope,
  requirePermission,
  type TxCtx,
} from "@/server/core/context";
import { decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import { referenceOf } from "@/server/core/ids";
import { withSnapshot } from "@/server/core/transaction";
import { tradeReference } from "../clearing";
import { PAYMENT_LEGS } from "../settlement";
import { CORRECTIONS } from "./figures";
import { type CommissionFilters, commissionFilters, listCommissionsInput, type ShareKind } from "./schemas";

/** What a distributor got of one card sale, or gave back when it was reversed; or what corrects a month's commission. */
export interface Commission {
  /** The transfer's. */
  id: string;
  /** Opens the trace. */
  tradeId: string;
  reference: string;
  reversal: boolean;
  leg: string;
  kind: ShareKind;
  /** Signed for the distributor. */
  amount: bigint;
  currency: string;
  /** What the buyer paid; negative where it went back, zero of a true-up. */
  paid: bigint;
  tradedAt: Date;
  dueAt: Date | null;
  product: { number: string; name: string } | null;
  /** Who sold it; null where it did itself. */
  seller: { number: string; name: string } | null;
  /** Its own order; null where a recruit sold it. */
  order: { id: string; reference: string } | null;
}

/** What of a sale a leg is to a distributor; null: a payment of what was due. */
export function shareKindOf(leg: string): ShareKind | null {
  if (Object.values(PAYMENT_LEGS).includes(leg)) return null;
  if (leg === "card.commission") return "commission";
  if (CORRECTIONS.includes(leg)) return "true_up";
  if (leg.startsWith("card.upline")) return "upline";
  return leg === "card.markup" ? "markup" : "other";
}

/** Latest sale first. Walks one index, so a page costs the same wherever it lies. Throws NOT_FOUND. */
export async function listCommissions(
  ctx: Ctx,
  input: unknown,
): Promise<{ items: Commission[]; nextCursor: string | null }> {
  requirePermission(ctx, "distributor:read");
  const { cursor, limit, ...filters } = listCommissionsInput.parse(input);
  const partyId = filters.partyId ?? partyScope(ctx);
  if (partyId === null) throw new DomainError("INPUT_INVALID", { path: "partyId" });
  requirePartyScope(ctx, partyId);
  const after = decodeCursor(cursor, ["time", "id"]);
  return withSnapshot(ctx, async (ctx) => {
    await requireDistributor(ctx, partyId);
    const sql = rawSql(ctx.tx);
    const rows = await sql<CommissionSql[]>`
      select t.id, t.trade_id, t.leg, t.currency, t.traded_at, f.amount, f.due_at, d.kind as trade_kind, d.paid, d.order_id,
        d.distributor_id = ${partyId} as own, p.number as product_number, p.name as product_name,
        s.number as seller_number, s.name as seller_name
      from transfers t
      cross join lateral (
        select t.amount as amount, t.credit_due_at as due_at from accounts a
        where a.tenant_id = t.tenant_id and a.id = t.credit_account_id and a.party_id = ${partyId} and a.kind in ('payable', 'receivable')
        union all
        select -t.amount, t.debit_due_at from accounts a
        where a.tenant_id = t.tenant_id and a.id = t.debit_account_id and a.party_id = ${partyId} and a.kind in ('payable', 'receivable')) f
      join trades d on d.tenant_id = t.tenant_id and d.id = t.trade_id
      left join products p on p.tenant_id = d.tenant_id and p.id = d.product_id
      left join parties s on s.tenant_id = d.tenant_id and s.id = d.distributor_id
      where t.tenant_id = ${ctx.tenant.id} and t.party_id = ${partyId}
        -- the condition of the index, word for word
        and (t.leg like 'card.%' and t.leg <> 'card.supplier' and t.leg <> 'card.margin' or t.leg in ('fee.true_up', 'fee.walk_back'))
        ${ofKind(sql, filters.kind)}
        ${filters.from ? sql`and t.traded_at >= (${filters.from}::date)::timestamp at time zone ${ctx.tenant.timezone}` : sql``}
        ${filters.to ? sql`and t.traded_at < (${filters.to}::date + 1)::timestamp at time zone ${ctx.tenant.timezone}` : sql``}
        ${after ? sql`and (t.traded_at, t.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
      order by t.traded_at desc, t.id desc limit ${limit + 1}`;
    const items = rows.slice(0, limit).map(commissionOf);
    const last = items.at(-1);
    const more = rows.length > limit && last;
    return { items, nextCursor: more ? encodeCursor([last.tradedAt, last.id]) : null };
  });
}

/** All that a filter matches, page by page, in step with its reader. */
export async function* eachCommission(ctx: Ctx, input: unknown): AsyncGenerator<Commission> {
  const filters: CommissionFilters = commissionFilters.parse(input);
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listCommissions>> = await listCommissions(ctx, {
      ...filters,
      cursor,
      limit: 500,
    });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor);
}

function ofKind(sql: RawSql, kind: ShareKind | undefined) {
  switch (kind) {
    case undefined:
      return sql``;
    case "commission":
      return sql`and t.leg = 'card.commission'`;
    case "upline":
      return sql`and t.leg like 'card.upline%'`;
    case "markup":
      return sql`and t.leg = 'card.markup'`;
    case "true_up":
      return sql`and t.leg in ('fee.true_up', 'fee.walk_back')`;
    case "other":
      return sql`and t.leg not in ('card.commission', 'card.markup', 'fee.true_up', 'fee.walk_back') and t.leg not like 'card.upline%'`;
  }
}

interface CommissionSql {
  id: string;
  trade_id: string;
  leg: string;
  currency: string;
  traded_at: string;
  amount: bigint;
  due_at: string | null;
  trade_kind: string;
  paid: bigint;
  order_id: string | null;
  own: boolean;
  product_number: string | null;
  product_name: string | null;
  seller_number: string | null;
  seller_name: string | null;
}

function commissionOf(row: CommissionSql): Commission {
  return {
    id: row.id,
    tradeId: row.trade_id,
    reference: tradeReference(row.trade_kind, row.trade_id),
    reversal: row.trade_kind === "reversal",
    leg: row.leg,
    kind: shareKindOf(row.leg) ?? "other",
    amount: row.amount,
    currency: row.currency,
    paid: row.paid,
    tradedAt: new Date(row.traded_at),
    dueAt: row.due_at ? new Date(row.due_at) : null,
    product: row.product_number ? { number: row.product_number, name: row.product_name ?? "" } : null,
    seller: row.own || !row.seller_number ? null : { number: row.seller_number, name: row.seller_name ?? "" },
    order: row.own && row.order_id ? { id: row.order_id, reference: referenceOf("ORD", row.order_id) } : null,
  };
}

async function requireDistributor(ctx: TxCtx, partyId: string): Promise<void> {
  const [row] = await rawSql(ctx.tx)`
    select 1 from parties where tenant_id = ${ctx.tenant.id} and id = ${partyId} and kind = 'distributor'`;
  if (!row) throw new DomainError("NOT_FOUND", { noun: "distributor" });
}
