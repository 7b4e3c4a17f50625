import { positionOf } from "@/components/fee-editor/sample";
import { type ErrorCode, type ErrorParams, isDomainError } from "@/server/core/errors";
import { currencyExponent } from "@/server/core/money";
import {
  compileRule,
  type FeeLookup,
  type ScheduleTerms,
  type TradeFacts,
} from "@/server/domain/clearing/engine";
import type { SplitRuleDefinition, TradeKind } from "@/server/domain/clearing/schemas";
import { type TradeTrace, traceTrade } from "@/server/domain/clearing/trace";

/** A trade to try a rule on; amounts in minor units. */
export interface SampleInput {
  kind: TradeKind;
  /** Order, face of a gift card, or a card's price of its tier. */
  gross: bigint;
  discount: bigint;
  storedValue: bigint;
  cost: bigint;
  markup: bigint;
  funder: "rule" | "brand" | "platform" | "merchant";
  collectedBy: "platform" | "merchant" | "wallet";
  channelRate: string | null;
}

/** Which schedule prices a leg of the sample, and where that party's month stands; by leg code. */
export type SampleFees = ReadonlyMap<
  string,
  Pick<ScheduleTerms, "schedule" | "because" | "period"> & { volume: bigint }
>;

/** What was counted of the month before is what was typed, as if it had been one trade. */
function lookupOf(fees: SampleFees): FeeLookup {
  return (leg) => {
    const found = fees.get(leg);
    if (!found) return null;
    const { volume, ...terms } = found;
    return { ...terms, before: positionOf(terms.schedule.plan, { volume, charged: null }) };
  };
}

/** The design's worked trades: an order of 100 with 20 off, a card of 98.50 that cost 95. */
export function usualSample(kind: TradeKind, currency: string): SampleInput {
  const one = 10n ** BigInt(currencyExponent(currency));
  const cards = kind === "card_sale";
  return {
    kind,
    gross: cards ? (985n * one) / 10n : 100n * one,
    discount: kind === "redemption" ? 20n * one : 0n,
    storedValue: 0n,
    cost: cards ? 95n * one : 0n,
    markup: 0n,
    funder: "rule",
    collectedBy: "platform",
    channelRate: "0.006",
  };
}

/** Roles stand for the parties that play them, so that the trace reads by itself. */
export function factsOfSample(
  input: SampleInput,
  currency: string,
  scope: { merchantId?: string | null; channelId?: string | null },
  carriesFunding: boolean,
  fees: SampleFees = new Map(),
): TradeFacts {
  const { kind, gross, discount, storedValue, cost, markup, funder, collectedBy, channelRate } = input;
  const cards = kind === "card_sale";
  const paid = cards ? gross + markup : gross - discount - storedValue;
  return {
    kind,
    currency,
    gross: cards ? paid : gross,
    discount: cards ? 0n : discount,
    paid,
    collectedBy: kind === "stored_value" ? "platform" : collectedBy,
    parties: {
      platform: "platform",
      merchant: cards ? null : (scope.merchantId ?? "merchant"),
      brand: cards ? null : "brand",
      channel: scope.channelId ?? "channel",
      supplier: cards ? "supplier" : null,
      distributor: cards ? "distributor" : null,
      uplines: cards ? Array.from({ length: 9 }, (_, i) => `upline:${i + 1}`) : [],
    },
    funding: funder === "rule" || !carriesFunding ? null : { shares: [{ party: funder, share: "1" }] },
    channelFeeRate: channelRate,
    fees: fees.size > 0 ? lookupOf(fees) : null,
    face: cards ? gross : null,
    supplierCost: cards ? cost : null,
    markup: cards ? markup : null,
    storedValue: cards
      ? null
      : { amount: kind === "redemption" ? storedValue : 0n, programmeId: "programme" },
  };
}

export type SampleResult =
  | { ok: true; trace: TradeTrace }
  | { ok: false; code: ErrorCode; params: ErrorParams };

export function sampleOf(
  definition: SplitRuleDefinition,
  input: SampleInput,
  currency: string,
  scope: { merchantId?: string | null; channelId?: string | null },
  fees?: SampleFees,
): SampleResult {
  try {
    const facts = factsOfSample(input, currency, scope, input.discount > 0n, fees);
    return { ok: true, trace: traceTrade(compileRule(definition), facts) };
  } catch (error) {
    if (isDomainError(error)) return { ok: false, code: error.code, params: error.params };
    throw error;
  }
}

/** What each party has of the trade: credits less debits of its accounts, by party. */
export function netsOf(trace: Pick<TradeTrace, "legs">): [string, bigint][] {
  const nets = new Map<string, bigint>();
  for (const { debit, credit, amount } of trace.legs) {
    if (!debit || !credit) continue;
    nets.set(credit.partyId, (nets.get(credit.partyId) ?? 0n) + BigInt(amount));
    nets.set(debit.partyId, (nets.get(debit.partyId) ?? 0n) - BigInt(amount));
  }
  return [...nets];
}
