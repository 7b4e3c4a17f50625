import type { Database } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { isDomainError } from "@/server/core/errors";
import { replayPlain, storedResults, storeResults } from "@/server/core/idempotency";
import { logger } from "@/server/core/logger";
import { withTransaction } from "@/server/core/transaction";
import { type PackedOutcomes, packOutcomes, unpackOutcomes } from "./packed-outcomes";
import { type CallOutcome, REDEEM_VERB, type RedeemCall, redeemCalls } from "./redeem-vouchers";
import type { RedeemOutcome } from "./types";

/**
 * Takes concurrent calls together: those that arrive within a moment, or while transactions are in flight, share
 * one set-based transaction. Each caller gets its own outcome. What a transaction's fault did to many is found out
 * one by one.
 */

/**
 * Requests taken together in one transaction (one call may bring more), and transactions of one tenant at a time: with
 * two the database awaits us, with more than three each takes longer and nothing is done sooner.
 */
const MAX_REQUESTS = 400;
const MAX_IN_FLIGHT = 3;
/**
 * With a transaction in flight, another one begins for this many requests, or after this long: for fewer its statements
 * cost more than the wait.
 */
const ENOUGH_REQUESTS = 300;
const LONG_MS = 4;
const ATTEMPTS = 4;

interface Waiting {
  call: RedeemCall;
  since: number;
  answer: (outcome: CallOutcome) => void;
  fail: (error: unknown) => void;
}

const batchers = new WeakMap<Database, Map<string, Batcher>>();

/** The outcomes of a call's requests, in their order. Joins the transaction of its context, if there is one. */
export async function redeemTogether(
  call: RedeemCall,
): Promise<{ outcomes: RedeemOutcome[]; replayed: boolean }> {
  const outcome = call.ctx.tx ? await alone(call) : await batcherOf(call).add(call);
  if (isDomainError(outcome)) throw outcome;
  return outcome;
}

async function alone(call: RedeemCall): Promise<CallOutcome> {
  const [outcome] = await withTransaction(call.ctx, (ctx) => redeemCalls(ctx, [call]));
  return outcome ?? NOTHING;
}

function batcherOf({ ctx }: RedeemCall): Batcher {
  let ofDatabase = batchers.get(ctx.db);
  if (!ofDatabase) {
    ofDatabase = new Map();
    batchers.set(ctx.db, ofDatabase);
  }
  let batcher = ofDatabase.get(ctx.tenant.id);
  if (!batcher) {
    batcher = new Batcher();
    ofDatabase.set(ctx.tenant.id, batcher);
  }
  return batcher;
}

const NOTHING: CallOutcome = { outcomes: [], replayed: false };

class Batcher {
  #waiting: Waiting[] = [];
  #requests = 0;
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;
  #woken = false;

  add(call: RedeemCall): Promise<CallOutcome> {
    return new Promise((answer, fail) => {
      this.#waiting.push({ call, since: performance.now(), answer, fail });
      this.#requests += call.requests.length;
      this.#wake();
    });
  }

  /** Looks again once everything that has arrived by now is here. */
  #wake(): void {
    if (this.#woken) return;
    this.#woken = true;
    setImmediate(() => {
      this.#woken = false;
      this.#start();
    });
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#waiting.length > 0 && this.#inFlight < MAX_IN_FLIGHT && this.#ripe()) {
      const batch = this.#take();
      this.#inFlight += 1;
      void run(batch).finally(() => {
        this.#inFlight -= 1;
        this.#wake();
      });
    }
    if (this.#waiting.length > 0 && this.#inFlight < MAX_IN_FLIGHT) {
      this.#timer = setTimeout(() => this.#start(), 1);
    }
  }

  #ripe(): boolean {
    const [oldest] = this.#waiting;
    return (
      this.#inFlight === 0 ||
      this.#requests >= ENOUGH_REQUESTS ||
      (oldest !== undefined && performance.now() - oldest.since >= LONG_MS)
    );
  }

  /** The oldest calls that fit together: one clock, one call a key, not too many requests. */
  #take(): Waiting[] {
    const batch: Waiting[] = [];
    const rest: Waiting[] = [];
    const keys = new Set<string>();
    let requests = 0;
    const clock = this.#waiting[0]?.call.ctx.clock;
    for (const waiting of this.#waiting) {
      const { call } = waiting;
      const key = call.key && `${call.key.scope}/${call.key.key}`;
      const fits = requests === 0 || requests + call.requests.length <= MAX_REQUESTS;
      if (rest.length > 0 && !fits) {
        rest.push(waiting);
      } else if (!fits || call.ctx.clock !== clock || (key && keys.has(key))) {
        rest.push(waiting);
      } else {
        if (key) keys.add(key);
        requests += call.requests.length;
        batch.push(waiting);
      }
    }
    this.#waiting = rest;
    this.#requests -= requests;
    return batch;
  }
}

async function run(batch: readonly Waiting[]): Promise<void> {
  const [first] = batch;
  if (!first) return;
  try {
    const outcomes = await attempt(batch.map((waiting) => waiting.call));
    batch.forEach((waiting, i) => {
      waiting.answer(outcomes[i] ?? NOTHING);
    });
  } catch (error) {
    if (batch.length > 1 && !isConnectionFault(error)) {
      if (!isDomainError(error)) logger.warn({ err: error, calls: batch.length }, "redeeming one by one");
      for (const waiting of batch) await run([waiting]);
    } else if (first.call.requests.length > 1 && !isConnectionFault(error)) {
      await oneByOne(first);
    } else {
      for (const waiting of batch) waiting.fail(error);
    }
  }
}

/** One transaction, tried again when the database says that it met another one. */
async function attempt(calls: readonly RedeemCall[]): Promise<CallOutcome[]> {
  const [first] = calls;
  if (!first) return [];
  // The transaction is nobody's: it takes the tenant, database and clock of the first, whose actors differ.
  const ctx = { ...first.ctx, requestId: "redeem" };
  return again((n) =>
    withTransaction(ctx, (ctx) => redeemCalls(ctx, calls, { commit: true, guess: n === 1 })),
  );
}

async function again<T>(transaction: (attempt: number) => Promise<T>): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await transaction(n);
    } catch (error) {
      if (n === ATTEMPTS || !isWorthTryingAgain(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * n));
    }
  }
}

/**
 * A call whose transaction failed as a whole: its requests each in a savepoint, so that what is wrong with one is
 * told of that one alone. Still one transaction, so that its key covers all of it.
 */
async function oneByOne({ call, answer, fail }: Waiting): Promise<void> {
  try {
    answer(await again(() => withTransaction(call.ctx, (ctx) => inSavepoints(ctx, call))));
  } catch (error) {
    fail(error);
  }
}

async function inSavepoints(ctx: TxCtx, call: RedeemCall): Promise<CallOutcome> {
  const { key } = call;
  const [stored] = key ? await storedResults(ctx, [key]) : [];
  if (key && stored)
    return { outcomes: unpackOutcomes(replayPlain<PackedOutcomes>(stored, key.hash)), replayed: true };
  const outcomes: RedeemOutcome[] = [];
  for (const request of call.requests) {
    try {
      const part = { ctx: call.ctx, requests: [request], key: null };
      const [outcome] = await ctx.tx.transaction((tx) => redeemCalls({ ...ctx, tx }, [part]));
      if (outcome && !isDomainError(outcome)) outcomes.push(...outcome.outcomes);
    } catch (error) {
      if (isConnectionFault(error) || isWorthTryingAgain(error)) throw error;
      outcomes.push({ ok: false, error: asRefusal(error) });
    }
  }
  if (key && outcomes.some(({ ok }) => ok))
    await storeResults(ctx, [{ ...key, verb: REDEEM_VERB, result: packOutcomes(outcomes) }]);
  return { outcomes, replayed: false };
}

function asRefusal(error: unknown) {
  if (isDomainError(error)) return { code: error.code, params: error.params };
  logger.error({ err: error }, "a redemption failed");
  return { code: "INTERNAL" as const, params: {} };
}

/** Serialization failure, deadlock, lock not available; or another transaction stored the same key first. */
function isWorthTryingAgain(error: unknown): boolean {
  const { code, constraint_name: constraint } = (error ?? {}) as { code?: string; constraint_name?: string };
  return (
    code === "40001" ||
    code === "40P01" ||
    code === "55P03" ||
    (code === "23505" && constraint?.startsWith("idempotency_keys") === true)
  );
}

/** The connection was lost: whether the transaction was committed is not known, so it is not tried again here. */
function isConnectionFault(error: unknown): boolean {
  const code = String((error as { code?: unknown } | null)?.code ?? "");
  return (
    code.startsWith("CONNECTION_") ||
    code.startsWith("57P") ||
    code.startsWith("08") ||
    code.startsWith("ECONN")
  );
}
