import { describe, expect, it } from "vitest";
import type { OrderDelivery, OrderDetail, OrderLine, OrderPayment } from "@/server/domain/orders/types";
import { planRefund, type RefundChoice } from "./refund-plan";

const line = (id: string, price: bigint, quantity: number) => ({ id, price, quantity }) as OrderLine;
const delivery = (id: string, lineId: string, more: Partial<OrderDelivery> = {}) =>
  ({ id, lineId, state: "delivered", looped: false, revealedAt: null, ...more }) as OrderDelivery;
const order = (one: Partial<OrderDetail>) =>
  ({ state: "delivered", lines: [], deliveries: [], payments: [], ...one }) as unknown as OrderDetail;
const choice = (one: Partial<RefundChoice>): RefundChoice => ({
  kind: "all",
  quantities: {},
  deliveryIds: [],
  ...one,
});

const seen = { revealedAt: new Date("2026-11-20T08:00:00Z") };
const delivered = order({
  lines: [line("a", 10_000n, 3), line("b", 5_000n, 1)],
  deliveries: [
    delivery("01", "a"),
    delivery("02", "a", { state: "replaced" }),
    delivery("03", "a"),
    delivery("04", "a", seen),
    delivery("05", "b", { state: "refunded" }),
  ],
});

describe("the plan of a refund", () => {
  it("reverses all that is still in the buyer's hand", () => {
    const plan = planRefund(delivered, choice({}));
    expect(plan).toMatchObject({ amount: 30_000n, killed: 3, held: false, input: {} });
    expect(plan?.chosen.map(({ id }) => id)).toEqual(["01", "03", "04"]);
  });
  it("takes those of a line that nobody has seen first, then the latest, and no more than there are", () => {
    const two = planRefund(delivered, choice({ kind: "lines", quantities: { a: 2, b: 1 } }));
    expect(two?.chosen.map(({ id }) => id)).toEqual(["03", "01"]);
    expect(two).toMatchObject({ amount: 20_000n, input: { lines: [{ lineId: "a", quantity: 2 }] } });
    expect(planRefund(delivered, choice({ kind: "lines", quantities: { b: 1 } }))).toBeNull();
  });
  it("prices single cards by their lines; replaced ones are not to be had", () => {
    const plan = planRefund(delivered, choice({ kind: "keys", deliveryIds: ["02", "03"] }));
    expect(plan).toMatchObject({ amount: 10_000n, input: { deliveryIds: ["03"] } });
    expect(planRefund(delivered, choice({ kind: "keys", deliveryIds: ["02"] }))).toBeNull();
  });
  it("leaves a shared card in use", () => {
    const shared = order({
      lines: [line("a", 10_000n, 1)],
      deliveries: [delivery("01", "a", { looped: true })],
    });
    expect(planRefund(shared, choice({}))).toMatchObject({ amount: 10_000n, killed: 0 });
  });
  it("gives back what came, not what was asked, where the money is held", () => {
    const wrong = order({
      state: "flagged",
      lines: [line("a", 35_000n, 1)],
      payments: [
        { received: 35_000n, heldTradeId: "u", outcome: "duplicate" },
        { received: 30_000n, heldTradeId: "t", outcome: "wrong_amount" },
      ] as OrderPayment[],
    });
    expect(planRefund(wrong, choice({}))).toMatchObject({ amount: 30_000n, held: true, chosen: [] });
  });
});
