import { beforeAll, describe, expect, it } from "vitest";
import { rawSql } from "@/db/client";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { checkInvariants } from "@/server/ops/invariants/checks";
import { testDatabase } from "@/server/testing/database";
import { makeParty } from "@/server/testing/factories";
import { explainTrade } from "../clearing";
import { topUpWallet } from "../payments";
import { setDistributor, setPrices } from "../pricing";
import {
  createOrder,
  expireOrders,
  exportOrders,
  getOrder,
  listOrders,
  listReports,
  orderInShop,
  payOrder,
  pickupView,
  quoteOrder,
  refundOrder,
  renewPickup,
  reportByLink,
  reportDelivery,
  resolveReport,
  revealByLink,
  revealOrder,
  shopView,
} from ".";
import { BY_ACCOUNT, COST, eventually, type Market, makeMarket, PRICE } from "./orders.fixture";

let m: Market;
beforeAll(async () => {
  m = await makeMarket({ keys: 60 });
  await m.topUp(1_000_000n);
});

const wallet = { kind: "wallet" as const };
const visitor = () => ({ db: m.t.system.db, clock: m.t.clock, ip: "203.0.113.7" });
const priced = async (productId: string, price: bigint) =>
  setPrices(m.t.as("operator"), { prices: [{ productId, tier: "gold", price }] });

describe("ordering", () => {
  it("prices by tier, holds the keys, and answers an external reference again", async () => {
    const before = await m.states(m.productId);
    const lines = [{ productId: m.productId, quantity: 2 }];
    const order = await createOrder(m.buyer, { lines, externalRef: "my-1" });
    expect(order).toMatchObject({ state: "pending", total: 2n * PRICE, existing: false });
    expect((await m.states(m.productId)).reserved).toBe((before.reserved ?? 0) + 2);
    expect(await createOrder(m.buyer, { lines, externalRef: "my-1" })).toMatchObject({
      id: order.id,
      existing: true,
    });
    await expect(
      createOrder(m.buyer, { lines: [{ productId: m.productId, quantity: 3 }], externalRef: "my-1" }),
    ).rejects.toMatchObject({ code: "CONFLICT" });
    m.t.clock.advance({ minutes: 16 });
    await expireOrders(m.t.system);
    expect(await m.see(order.id)).toMatchObject({ state: "expired", delivered: 0 });
    expect((await m.states(m.productId)).reserved ?? 0).toBe(before.reserved ?? 0);
    await expect(payOrder(m.buyer, { orderId: order.id, method: wallet })).rejects.toMatchObject({
      code: "ORDER_EXPIRED",
    });
  });

  it("refuses what cannot be sold, before anything is held", async () => {
    const buy = (productId: string, quantity = 1) =>
      createOrder(m.buyer, { lines: [{ productId, quantity }] });
    const unpriced = await m.product({ name: "Unpriced" });
    await expect(buy(unpriced)).rejects.toMatchObject({ code: "PRODUCT_NOT_PRICED" });
    await priced(unpriced, PRICE);
    await expect(buy(unpriced)).rejects.toMatchObject({ code: "OUT_OF_STOCK" });
    await m.fill(unpriced, 1);
    await expect(buy(unpriced, 2)).rejects.toMatchObject({ code: "OUT_OF_STOCK", params: { available: 1 } });
    await expect(buy(m.productId, 101)).rejects.toMatchObject({
      code: "QUANTITY_TOO_LARGE",
      params: { max: 100 },
    });
    await expect(buy(newId())).rejects.toMatchObject({ code: "NOT_FOUND" });
    const dear = await m.product({ name: "Dear" });
    await m.fill(dear, 1, { cost: 9_800n });
    await priced(dear, PRICE);
    // 98.50 less 98.00 does not pay 1 % and 0.2 % of commission.
    await expect(buy(dear)).rejects.toMatchObject({ code: "PRICE_BELOW_COST", params: { product: "Dear" } });
    expect(await m.states(dear)).toEqual({ available: 1 });
    const quote = await quoteOrder(m.buyer, { lines: [{ productId: m.productId, quantity: 101 }] });
    expect(quote.lines[0]?.refusal?.code).toBe("QUANTITY_TOO_LARGE");
    await expect(createOrder(m.t.as("operator"), { lines: [] })).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
  });

  it("gives 64 buyers of 20 keys a key each, until there are none", async () => {
    const productId = await m.product({ name: "Scarce" });
    await priced(productId, PRICE);
    await m.fill(productId, 20, { cost: COST });
    const asked = await Promise.allSettled(
      Array.from({ length: 64 }, () => createOrder(m.buyer, { lines: [{ productId, quantity: 1 }] })),
    );
    const made = asked.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(made).toHaveLength(20);
    for (const one of asked)
      if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "OUT_OF_STOCK" });
    await m.topUp(20n * PRICE);
    await Promise.all(made.map((order) => payOrder(m.buyer, { orderId: order.id, method: wallet })));
    expect(await m.states(productId)).toEqual({ delivered: 20 });
  });
});

describe("the wallet", () => {
  it("pays and delivers in one transaction, once", async () => {
    const before = await m.wallet();
    const { id } = await m.ordered(2);
    const paid = await Promise.all([1, 2, 3].map(() => payOrder(m.buyer, { orderId: id, method: wallet })));
    expect(new Set(paid.map((one) => one.paymentId)).size).toBe(1);
    const order = await m.see(id);
    expect(order).toMatchObject({ state: "delivered", delivered: 2, payment: { channelId: null } });
    expect(await m.wallet()).toBe(before - 2n * PRICE);
    const legs = await explainTrade(m.t.as("operator"), order.deliveries[0]?.tradeId ?? "");
    expect(legs.agrees).toBe(true);
    expect(legs.transfers.map(({ leg, amount }) => `${leg} ${amount}`)).toEqual([
      "card.supplier 9500",
      "card.commission 99",
      "card.upline 20",
      "card.margin 231",
    ]);
  });

  it("never passes its limit, whatever is ordered at once", async () => {
    const poor = await makeParty(m.t, "distributor");
    await setDistributor(m.t.as("operator"), { partyId: poor.id, tier: "gold" });
    const buyer = m.t.as("distributor", poor);
    await topUpWallet(m.t.as("finance"), {
      distributorId: poor.id,
      amount: 3n * PRICE,
      bankReference: newId(),
      receivedAt: m.t.clock.now(),
    });
    const orders = await Promise.all(
      Array.from({ length: 8 }, () =>
        createOrder(buyer, { lines: [{ productId: m.productId, quantity: 1 }] }),
      ),
    );
    const paid = await Promise.allSettled(
      orders.map(({ id }) => payOrder(buyer, { orderId: id, method: wallet })),
    );
    expect(paid.filter((one) => one.status === "fulfilled")).toHaveLength(3);
    for (const one of paid)
      if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "ACCOUNT_BELOW_FLOOR" });
    m.t.clock.advance({ minutes: 16 });
    await expireOrders(m.t.system);
  });

  it("what dies between payment and commit has not been", async () => {
    const before = { wallet: await m.wallet(), states: await m.states(m.productId) };
    const { id } = await m.ordered();
    const died = withTransaction(m.buyer, async (ctx) => {
      await payOrder(ctx, { orderId: id, method: wallet });
      throw new Error("killed");
    });
    await expect(died).rejects.toThrow("killed");
    expect(await m.see(id)).toMatchObject({ state: "pending", deliveries: [], payments: [] });
    expect(await m.wallet()).toBe(before.wallet);
    await payOrder(m.buyer, { orderId: id, method: wallet });
    expect(await m.see(id)).toMatchObject({ state: "delivered" });
    expect((await m.states(m.productId)).available).toBe((before.states.available ?? 0) - 1);
  });
});

describe("a refund", () => {
  it("by line and by key reverses exactly what was posted", async () => {
    const sums = await m.sums(BY_ACCOUNT);
    const balance = await m.wallet();
    const order = await m.delivered(3);
    const support = m.t.as("support");
    const [line] = order.lines;
    const part = await refundOrder(support, {
      orderId: order.id,
      lines: [{ lineId: line?.id ?? "", quantity: 1 }],
      reason: "One too many",
    });
    expect(part).toMatchObject({ amount: PRICE, state: "delivered", killed: 1 });
    expect(await m.see(order.id)).toMatchObject({ refunded: PRICE, delivered: 2, lines: [{ refunded: 1 }] });
    const [next] = (await m.see(order.id)).deliveries.filter((one) => one.state === "delivered");
    await refundOrder(support, { orderId: order.id, deliveryIds: [next?.id ?? ""], reason: "Another" });
    const rest = await refundOrder(support, { orderId: order.id, reason: "All of it" });
    expect(rest).toMatchObject({ amount: PRICE, state: "refunded" });
    expect(await m.wallet()).toBe(balance);
    expect(await m.sums(BY_ACCOUNT)).toEqual(sums);
    await expect(refundOrder(support, { orderId: order.id, reason: "Again" })).rejects.toMatchObject({
      code: "ORDER_NOT_REFUNDABLE",
    });
    expect((await m.see(order.id)).refunds.map((refund) => refund.state)).toEqual([
      "succeeded",
      "succeeded",
      "succeeded",
    ]);
  });

  it("of several cards names the trade of each, by its card; of one, that one", async () => {
    const order = await m.delivered(4);
    const refund = (quantity: number) =>
      refundOrder(m.t.as("support"), {
        orderId: order.id,
        lines: [{ lineId: order.lines[0]?.id ?? "", quantity }],
        reason: "Too many",
      });
    await refund(1);
    await refund(3);
    const { events, deliveries } = await m.see(order.id);
    const [one, several] = events.filter(({ kind }) => kind === "refund_made");
    expect(one).toMatchObject({ tradeId: expect.any(String), trades: [] });
    expect(several).toMatchObject({ tradeId: null, amount: -3n * PRICE });
    expect(several?.data).not.toHaveProperty("trades");
    expect(several?.trades).toHaveLength(3);
    for (const { tradeId, deliveryId } of several?.trades ?? []) {
      const explained = await explainTrade(m.buyer, tradeId);
      const card = deliveries.find(({ id }) => id === deliveryId);
      expect(explained.reversalOf?.id).toBe(card?.tradeId);
      expect(card?.state).toBe("refunded");
    }
  });
});

describe("a key that does not work", () => {
  it("is replaced by support: commissions net to what they were, the supplier is charged back", async () => {
    const order = await m.delivered(2);
    const [first] = order.deliveries;
    const deliveryId = first?.id ?? "";
    await expect(reportDelivery(m.buyer, { deliveryId, reason: "No" })).rejects.toMatchObject({
      code: "DELIVERY_NOT_REPORTABLE",
    });
    await revealOrder(m.buyer, { orderId: order.id });
    const before = await m.sums(BY_ACCOUNT);
    expect(await reportDelivery(m.buyer, { deliveryId, reason: "Invalid" })).toMatchObject({
      outcome: "open",
      needsSupport: false,
    });
    expect((await listReports(m.t.as("support"), {})).items).toMatchObject([
      { deliveryId, replacedBefore: 0 },
    ]);
    const { replacementId } = await resolveReport(m.t.as("support"), { action: "confirm", deliveryId });
    expect(await m.sums(BY_ACCOUNT)).toEqual(before);
    const seen = await m.see(order.id);
    expect(seen.deliveries.map((one) => one.state).sort()).toEqual(["delivered", "delivered", "replaced"]);
    const replacement = seen.deliveries.find((one) => one.id === replacementId);
    expect(replacement).toMatchObject({ replacesId: deliveryId, reveals: 0 });
    expect((await explainTrade(m.t.as("operator"), replacement?.tradeId ?? "")).agrees).toBe(true);

    // The second of the order wants support to agree.
    const other = seen.deliveries.find((one) => one.state === "delivered" && one.id !== replacementId);
    const second = { deliveryId: other?.id ?? "", reason: "This too" };
    expect(await reportDelivery(m.buyer, second)).toMatchObject({ outcome: "open", needsSupport: true });
    const confirm = { action: "confirm" as const, deliveryId: second.deliveryId };
    await expect(resolveReport(m.t.as("support"), confirm)).rejects.toMatchObject({
      code: "REISSUE_NEEDS_SUPPORT",
    });
    await resolveReport(m.t.as("support"), { ...confirm, agree: true });
    expect((await m.see(order.id)).delivered).toBe(2);
  });

  it("at another cost moves the supplier's part and the margin alone, and keeps the channel's fee", async () => {
    const productId = await m.product({ name: "Two batches" });
    await priced(productId, PRICE);
    await m.fill(productId, 1, { cost: COST, expiresAt: new Date("2027-01-01T00:00:00Z") });
    await m.fill(productId, 1, { cost: 9_400n });
    const { id } = await createOrder(m.buyer, { lines: [{ productId, quantity: 1 }] });
    const { paymentId } = await payOrder(m.buyer, { orderId: id, method: { kind: "channel" } });
    m.pay(paymentId);
    const order = await eventually(
      () => m.see(id),
      (one) => one.state === "delivered",
    );
    await revealOrder(m.buyer, { orderId: id });
    const before = await m.sums(BY_ACCOUNT);
    const deliveryId = order.deliveries[0]?.id ?? "";
    await reportDelivery(m.buyer, { deliveryId, reason: "Invalid" });
    await resolveReport(m.t.as("support"), { action: "confirm", deliveryId });
    const after = await m.sums(BY_ACCOUNT);
    const moved = Object.keys(after).flatMap((name) => {
      const by = (after[name] ?? 0n) - (before[name] ?? 0n);
      return by === 0n ? [] : [[name.split(" ").slice(0, 2).join(" "), by]];
    });
    expect(Object.fromEntries(moved)).toEqual({ "payable supplier": -100n, margin: 100n });
  });

  it("is replaced at once where the tenant says so, the first of an order, soon after it was shown", async () => {
    m.t.tenant.settings.autoReissueMinutes = 10;
    const order = await m.delivered(2);
    await revealOrder(m.buyer, { orderId: order.id });
    const [first, second] = order.deliveries;
    expect(await reportDelivery(m.buyer, { deliveryId: first?.id ?? "", reason: "Invalid" })).toMatchObject({
      outcome: "replaced",
    });
    expect(await reportDelivery(m.buyer, { deliveryId: second?.id ?? "", reason: "Invalid" })).toMatchObject({
      outcome: "open",
      needsSupport: true,
    });
    await resolveReport(m.t.as("support"), {
      action: "refuse",
      deliveryId: second?.id ?? "",
      reason: "It was used",
    });
    const slow = await m.delivered();
    await revealOrder(m.buyer, { orderId: slow.id });
    m.t.clock.advance({ minutes: 11 });
    expect(
      await reportDelivery(m.buyer, { deliveryId: slow.deliveries[0]?.id ?? "", reason: "Late" }),
    ).toMatchObject({ outcome: "open", needsSupport: false });
    m.t.tenant.settings.autoReissueMinutes = 0;
  });
});

describe("the buyer's page", () => {
  it("shows its cards on click, and says nothing to a wrong, renewed or old link", async () => {
    const { id, token, paymentId } = await m.inShop(2);
    const link = m.link(token);
    expect(await pickupView(visitor(), link)).toMatchObject({
      state: "pending",
      payable: true,
      cards: [],
      sellerName: "A shop",
    });
    await expect(revealByLink(visitor(), link)).rejects.toMatchObject({ code: "ORDER_NOT_DELIVERED" });
    m.pay(paymentId);
    await eventually(
      () => m.see(id),
      (one) => one.state === "delivered",
    );
    const view = await pickupView(visitor(), link);
    expect(JSON.stringify(view, (_, v: unknown) => (typeof v === "bigint" ? `${v}` : v))).not.toContain(
      "secret-",
    );
    const { cards } = await revealByLink(visitor(), link);
    expect(cards).toHaveLength(2);
    expect(cards[0]?.secret).toMatch(/^secret-/);
    const order = await m.see(id);
    expect(order.deliveries.map((one) => one.reveals)).toEqual([1, 1]);
    expect(order.events.at(-1)).toMatchObject({ kind: "revealed", actorKind: "buyer" });
    // Its distributor sold it, and does not see it.
    await expect(revealOrder(m.buyer, { orderId: id })).rejects.toMatchObject({ code: "KEY_NOT_REVEALABLE" });
    expect((await getOrder(m.buyer, { id })).pickupPath).toBeNull();
    expect((await getOrder(m.buyer, { id })).contact).toBe("b***@example.test");

    expect(
      await reportByLink(visitor(), { ...link, deliveryId: cards[0]?.deliveryId ?? "", reason: "Invalid" }),
    ).toMatchObject({ outcome: "open" });
    const renewed = await renewPickup(m.t.as("support"), { orderId: id });
    const fresh = m.link(renewed.pickupPath.split("/").at(-1) ?? "");
    for (const wrong of [
      link,
      { ...link, token: `${token.slice(0, -1)}A` },
      m.link("none"),
      { ...fresh, tenant: "nobody" },
    ])
      await expect(pickupView(visitor(), wrong)).rejects.toMatchObject({ code: "LINK_INVALID" });
    expect(await pickupView(visitor(), fresh)).toMatchObject({ state: "delivered" });
    m.t.clock.advance({ days: 31 });
    await expect(pickupView(visitor(), fresh)).rejects.toMatchObject({ code: "LINK_INVALID" });
  });

  it("is made once a basket, at the shop's price", async () => {
    const at = { tenant: m.t.tenant.slug, shop: m.shop };
    const shop = await shopView(visitor(), at);
    expect(shop).toMatchObject({
      title: "A shop",
      items: [{ productId: m.productId, price: 10_000n, inStock: true }],
    });
    const basket = { ...at, lines: [{ productId: m.productId, quantity: 1 }], idempotencyKey: newId() };
    const [one, two] = await Promise.all([orderInShop(visitor(), basket), orderInShop(visitor(), basket)]);
    expect(one.token).toBe(two.token);
    await expect(shopView(visitor(), { ...at, shop: "nobody" })).rejects.toMatchObject({
      code: "SHOP_CLOSED",
    });
  });
});

describe("orders", () => {
  it("are seen by their distributor and the house, found by what people know, and completed", async () => {
    const order = await m.delivered();
    const stranger = m.t.as("distributor", await makeParty(m.t, "distributor"));
    await expect(getOrder(stranger, { id: order.id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await listOrders(stranger, {})).items).toEqual([]);
    await expect(revealOrder(stranger, { orderId: order.id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    for (const search of [order.reference, order.id, "buyer@example.test"])
      expect((await listOrders(m.t.as("support"), { search })).items.length).toBeGreaterThan(0);
    const first = await listOrders(m.buyer, { limit: 3 });
    const second = await listOrders(m.buyer, { limit: 3, cursor: first.nextCursor });
    expect(new Set([...first.items, ...second.items].map((row) => row.id)).size).toBe(6);
    const exported = [];
    for await (const row of exportOrders(m.buyer, { source: "shop" })) exported.push(row);
    expect(exported.every((row) => row.source === "shop")).toBe(true);
    await revealOrder(m.buyer, { orderId: order.id });
    await expireOrders(m.t.system);
    expect(await m.see(order.id)).toMatchObject({ state: "completed" });
  });

  it("leave no secret in audit, events or stored results", async () => {
    const text = await withTransaction(m.t.system, async ({ tx }) => {
      const sql = rawSql(tx);
      const rows = await sql`
        select data::text as t from audit_log union all select data::text from order_events
        union all select response::text from idempotency_keys union all select routing::text from payments`;
      return JSON.stringify(rows);
    });
    expect(text).not.toContain("secret-");
    expect(text).not.toContain("buyer@");
    expect(text).not.toContain("/p/");
  });
});

it("leaves the books in order", async () => {
  const { owner } = await testDatabase();
  const results = await checkInvariants(owner, m.t.tenant.id);
  // Roll-ups are the worker's.
  expect(results.filter((result) => !result.ok && result.id !== "R")).toEqual([]);
});
