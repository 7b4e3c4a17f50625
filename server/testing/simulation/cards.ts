import { type Database, inTenant, rawSql } from "@/db/client";
import { Random } from "@/db/seed/random";
import { isDomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { expireCards } from "@/server/domain/cards";
import { cardSaleRule, createRuleVersion, listRules } from "@/server/domain/clearing";
import {
  askChannels,
  createOrder,
  expireOrders,
  payOrder,
  receiveCallback,
  redeliverOrder,
  refundOrder,
  reportDelivery,
  resolveReport,
  revealOrder,
  sendRefunds,
  settlePayments,
} from "@/server/domain/orders";
import type { Market } from "@/server/domain/orders/orders.fixture";
import { setCreditLimit } from "@/server/domain/payments";
import { setPrices, setShopItems } from "@/server/domain/pricing";
import { closeBooks, stateRun } from "@/server/domain/settlement";
import { checkInvariants } from "@/server/ops/invariants/checks";

/** A shop's order whose buyer is at the cashier. */
interface Attempt {
  orderId: string;
  paymentId: string;
  total: bigint;
  paid: number;
}

class Trade {
  readonly attempts: Attempt[] = [];
  readonly orders: string[] = [];
  refused = 0;
  counter = 0;
  loopedId = "";

  constructor(
    readonly m: Market,
    readonly random: Random,
    readonly owner: Database,
  ) {}

  get support() {
    return this.m.t.as("support");
  }
  /** The verb, or its refusal; anything else is a fault of ours. */
  async may<T>(work: () => Promise<T>, codes: readonly string[]): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (!isDomainError(error) || !codes.includes(error.code)) throw error;
      this.refused += 1;
      return null;
    }
  }
}

class Killed extends Error {}

const STEPS: readonly (readonly [number, string, (w: Trade) => Promise<unknown>])[] = [
  [14, "order from the wallet", orderFromWallet],
  [5, "many orders at the wallet's limit", ordersAtLimit],
  [14, "order in the shop", orderInShop],
  [14, "pay", pay],
  [6, "pay twice", payTwice],
  [4, "pay a wrong amount", payWrong],
  [6, "the callback is lost", loseCallback],
  [5, "killed between payment and delivery", killBetween],
  [5, "time runs out", expire],
  [5, "pay late", payLate],
  [6, "a dead key", deadKey],
  [5, "refund whole", refundWhole],
  [4, "refund a key", refundKey],
  [4, "deliver again", redeliver],
  [5, "restock", restock],
  [3, "keys expire", keysExpire],
  [3, "top up, and change the limit", topUp],
  [2, "change the rule", changeRule],
  [3, "close", close],
  [3, "drop connections", dropConnections],
  [6, "refunds are sent", (w) => sendRefunds(w.m.t.system)],
  [8, "time passes", passTime],
];

export interface CardReport {
  seed: number;
  orders: number;
  delivered: number;
  refused: number;
}

/**
 * Drives a tenant's card-keys through random life, paying over real HTTP at the sandbox, and checks every invariant
 * after each step. A failure names the seed and the step; the same seed lives the same life.
 */
export async function simulateCards(
  market: Market,
  owner: Database,
  seed: number,
  steps: number,
): Promise<CardReport> {
  const random = new Random(seed);
  const w = new Trade(market, random, owner);
  await market.topUp(400_000n);
  w.loopedId = await market.product({ looped: true, name: "looped" });
  await setPrices(market.t.as("operator"), {
    prices: [{ productId: w.loopedId, tier: "gold", price: 9_900n }],
  });
  await setShopItems(market.buyer, { items: [{ productId: w.loopedId, markup: 0n, listed: true }] });
  await market.fill(w.loopedId, 2);
  const trail: string[] = [];
  for (let i = 0; i < steps; i++) {
    const [, name, run] = random.weighted(STEPS, ([weight]) => weight);
    trail.push(name);
    try {
      await run(w);
      await audit(w);
    } catch (error) {
      throw new Error(
        `simulation of cards failed: replay with KAQING_SIMULATION_SEED=${seed}; step ${i + 1}: ${trail.slice(-6).join(" → ")}`,
        { cause: error },
      );
    }
  }
  const [row] = await owner.sql<{ orders: number; delivered: number }[]>`
    select count(*)::int as orders, count(*) filter (where delivered_at is not null)::int as delivered
    from orders where tenant_id = ${market.t.tenant.id}`;
  return { seed, orders: row?.orders ?? 0, delivered: row?.delivered ?? 0, refused: w.refused };
}

async function audit(w: Trade): Promise<void> {
  const results = await checkInvariants(w.owner, w.m.t.tenant.id);
  const broken = results.filter((r) => !r.ok);
  if (broken.length > 0)
    throw new Error(
      `invariants broken: ${JSON.stringify(broken, (_, v) => (typeof v === "bigint" ? `${v}` : v), 1)}`,
    );
}

// ── ordering ────────────────────────────────────────────────────────────────────────────────────────────

const REFUSED = ["OUT_OF_STOCK", "ACCOUNT_BELOW_FLOOR", "CHANNEL_NONE_FITS", "PRICE_BELOW_COST"];

function product(w: Trade): string {
  return w.random.chance(0.8) ? w.m.productId : w.loopedId;
}

async function orderFromWallet(w: Trade): Promise<void> {
  const lines = [{ productId: product(w), quantity: w.random.int(1, 3) }];
  const made = await w.may(() => createOrder(w.m.buyer, { lines }), REFUSED);
  if (!made) return;
  w.orders.push(made.id);
  if (w.random.chance(0.1)) return; // nobody pays it
  const pay = () => payOrder(w.m.buyer, { orderId: made.id, method: { kind: "wallet" } });
  const before = await w.m.wallet();
  const paid = await w.may(pay, REFUSED);
  if (!paid) return;
  await pay(); // again: nothing more is taken
  const after = await w.m.wallet();
  if (before - after !== made.total) throw new Error(`the wallet lost ${before - after} for ${made.total}`);
}

/** Several at once, of which the wallet can pay some: it never passes its floor. */
async function ordersAtLimit(w: Trade): Promise<void> {
  const lines = [{ productId: w.loopedId, quantity: 10 }];
  const made = await w.may(
    () => Promise.all(Array.from({ length: 4 }, () => createOrder(w.m.buyer, { lines }))),
    REFUSED,
  );
  await Promise.all(
    (made ?? []).map(({ id }) => {
      w.orders.push(id);
      return w.may(() => payOrder(w.m.buyer, { orderId: id, method: { kind: "wallet" } }), REFUSED);
    }),
  );
}

async function orderInShop(w: Trade): Promise<void> {
  const made = await w.may(() => w.m.inShop(w.random.int(1, 2)), REFUSED);
  if (!made) return;
  w.m.behave(made.paymentId, { loseCallbacks: true });
  w.orders.push(made.id);
  w.attempts.push({ orderId: made.id, paymentId: made.paymentId, total: made.total, paid: 0 });
}

// ── paying ──────────────────────────────────────────────────────────────────────────────────────────────

async function open(w: Trade): Promise<Attempt | null> {
  if (!w.attempts.some((one) => one.paid === 0)) await orderInShop(w);
  const waiting = w.attempts.filter((one) => one.paid === 0);
  return waiting.length > 0 ? w.random.pick(waiting) : null;
}

function atCashier(w: Trade, attempt: Attempt, amount = attempt.total): void {
  w.m.pay(attempt.paymentId, { force: true, amount });
  attempt.paid += 1;
}

const told = (w: Trade, { paymentId }: Attempt) =>
  receiveCallback(w.m.t.system, { channelId: w.m.channel.id, paymentId });

async function pay(w: Trade): Promise<void> {
  const attempt = await open(w);
  if (!attempt) return;
  atCashier(w, attempt);
  const times = w.random.int(1, 5);
  await Promise.all(Array.from({ length: times }, () => told(w, attempt)));
  const { state, deliveries, lines, payments } = await w.m.see(attempt.orderId);
  const wanted = lines.reduce((sum, line) => sum + line.quantity, 0);
  const accepted = payments.filter(({ outcome }) => outcome === "accepted");
  if (
    deliveries.length > wanted ||
    accepted.length > 1 ||
    (state === "delivered" && deliveries.length !== wanted)
  )
    throw new Error(`told ${times} times, ${deliveries.length} of ${wanted} keys were delivered`);
}

async function payTwice(w: Trade): Promise<void> {
  const attempt = await open(w);
  if (!attempt) return;
  atCashier(w, attempt);
  if (w.random.chance(0.5)) await told(w, attempt);
  atCashier(w, attempt);
  await Promise.all([told(w, attempt), told(w, attempt)]);
  await sendRefunds(w.m.t.system);
  const { payments, refunds } = await w.m.see(attempt.orderId);
  const later = payments.filter(({ outcome }) => outcome === "duplicate");
  const back = refunds.filter((refund) => later.some((payment) => payment.id === refund.paymentId));
  if (later.length === 0 || back.length !== later.length)
    throw new Error("money that came twice is not on its way back");
}

async function payWrong(w: Trade): Promise<void> {
  const attempt = await open(w);
  if (!attempt) return;
  const before = await w.m.see(attempt.orderId);
  atCashier(w, attempt, attempt.total + BigInt(w.random.pick([-1, 1, 500])));
  await told(w, attempt);
  const { state, flag, deliveries } = await w.m.see(attempt.orderId);
  if (before.state === "pending" && (state !== "flagged" || flag !== "WRONG_AMOUNT" || deliveries.length > 0))
    throw new Error(`a wrong amount left the order ${state}`);
}

/** Nobody tells; the sweeper finds it. */
async function loseCallback(w: Trade): Promise<void> {
  const attempt = await open(w);
  if (!attempt) return;
  const before = await w.m.see(attempt.orderId);
  atCashier(w, attempt);
  w.m.t.clock.advance({ minutes: 1 });
  await askChannels(w.m.t.system);
  const { state, payments } = await w.m.see(attempt.orderId);
  const known = payments.some(({ id, state }) => id === attempt.paymentId && state === "succeeded");
  if (before.state === "pending" && before.expiresAt > w.m.t.clock.now() && !known)
    throw new Error(`the sweeper left an order ${state}`);
}

/** All is done but committed when the process dies; another one is told again. */
async function killBetween(w: Trade): Promise<void> {
  const attempt = await open(w);
  if (!attempt) return;
  atCashier(w, attempt);
  const fact = {
    channelId: w.m.channel.id,
    paymentId: attempt.paymentId,
    transactionId: `lost-${newId()}`,
    amount: attempt.total,
    paidAt: w.m.t.clock.now(),
  };
  const before = await footprint(w);
  await withTransaction(w.m.t.system, async (ctx) => {
    await settlePayments(ctx, [fact]);
    throw new Killed();
  }).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  if ((await footprint(w)) !== before) throw new Error("a killed settlement left something");
  await told(w, attempt);
}

async function footprint(w: Trade): Promise<string> {
  return inTenant(w.m.t.system.db, w.m.t.tenant.id, async (tx) => {
    const [row] = await rawSql(tx)<{ n: string }[]>`
      select concat_ws('/', (select count(*) from trades), (select count(*) from transfers), (select count(*) from audit_log),
        (select count(*) from card_deliveries), (select string_agg(n::text, ',' order by state) from (
          select state, count(*) as n from card_keys group by state) k)) as n`;
    return row?.n ?? "";
  });
}

async function expire(w: Trade): Promise<void> {
  w.m.t.clock.advance({ minutes: 16 });
  await Promise.all([expireOrders(w.m.t.system), expireOrders(w.m.t.system)]);
  const pending = await inTenant(
    w.m.t.system.db,
    w.m.t.tenant.id,
    (tx) => rawSql(tx)`select 1 from orders where state = 'pending'`,
  );
  if (pending.length > 0) throw new Error("an order did not end in time");
}

async function payLate(w: Trade): Promise<void> {
  const attempt = await open(w);
  if (!attempt) return;
  await expire(w);
  atCashier(w, attempt);
  await told(w, attempt);
  const { state, refunds, deliveries } = await w.m.see(attempt.orderId);
  if (deliveries.length === 0 && refunds.length === 0 && state !== "flagged")
    throw new Error(`late money was neither delivered nor sent back: ${state}`);
}

// ── after ───────────────────────────────────────────────────────────────────────────────────────────────

async function deadKey(w: Trade): Promise<void> {
  const orderId = w.orders.length > 0 ? w.random.pick(w.orders) : null;
  if (!orderId) return;
  await w.may(() => revealOrder(w.m.buyer, { orderId }), ["ORDER_NOT_DELIVERED", "KEY_NOT_REVEALABLE"]);
  const { deliveries } = await w.m.see(orderId);
  const delivery = deliveries.find((one) => one.state === "delivered" && one.revealedAt !== null);
  if (!delivery) return;
  const reported = await w.may(
    () => reportDelivery(w.m.buyer, { deliveryId: delivery.id, reason: "does not work" }),
    ["DELIVERY_NOT_REPORTABLE"],
  );
  if (!reported || reported.outcome === "replaced") return;
  if (w.random.chance(0.3)) {
    await resolveReport(w.support, { action: "refuse", deliveryId: delivery.id, reason: "it works" });
    return;
  }
  await w.may(
    () => resolveReport(w.support, { action: "confirm", deliveryId: delivery.id, agree: true }),
    ["OUT_OF_STOCK"],
  );
}

const NOT_REFUNDABLE = ["ORDER_NOT_REFUNDABLE"];

async function refundWhole(w: Trade): Promise<void> {
  const orderId = w.orders.length > 0 ? w.random.pick(w.orders) : null;
  if (!orderId) return;
  const ask = () => refundOrder(w.support, { orderId, reason: "asked for" });
  // Two at once: the money goes back once.
  const answers = await Promise.all([w.may(ask, NOT_REFUNDABLE), w.may(ask, NOT_REFUNDABLE)]);
  if (answers.every((answer) => answer !== null)) throw new Error("refunded twice");
}

async function refundKey(w: Trade): Promise<void> {
  const orderId = w.orders.length > 0 ? w.random.pick(w.orders) : null;
  if (!orderId) return;
  const { deliveries } = await w.m.see(orderId);
  const delivery = deliveries.find((one) => one.state === "delivered");
  if (!delivery) return;
  await w.may(
    () => refundOrder(w.support, { orderId, deliveryIds: [delivery.id], reason: "one of them" }),
    NOT_REFUNDABLE,
  );
}

async function redeliver(w: Trade): Promise<void> {
  const flagged = await inTenant(
    w.m.t.system.db,
    w.m.t.tenant.id,
    (tx) => rawSql(tx)<{ id: string }[]>`select id from orders where state = 'flagged' order by id`,
  );
  for (const { id } of flagged)
    await w.may(
      () => redeliverOrder(w.support, { orderId: id }),
      ["ORDER_NOT_FLAGGED", "OUT_OF_STOCK", "PRICE_BELOW_COST"],
    );
}

async function restock(w: Trade): Promise<void> {
  const soon = w.random.chance(0.4) ? new Date(w.m.t.clock.now().getTime() + 3 * 3_600_000) : null;
  await w.m.fill(w.m.productId, w.random.int(1, 15), {
    expiresAt: soon,
    cost: BigInt(w.random.int(9_000, 9_600)),
  });
}

async function keysExpire(w: Trade): Promise<void> {
  w.m.t.clock.advance({ hours: 4 });
  await expireCards(w.m.t.system);
}

async function topUp(w: Trade): Promise<void> {
  await w.m.topUp(BigInt(w.random.int(1, 200_000)));
  await w.may(
    () =>
      setCreditLimit(w.m.t.as("finance"), {
        distributorId: w.m.distributor.id,
        creditLimit: BigInt(w.random.int(0, 3)) * 50_000n,
      }),
    ["ACCOUNT_BELOW_FLOOR", "CREDIT_LIMIT_TOO_LOW", "INPUT_INVALID"],
  );
}

async function changeRule(w: Trade): Promise<void> {
  const operator = w.m.t.as("operator");
  const [rule] = await listRules(operator);
  if (!rule) return;
  const version = {
    ruleId: rule.id,
    definition: cardSaleRule({
      commissionRate: w.random.pick([null, "0.005", "0.01", "0.0133"]),
      uplineRates: w.random.chance(0.5) ? ["0.001"] : [],
      feeBearer: w.random.pick(["platform", "distributor", "proportional"]),
    }),
    effectiveFrom: new Date(w.m.t.clock.now().getTime() + w.random.int(1, 12) * 3_600_000),
  };
  await w.may(() => createRuleVersion(operator, version), ["RULE_UNCHANGED"]);
}

async function close(w: Trade): Promise<void> {
  const closing = await w.may(() => closeBooks(w.m.t.as("finance")), ["CLOSING_NOT_FORWARD"]);
  if (closing) await stateRun(w.m.t.system, closing.runId);
}

/** Connections die while orders are being paid: each is paid and delivered once, or not at all. */
async function dropConnections(w: Trade): Promise<void> {
  const attempts: Attempt[] = [];
  for (let i = 0; i < 4; i++) {
    const attempt = await open(w);
    if (!attempt) break;
    atCashier(w, attempt);
    attempts.push(attempt);
  }
  const first = Promise.allSettled(attempts.map((attempt) => told(w, attempt)));
  await w.owner.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'kaqing' and pid <> pg_backend_pid()
      and (query ilike '%orders%' or query ilike '%trades%' or state = 'idle in transaction')`;
  await first;
  for (const attempt of attempts) await told(w, attempt);
}

async function passTime(w: Trade): Promise<void> {
  w.m.t.clock.advance({ minutes: w.random.pick([1, 3, 40, 700]) });
}
