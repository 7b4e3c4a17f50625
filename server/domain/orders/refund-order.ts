import { rawSql } from "@/db/client";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { killKeys, releaseKeys } from "../cards";
import { reverseTrade } from "../clearing";
import { channelTerms } from "../payments";
import { makeRefund } from "./make-refund";
import { recordEvents } from "./order-events";
import { askSoon } from "./pay-order";
import { type OrderState, type RefundOrderInput, refundOrderInput } from "./schemas";
import { deliveriesOf, type StoredDelivery } from "./stored-delivery";
import {
  linesOf,
  lockOrder,
  paymentsOf,
  type StoredLine,
  type StoredOrder,
  type StoredPayment,
} from "./stored-order";
import type { OrderRefunded } from "./types";

/**
 * Gives money back, whole or by line or by key: reverses the sales of those keys exactly, takes the keys out of use,
 * or puts back what was not delivered yet. From a wallet it is back at once.
 * @throws NOT_FOUND · ORDER_NOT_REFUNDABLE
 */
export async function refundOrder(ctx: Ctx, input: RefundOrderInput): Promise<OrderRefunded> {
  requirePermission(ctx, "order:refund");
  const asked = refundOrderInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const order = await lockOrder(ctx, asked.orderId);
    const [lines, payments] = await Promise.all([linesOf(ctx, [order.id]), paymentsOf(ctx, [order.id])]);
    const held = payments.find(({ outcome, heldTradeId }) => heldTradeId !== null && isWaiting(outcome));
    if (order.state === "flagged" && held) return refundHeld(ctx, asked, order, lines, payments, held);
    const paid = payments.find((payment) => payment.outcome === "accepted");
    if (!paid) throw notRefundable(order.state);
    return refundDelivered(ctx, asked, order, lines, paid);
  });
}

const isWaiting = (outcome: StoredPayment["outcome"]) => outcome === "accepted" || outcome === "wrong_amount";
const notRefundable = (state: OrderState) => new DomainError("ORDER_NOT_REFUNDABLE", { state });

type Asked = ReturnType<typeof refundOrderInput.parse>;

// ── money that is held: nothing was delivered for it ──

/** Whole only: there is no sale yet whose parts could be given back. */
async function refundHeld(
  ctx: TxCtx,
  asked: Asked,
  order: StoredOrder,
  lines: readonly StoredLine[],
  payments: readonly StoredPayment[],
  held: StoredPayment,
): Promise<OrderRefunded> {
  if (asked.lines || asked.deliveryIds || !held.heldTradeId || held.received === null)
    throw notRefundable(order.state);
  const { reversalId } = await reverseTrade(ctx, { tradeId: held.heldTradeId, reason: asked.reason });
  const released = await releaseKeys(
    ctx,
    lines.map((line) => line.id),
  );
  const refundId = await makeRefund(ctx, {
    orderId: order.id,
    paymentId: held.id,
    amount: held.received,
    currency: order.currency,
    reason: asked.reason,
    byWallet: false,
  });
  // Of the order, never more than it was; of a wrong amount, what came.
  let amount = order.total;
  if (held.received < amount) amount = held.received;
  const now = ctx.clock.now().toISOString();
  const sql = rawSql(ctx.tx);
  await Promise.all([
    sql`
      update orders set state = 'refunded', flag = null, refunded = ${amount.toString()}::bigint, ended_at = ${now}::timestamptz
      where tenant_id = ${ctx.tenant.id} and id = ${order.id}`.execute(),
    sql`
      update order_lines set refunded = quantity where tenant_id = ${ctx.tenant.id} and order_id = ${order.id}`.execute(),
    sql`
      update payments set held_trade_id = null where tenant_id = ${ctx.tenant.id} and id = ${held.id}`.execute(),
    askSoon(ctx, payments),
  ]);
  const made = { refundId, amount: held.received, state: "refunded" as const, killed: 0, released };
  await tell(ctx, order, asked.reason, made, [reversalId]);
  return { orderId: order.id, ...made };
}

// ── keys that were delivered ──

async function refundDelivered(
  ctx: TxCtx,
  asked: Asked,
  order: StoredOrder,
  lines: readonly StoredLine[],
  paid: StoredPayment,
): Promise<OrderRefunded> {
  const chosen = choose(asked, await deliveriesOf(ctx, order.id));
  if (chosen.length === 0) throw notRefundable(order.state);
  const price = new Map(lines.map((line) => [line.id, line.price]));
  let amount = 0n;
  const reversals: string[] = [];
  // One sale after the other, in one order, so that two refunds at once wait for each other.
  for (const delivery of chosen) {
    const { reversalId } = await reverseTrade(ctx, { tradeId: delivery.tradeId, reason: asked.reason });
    reversals.push(reversalId);
    amount += price.get(delivery.lineId) ?? 0n;
  }
  // A looped key serves others.
  const dying = chosen.filter((delivery) => !delivery.looped).map((delivery) => delivery.keyId);
  const { provider } = await channelTerms(ctx, paid.channelId);
  const refundId = await makeRefund(ctx, {
    orderId: order.id,
    paymentId: paid.id,
    amount,
    currency: order.currency,
    reason: asked.reason,
    byWallet: provider === "wallet",
  });
  const state = order.refunded + amount >= order.total ? "refunded" : order.state;
  await storeRefunded(ctx, order, chosen, amount, state);
  await killKeys(ctx, dying, asked.reason);
  const made = { refundId, amount, state, killed: dying.length, released: 0 };
  await tell(ctx, order, asked.reason, made, reversals);
  return { orderId: order.id, ...made };
}

/** The deliveries that are given back, none of which was before. */
function choose(asked: Asked, deliveries: readonly StoredDelivery[]): StoredDelivery[] {
  const open = deliveries.filter((delivery) => delivery.state === "delivered");
  const chosen = new Map<string, StoredDelivery>();
  if (!asked.lines && !asked.deliveryIds) for (const one of open) chosen.set(one.id, one);
  for (const id of asked.deliveryIds ?? []) {
    const one = open.find((delivery) => delivery.id === id);
    if (!one) throw new DomainError("ORDER_NOT_REFUNDABLE", { delivery: id });
    chosen.set(id, one);
  }
  for (const { lineId, quantity } of asked.lines ?? []) {
    // Those nobody has seen first, then the latest.
    const ofLine = open
      .filter((delivery) => delivery.lineId === lineId && !chosen.has(delivery.id))
      .sort(
        (a, b) => Number(a.revealedAt !== null) - Number(b.revealedAt !== null) || (a.id < b.id ? 1 : -1),
      );
    if (ofLine.length === 0 || ofLine.length < (quantity ?? 0))
      throw new DomainError("ORDER_NOT_REFUNDABLE", { line: lineId, left: ofLine.length });
    for (const one of ofLine.slice(0, quantity)) chosen.set(one.id, one);
  }
  return [...chosen.values()].sort((a, b) => (a.tradeId < b.tradeId ? -1 : 1));
}

async function storeRefunded(
  ctx: TxCtx,
  order: StoredOrder,
  chosen: readonly StoredDelivery[],
  amount: bigint,
  state: OrderState,
): Promise<void> {
  const sql = rawSql(ctx.tx);
  const ended = state === "refunded" ? ctx.clock.now().toISOString() : null;
  await Promise.all([
    sql`
      update card_deliveries set state = 'refunded',
        report_outcome = case when report_outcome = 'open' then 'confirmed' else report_outcome end
      where tenant_id = ${ctx.tenant.id} and id = any(${chosen.map((one) => one.id)}::uuid[])`.execute(),
    sql`
      update order_lines l set refunded = l.refunded + n.count
      from (select line_id, count(*)::int as count from unnest(${chosen.map((one) => one.lineId)}::uuid[]) as u (line_id) group by 1) n
      where l.tenant_id = ${ctx.tenant.id} and l.id = n.line_id`.execute(),
    sql`
      update orders set refunded = refunded + ${amount.toString()}::bigint, state = ${state},
        flag = case when ${state === "refunded"}::boolean then null else flag end,
        ended_at = coalesce(${ended}::timestamptz, ended_at)
      where tenant_id = ${ctx.tenant.id} and id = ${order.id}`.execute(),
  ]);
}

/** Of a refund of more cards than that, nobody reads an explanation card by card. */
const MOST_EXPLAINED = 100;

async function tell(
  ctx: TxCtx,
  order: StoredOrder,
  reason: string,
  made: Omit<OrderRefunded, "orderId">,
  reversals: readonly string[],
): Promise<void> {
  const { refundId, amount, killed, released } = made;
  const [only = null, ...others] = reversals;
  const trades = others.length > 0 && reversals.length <= MOST_EXPLAINED ? reversals.join(" ") : null;
  await recordEvents(ctx, [
    {
      orderId: order.id,
      kind: "refund_made",
      amount: -amount,
      tradeId: others.length > 0 ? null : only,
      data: { refund: refundId, reason, killed, released, ...(trades && { trades }) },
    },
  ]);
  await record(ctx, {
    action: "order.refunded",
    subject: { kind: "order", id: order.id },
    partyId: order.distributorId,
    data: { refund: refundId, amount, currency: order.currency, reason, killed, released },
  });
}
