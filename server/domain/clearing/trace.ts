import { exactProduct, type Rate, type RoundingMode } from "@/server/core/money";
import type { AccountRef } from "@/server/domain/ledger";
import {
  evaluate,
  type FundingPart,
  type LegOutcome,
  type Outcome,
  type Plan,
  type TradeFacts,
  type ZeroNote,
} from "./engine";
import { exactOfTrade, type FeeTrace, feeTrace } from "./fees/explain";
import type { AmountKind, Base, FeeBearer, TradeKind } from "./schemas";

/**
 * "Explain this number": how a trade's legs came about, computed again from its facts and the version of the
 * rule. Amounts are minor units as text, so that it travels as JSON.
 */
export interface TradeTrace {
  kind: TradeKind;
  currency: string;
  gross: string;
  discount: string;
  paid: string;
  storedValue: string;
  collectedBy: TradeFacts["collectedBy"];
  feeBearer: FeeBearer;
  /** Where the funding came from: amounts of the trade, shares of the campaign or of the rule; none without a discount. */
  fundingSource: Outcome["fundingSource"];
  funding: FundingTrace[];
  /** In the order of the rule, legs of nothing included. */
  legs: LegTrace[];
}

export interface FundingTrace {
  /** As the shares name it: a role or a party id. */
  party: string;
  partyId: string;
  share: Rate | null;
  /** Part before whole units were handed out, e.g. "499.5". */
  exact: string;
  amount: string;
  /** "1" if a unit left over by rounding down went here. */
  remainderUnits: string;
  /** False for a merchant's own part of a redemption: it gives goods, no money moves. */
  moves: boolean;
}

export interface LegTrace {
  code: string;
  from: string;
  to: string;
  kind: AmountKind;
  base: { name: Base; amount: string } | null;
  rate: Rate | null;
  fixed: string | null;
  /** The value before rounding, in minor units: "98.5". */
  exact: string;
  rounding: RoundingMode | null;
  rounded: string;
  /** Which bound changed the rounded value, and to what. */
  limit: { kind: "min" | "max"; amount: string } | null;
  /** Where a fee schedule priced it. */
  fee: FeeTrace | null;
  remainderUnits: string;
  amount: string;
  partyId: string | null;
  debit: AccountRef | null;
  credit: AccountRef | null;
  /** Why nothing moves; null if something does. */
  note: ZeroNote | null;
}

/** Throws what `clearTrade` throws. */
export function traceTrade(plan: Plan, facts: TradeFacts): TradeTrace {
  const outcome = evaluate(plan, facts);
  return {
    kind: facts.kind,
    currency: facts.currency,
    gross: `${facts.gross}`,
    discount: `${facts.discount}`,
    paid: `${facts.paid}`,
    storedValue: `${facts.storedValue?.amount ?? 0n}`,
    collectedBy: facts.collectedBy,
    feeBearer: facts.feeBearer ?? plan.feeBearer,
    fundingSource: outcome.fundingSource,
    funding: outcome.funding.map((part) => fundingTrace(part, facts)),
    legs: outcome.legs.map(legTrace),
  };
}

function fundingTrace(part: FundingPart, facts: TradeFacts): FundingTrace {
  return {
    party: part.party,
    partyId: part.partyId,
    share: part.share,
    exact: part.share === null ? `${part.amount}` : exactProduct(facts.discount, part.share),
    amount: `${part.amount}`,
    remainderUnits: `${part.remainderUnits}`,
    moves: part.amount > 0n && !(facts.kind === "redemption" && part.partyId === facts.parties.merchant),
  };
}

function legTrace(outcome: LegOutcome): LegTrace {
  const { leg, base, rate, limit, fee } = outcome;
  const { definition } = leg;
  const bounds = fee ? fee.schedule.plan : leg;
  const bound = limit === null ? null : limit === "min" ? bounds.min : bounds.max;
  return {
    code: definition.code,
    from: definition.from,
    to: definition.to,
    kind: leg.kind,
    base: base === null ? null : { name: (definition.base as Base | undefined) ?? "paid", amount: `${base}` },
    rate,
    fixed: definition.amount.kind === "fixed" ? definition.amount.amount : null,
    exact:
      base === null
        ? `${outcome.rounded}`
        : fee
          ? exactOfTrade(fee, base)
          : rate !== null
            ? exactProduct(base, rate)
            : `${outcome.rounded}`,
    rounding: base === null ? null : fee ? fee.schedule.plan.rounding : leg.rounding,
    rounded: `${outcome.rounded}`,
    limit: limit === null ? null : { kind: limit, amount: `${bound ?? 0n}` },
    fee: fee && base !== null ? feeTrace(fee, base) : null,
    remainderUnits: `${outcome.remainderUnits}`,
    amount: `${outcome.amount}`,
    partyId: outcome.partyId,
    debit: outcome.debit,
    credit: outcome.credit,
    note: outcome.note,
  };
}
