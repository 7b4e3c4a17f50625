import { beforeAll, describe, expect, it } from "vitest";
import { planRefund } from "@/components/orders/refund-plan";
import type { Ctx } from "@/server/core/context";
import { refundOrder } from "@/server/domain/orders";
import { type Market, makeMarket } from "@/server/domain/orders/orders.fixture";
import type { OrderDetail } from "@/server/domain/orders/types";
import { find } from "@/server/domain/reports";
import { exportResponse } from "@/server/rest/exports";

let m: Market;
let order: OrderDetail;

beforeAll(async () => {
  m = await makeMarket();
  await m.topUp(100_000n);
  order = await m.delivered(3);
});

async function csv(as: Ctx, query = ""): Promise<string[]> {
  const request = new Request(`http://localhost/api/export/orders?${query}`);
  return (await (await exportResponse(as, "orders", request)).text()).trimEnd().split("\r\n");
}

describe("orders in views", () => {
  it("are exported by the filters of their list, to a distributor its own, and nothing secret", async () => {
    const operator = m.t.as("operator");
    const [, line = ""] = await csv(operator);
    expect(line).toContain(order.reference);
    expect(line).toContain("295.50");
    expect(await csv(operator, "state=delivered,flagged")).toHaveLength(2);
    expect(await csv(operator, "state=flagged")).toHaveLength(1);
    expect(await csv(operator, "reported=true")).toHaveLength(1);
    expect(await csv(m.buyer, `q=${order.reference}`)).toHaveLength(2);
    expect(await csv(m.t.as("distributor", m.upline))).toHaveLength(1);
  });

  it("are found by their number, by those who may see them", async () => {
    const found = (ctx: Ctx, q: string) => find(ctx, { q }).then((hits) => hits.map(({ id }) => id));
    expect(await found(m.t.as("support"), order.reference.toLowerCase())).toEqual([order.id]);
    expect(await found(m.buyer, order.reference)).toEqual([order.id]);
    expect(await found(m.t.as("distributor", m.upline), order.reference)).toEqual([]);
  });

  it("are refunded as their page said they would be", async () => {
    const [line] = order.lines;
    const choice = { kind: "lines" as const, quantities: { [line?.id ?? ""]: 2 }, deliveryIds: [] };
    const plan = planRefund(order, choice);
    const done = await refundOrder(m.t.as("support"), { orderId: order.id, ...plan?.input, reason: "Test" });
    expect(done).toMatchObject({ amount: plan?.amount, killed: plan?.killed });
    const given = (await m.see(order.id)).deliveries.filter(({ state }) => state === "refunded");
    expect(given.map(({ id }) => id).sort()).toEqual(plan?.chosen.map(({ id }) => id).sort());
  });
});
