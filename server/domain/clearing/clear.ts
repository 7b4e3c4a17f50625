import { allAnswered } from "@/db/client";
import type { TradeTerms } from "@/db/schema/types";
import type { TxCtx } from "@/server/core/context";
import { actorId } from "@/server/core/context";
import { DomainError, isDomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { dueAtAfter, monthOf } from "../calendar";
import {
  type Account,
  type AccountRef,
  accountsOf,
  type Books,
  insertPostings,
  moveStrict,
  type NewTrade,
  type NewTransfer,
} from "../ledger";
import {
  type ClearedFee,
  type ClearedLeg,
  clearTrade,
  type Plan,
  pricedParties,
  type ScheduleTerms,
  schedulePrices,
  type TradeFacts,
} from "./engine";
import {
  holdMonths,
  lookAtMonths,
  type MonthKey,
  type Months,
  monthsOf,
  moveOf,
  priceWith,
  tradeFee,
  writeMonths,
} from "./fees/counters";
import type { FundingShare, TradeKind } from "./schemas";
import { loadParties, type RuleInForce, ruleFor, type Terms, termsOf } from "./store";

/** A trade to clear. Amounts in minor units of `currency`; gross = discount + paid + stored value drawn. */
export interface TradeToClear {
  kind: TradeKind;
  id?: string;
  tradedAt: Date;
  currency: string;
  /** Worth of the order; of a gift card that is loaded, its face. */
  gross: bigint;
  discount: bigint;
  paid: bigint;
  merchantId: string | null;
  brandId: string | null;
  campaignId: string | null;
  voucherId: string | null;
  collectedBy: "platform" | "merchant" | "wallet";
  channelId: string | null;
  /** Of a card sale. */
  card?: CardOfTrade;
  /** The shares of the campaign `campaignId`, where explaining finds them again; keep the array alive, it is compiled once. Without: the rule's. */
  fundingShares?: readonly FundingShare[];
  /** Exact amounts from outside, which win over any shares; a funder the source does not name is null. */
  fundingAmounts?: readonly { partyId: string | null; amount: bigint }[];
  /** Of a gift card: what is drawn from its balance. */
  storedValue?: bigint;
  externalRef?: string | null;
  orderRef?: string | null;
  actorId?: string | null;
}

/** The card of a sale: who is who, and the terms that were agreed with them when it was sold. */
export interface CardOfTrade {
  productId: string;
  supplierId: string;
  distributorId: string;
  orderId: string;
  terms: TradeTerms;
}

/** A trade with its transfers, ready to be posted. */
export interface Cleared {
  trade: NewTrade;
  transfers: NewTransfer[];
  rule: RuleInForce | null;
  /** What fee schedules came to. */
  fees: readonly ClearedFee[];
  /** What the merchant is due of it: credits less debits on its payable. */
  merchantDue: bigint;
}

/**
 * Clears trades by the rules in force when they were traded. Writes nothing but accounts that did not exist.
 * One answer a trade, in order: the trade cleared, or the error of that trade alone. Where fee schedules price them,
 * the months of their parties are taken for this transaction, and what is cleared has to be posted in it; `dry`:
 * nothing is taken, and nothing of it is to be posted; `guess`: see `holdMonths`, for who awaits its turn (`turnToPost`) and tries again.
 */
export async function clearTrades(
  ctx: TxCtx,
  books: Books,
  trades: readonly TradeToClear[],
  { dry = false, guess = false }: { dry?: boolean; guess?: boolean } = {},
): Promise<(Cleared | DomainError)[]> {
  const terms = await termsOf(ctx, books);
  await loadParties(ctx, terms, channelsOf(trades));
  const cases = trades.map((trade) => caseOf(ctx, terms, trade));
  const months = await monthsFor(ctx, terms, cases, { dry, guess });
  for (;;) {
    const begun = months.positions();
    const price = () => cases.map((made) => (isDomainError(made) ? made : draft(months, made)));
    const drafts = dry ? price() : priceWith(ctx, months, price);
    const placed = await placeLegs(ctx, drafts);
    await loadParties(ctx, terms, partiesOfSettled(placed));
    let uncounted = true;
    const answers = placed.map((made, i): Cleared | DomainError => {
      if (isDomainError(made)) return made;
      try {
        return finish(ctx, books, terms, made);
      } catch (error) {
        if (!isDomainError(error)) throw error;
        if (made.fees.length > 0) uncounted = false;
        cases[i] = error;
        return error;
      }
    });
    if (uncounted) return answers;
    // What cannot be given its due dates was counted for its party's month: once more, without it.
    months.reset(begun);
  }
}

/** Posts what was cleared, all in the caller's transaction. */
export async function postCleared(ctx: TxCtx, books: Books, cleared: readonly Cleared[]): Promise<void> {
  await allAnswered([insertCleared(ctx, books, cleared), countCleared(ctx, cleared)]);
}

/**
 * The first part of posting, which others need not wait for: the trades and their transfers. `countCleared` has to
 * follow in the same transaction.
 */
export function insertCleared(ctx: TxCtx, books: Books, cleared: readonly Cleared[]): Promise<void> {
  return insertPostings(
    ctx,
    books.closedThrough,
    cleared.map((c) => c.trade),
    cleared.flatMap((c) => c.transfers),
  );
}

/** The other part, which takes what others wait for: balances of strict accounts, and months. Who guessed them awaits `turnToPost` before. */
export async function countCleared(ctx: TxCtx, cleared: readonly Cleared[]): Promise<void> {
  const fees = cleared.flatMap((c) => c.fees);
  await allAnswered([
    moveStrict(
      ctx,
      cleared.flatMap((c) => c.transfers),
    ),
    fees.length > 0 ? writeMonths(ctx, fees.map(moveOf), { priced: true }) : undefined,
  ]);
}

/** A trade with the rule that clears it. */
interface Case {
  trade: TradeToClear;
  plan: Plan;
  rule: RuleInForce | null;
  channelFeeRate: string | null;
  facts: TradeFacts;
  /** By leg: the schedules that price it, and the months they count. */
  priced: ReadonlyMap<string, PricedLeg>;
}
interface PricedLeg extends Omit<ScheduleTerms, "before"> {
  key: MonthKey;
}
const UNPRICED: ReadonlyMap<string, PricedLeg> = new Map();

interface Draft extends Pick<Case, "trade" | "rule" | "channelFeeRate"> {
  legs: ClearedLeg[];
  fees: readonly ClearedFee[];
}

/** With the accounts of its legs, debit and credit in turn. */
interface Placed extends Draft {
  accounts: readonly Account[];
}

function caseOf(ctx: TxCtx, terms: Terms, trade: TradeToClear): Case | DomainError {
  try {
    const channelFeeRate = trade.channelId
      ? (terms.parties.get(trade.channelId)?.channelFeeRate ?? null)
      : null;
    const { plan, rule } = ruleFor(
      terms,
      {
        tradeKind: trade.kind,
        campaignId: trade.campaignId,
        merchantId: trade.merchantId,
        channelId: trade.channelId,
        productId: trade.card?.productId,
        tier: trade.card?.terms.tier,
      },
      trade.tradedAt,
    );
    const facts = factsOf(ctx.tenant.platformPartyId, trade, channelFeeRate);
    const priced =
      terms.schedules.size > 0 && plan.priced.length > 0
        ? pricedLegs(terms, plan, facts, trade, monthOf(trade.tradedAt, ctx.tenant.timezone))
        : UNPRICED;
    return { trade, plan, rule, channelFeeRate, facts, priced };
  } catch (error) {
    if (isDomainError(error)) return error;
    throw error;
  }
}

function pricedLegs(
  { schedules }: Terms,
  plan: Plan,
  facts: TradeFacts,
  trade: TradeToClear,
  period: string,
): ReadonlyMap<string, PricedLeg> {
  const legs = new Map<string, PricedLeg>();
  for (const one of pricedParties(plan, facts)) {
    const { leg, role, partyId, pays } = one;
    const tier = partyId === trade.card?.distributorId ? trade.card.terms.tier : null;
    const found = schedules.find({ role, leg, currency: trade.currency, partyId, tier }, trade.tradedAt);
    if (!found || !schedulePrices(one, found.because)) continue;
    const key = { scheduleId: found.schedule.scheduleId, partyId, period, pays };
    legs.set(leg, { ...found, period, key });
  }
  return legs;
}

/** The months of all cases, before any is computed. */
async function monthsFor(
  ctx: TxCtx,
  { schedules }: Terms,
  cases: readonly (Case | DomainError)[],
  { dry, guess }: { dry: boolean; guess: boolean },
): Promise<Months> {
  if (schedules.size === 0) return monthsOf(ctx);
  const keys = cases.flatMap((made) =>
    isDomainError(made) ? [] : [...made.priced.values()].map(({ key }) => key),
  );
  return dry ? lookAtMonths(ctx, keys) : holdMonths(ctx, keys, { guess });
}

/** Clears one trade, and moves the months on: the next one is priced behind it. */
function draft(months: Months, made: Case): Draft | DomainError {
  const { trade, rule, channelFeeRate, plan, facts, priced } = made;
  try {
    if (priced.size > 0) {
      facts.fees = (leg) => {
        const found = priced.get(leg);
        const before = found && months.get(found.key);
        return before ? { ...found, before } : null;
      };
    }
    const { legs, fees } = clearTrade(plan, facts);
    for (const fee of fees) months.advance(priced.get(fee.leg)?.key ?? moveOf(fee).key, fee.charge.after);
    return { trade, rule, channelFeeRate, legs, fees };
  } catch (error) {
    if (isDomainError(error)) return error;
    throw error;
  }
}

/** The facts of a trade as the engine reads them; the same for clearing it and for explaining it later. */
export function factsOf(platform: string, trade: TradeToClear, channelFeeRate: string | null): TradeFacts {
  return {
    kind: trade.kind,
    currency: trade.currency,
    gross: trade.gross,
    discount: trade.discount,
    paid: trade.paid,
    collectedBy: trade.collectedBy,
    parties: {
      platform,
      merchant: trade.merchantId,
      brand: trade.brandId,
      channel: trade.channelId,
      supplier: trade.card?.supplierId,
      distributor: trade.card?.distributorId,
      uplines: trade.card?.terms.uplines,
    },
    funding: trade.fundingAmounts
      ? { amounts: trade.fundingAmounts }
      : trade.fundingShares && trade.fundingShares.length > 0
        ? { shares: trade.fundingShares }
        : null,
    channelFeeRate,
    storedValue:
      trade.campaignId !== null && (trade.kind === "stored_value" || trade.storedValue !== undefined)
        ? { amount: trade.storedValue ?? 0n, programmeId: trade.campaignId }
        : null,
    ...(trade.card && termsOfCard(trade.card.terms)),
  };
}

function termsOfCard(terms: TradeTerms): Partial<TradeFacts> {
  const amount = (text: string | undefined) => (text === undefined ? null : BigInt(text));
  return {
    face: BigInt(terms.face),
    supplierCost: BigInt(terms.cost),
    supplierTerms: terms.supplierTerms,
    markup: BigInt(terms.markup),
    rates: terms.rates ?? null,
    feeBearer: terms.feeBearer ?? null,
    channelFeeMin: amount(terms.feeMin),
    channelFeeMax: amount(terms.feeMax),
  };
}

function channelsOf(trades: readonly TradeToClear[]): Set<string> {
  const ids = new Set<string>();
  for (const { channelId } of trades) if (channelId) ids.add(channelId);
  return ids;
}

async function placeLegs(
  ctx: TxCtx,
  drafts: readonly (Draft | DomainError)[],
): Promise<(Placed | DomainError)[]> {
  const refs = new Map<string, AccountRef[]>();
  for (const made of drafts) {
    if (isDomainError(made)) continue;
    let ofCurrency = refs.get(made.trade.currency);
    if (!ofCurrency) {
      ofCurrency = [];
      refs.set(made.trade.currency, ofCurrency);
    }
    for (const leg of made.legs) ofCurrency.push(leg.debit, leg.credit);
  }
  const found = new Map<string, { accounts: readonly Account[]; used: number }>();
  for (const [currency, ofCurrency] of refs)
    found.set(currency, { accounts: await accountsOf(ctx, currency, ofCurrency), used: 0 });
  return drafts.map((made) => {
    if (isDomainError(made)) return made;
    const those = found.get(made.trade.currency);
    if (!those) throw new Error(`no accounts in ${made.trade.currency}`);
    const accounts = those.accounts.slice(those.used, those.used + made.legs.length * 2);
    those.used += accounts.length;
    return { ...made, accounts };
  });
}

function partiesOfSettled(placed: readonly (Placed | DomainError)[]): Set<string> {
  const ids = new Set<string>();
  for (const made of placed) {
    if (isDomainError(made)) continue;
    for (const account of made.accounts) if (account.settled) ids.add(account.partyId);
  }
  return ids;
}

function finish(ctx: TxCtx, books: Books, terms: Terms, made: Placed): Cleared {
  const { trade, legs, accounts, rule, fees } = made;
  const tradeId = trade.id ?? newId();
  const dueDates = new Map<string, Date>();
  const due = ({ settled, partyId }: Account) => {
    if (!settled) return null;
    let date = dueDates.get(partyId);
    if (!date) {
      date = dueOf(ctx, books, terms, partyId, trade.tradedAt);
      dueDates.set(partyId, date);
    }
    return date;
  };
  let merchantDue = 0n;
  const transfers = legs.map((leg, i): NewTransfer => {
    const debit = accounts[i * 2];
    const credit = accounts[i * 2 + 1];
    if (!debit || !credit) throw new Error(`leg ${leg.code} has no accounts`);
    if (trade.merchantId !== null) {
      if (credit.partyId === trade.merchantId) merchantDue += leg.amount;
      if (debit.partyId === trade.merchantId) merchantDue -= leg.amount;
    }
    return {
      tradeId,
      leg: leg.code,
      debit,
      credit,
      amount: leg.amount,
      currency: trade.currency,
      partyId: leg.partyId,
      ruleVersionId: rule?.id ?? null,
      tradedAt: trade.tradedAt,
      debitDueAt: due(debit),
      creditDueAt: due(credit),
    };
  });
  return {
    rule,
    fees,
    merchantDue,
    transfers,
    trade: {
      id: tradeId,
      kind: trade.kind,
      tradedAt: trade.tradedAt,
      currency: trade.currency,
      gross: trade.gross,
      discount: trade.discount,
      paid: trade.paid,
      merchantId: trade.merchantId,
      brandId: trade.brandId,
      campaignId: trade.campaignId,
      voucherId: trade.voucherId,
      channelId: trade.channelId,
      card: trade.card,
      collectedBy: trade.collectedBy,
      ruleVersionId: rule?.id ?? null,
      channelFeeRate: made.channelFeeRate,
      funding: trade.fundingAmounts?.flatMap(({ partyId, amount }) =>
        partyId === null ? [] : [{ partyId, amount: amount.toString() }],
      ),
      fees: fees.length > 0 ? fees.map(tradeFee) : null,
      orderRef: trade.orderRef,
      externalRef: trade.externalRef,
      actorId: trade.actorId === undefined ? actorId(ctx.actor) : trade.actorId,
    },
  };
}

/** When a party's money of a trade falls due: by its cycle, and never in what is closed. */
function dueOf(ctx: TxCtx, books: Books, terms: Terms, partyId: string, tradedAt: Date): Date {
  const party = terms.parties.get(partyId);
  if (!party) throw new DomainError("NOT_FOUND", { noun: "party", id: partyId });
  return dueAtAfter(party.cycle, tradedAt, books.closedThrough, ctx.tenant.timezone, terms.calendar);
}
