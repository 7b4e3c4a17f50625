import { beforeAll, describe, expect, it } from "vitest";
import { checkInvariants } from "@/server/ops/invariants/checks";
import { testDatabase } from "@/server/testing/database";
import { setPrices, setShopItems } from "../pricing";
import {
  askChannels,
  expireOrders,
  listOrders,
  type OrderDetail,
  orderInShop,
  payByLink,
  receiveCallback,
  redeliverOrder,
  refundOrder,
  retryRefund,
  sendRefunds,
  settleTogether,
} from ".";
import { BY_ACCOUNT, eventually, type Market, makeMarket } from "./orders.fixture";

let m: Market;
beforeAll(async () => {
  m = await makeMarket({ keys: 60 });
});

const kinds = (order: OrderDetail) => order.events.map((event) => event.kind);
const settled = (id: string) =>
  eventually(
    () => m.see(id),
    (order) => order.state !== "pending",
  );

describe("money by a channel", () => {
  it("is told by a callback over HTTP, and delivers within the transaction", async () => {
    const { id, paymentId, total } = await m.inShop(2);
    expect(total).toBe(20_000n);
    m.pay(paymentId);
    const order = await settled(id);
    expect(order).toMatchObject({
      state: "delivered",
      flag: null,
      delivered: 2,
      payment: { channelId: m.channel.id },
    });
    expect(order.payments).toMatchObject([{ outcome: "accepted", received: 20_000n, state: "succeeded" }]);
    expect(kinds(order)).toEqual(["created", "payment_started", "paid", "delivered"]);
    expect(order.contact).toBe("buyer@example.test");
  });

  it("counts once, however often and by however many it is told", async () => {
    const { id, paymentId } = await m.inShop();
    m.behave(paymentId, { callbackCopies: 20 });
    m.pay(paymentId);
    const told = await Promise.all(
      Array.from({ length: 50 }, () => receiveCallback(m.t.system, { channelId: m.channel.id, paymentId })),
    );
    // Those that shared its transaction are told of the delivery; the others that it was known.
    for (const { outcome } of told.flat()) expect(["delivered", "known"]).toContain(outcome);
    const order = await settled(id);
    expect(order.deliveries).toHaveLength(1);
    expect(order.payments).toHaveLength(1);
    expect(kinds(order).filter((kind) => kind === "delivered")).toHaveLength(1);
  });

  it("that comes twice goes back by itself", async () => {
    const { id, paymentId, total } = await m.inShop();
    m.pay(paymentId);
    await settled(id);
    m.pay(paymentId, { force: true });
    const order = await eventually(
      () => m.see(id),
      (one) => one.refunds.length > 0,
    );
    expect(order).toMatchObject({ state: "delivered", flag: null, refunded: 0n });
    expect(order.payments.map((payment) => payment.outcome)).toEqual(["accepted", "duplicate"]);
    expect(order.refunds).toMatchObject([{ amount: total, state: "created" }]);
    await sendRefunds(m.t.system);
    expect((await m.see(id)).refunds).toMatchObject([{ state: "succeeded" }]);
    // The channel has it under the attempt that it knows.
    expect(m.sandbox.bank.find(m.channel.merchantNo, paymentId).refunds).toHaveLength(1);
  });

  it("whose callback is lost is found by asking, within a minute", async () => {
    const { id, paymentId } = await m.inShop();
    m.behave(paymentId, { loseCallbacks: true });
    m.t.clock.advance({ seconds: 25 });
    await askChannels(m.t.system);
    expect((await m.see(id)).state).toBe("pending");
    m.pay(paymentId);
    m.t.clock.advance({ seconds: 59 });
    await askChannels(m.t.system);
    expect((await m.see(id)).state).toBe("delivered");
  });

  it("whose callback is lost while its order expires is found by asking, too", async () => {
    const { id, paymentId } = await m.inShop();
    m.behave(paymentId, { loseCallbacks: true });
    m.pay(paymentId);
    m.t.clock.advance({ minutes: 16 });
    await expireOrders(m.t.system);
    await askChannels(m.t.system);
    expect((await m.see(id)).state).toBe("delivered");
  });

  it("in a wrong amount is held and flagged, its keys are free, and it is given back", async () => {
    const { id, paymentId } = await m.inShop(2);
    const before = await m.states(m.productId);
    m.pay(paymentId, { amount: 19_999n });
    const order = await settled(id);
    expect(order).toMatchObject({ state: "flagged", flag: "WRONG_AMOUNT", delivered: 0 });
    expect(order.may).toMatchObject({ refund: true, redeliver: false });
    expect((await m.states(m.productId)).available).toBe((before.available ?? 0) + 2);
    await expect(redeliverOrder(m.t.as("support"), { orderId: id })).rejects.toMatchObject({
      code: "ORDER_NOT_FLAGGED",
    });
    const made = await refundOrder(m.t.as("support"), { orderId: id, reason: "Wrong amount" });
    expect(made).toMatchObject({ amount: 19_999n, state: "refunded" });
    await sendRefunds(m.t.system);
    expect(await m.see(id)).toMatchObject({
      state: "refunded",
      flag: null,
      refunds: [{ state: "succeeded" }],
    });
  });

  it("that comes late is delivered if there is stock", async () => {
    const { id, paymentId } = await m.inShop();
    m.t.clock.advance({ minutes: 16 });
    await expireOrders(m.t.system);
    expect((await m.see(id)).state).toBe("expired");
    m.pay(paymentId, { force: true });
    const order = await eventually(
      () => m.see(id),
      (one) => one.state === "delivered",
    );
    expect(order).toMatchObject({ state: "delivered", delivered: 1 });
    expect(kinds(order)).toEqual(["created", "payment_started", "expired", "paid_late", "delivered"]);
  });

  it("that comes late without stock goes back by itself", async () => {
    const { id, paymentId, total } = await m.inShop();
    m.t.clock.advance({ minutes: 16 });
    await expireOrders(m.t.system);
    const held = await m.ordered((await m.states(m.productId)).available ?? 0);
    m.pay(paymentId, { force: true });
    const order = await eventually(
      () => m.see(id),
      (one) => one.refunds.length > 0,
    );
    expect(order).toMatchObject({ state: "expired", delivered: 0, refunds: [{ amount: total }] });
    expect(order.payments).toMatchObject([{ outcome: "late", heldTradeId: null }]);
    m.t.clock.advance({ minutes: 16 });
    await expireOrders(m.t.system);
    expect((await m.see(held.id)).state).toBe("expired");
    await sendRefunds(m.t.system);
    expect((await m.see(id)).refunds).toMatchObject([{ state: "succeeded" }]);
  });

  it("whose refund fails is tried again, then flagged, and sent once the channel will", async () => {
    const { id, paymentId } = await m.inShop();
    m.pay(paymentId);
    await settled(id);
    m.behave(paymentId, { refundFailures: 6 });
    m.pay(paymentId, { force: true });
    await eventually(
      () => m.see(id),
      (one) => one.refunds.length > 0,
    );
    for (let n = 0; n < 6; n++) {
      await sendRefunds(m.t.system);
      m.t.clock.advance({ hours: 2 });
    }
    const failed = await m.see(id);
    expect(failed).toMatchObject({ state: "delivered", flag: "REFUND_FAILED" });
    expect(failed.refunds).toMatchObject([
      { state: "flagged", attempts: 6, lastError: "SANDBOX_TOLD_TO_FAIL" },
    ]);
    const { items } = await listOrders(m.t.as("support"), { state: ["flagged"] });
    expect(items.map((order) => order.id)).toContain(id);
    await retryRefund(m.t.as("support"), { refundId: failed.refunds[0]?.id ?? "" });
    await sendRefunds(m.t.system);
    expect(await m.see(id)).toMatchObject({ flag: null, refunds: [{ state: "succeeded" }] });
  });

  it("with nothing to deliver is flagged, and delivered when stock comes", async () => {
    const productId = await m.product();
    await setPrices(m.t.as("operator"), { prices: [{ productId, tier: "gold", price: 9_850n }] });
    await setShopItems(m.buyer, { items: [{ productId, markup: 0n, listed: true }] });
    // The key dies of age between order and payment.
    await m.fill(productId, 1, { expiresAt: new Date(m.t.clock.now().getTime() + 60_000) });
    const visitor = { db: m.t.system.db, clock: m.t.clock };
    const made = await orderInShop(visitor, {
      tenant: m.t.tenant.slug,
      shop: m.shop,
      lines: [{ productId, quantity: 1 }],
      idempotencyKey: "one-order-of-a-short-lived-card",
    });
    const { orderId, paymentId } = await payByLink(visitor, m.link(made.token));
    m.t.clock.advance({ minutes: 2 });
    m.pay(paymentId);
    const flagged = await settled(orderId);
    expect(flagged).toMatchObject({ state: "flagged", flag: "NOTHING_TO_DELIVER" });
    expect(flagged.may).toMatchObject({ refund: true, redeliver: true });
    await expect(redeliverOrder(m.t.as("support"), { orderId })).rejects.toMatchObject({
      code: "OUT_OF_STOCK",
    });
    await m.fill(productId, 1);
    await redeliverOrder(m.t.as("support"), { orderId });
    expect(await m.see(orderId)).toMatchObject({ state: "delivered", flag: null, delivered: 1 });
  });

  it("of one order fails alone", async () => {
    const good = await m.inShop();
    const bad = await m.inShop();
    for (const { paymentId } of [good, bad]) m.behave(paymentId, { loseCallbacks: true });
    m.pay(good.paymentId);
    m.pay(bad.paymentId);
    const fact = (paymentId: string, transactionId: string) => ({
      channelId: m.channel.id,
      paymentId,
      transactionId,
      amount: 10_000n,
      paidAt: m.t.clock.now(),
    });
    const transaction = `42-${good.id}`;
    // The same number for two payments: a channel that contradicts itself.
    const outcomes = await Promise.allSettled([
      settleTogether(m.t.system, [fact(good.paymentId, transaction)]),
      settleTogether(m.t.system, [fact(bad.paymentId, transaction)]),
    ]);
    expect(outcomes.map((one) => one.status).sort()).toEqual(["fulfilled", "rejected"]);
    const states = [(await m.see(good.id)).state, (await m.see(bad.id)).state].sort();
    expect(states).toEqual(["delivered", "pending"]);
  });
});

describe("the books", () => {
  it("hold nothing in suspense once everything is decided", async () => {
    const sums = await m.sums(BY_ACCOUNT);
    expect(sums.suspense ?? 0n).toBe(0n);
  });
});

it("leaves the books in order", async () => {
  const { owner } = await testDatabase();
  const results = await checkInvariants(owner, m.t.tenant.id);
  // Roll-ups are the worker's.
  expect(results.filter((result) => !result.ok && result.id !== "R")).toEqual([]);
});
