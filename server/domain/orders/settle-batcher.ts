import type { Database } from "@/db/client";
import type { Ctx } from "@/server/core/context";
import { logger } from "@/server/core/logger";
import { settlePayments } from "./settle-payments";
import type { PaymentFact, Settled } from "./types";

/**
 * Takes concurrent calls together: those that arrive at the same moment, or while transactions are in flight, share
 * one set-based transaction. Each caller gets its own answer, and what is wrong with one is told of that one alone.
 */

/** Facts taken together in one transaction, and transactions of one tenant at a time. */
const MAX_FACTS = 100;
const MAX_IN_FLIGHT = 4;
const ATTEMPTS = 4;

interface Waiting {
  ctx: Ctx;
  facts: readonly PaymentFact[];
  answer: (settled: Settled[]) => void;
  fail: (error: unknown) => void;
}

const batchers = new WeakMap<Database, Map<string, Batcher>>();

/** As `settlePayments`. Joins the transaction of its context, if there is one. */
export function settleTogether(ctx: Ctx, facts: readonly PaymentFact[]): Promise<Settled[]> {
  if (facts.length === 0) return Promise.resolve([]);
  return ctx.tx ? settlePayments(ctx, facts) : batcherOf(ctx).add(ctx, facts);
}

function batcherOf(ctx: Ctx): Batcher {
  const ofDatabase = batchers.get(ctx.db) ?? new Map<string, Batcher>();
  batchers.set(ctx.db, ofDatabase);
  const batcher = ofDatabase.get(ctx.tenant.id) ?? new Batcher();
  ofDatabase.set(ctx.tenant.id, batcher);
  return batcher;
}

class Batcher {
  #waiting: Waiting[] = [];
  #inFlight = 0;
  #woken = false;

  add(ctx: Ctx, facts: readonly PaymentFact[]): Promise<Settled[]> {
    return new Promise((answer, fail) => {
      this.#waiting.push({ ctx, facts, answer, fail });
      this.#wake();
    });
  }

  /** Looks again once everything that has arrived by now is here. */
  #wake(): void {
    if (this.#woken) return;
    this.#woken = true;
    setImmediate(() => {
      this.#woken = false;
      while (this.#waiting.length > 0 && this.#inFlight < MAX_IN_FLIGHT) this.#start();
    });
  }

  #start(): void {
    const batch = this.#take();
    this.#inFlight += 1;
    void run(batch).finally(() => {
      this.#inFlight -= 1;
      this.#wake();
    });
  }

  /** The oldest calls that fit together: one clock, and not too many. */
  #take(): Waiting[] {
    const clock = this.#waiting[0]?.ctx.clock;
    const batch: Waiting[] = [];
    const rest: Waiting[] = [];
    let facts = 0;
    for (const waiting of this.#waiting) {
      const fits = facts === 0 || facts + waiting.facts.length <= MAX_FACTS;
      if (!fits || waiting.ctx.clock !== clock) {
        rest.push(waiting);
      } else {
        facts += waiting.facts.length;
        batch.push(waiting);
      }
    }
    this.#waiting = rest;
    return batch;
  }
}

async function run(batch: readonly Waiting[]): Promise<void> {
  const [first] = batch;
  if (!first) return;
  try {
    // The transaction is nobody's: it takes the tenant, database and clock of the first.
    const ctx = batch.length === 1 ? first.ctx : { ...first.ctx, requestId: "settle" };
    const settled = await again(() =>
      settlePayments(
        ctx,
        batch.flatMap((one) => one.facts),
      ),
    );
    for (const one of batch)
      one.answer(settled.filter((s) => one.facts.some((f) => f.paymentId === s.paymentId)));
  } catch (error) {
    if (batch.length === 1 || isConnectionFault(error)) {
      for (const one of batch) one.fail(error);
      return;
    }
    logger.warn({ err: error, calls: batch.length }, "settling one by one");
    for (const one of batch) await run([one]);
  }
}

async function again<T>(transaction: () => Promise<T>): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await transaction();
    } catch (error) {
      if (n === ATTEMPTS || !isWorthTryingAgain(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * n));
    }
  }
}

/** Serialization failure, deadlock, lock not available; or another server booked the same transaction first. */
function isWorthTryingAgain(error: unknown): boolean {
  const { code, constraint_name: constraint } = (error ?? {}) as { code?: string; constraint_name?: string };
  return (
    code === "40001" ||
    code === "40P01" ||
    code === "55P03" ||
    (code === "23505" && constraint === "payments_transaction")
  );
}

/** The connection was lost: whether it was committed is not known; telling again finds out. */
function isConnectionFault(error: unknown): boolean {
  const code = String((error as { code?: unknown } | null)?.code ?? "");
  return ["CONNECTION_", "57P", "08", "ECONN"].some((prefix) => code.startsWith(prefix));
}
