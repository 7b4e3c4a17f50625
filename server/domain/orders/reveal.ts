import { rawSql } from "@/db/client";
import { type Ctx, partyScope, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { openKeys } from "../cards";
import { recordEvents } from "./order-events";
import { revealOrderInput } from "./schemas";
import { deliveriesOf } from "./stored-delivery";
import { lockOrder, type StoredOrder } from "./stored-order";
import type { RevealedCard } from "./types";

/**
 * Numbers and secrets of a delivered order: one key, or all of them. Counted and audited. A distributor sees those
 * that it bought itself: the keys of a shop's buyer are the buyer's.
 * @throws NOT_FOUND · ORDER_NOT_DELIVERED · KEY_NOT_REVEALABLE
 */
export async function revealOrder(
  ctx: Ctx,
  input: { orderId: string; deliveryId?: string | undefined },
): Promise<{ cards: RevealedCard[] }> {
  requirePermission(ctx, "card:reveal");
  const { orderId, deliveryId } = revealOrderInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const order = await lockOrder(ctx, orderId);
    if (!mayReveal(ctx, order)) throw new DomainError("KEY_NOT_REVEALABLE");
    // The house's own people look on the buyer's behalf: the buyer has not seen it by that.
    return { cards: await revealKeys(ctx, order, deliveryId ?? null, { counts: partyScope(ctx) !== null }) };
  });
}

export function mayReveal(ctx: Ctx, { source }: Pick<StoredOrder, "source">): boolean {
  return partyScope(ctx) === null || source !== "shop";
}

/** Of an order that the caller has locked and may see. */
export async function revealKeys(
  ctx: TxCtx,
  order: StoredOrder,
  only: string | null,
  { counts }: { counts: boolean },
): Promise<RevealedCard[]> {
  if (order.deliveredAt === null) throw new DomainError("ORDER_NOT_DELIVERED", { state: order.state });
  const all = await deliveriesOf(ctx, order.id);
  const asked = only === null ? all : all.filter((delivery) => delivery.id === only);
  if (only !== null && asked.length === 0) throw new DomainError("NOT_FOUND", { noun: "delivery" });
  const shown = asked.filter((delivery) => delivery.state === "delivered");
  if (shown.length === 0) throw new DomainError("KEY_NOT_REVEALABLE");
  const keys = await openKeys(
    ctx,
    shown.map((delivery) => delivery.keyId),
  );
  const ids = shown.map((delivery) => delivery.id);
  if (counts)
    await rawSql(ctx.tx)`
      update card_deliveries set reveals = reveals + 1,
        revealed_at = coalesce(revealed_at, ${ctx.clock.now().toISOString()}::timestamptz)
      where tenant_id = ${ctx.tenant.id} and id = any(${ids}::uuid[])`;
  await recordEvents(ctx, [
    {
      orderId: order.id,
      kind: "revealed",
      data: { cards: shown.length, ...(shown.length === 1 ? { delivery: ids[0] ?? "" } : {}) },
    },
  ]);
  await record(ctx, {
    action: "order.cards_revealed",
    subject: { kind: "order", id: order.id },
    partyId: order.distributorId,
    data: { deliveries: ids },
  });
  return shown.flatMap(({ id, keyId, lineId, productId, productName }) => {
    const key = keys.get(keyId);
    return key ? [{ deliveryId: id, lineId, productId, productName, ...key }] : [];
  });
}
