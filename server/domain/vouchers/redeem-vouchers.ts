import { allAnswered, awaitBehindCommit, rawSql } from "@/db/client";
import { VOUCHER_STATES } from "@/db/schema";
import { actorId, type Ctx, type TxCtx } from "@/server/core/context";
import { DomainError, isDomainError } from "@/server/core/errors";
import { replayPlain, type StoredResult, storedResults, storeResults } from "@/server/core/idempotency";
import { newId, referenceOf } from "@/server/core/ids";
import { auditJson } from "../audit";
import {
  type Cleared,
  clearTrades,
  countCleared,
  insertCleared,
  type TradeToClear,
  turnToPost,
} from "../clearing";
import { type Books, openBooks } from "../ledger";
import { type CampaignConfig, ConfigReader } from "./campaign-config";
import { requirePossession, type Subject } from "./identify";
import { type PackedOutcomes, packOutcomes, unpackOutcomes } from "./packed-outcomes";
import { CLOCK_TOLERANCE_MS, type Judgement, judge, type Use } from "./rules";
import type { redeemItem } from "./schemas";
import { combined, lockOrders, orderKey } from "./stacking";
import { type StoredVoucher, statusOf } from "./stored-voucher";
import type { RedeemOutcome, RedemptionReceipt } from "./types";
import { openDynamicSecret } from "./voucher-secrets";
import {
  areContended,
  type ChangedVoucher,
  readVouchers,
  storeVouchers,
  type VouchersRead,
} from "./vouchers-at-hand";

/** One redemption asked for; parsed, its voucher read, its merchant within the asker's scope. */
export interface RedeemRequest {
  subject: Subject;
  merchantId: string;
  item: ReturnType<typeof redeemItem.parse>;
}

/** What one caller asks at once: it keeps its own actor, its own audit entry, its own idempotency key. */
export interface RedeemCall {
  ctx: Ctx;
  /** A request, or why it was refused before. */
  requests: readonly (RedeemRequest | DomainError)[];
  key: { scope: string; key: string; hash: Buffer } | null;
}
export const REDEEM_VERB = "voucher.redeem";

/**
 * Redeems what many callers ask, in one transaction, with a handful of statements whatever their number: read,
 * judge, clear, post. Each request gets its own outcome, and one that is refused refuses no other. What the
 * transaction throws concerns it as a whole: nothing was done.
 */
export async function redeemCalls(
  ctx: TxCtx,
  calls: readonly RedeemCall[],
  /**
   * For the opener of the transaction. `commit`: has it committed without another way to the database and back. `guess`: that
   * nobody else changes its vouchers, which are then not locked before they are judged, and of where the months of fee
   * schedules stand, see `clearTrades`; it tries again without guessing when told 40001.
   */
  options: { commit?: boolean; guess?: boolean } = {},
): Promise<CallOutcome[]> {
  const work = calls.map((call) => new CallWork(call));
  const requests = work.flatMap((w) => w.open);

  // Pipelined, in this order: who sees a voucher as another transaction left it sees what that stored under a key, too.
  const keys = calls.flatMap((call) => (call.key ? [call.key] : []));
  const lock = !options.guess || areContended(ctx.tenant.id);
  const [books, vouchers, stored] = await Promise.all([
    openBooks(ctx),
    readVouchers(ctx, requests, { lock }),
    keys.length > 0 ? storedResults(ctx, keys) : NOTHING_STORED,
  ]);
  for (const w of work) w.answerStored(stored);

  const open = requests.filter((asked) => !asked.outcome);
  const config = new ConfigReader(ctx, books);
  await config.load(
    open.flatMap((asked) => vouchers.of(asked.subject)?.campaignId ?? []),
    open.flatMap((asked) => [asked.merchantId, vouchers.of(asked.subject)?.redeemedBy ?? []].flat()),
  );
  const orders = await lockOrders(ctx, config, vouchers, open);

  const cleared: Cleared[] = [];
  const changed = new Map<string, ChangedVoucher>();
  for (let round = open; round.length > 0; ) {
    round = await redeemRound(
      ctx,
      books,
      { config, vouchers, orders, cleared, changed, guess: options.guess },
      round,
    );
  }

  const results = work.map((w) => w.result());
  if (cleared.length > 0) {
    const fresh = work.filter((w) => w.fresh());
    const sending = new Sending();
    sending.add(storeVouchers(ctx, [...changed.values()]));
    sending.add(insertCleared(ctx, books, cleared));
    sending.add(storeKeys(ctx, fresh));
    await turnToPost(ctx);
    sending.add(countCleared(ctx, cleared));
    await sending.sent();
    sending.add(recordAll(ctx, fresh));
    if (options.commit) awaitBehindCommit(ctx.tx, sending.all);
    else await allAnswered(sending.all);
  }
  return results;
}

/** Statements that are sent without awaiting each other's answers. */
class Sending {
  readonly all: Promise<unknown>[] = [];
  #fault: { error: unknown } | null = null;

  add(statement: Promise<unknown> | undefined): void {
    if (!statement) return;
    this.all.push(statement);
    statement.catch((error) => {
      this.#fault ??= { error };
    });
  }
  /**
   * Lets the driver send what it was given, so that what follows, the lock on the audit chain, comes behind it. Throws
   * what has failed by now: what this process itself refused to send, no commit must follow.
   */
  async sent(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#fault) throw this.#fault.error;
  }
}

/** Of a call: an outcome a request, or why the whole call is refused. `replayed`: stored under its key before. */
export type CallOutcome = { outcomes: RedeemOutcome[]; replayed: boolean } | DomainError;
const NOTHING_STORED: StoredResult[] = [];

// ── one request on its way ──

interface Asked extends RedeemRequest {
  call: RedeemCall;
  /** Time of the server as the caller sees it. */
  now: Date;
  tradeId: string;
  outcome: RedeemOutcome | null;
}

class CallWork {
  readonly all: (Asked | DomainError)[];
  readonly open: Asked[] = [];
  #stored: RedeemOutcome[] | DomainError | null = null;

  constructor(readonly call: RedeemCall) {
    const now = call.ctx.clock.now();
    const at = Date.now();
    this.all = call.requests.map((request) => {
      if (isDomainError(request)) return request;
      const asked: Asked = { ...request, call, now, tradeId: newId(at), outcome: null };
      this.open.push(asked);
      return asked;
    });
  }

  /** Answers what was stored under the call's key; its requests are then done. */
  answerStored(stored: readonly StoredResult[]): void {
    const { key } = this.call;
    const found = key && stored.find((row) => row.scope === key.scope && row.key === key.key);
    if (!key || !found) return;
    try {
      this.#stored = unpackOutcomes(replayPlain<PackedOutcomes>(found, key.hash));
    } catch (error) {
      if (!isDomainError(error)) throw error;
      this.#stored = error;
    }
    for (const asked of this.open) asked.outcome = ANSWERED;
  }

  result(): CallOutcome {
    if (isDomainError(this.#stored)) return this.#stored;
    return this.#stored
      ? { outcomes: this.#stored, replayed: true }
      : { outcomes: this.outcomes(), replayed: false };
  }

  outcomes(): RedeemOutcome[] {
    return this.all.map((asked) => (isDomainError(asked) ? refused(asked) : (asked.outcome ?? LOST)));
  }

  /** Whether this transaction redeemed something for it. */
  fresh(): boolean {
    return this.#stored === null && this.open.some((asked) => asked.outcome?.ok);
  }

  receipts(): RedemptionReceipt[] {
    return this.open.flatMap((asked) => (asked.outcome?.ok ? [asked.outcome.receipt] : []));
  }
}
const ANSWERED: RedeemOutcome = { ok: false, error: { code: "CONFLICT", params: {} } };
const LOST: RedeemOutcome = { ok: false, error: { code: "INTERNAL", params: {} } };

function refused(error: DomainError): RedeemOutcome {
  return { ok: false, error: { code: error.code, params: error.params } };
}

// ── judging and clearing ──

interface Round {
  config: ConfigReader;
  vouchers: VouchersRead;
  orders: Awaited<ReturnType<typeof lockOrders>>;
  cleared: Cleared[];
  changed: Map<string, ChangedVoucher>;
  guess?: boolean;
}

interface Judged {
  asked: Asked;
  voucher: StoredVoucher;
  campaign: CampaignConfig;
  judgement: Judgement;
  at: Date;
}

/**
 * Takes one request a voucher and stacking order, in the order in which they were asked; answers with those that
 * have to wait for what becomes of it.
 */
async function redeemRound(
  ctx: TxCtx,
  books: Books,
  round: Round,
  asked: readonly Asked[],
): Promise<Asked[]> {
  const judged: Judged[] = [];
  const later: Asked[] = [];
  const taken = new Set<string>();
  for (const one of asked) {
    const voucher = round.vouchers.of(one.subject);
    const order = orderKey(one, voucher && round.config.campaign(voucher.campaignId));
    if (voucher && (taken.has(voucher.id) || (order && taken.has(order)))) {
      later.push(one);
      continue;
    }
    try {
      judged.push(judgeOne(one, voucher, round));
      if (voucher) taken.add(voucher.id);
      if (order) taken.add(order);
    } catch (error) {
      if (!isDomainError(error)) throw error;
      one.outcome = refused(error);
    }
  }
  if (judged.length === 0) return later;

  const results = await clearTrades(ctx, books, judged.map(tradeOf), { guess: round.guess });
  results.forEach((result, i) => {
    const one = judged[i];
    if (!one) return;
    if (isDomainError(result)) {
      one.asked.outcome = refused(result);
      return;
    }
    round.cleared.push(result);
    use(one);
    round.changed.set(one.voucher.id, Object.assign(one.voucher, { tradeId: one.asked.tradeId }));
    combined(round.orders, one.asked, one.campaign);
    one.asked.outcome = { ok: true, receipt: receiptOf(ctx, one, result, round.config) };
  });
  return later;
}

function judgeOne(asked: Asked, voucher: StoredVoucher | undefined, round: Round): Judged {
  const { item, subject, now, merchantId } = asked;
  const campaign = voucher && round.config.campaign(voucher.campaignId);
  if (!voucher || !campaign) throw new DomainError("VOUCHER_UNKNOWN");
  const merchant = round.config.party(merchantId);
  if (merchant?.kind !== "merchant") throw new DomainError("NOT_FOUND", { noun: "merchant" });
  const at = item.redeemedAt ?? now;
  checkClock(at, now);
  const held = holdsLock(voucher, merchantId, item.lockRef ?? null, now);
  requirePossession(asked.call.ctx, subject, held);
  const use: Use = {
    merchantId,
    merchant,
    at,
    now,
    digits: subject.digits,
    codeAsked: true,
    lockRef: item.lockRef ?? null,
    currency: item.currency ?? null,
    order: {
      amount: item.orderAmount,
      productCode: item.productCode ?? null,
      lines: item.lines ?? [],
      use: item.amount ?? null,
    },
  };
  const tenantId = asked.call.ctx.tenant.id;
  const judgement = judge(
    voucher,
    campaign,
    use,
    ({ id, dynamicSealed }) => dynamicSealed && openDynamicSecret(tenantId, id, dynamicSealed),
    (id) => round.config.party(id)?.name ?? null,
  );
  if (round.orders.taken(asked, campaign))
    throw new DomainError("VOUCHER_NOT_STACKABLE", { order: item.orderRef ?? "" });
  return { asked, voucher, campaign, judgement, at };
}

/** Tills may be offline for days, and their clocks a little ahead. */
const OLDEST_MS = 7 * 86_400_000;
function checkClock(at: Date, now: Date): void {
  const ahead = at.getTime() - now.getTime();
  if (ahead > CLOCK_TOLERANCE_MS || ahead < -OLDEST_MS)
    throw new DomainError("CLOCK_SKEW", { at: at.toISOString(), now: now.toISOString() });
}

export function holdsLock(
  voucher: StoredVoucher,
  merchantId: string,
  lockRef: string | null,
  now: Date,
): boolean {
  return (
    lockRef !== null &&
    voucher.lockRef === lockRef &&
    voucher.lockedBy === merchantId &&
    voucher.lockedUntil !== null &&
    voucher.lockedUntil > now
  );
}

function tradeOf({ asked, voucher, campaign, judgement: { given }, at }: Judged): TradeToClear {
  const { item, merchantId, call } = asked;
  return {
    kind: "redemption",
    id: asked.tradeId,
    tradedAt: at,
    currency: campaign.currency,
    gross: item.orderAmount,
    discount: given?.discount ?? 0n,
    paid: given?.paid ?? 0n,
    merchantId,
    brandId: campaign.brandId,
    campaignId: campaign.id,
    voucherId: voucher.id,
    collectedBy: campaign.collectedBy,
    channelId: campaign.channelId,
    fundingShares: campaign.funding,
    ...(campaign.type === "gift_card" ? { storedValue: given?.storedValue ?? 0n } : {}),
    orderRef: item.orderRef ?? null,
    actorId: actorId(call.ctx.actor),
  };
}

/** What redeeming does to the voucher. */
function use({ voucher, campaign, judgement, asked, at }: Judged): void {
  if (campaign.type === "gift_card") {
    voucher.balance = (voucher.balance ?? 0n) - (judgement.given?.storedValue ?? 0n);
    voucher.usesLeft = voucher.balance > 0n ? 1 : 0;
  } else {
    voucher.usesLeft -= 1;
  }
  voucher.state = voucher.usesLeft > 0 ? VOUCHER_STATES.issued : VOUCHER_STATES.redeemed;
  voucher.redeemedAt = at;
  voucher.redeemedBy = asked.merchantId;
  voucher.dynamicLastStep = judgement.dynamicStep ?? voucher.dynamicLastStep;
  voucher.lockedUntil = null;
  voucher.lockedBy = null;
  voucher.lockRef = null;
}

function receiptOf(
  ctx: TxCtx,
  one: Judged,
  { transfers, merchantDue }: Cleared,
  config: ConfigReader,
): RedemptionReceipt {
  const { asked, voucher, campaign, judgement, at } = one;
  return {
    redemptionId: asked.tradeId,
    reference: referenceOf("RD", asked.tradeId),
    redeemedAt: at,
    voucherId: voucher.id,
    voucherStatus: statusOf(voucher, asked.now),
    usesLeft: voucher.usesLeft,
    balance: voucher.balance,
    campaignId: campaign.id,
    campaignName: campaign.name,
    merchantId: asked.merchantId,
    merchantName: config.party(asked.merchantId)?.name ?? "",
    orderRef: asked.item.orderRef ?? null,
    currency: campaign.currency,
    orderAmount: asked.item.orderAmount,
    discount: judgement.given?.discount ?? 0n,
    storedValue: judgement.given?.storedValue ?? 0n,
    payable: judgement.given?.paid ?? 0n,
    merchantDue,
    legs: transfers.map(({ leg, amount, partyId }) => ({ code: leg, amount, partyId })),
    undoUntil: new Date(asked.now.getTime() + ctx.tenant.settings.undoMinutes * 60_000),
  };
}

// ── writing ──

function storeKeys(ctx: TxCtx, fresh: readonly CallWork[]): Promise<unknown> | undefined {
  const results = fresh.flatMap((w) =>
    w.call.key ? [{ ...w.call.key, verb: REDEEM_VERB, result: packOutcomes(w.outcomes()) }] : [],
  );
  return results.length > 0 ? storeResults(ctx, results) : undefined;
}

/** One entry a call; all of them in one statement, which holds the chain's end until the commit. */
function recordAll(ctx: TxCtx, fresh: readonly CallWork[]): Promise<unknown> {
  const entries = fresh.map((w) => {
    const receipts = w.receipts();
    const [first] = receipts;
    const single = receipts.length === 1 && first;
    const merchants = new Set(receipts.map((r) => r.merchantId));
    return auditJson(w.call.ctx, [
      {
        action: "voucher.redeemed",
        subject: single
          ? { kind: "redemption", id: single.redemptionId }
          : { kind: "redemptions", id: first?.redemptionId ?? "" },
        partyId: merchants.size === 1 ? first?.merchantId : null,
        data: single
          ? {
              voucher: single.voucherId,
              campaign: single.campaignId,
              order: single.orderAmount,
              discount: single.discount,
              storedValue: single.storedValue,
              currency: single.currency,
            }
          : { count: receipts.length, redemptions: receipts.map((r) => r.redemptionId) },
      },
    ]).slice(1, -1);
  });
  return rawSql(ctx.tx)`select audit_append(${`[${entries.join()}]`}::text::jsonb)`.execute();
}
