import { beforeAll, expect, test } from "vitest";
import { apiReader } from "@/components/apiDocs/reader";
import { searchAudit } from "@/server/domain/audit";
import { renewPickup } from "@/server/domain/orders";
import { type Market, makeMarket } from "@/server/domain/orders/orders.fixture";
import { pickupHandler, pickupKeyOf } from "./pickup";

let market: Market;
let ask: (key: string) => Promise<Response>;
beforeAll(async () => {
  market = await makeMarket();
  await market.topUp(100_000n);
  const handle = pickupHandler(apiReader, { db: market.t.system.db, clock: market.t.clock });
  ask = (key) =>
    handle(
      new Request("http://localhost/api/v1/pickup", {
        method: "POST",
        headers: { authorization: `Bearer ${key}` },
      }),
    );
});

test("an order's own key opens its cards, is counted and audited, and ends with its link", async () => {
  const order = await market.delivered(2);
  const key = pickupKeyOf(order.pickupPath ?? "");
  const answer = await ask(key);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const { cards } = (await answer.json()) as { cards: { number: string; secret: string }[] };
  expect(cards).toHaveLength(2);
  for (const card of cards) expect(card.secret).toBe(`secret-${card.number}`);
  expect((await market.see(order.id)).deliveries.every((one) => one.reveals === 1)).toBe(true);
  const { items } = await searchAudit(market.t.as("auditor"), { subjectId: order.id });
  expect(items.some((one) => one.actorName === "buyer")).toBe(true);
  expect(JSON.stringify(items, (_, v) => (typeof v === "bigint" ? `${v}` : v))).not.toContain("secret-");

  await renewPickup(market.t.as("support"), { orderId: order.id });
  expect((await ask(key)).status).toBe(410);
});

test("whatever is wrong with a key says the same", async () => {
  const order = await market.delivered();
  const right = pickupKeyOf(order.pickupPath ?? "");
  const wrong = [
    "",
    "ok_",
    "kq_demo_1_2",
    right.replace(/.$/, right.endsWith("A") ? "Q" : "A"), // the last letter means four bits alone
    right.replace("ok_", "ok_x"),
  ];
  const answers = await Promise.all(wrong.map(async (key) => (await ask(key)).json()));
  for (const answer of answers) expect(answer).toMatchObject({ status: 410, code: "LINK_INVALID" });
});
