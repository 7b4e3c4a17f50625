import { describe, expect, it } from "vitest";
import type { OrderDelivery, OrderDetail, OrderLine, OrderPayment } from "@/server/domain/orders/types";
import { planRefund, type RefundChoice } from "./refund-plan";

const line = (id: string, price: bigint, quantity: number, refunded = 0) =>
  ({ id, price, quantity, refunded }) as OrderLine;
const delivery = (id: string, lineId: string, state: OrderDelivery["state"] = "delivered") =>
  ({ id, lineId, state }) as OrderDelivery;
const order = (one: Partial<OrderDetail>) =>
  ({
    total: 35_000n,
    refunded: 0n,
    lines: [],
    deliveries: [],
    payments: [],
    ...one,
  }) as unknown as OrderDetail;
const choice = (one: Partial<RefundChoice>): RefundChoice => ({
  kind: "all",
  quantities: {},
  deliveryIds: [],
  ...one,
});

const delivered = order({
  refunded: 5_000n,
  lines: [line("a", 10_000n, 3), line("b", 5_000n, 1, 1)],
  deliveries: [
    delivery("01", "a"),
    delivery("02", "a", "replaced"),
    delivery("03", "a"),
    delivery("04", "a"),
    delivery("05", "b", "refunded"),
  ],
});

describe("the plan of a refund", () => {
  it("gives back what is left, and takes out what is in the buyer's hand", () => {
    const plan = planRefund(delivered, choice({}));
    expect(plan).toMatchObject({ amount: 30_000n, released: 0, held: false, input: {} });
    expect(plan?.killed.map(({ id }) => id)).toEqual(["01", "03", "04"]);
  });
  it("takes the latest cards of a line first, and no more than it has", () => {
    const two = planRefund(delivered, choice({ kind: "lines", quantities: { a: 2, b: 1 } }));
    expect(two?.killed.map(({ id }) => id)).toEqual(["04", "03"]);
    expect(two).toMatchObject({ amount: 20_000n, input: { lines: [{ lineId: "a", quantity: 2 }] } });
  });
  it("prices single cards by their lines; replaced ones are not to be had", () => {
    const plan = planRefund(delivered, choice({ kind: "keys", deliveryIds: ["02", "03"] }));
    expect(plan).toMatchObject({ amount: 10_000n, input: { deliveryIds: ["03"] } });
    expect(planRefund(delivered, choice({ kind: "keys", deliveryIds: ["02"] }))).toBeNull();
  });
  it("puts back what was held for a paid order that is not delivered", () => {
    const paid = order({ lines: [line("a", 10_000n, 3), line("b", 5_000n, 1)] });
    expect(planRefund(paid, choice({}))).toMatchObject({ amount: 35_000n, killed: [], released: 4 });
  });
  it("gives back what came, not what was asked, where the money is held", () => {
    const wrong = order({
      lines: [line("a", 35_000n, 1)],
      payments: [
        { received: 30_000n, heldTradeId: "t", outcome: "wrong_amount" },
        { received: 35_000n, heldTradeId: "u", outcome: "duplicate" },
      ] as OrderPayment[],
    });
    expect(planRefund(wrong, choice({}))).toMatchObject({ amount: 30_000n, held: true, released: 0 });
  });
});
