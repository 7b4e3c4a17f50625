import type { z } from "zod";
import { type RawSql, rawSql } from "@/db/client";
import { type Ctx, partyScope, requirePermission, type TxCtx } from "@/server/core/context";
import { decodeCursor, encodeCursor } from "@/server/core/cursor";
import { isId, referenceOf, referenceRange } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { contactHash } from "./make-order";
import {
  contact as contactShape,
  type ListOrdersInput,
  listOrdersInput,
  listReportsInput,
  type OrderFilter,
  type OrderFlag,
  type OrderSource,
  type OrderState,
  orderFilter,
} from "./schemas";
import { date } from "./stored-order";
import type { OrderRow, ReportRow } from "./types";

/** Newest first; a distributor sees its own. The state `flagged` finds all that a person has to look at. */
export async function listOrders(
  ctx: Ctx,
  input: ListOrdersInput,
): Promise<{ items: OrderRow[]; nextCursor: string | null }> {
  requirePermission(ctx, "order:read");
  const { cursor, limit, ...filter } = listOrdersInput.parse(input);
  const rows = await page(ctx, filter, cursor ?? null, limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor([last.id]) : null };
}

const EXPORT_PAGE = 1_000;

/** All that a filter finds, in step with its reader. */
export async function* exportOrders(ctx: Ctx, input: OrderFilter): AsyncGenerator<OrderRow> {
  requirePermission(ctx, "order:read");
  const filter = orderFilter.parse(input);
  for (let cursor: string | null = null; ; ) {
    const rows: OrderRow[] = await page(ctx, filter, cursor, EXPORT_PAGE);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < EXPORT_PAGE) return;
    cursor = encodeCursor([last.id]);
  }
}

/** Keys reported as not working, those that wait longest first. */
export async function listReports(
  ctx: Ctx,
  input: z.input<typeof listReportsInput>,
): Promise<{ items: ReportRow[]; nextCursor: string | null }> {
  requirePermission(ctx, "order:read");
  const { cursor, limit, outcome } = listReportsInput.parse(input);
  const after = decodeCursor(cursor, ["time", "id"]);
  const scope = partyScope(ctx);
  const rows = await withTransaction(ctx, ({ tx, tenant }) => {
    const sql = rawSql(tx);
    return sql<ReportSqlRow[]>`
      select d.id as "deliveryId", d.order_id as "orderId", o.distributor_id as "distributorId", s.name as "distributorName",
        l.product_id as "productId", p.name as "productName", coalesce(k.tail, '') as tail, d.reported_at as "reportedAt",
        d.reported_by as "reportedBy", d.report_reason as reason, d.report_outcome as outcome, d.revealed_at as "revealedAt",
        (select count(*)::int from card_deliveries r where r.tenant_id = d.tenant_id and r.order_id = d.order_id
          and r.state = 'replaced' and r.id <> d.id) as "replacedBefore"
      from card_deliveries d
      join orders o on o.tenant_id = d.tenant_id and o.id = d.order_id
      join parties s on s.tenant_id = o.tenant_id and s.id = o.distributor_id
      join order_lines l on l.tenant_id = d.tenant_id and l.id = d.order_line_id
      join products p on p.tenant_id = l.tenant_id and p.id = l.product_id
      left join card_keys k on k.tenant_id = d.tenant_id and k.id = d.key_id
      where d.tenant_id = ${tenant.id} and d.report_outcome = ${outcome}
        ${scope === null ? sql`` : sql`and o.distributor_id = ${scope}`}
        ${after ? sql`and (d.reported_at, d.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
      order by d.reported_at, d.id limit ${limit + 1}`.execute();
  });
  const items = rows.slice(0, limit).map(
    (row): ReportRow => ({
      ...row,
      reference: referenceOf("ORD", row.orderId),
      reportedAt: new Date(row.reportedAt),
      revealedAt: date(row.revealedAt),
    }),
  );
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last ? encodeCursor([last.reportedAt, last.deliveryId]) : null,
  };
}

type ReportSqlRow = Omit<ReportRow, "reference" | "reportedAt" | "revealedAt"> & {
  reportedAt: string;
  revealedAt: string | null;
};

// ── rows ──

type Fragment = ReturnType<RawSql>;

function page(
  ctx: Ctx,
  filter: ReturnType<typeof orderFilter.parse>,
  cursor: string | null,
  limit: number,
): Promise<OrderRow[]> {
  const after = decodeCursor(cursor, ["id"]);
  return withTransaction(ctx, (ctx) => {
    const sql = rawSql(ctx.tx);
    const { state, flag, source, distributorId, productId, channelId, from, to, reported, search } = filter;
    return selectOrders(
      ctx,
      sql`${state && state.length > 0 ? inStates(sql, state) : sql``}
        ${flag ? sql`and o.flag = ${flag}` : sql``}
        ${source ? sql`and o.source = ${source}` : sql``}
        ${distributorId ? sql`and o.distributor_id = ${distributorId}` : sql``}
        ${productId ? sql`and exists (select from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id and l.product_id = ${productId})` : sql``}
        ${channelId ? sql`and exists (select from payments y where y.tenant_id = o.tenant_id and y.order_id = o.id and y.channel_id = ${channelId})` : sql``}
        ${from ? sql`and o.created_at >= ${from.toISOString()}::timestamptz` : sql``}
        ${to ? sql`and o.created_at < ${to.toISOString()}::timestamptz` : sql``}
        ${reported === undefined ? sql`` : reported ? sql`and ${hasOpenReport(sql)}` : sql`and not ${hasOpenReport(sql)}`}
        ${search ? found(ctx, sql, search) : sql``}
        ${after ? sql`and o.id < ${after[0]}::uuid` : sql``}`,
      limit,
    );
  });
}

/** An order that is delivered may need a person as well: a refund of it failed. */
function inStates(sql: RawSql, states: readonly OrderState[]): Fragment {
  const plain = sql`o.state = any(${[...states]}::text[])`;
  return states.includes("flagged") ? sql`and (${plain} or o.flag is not null)` : sql`and ${plain}`;
}

const hasOpenReport = (sql: RawSql) =>
  sql`exists (select from card_deliveries d where d.tenant_id = o.tenant_id and d.order_id = o.id and d.report_outcome = 'open')`;

/** By what the text looks like; each look-up has its index. */
function found(ctx: TxCtx, sql: RawSql, text: string): Fragment {
  const byId = identified(sql, text);
  if (byId) return byId;
  const payment = /^pay-/i.test(text) ? referenceRange("PAY", text) : null;
  if (payment)
    return sql`and o.id in (select order_id from payments where tenant_id = ${ctx.tenant.id} and id between ${payment.from} and ${payment.to})`;
  const byContact =
    partyScope(ctx) === null && contactShape.safeParse(text).success
      ? sql`or o.contact_hash = ${contactHash(ctx, text)}`
      : sql``;
  return sql`and (o.external_ref = ${text} ${byContact}
    or o.id in (select order_id from payments where tenant_id = ${ctx.tenant.id} and transaction_id = ${text}))`;
}

/** By id or reference. */
export function identified(sql: RawSql, text: string): Fragment | null {
  if (isId(text.toLowerCase())) return sql`and o.id = ${text.toLowerCase()}`;
  const range = /^ord-/i.test(text) ? referenceRange("ORD", text) : null;
  return range && sql`and o.id between ${range.from} and ${range.to}`;
}

interface Row {
  id: string;
  source: OrderSource;
  state: OrderState;
  flag: OrderFlag | null;
  distributor_id: string;
  distributor_name: string;
  currency: string;
  total: bigint;
  refunded: bigint;
  external_ref: string | null;
  quantity: number;
  products: string[];
  delivered: number;
  open_reports: number;
  channel_id: string | null;
  channel_name: string | null;
  provider: string | null;
  created_at: string;
  expires_at: string;
  paid_at: string | null;
  delivered_at: string | null;
  ended_at: string | null;
}

/** The page is found by an index first; what belongs to each order is then read for it alone. */
export async function selectOrders(ctx: TxCtx, where: Fragment, limit: number): Promise<OrderRow[]> {
  const sql = rawSql(ctx.tx);
  const scope = partyScope(ctx);
  const rows = await sql<Row[]>`
    with page as materialized (
      select o.* from orders o
      where o.tenant_id = ${ctx.tenant.id} ${scope === null ? sql`` : sql`and o.distributor_id = ${scope}`} ${where}
      order by o.id desc limit ${limit})
    select o.id, o.source, o.state, o.flag, o.distributor_id, s.name as distributor_name, o.currency, o.total, o.refunded,
      o.external_ref, o.created_at, o.expires_at, o.paid_at, o.delivered_at, o.ended_at, l.quantity, l.products,
      d.delivered, d.open_reports, y.channel_id, y.channel_name, y.provider
    from page o
    join parties s on s.tenant_id = ${ctx.tenant.id} and s.id = o.distributor_id
    cross join lateral (
      select sum(l.quantity)::int as quantity, array_agg(p.name order by l.position) as products
      from order_lines l join products p on p.tenant_id = ${ctx.tenant.id} and p.id = l.product_id
      where l.tenant_id = ${ctx.tenant.id} and l.order_id = o.id) l
    cross join lateral (
      select count(*) filter (where d.state = 'delivered')::int as delivered,
        count(*) filter (where d.report_outcome = 'open')::int as open_reports
      from card_deliveries d where d.tenant_id = ${ctx.tenant.id} and d.order_id = o.id) d
    left join lateral (
      select y.channel_id, c.name as channel_name, pc.provider from payments y
      join parties c on c.tenant_id = ${ctx.tenant.id} and c.id = y.channel_id
      left join payment_channels pc on pc.tenant_id = ${ctx.tenant.id} and pc.party_id = y.channel_id
      where y.tenant_id = ${ctx.tenant.id} and y.order_id = o.id
      order by (y.outcome = 'accepted') desc nulls last, y.id desc limit 1) y on true
    order by o.id desc`;
  return rows.map((row) => ({
    id: row.id,
    reference: referenceOf("ORD", row.id),
    source: row.source,
    state: row.state,
    flag: row.flag,
    distributorId: row.distributor_id,
    distributorName: row.distributor_name,
    currency: row.currency,
    total: row.total,
    refunded: row.refunded,
    externalRef: row.external_ref,
    quantity: row.quantity,
    delivered: row.delivered,
    products: row.products,
    openReports: row.open_reports,
    payment: row.provider === null ? null : methodOf(row.provider, row.channel_id, row.channel_name),
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    paidAt: date(row.paid_at),
    deliveredAt: date(row.delivered_at),
    endedAt: date(row.ended_at),
  }));
}

/** A wallet has no channel that anybody needs to know. */
export function methodOf(provider: string | null, channelId: string | null, channelName: string | null) {
  return provider === "wallet" ? { channelId: null, channelName: null } : { channelId, channelName };
}
