import { rawSql } from "@/db/client";
import { type Ctx, isAllowed, partyScope, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { referenceOf } from "@/server/core/ids";
import { open } from "@/server/core/secrets";
import { withSnapshot } from "@/server/core/transaction";
import { identified, methodOf, selectOrders } from "./order-queries";
import { pickupUntil } from "./pickup";
import { pickupPath } from "./pickup-token";
import { isReportable } from "./report-delivery";
import { mayReveal } from "./reveal";
import { deliveriesOf, type StoredDelivery } from "./stored-delivery";
import { date } from "./stored-order";
import type {
  OrderDelivery,
  OrderDetail,
  OrderEvent,
  OrderLine,
  OrderPayment,
  OrderRefund,
  OrderRow,
} from "./types";

/** One order by its id or reference, with all that happened to it; nothing secret. Throws NOT_FOUND. */
export async function getOrder(ctx: Ctx, input: { id: string }): Promise<OrderDetail> {
  requirePermission(ctx, "order:read");
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const [order] = await selectOrders(ctx, identified(sql, input.id) ?? sql`and false`, 1);
    if (!order) throw new DomainError("NOT_FOUND", { noun: "order" });
    const [stored, lines, keys, reports, payments, refunds, events] = await Promise.all([
      extrasOf(ctx, order.id),
      linesOfOrder(ctx, order.id),
      deliveriesOf(ctx, order.id),
      reportsOf(ctx, order.id),
      paymentsOfOrder(ctx, order.id),
      refundsOfOrder(ctx, order.id),
      eventsOf(ctx, order.id),
    ]);
    const seesStock = isAllowed(ctx.actor, "stock:read") && partyScope(ctx) === null;
    const deliveries = keys.map((key) => deliveryOf(key, reports.get(key.id), seesStock));
    const linked = { id: order.id, pickupVersion: stored.pickupVersion };
    const isTrusted = isAllowed(ctx.actor, "order:resolve") || partyScope(ctx) !== null;
    return {
      ...order,
      lines,
      deliveries,
      payments:
        partyScope(ctx) === null ? payments : payments.map((payment) => ({ ...payment, routing: null })),
      refunds,
      events,
      // A link opens what the distributor may not see of its shop's buyers.
      pickupPath: isTrusted && mayReveal(ctx, order) ? pickupPath(ctx.tenant, linked) : null,
      pickupUntil: pickupUntil(ctx, order),
      pickupViews: stored.pickupViews,
      contact: contactOf(ctx, order.id, stored.contact),
      may: mayOf(ctx, order, keys, payments),
    };
  });
}

function mayOf(
  ctx: TxCtx,
  order: OrderRow,
  keys: readonly StoredDelivery[],
  payments: readonly OrderPayment[],
): OrderDetail["may"] {
  const can = (permission: Parameters<typeof isAllowed>[1]) => isAllowed(ctx.actor, permission);
  const isOpen = order.state === "pending" && order.expiresAt > ctx.clock.now();
  const isHeld = order.state === "flagged" && payments.some((payment) => payment.heldTradeId !== null);
  const inUse = keys.filter((key) => key.state === "delivered");
  return {
    payByWallet: can("order:create") && isOpen && order.source !== "shop",
    payByChannel: can("order:create") && isOpen,
    reveal: can("card:reveal") && inUse.length > 0 && mayReveal(ctx, order),
    report: can("order:report") && keys.some(isReportable),
    refund: can("order:refund") && (isHeld || inUse.length > 0),
    redeliver: can("order:resolve") && isHeld && order.flag !== "WRONG_AMOUNT",
    resolve:
      can("order:resolve") && keys.some((key) => key.reportOutcome === "open" && key.state === "delivered"),
    renewPickup: can("order:resolve"),
  };
}

async function extrasOf(ctx: TxCtx, id: string) {
  const [row] = await rawSql(ctx.tx)<
    { pickupVersion: number; pickupViews: number; contact: Buffer | null }[]
  >`
    select pickup_version as "pickupVersion", pickup_views as "pickupViews", contact_sealed as contact
    from orders where tenant_id = ${ctx.tenant.id} and id = ${id}`;
  if (!row) throw new DomainError("NOT_FOUND", { noun: "order" });
  return row;
}

/** Whole for those who talk to the buyer; of others, enough to recognise it. */
function contactOf(ctx: TxCtx, orderId: string, sealed: Buffer | null): string | null {
  if (sealed === null) return null;
  const text = open("order.contact", sealed, `${ctx.tenant.id}/${orderId}`).toString("utf8");
  if (isAllowed(ctx.actor, "order:resolve")) return text;
  const at = text.indexOf("@");
  return at > 0 ? `${text.slice(0, 1)}***${text.slice(at)}` : `***${text.slice(-4)}`;
}

async function linesOfOrder(ctx: TxCtx, id: string): Promise<OrderLine[]> {
  return await rawSql(ctx.tx)<OrderLine[]>`
    select l.id, l.position, l.product_id as "productId", p.number as "productNumber", p.name as "productName", l.quantity,
      l.price, l.markup, l.tier, l.refunded,
      (select count(*)::int from card_deliveries d where d.tenant_id = l.tenant_id and d.order_line_id = l.id
        and d.state = 'delivered') as delivered
    from order_lines l join products p on p.tenant_id = l.tenant_id and p.id = l.product_id
    where l.tenant_id = ${ctx.tenant.id} and l.order_id = ${id} order by l.position`;
}

interface Report {
  batchId: string;
  by: string | null;
  reason: string | null;
}

async function reportsOf(ctx: TxCtx, id: string): Promise<Map<string, Report>> {
  const rows = await rawSql(ctx.tx)<(Report & { id: string })[]>`
    select id, batch_id as "batchId", reported_by as by, report_reason as reason
    from card_deliveries where tenant_id = ${ctx.tenant.id} and order_id = ${id}`;
  return new Map(rows.map((row) => [row.id, row]));
}

function deliveryOf(key: StoredDelivery, report: Report | undefined, seesStock: boolean): OrderDelivery {
  return {
    id: key.id,
    lineId: key.lineId,
    productId: key.productId,
    productName: key.productName,
    tail: key.tail,
    state: key.state,
    looped: key.looped,
    batchId: seesStock ? (report?.batchId ?? null) : null,
    tradeId: key.tradeId,
    replacesId: key.replacesId,
    deliveredAt: key.deliveredAt,
    revealedAt: key.revealedAt,
    reveals: key.reveals,
    report:
      key.reportedAt && key.reportOutcome
        ? {
            at: key.reportedAt,
            by: report?.by ?? "",
            reason: report?.reason ?? "",
            outcome: key.reportOutcome,
          }
        : null,
  };
}

async function paymentsOfOrder(ctx: TxCtx, id: string): Promise<OrderPayment[]> {
  const rows = await rawSql(ctx.tx)<
    (Omit<OrderPayment, "reference" | "method" | "createdAt" | "paidAt" | "settledAt"> & {
      channel_id: string;
      channel_name: string;
      provider: string | null;
      created_at: string;
      paid_at: string | null;
      settled_at: string | null;
    })[]
  >`
    select y.id, y.channel_id, c.name as channel_name, pc.provider, y.amount, y.received, y.state, y.outcome,
      y.transaction_id as "transactionId", y.held_trade_id as "heldTradeId", y.routing, y.created_at, y.paid_at, y.settled_at
    from payments y
    join parties c on c.tenant_id = y.tenant_id and c.id = y.channel_id
    left join payment_channels pc on pc.tenant_id = y.tenant_id and pc.party_id = y.channel_id
    where y.tenant_id = ${ctx.tenant.id} and y.order_id = ${id} order by y.id`;
  return rows.map(({ channel_id, channel_name, provider, created_at, paid_at, settled_at, ...row }) => ({
    ...row,
    reference: referenceOf("PAY", row.id),
    method: methodOf(provider, channel_id, channel_name),
    createdAt: new Date(created_at),
    paidAt: date(paid_at),
    settledAt: date(settled_at),
  }));
}

async function refundsOfOrder(ctx: TxCtx, id: string): Promise<OrderRefund[]> {
  const rows = await rawSql(ctx.tx)<
    (Omit<OrderRefund, "reference" | "nextAttemptAt" | "createdAt" | "succeededAt"> & {
      next_attempt_at: string | null;
      created_at: string;
      succeeded_at: string | null;
    })[]
  >`
    select id, payment_id as "paymentId", amount, reason, state, attempts, next_attempt_at, last_error as "lastError", created_at,
      succeeded_at
    from refunds where tenant_id = ${ctx.tenant.id} and order_id = ${id} order by id`;
  return rows.map(({ next_attempt_at, created_at, succeeded_at, ...row }) => ({
    ...row,
    reference: referenceOf("RF", row.id),
    nextAttemptAt: date(next_attempt_at),
    createdAt: new Date(created_at),
    succeededAt: date(succeeded_at),
  }));
}

async function eventsOf(ctx: TxCtx, id: string): Promise<OrderEvent[]> {
  const rows = await rawSql(ctx.tx)<
    (Omit<OrderEvent, "at" | "trades"> & { at: string; trades: OrderEvent["trades"] | null })[]
  >`
    select e.id, e.at, e.kind, e.actor_kind as "actorKind", e.actor_name as "actorName", e.amount, e.trade_id as "tradeId",
      e.data - 'trades' as data,
      (select json_agg(json_build_object('tradeId', t.id, 'deliveryId', d.id) order by t.id)
        from trades t left join card_deliveries d on d.tenant_id = t.tenant_id and d.order_id = e.order_id and d.trade_id = t.reverses_id
        where t.tenant_id = e.tenant_id and t.id = any(string_to_array(e.data->>'trades', ' ')::uuid[])) as trades
    from order_events e where e.tenant_id = ${ctx.tenant.id} and e.order_id = ${id} order by e.at, e.id`;
  return rows.map((row) => ({ ...row, at: new Date(row.at), trades: row.trades ?? [] }));
}
