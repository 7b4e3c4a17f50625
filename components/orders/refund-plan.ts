import type { RefundOrderInput } from "@/server/domain/orders/schemas";
import type { OrderDelivery, OrderDetail, OrderLine, OrderPayment } from "@/server/domain/orders/types";

export type RefundKind = "all" | "lines" | "keys";
export interface RefundChoice {
  kind: RefundKind;
  /** Cards of each line, by its id. */
  quantities: Readonly<Record<string, number>>;
  deliveryIds: readonly string[];
}

/** What a refund would do, before it is made, as the verb does it. Amounts in the order's currency. */
export interface RefundPlan {
  amount: bigint;
  /** Cards in the buyer's hand whose sales are reversed. */
  chosen: OrderDelivery[];
  /** Of those, how many are taken out of use: a shared card serves others. */
  killed: number;
  /** The money is held in suspense: no sale took it. */
  held: boolean;
  input: Pick<RefundOrderInput, "lines" | "deliveryIds">;
}

export function standingDeliveries(order: OrderDetail): OrderDelivery[] {
  return order.deliveries.filter(({ state }) => state === "delivered");
}

/** Cards of a line that can be given back. */
export function refundableOf(order: OrderDetail, line: OrderLine): number {
  return standingDeliveries(order).filter(({ lineId }) => lineId === line.id).length;
}

/** Money that came and paid nothing; what was paid twice or late goes back by itself. */
export function heldPayment(order: OrderDetail): OrderPayment | null {
  if (order.state !== "flagged") return null;
  const waits = ({ heldTradeId, outcome }: OrderPayment) =>
    heldTradeId !== null && (outcome === "accepted" || outcome === "wrong_amount");
  return order.payments.find(waits) ?? null;
}

/** Null while nothing is chosen. */
export function planRefund(order: OrderDetail, choice: RefundChoice): RefundPlan | null {
  const held = heldPayment(order);
  if (held) return { amount: held.received ?? 0n, chosen: [], killed: 0, held: true, input: {} };
  const { chosen, input } = chooseOf(order, choice);
  if (chosen.length === 0) return null;
  const prices = new Map(order.lines.map(({ id, price }) => [id, price]));
  return {
    amount: chosen.reduce((sum, { lineId }) => sum + (prices.get(lineId) ?? 0n), 0n),
    chosen,
    killed: chosen.filter(({ looped }) => !looped).length,
    held: false,
    input,
  };
}

function chooseOf(order: OrderDetail, choice: RefundChoice): Pick<RefundPlan, "chosen" | "input"> {
  const standing = standingDeliveries(order);
  if (choice.kind === "all") return { chosen: standing, input: {} };
  if (choice.kind === "keys") {
    const chosen = standing.filter(({ id }) => choice.deliveryIds.includes(id));
    return { chosen, input: { deliveryIds: chosen.map(({ id }) => id) } };
  }
  const lines = order.lines.flatMap((line) => {
    const quantity = Math.min(choice.quantities[line.id] ?? 0, refundableOf(order, line));
    return quantity > 0 ? [{ lineId: line.id, quantity }] : [];
  });
  const ofLine = (lineId: string) => standing.filter((one) => one.lineId === lineId).sort(unseenThenLatest);
  return {
    chosen: lines.flatMap(({ lineId, quantity }) => ofLine(lineId).slice(0, quantity)),
    input: { lines },
  };
}

function unseenThenLatest(a: OrderDelivery, b: OrderDelivery): number {
  return Number(a.revealedAt !== null) - Number(b.revealedAt !== null) || (a.id < b.id ? 1 : -1);
}
