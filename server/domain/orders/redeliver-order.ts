import { rawSql } from "@/db/client";
import { type Ctx, requirePermission } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { SYSTEM_REASONS } from "@/server/core/system-words";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { releaseKeys, reserveKeys } from "../cards";
import { reverseTrade } from "../clearing";
import { openBooks } from "../ledger";
import { deliverOrders, Undeliverable } from "./deliver";
import { refusalOf } from "./dry-run";
import { recordEvents } from "./order-events";
import { type OrderState, redeliverOrderInput } from "./schemas";
import { linesOf, lockOrder, paymentsOf } from "./stored-order";

/**
 * Delivers a flagged order whose money is held, once there are keys, or a rule: the money leaves suspense and the
 * sales take it, by the rules of now.
 * @throws NOT_FOUND · ORDER_NOT_FLAGGED (also where the amount was wrong: that is refunded) · OUT_OF_STOCK ·
 * PRICE_BELOW_COST · RULE_NOT_FOUND
 */
export async function redeliverOrder(ctx: Ctx, input: { orderId: string }): Promise<{ state: OrderState }> {
  requirePermission(ctx, "order:resolve");
  const { orderId } = redeliverOrderInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const order = await lockOrder(ctx, orderId);
    const [lines, payments] = await Promise.all([linesOf(ctx, [order.id]), paymentsOf(ctx, [order.id])]);
    const held = payments.find(({ outcome, heldTradeId }) => outcome === "accepted" && heldTradeId !== null);
    if (order.state !== "flagged" || !held?.heldTradeId)
      throw new DomainError("ORDER_NOT_FLAGGED", { state: order.state });
    // What it still holds goes back first, so that it gets its whole number or nothing.
    await releaseKeys(
      ctx,
      lines.map((line) => line.id),
    );
    await reserveKeys(
      ctx,
      lines.map(({ id, productId, quantity }) => ({ lineId: id, productId, quantity })),
    );
    const { reversalId } = await reverseTrade(ctx, {
      tradeId: held.heldTradeId,
      reason: SYSTEM_REASONS.delivered,
      exchange: true,
    });
    const now = ctx.clock.now();
    const books = await openBooks(ctx);
    const delivered = await deliverOrders(ctx, books, [
      { order, lines, channelId: held.channelId, tradedAt: now },
    ]).catch((error) => {
      if (!(error instanceof Undeliverable)) throw error;
      throw refusalOf(error.orders.get(order.id)?.cause ?? new DomainError("OUT_OF_STOCK"), "");
    });
    const sql = rawSql(ctx.tx);
    await Promise.all([
      sql`
        update orders set state = 'delivered', flag = null, delivered_at = ${now.toISOString()}::timestamptz
        where tenant_id = ${ctx.tenant.id} and id = ${order.id}`.execute(),
      sql`update payments set held_trade_id = null where tenant_id = ${ctx.tenant.id} and id = ${held.id}`.execute(),
    ]);
    await recordEvents(ctx, [
      { orderId: order.id, kind: "redelivered", tradeId: reversalId, data: { cards: delivered.length } },
    ]);
    await record(ctx, {
      action: "order.redelivered",
      subject: { kind: "order", id: order.id },
      partyId: order.distributorId,
      data: { payment: held.id, cards: delivered.length },
    });
    return { state: "delivered" as const };
  });
}
