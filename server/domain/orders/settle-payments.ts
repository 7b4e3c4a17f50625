import type { Ctx, TxCtx } from "@/server/core/context";
import { isDomainError } from "@/server/core/errors";
import { logger } from "@/server/core/logger";
import { withTransaction } from "@/server/core/transaction";
import { reserveKeys } from "../cards";
import { openBooks } from "../ledger";
import { Undeliverable } from "./deliver";
import { type Judged, judge, type Stuck } from "./judge-payment";
import { linesOfPayments, lockOrdersOfPayments, paymentsBeside } from "./stored-order";
import type { PaymentFact, Settled } from "./types";
import { writeSettled } from "./write-settled";

/**
 * Books money that came, of many orders at once, in one transaction: delivers, or holds it and says why. What is
 * known already changes nothing, so channels, callbacks and sweepers may tell as often as they like, to any number
 * of servers. Returns one answer a fact, in their order; facts of payments that are none of ours are left out.
 */
export async function settlePayments(ctx: Ctx, facts: readonly PaymentFact[]): Promise<Settled[]> {
  // Orders that turned out to be undeliverable: everything is rolled back and done again without them.
  const stuck = new Map<string, Stuck>();
  for (;;) {
    try {
      return await attempt(ctx, facts, stuck);
    } catch (error) {
      if (!(error instanceof Undeliverable)) throw error;
      let news = false;
      for (const [id, why] of error.orders) {
        news ||= !stuck.has(id);
        stuck.set(id, why);
      }
      if (!news) throw error;
    }
  }
}

function attempt(
  ctx: Ctx,
  facts: readonly PaymentFact[],
  stuck: ReadonlyMap<string, Stuck>,
): Promise<Settled[]> {
  const { tx } = ctx;
  // Inside another's transaction: in a savepoint of it.
  if (tx) return tx.transaction((tx) => settle({ ...ctx, tx }, facts, stuck, { commit: false }));
  return withTransaction(ctx, (ctx) => settle(ctx, facts, stuck, { commit: true }));
}

async function settle(
  ctx: TxCtx,
  facts: readonly PaymentFact[],
  stuck: ReadonlyMap<string, Stuck>,
  options: { commit: boolean },
): Promise<Settled[]> {
  const ids = [...new Set(facts.map((fact) => fact.paymentId))];
  // Pipelined, in this order: what is read behind the orders' locks is as the transactions before left it.
  const [books, orders, payments, lines] = await Promise.all([
    openBooks(ctx),
    lockOrdersOfPayments(ctx, ids),
    paymentsBeside(ctx, ids),
    linesOfPayments(ctx, ids),
  ]);
  const attempts = new Map(payments.map((payment) => [payment.id, payment]));
  const paymentsByOrder = Map.groupBy(payments, (payment) => payment.orderId);
  const linesByOrder = Map.groupBy(lines, (line) => line.orderId);

  const judged: Judged[] = [];
  for (const fact of oldestFirst(facts)) {
    const attempt = attempts.get(fact.paymentId);
    const order = attempt && orders.get(attempt.orderId);
    if (!attempt || !order || attempt.channelId !== fact.channelId) {
      logger.error(
        { payment: fact.paymentId, channel: fact.channelId },
        "money for a payment that is none of ours",
      );
      continue;
    }
    const beside = paymentsByOrder.get(order.id) ?? [];
    const one = judge(fact, attempt, order, beside, judged, stuck.get(order.id) ?? null);
    judged.push({ ...one, lines: linesByOrder.get(order.id) ?? [] });
  }
  await reserveForLate(ctx, judged);
  await writeSettled(ctx, books, judged, options);
  return inOrderOf(facts, judged);
}

/** An expired order's keys went back into stock: if they are there still, it gets them after all. */
async function reserveForLate(ctx: TxCtx, judged: readonly Judged[]): Promise<void> {
  for (const one of judged) {
    if (one.verdict !== "pay" || one.order.state !== "expired") continue;
    const asks = one.lines.map(({ id, productId, quantity }) => ({ lineId: id, productId, quantity }));
    try {
      await ctx.tx.transaction((tx) => reserveKeys({ ...ctx, tx }, asks));
    } catch (error) {
      if (!isDomainError(error)) throw error;
      one.verdict = "late";
    }
  }
}

const oldestFirst = (facts: readonly PaymentFact[]) =>
  [...facts].sort((a, b) => a.paidAt.getTime() - b.paidAt.getTime());

function inOrderOf(facts: readonly PaymentFact[], judged: readonly Judged[]): Settled[] {
  const found = new Map<string, Settled>();
  for (const one of judged) {
    const settled = { paymentId: one.fact.paymentId, orderId: one.order.id, outcome: outcomeOf(one) };
    const key = keyOf(one.fact);
    // Told twice in one breath: the first answer counts.
    if (!found.has(key)) found.set(key, settled);
  }
  return facts.flatMap((fact) => found.get(keyOf(fact)) ?? []);
}

const keyOf = (fact: PaymentFact) => `${fact.channelId}/${fact.transactionId}`;

function outcomeOf({ verdict }: Judged): Settled["outcome"] {
  switch (verdict) {
    case "pay":
      return "delivered";
    case "stuck":
      return "undelivered";
    default:
      return verdict;
  }
}
