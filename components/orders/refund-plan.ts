import type { RefundOrderInput } from "@/server/domain/orders/schemas";
import type { OrderDelivery, OrderDetail, OrderLine } from "@/server/domain/orders/types";

export type RefundKind = "all" | "lines" | "keys";
export interface RefundChoice {
  kind: RefundKind;
  /** Cards of each line, by its id. */
  quantities: Readonly<Record<string, number>>;
  deliveryIds: readonly string[];
}

/** What a refund would do, before it is made. Amounts in the order's currency. */
export interface RefundPlan {
  amount: bigint;
  /** Cards in the buyer's hand that are taken out of use: each one's sale is reversed. */
  killed: OrderDelivery[];
  /** Cards that were held and go back to stock. */
  released: number;
  /** The money is held in suspense: no sale took it. */
  held: boolean;
  input: Pick<RefundOrderInput, "lines" | "deliveryIds">;
}

/** Cards of a line whose money can still go back. */
export function refundableOf(line: OrderLine): number {
  return line.quantity - line.refunded;
}

export function standingDeliveries(order: OrderDetail): OrderDelivery[] {
  return order.deliveries.filter(({ state }) => state === "delivered");
}

/** Null while nothing is chosen. */
export function planRefund(order: OrderDetail, choice: RefundChoice): RefundPlan | null {
  const standing = standingDeliveries(order);
  const delivered = order.deliveries.length > 0;
  if (choice.kind === "all") {
    const held = heldMoney(order);
    const isHeld = !delivered && held > 0n;
    const amount = isHeld ? held : order.total - order.refunded;
    const waiting = order.lines.reduce((sum, line) => sum + refundableOf(line), 0) - standing.length;
    return amount <= 0n
      ? null
      : { amount, killed: standing, released: isHeld ? 0 : Math.max(0, waiting), held: isHeld, input: {} };
  }
  if (choice.kind === "keys") {
    const killed = standing.filter(({ id }) => choice.deliveryIds.includes(id));
    if (killed.length === 0) return null;
    const amount = killed.reduce((sum, { lineId }) => sum + priceOf(order, lineId), 0n);
    return { amount, killed, released: 0, held: false, input: { deliveryIds: killed.map(({ id }) => id) } };
  }
  const lines = order.lines.flatMap((line) => {
    const quantity = Math.min(choice.quantities[line.id] ?? 0, refundableOf(line));
    return quantity > 0 ? [{ line, quantity }] : [];
  });
  if (lines.length === 0) return null;
  const killed = lines.flatMap(({ line, quantity }) => latestOf(standing, line.id).slice(0, quantity));
  return {
    amount: lines.reduce((sum, { line, quantity }) => sum + line.price * BigInt(quantity), 0n),
    killed,
    released: lines.reduce((sum, { quantity }) => sum + quantity, 0) - killed.length,
    held: false,
    input: { lines: lines.map(({ line, quantity }) => ({ lineId: line.id, quantity })) },
  };
}

/** What came and paid nothing. What was paid twice or late goes back by itself. */
function heldMoney(order: OrderDetail): bigint {
  return order.payments
    .filter(({ heldTradeId, outcome }) => heldTradeId && outcome !== "duplicate" && outcome !== "late")
    .reduce((sum, { received }) => sum + (received ?? 0n), 0n);
}

function latestOf(deliveries: readonly OrderDelivery[], lineId: string): OrderDelivery[] {
  return deliveries.filter((one) => one.lineId === lineId).sort((a, b) => (a.id < b.id ? 1 : -1));
}

function priceOf(order: OrderDetail, lineId: string): bigint {
  return order.lines.find(({ id }) => id === lineId)?.price ?? 0n;
}
