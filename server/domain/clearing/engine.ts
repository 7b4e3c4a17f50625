import { DomainError } from "@/server/core/errors";
import { allocate, type Rate, type RoundingMode, rateParts, roundDiv } from "@/server/core/money";
import type { AccountRef } from "@/server/domain/ledger";
import { type FeeCharge, type FeePosition, feeOfTrade } from "./fees/schedule";
import type { FeeRole } from "./fees/schemas";
import type { FeeReason, ScheduleInForce } from "./fees/select";
import {
  type AmountKind,
  type Base,
  type FeeBearer,
  type FundingShare,
  type LegDefinition,
  type RoleInTrade,
  type SplitRuleInput,
  splitRuleDefinition,
  type TradeKind,
} from "./schemas";
import { partyWithSchedule } from "./validate";

/**
 * Clearing: who owes whom for one trade. Pure and deterministic: the same plan and facts give the same legs and
 * the same trace, now and in ten years. A rule is compiled once into a plan; clearing a trade with it takes
 * microseconds.
 */

/** Who is who in a trade: party ids. */
export interface TradeParties {
  platform: string;
  merchant?: string | null;
  brand?: string | null;
  channel?: string | null;
  supplier?: string | null;
  distributor?: string | null;
  /** The distributor's recruiter, the recruiter's recruiter … */
  uplines?: readonly string[];
}

/** Everything clearing needs to know of a trade. Amounts in minor units of `currency`. */
export interface TradeFacts {
  kind: TradeKind;
  currency: string;
  /** Worth of the order before any discount; the price of a card; the face loaded onto a gift card. */
  gross: bigint;
  /** What the customer did not pay because funders bear it. */
  discount: bigint;
  /** What the customer paid in this trade. gross = paid + discount + stored value used. */
  paid: bigint;
  /** Of a card: the value printed on it. */
  face?: bigint | null;
  /** Who holds what was paid: the platform through a channel, the merchant's till, or a distributor's prepaid wallet. */
  collectedBy: "platform" | "merchant" | "wallet";
  parties: TradeParties;
  /** Exact amounts given with the trade win over the campaign's shares, these over the rule's. */
  funding?: { amounts: readonly FundingAmount[] } | { shares: readonly FundingShare[] } | null;
  /** The channel's fee rate at that time. */
  channelFeeRate?: Rate | null;
  /** Bounds of that fee, and who bears it where the channel's terms say so. */
  channelFeeMin?: bigint | null;
  channelFeeMax?: bigint | null;
  feeBearer?: FeeBearer | null;
  /** Of a card: what the supplier is owed. */
  supplierCost?: bigint | null;
  /** Whether the cost is owed, or taken from what the supplier was paid before. */
  supplierTerms?: "credit" | "prepaid";
  /** Of a card: the distributor's mark-up, part of what was paid. */
  markup?: bigint | null;
  /** Rates that single parties agreed on, by party id. */
  rates?: Readonly<Record<string, Rate>> | null;
  /** Who is priced by which fee schedule, and where its month stands. Without: nobody. */
  fees?: FeeLookup | null;
  /** The gift-card programme (its campaign's id) that is loaded or drawn on. `amount`: what is drawn; 0 when loading. */
  storedValue?: { amount: bigint; programmeId: string } | null;
}

/** The schedule that prices a party's leg, and what it has counted of the party's month before this trade. */
export interface ScheduleTerms {
  schedule: ScheduleInForce;
  /** Why it is this one; null where that is not known any more. */
  because: FeeReason | null;
  /** The month that is counted: "2026-11". */
  period: string;
  before: FeePosition;
}
export type FeeLookup = (leg: string, role: FeeRole, partyId: string) => ScheduleTerms | null;

export interface FundingAmount {
  /** The funder; null where the source of the trade names none. */
  partyId: string | null;
  amount: bigint;
}

/** A leg to post: always more than zero. */
export interface ClearedLeg {
  code: string;
  debit: AccountRef;
  credit: AccountRef;
  amount: bigint;
  /** The party the leg concerns: its payee, or, where the platform or channel is paid, who is charged. */
  partyId: string;
}
/** What a fee schedule came to, whether anything moved or not: the party's month goes on from `charge.after`. */
export interface ClearedFee {
  leg: string;
  partyId: string;
  role: FeeRole;
  /** The party pays the fee; false: it is paid it. */
  pays: boolean;
  schedule: ScheduleInForce;
  period: string;
  base: bigint;
  charge: FeeCharge;
}
export interface Clearing {
  legs: ClearedLeg[];
  fees: ClearedFee[];
}

/** Why a leg moves nothing. */
export type ZeroNote =
  | "amount_zero"
  | "collected_by_merchant"
  | "no_channel_collected"
  | "party_absent"
  | "same_account";

/** What one leg came to, for the trace. */
export interface LegOutcome {
  leg: CompiledLeg;
  /** What a rate was taken of. */
  base: bigint | null;
  rate: Rate | null;
  /** Rounded, before min and max. */
  rounded: bigint;
  limit: "min" | "max" | null;
  amount: bigint;
  /** Units received by the largest remainder, where a total was shared. */
  remainderUnits: bigint;
  /** Where a fee schedule priced it. */
  fee: PricedFee | null;
  debit: AccountRef | null;
  credit: AccountRef | null;
  partyId: string | null;
  note: ZeroNote | null;
}

/** A leg's price by a fee schedule. */
export interface PricedFee extends ScheduleTerms {
  partyId: string;
  role: FeeRole;
  pays: boolean;
  charge: FeeCharge;
}

/** One funder's part of the discount. */
export interface FundingPart {
  party: string;
  partyId: string;
  share: Rate | null;
  amount: bigint;
  remainderUnits: bigint;
}

export interface Outcome {
  fundingSource: "trade" | "campaign" | "rule" | "none";
  funding: FundingPart[];
  /** The merchant's own part of the discount. */
  merchantPart: bigint;
  legs: LegOutcome[];
}

// ── compiling ───────────────────────────────────────────────────────────────────────────────────────────

type Resolve = (parties: TradeParties) => string | null;

export interface CompiledLeg {
  definition: LegDefinition;
  kind: AmountKind;
  rate: Rate | null;
  /** A rate that the payee agreed on wins. */
  agreed: boolean;
  numerator: bigint;
  denominator: bigint;
  fixed: bigint;
  base: Exclude<Base, `funding:${string}`> | "funding" | null;
  baseParty: Resolve | null;
  rounding: RoundingMode;
  min: bigint | null;
  max: bigint | null;
  from: Resolve;
  to: Resolve;
  /** Of a leg by fee schedule: whose month is counted. */
  scheduled: { role: FeeRole; pays: boolean; party: Resolve } | null;
}

interface CompiledFunding {
  shares: readonly FundingShare[];
  weights: readonly bigint[];
  resolve: readonly Resolve[];
}

/** A rule, ready to clear trades. */
export interface Plan {
  currency: string | null;
  feeBearer: FeeBearer;
  funding: CompiledFunding;
  legs: readonly CompiledLeg[];
  /** Of the legs, those that a fee schedule may price. */
  priced: readonly CompiledLeg[];
}

/**
 * Compiles a definition once for many trades. Throws RULE_INVALID if it is not of the rule language; whether it
 * makes sense is `validateDefinition`'s to say, before it is saved.
 */
export function compileRule(definition: SplitRuleInput): Plan {
  const parsed = splitRuleDefinition.safeParse(definition);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new DomainError("RULE_INVALID", { path: issue?.path.join(".") ?? "", problem: "SHAPE_INVALID" });
  }
  const legs = parsed.data.legs.map(compileLeg);
  return {
    currency: parsed.data.currency ?? null,
    feeBearer: parsed.data.feeBearer,
    funding: compileFunding(parsed.data.funding),
    legs,
    priced: legs.filter(({ scheduled, kind }) => scheduled !== null || kind === "channel_fee"),
  };
}

function compileLeg(definition: LegDefinition): CompiledLeg {
  const { amount, base } = definition;
  const rate = amount.kind === "rate" || amount.kind === "fee_schedule" ? amount.rate : null;
  const scheduled = amount.kind === "fee_schedule" ? partyWithSchedule(definition) : null;
  const { numerator, denominator } = rate === null ? { numerator: 0n, denominator: 1n } : rateParts(rate);
  const ofFunding = base?.startsWith("funding:") ? base.slice("funding:".length) : null;
  return {
    definition,
    kind: amount.kind,
    rate,
    agreed: (amount.kind === "rate" || amount.kind === "fee_schedule") && amount.agreed === true,
    numerator,
    denominator,
    fixed: amount.kind === "fixed" ? BigInt(amount.amount) : 0n,
    base: ofFunding === null ? ((base as CompiledLeg["base"]) ?? null) : "funding",
    baseParty: ofFunding === null ? null : resolver(ofFunding),
    rounding: definition.rounding ?? "half_up",
    min: definition.min === undefined ? null : BigInt(definition.min),
    max: definition.max === undefined ? null : BigInt(definition.max),
    from: resolver(definition.from),
    to: resolver(definition.to),
    scheduled: scheduled && {
      role: scheduled.role,
      pays: scheduled.pays,
      party: resolver(scheduled.ref),
    },
  };
}

/** Party id of a role, an upline or an id; null where the trade has none. */
function resolver(ref: string): Resolve {
  switch (ref) {
    case "platform":
      return (parties) => parties.platform;
    case "merchant":
    case "brand":
    case "channel":
    case "supplier":
    case "distributor": {
      const role: Exclude<RoleInTrade, "platform"> = ref;
      return (parties) => parties[role] ?? null;
    }
    case "payer":
    case "programme":
    case "fee_bearer":
      return () => null; // not parties: the accounts come from the facts
    default: {
      if (!ref.startsWith("upline:")) return () => ref;
      const place = Number(ref.slice("upline:".length)) - 1;
      return (parties) => parties.uplines?.[place] ?? null;
    }
  }
}

function compileFunding(shares: readonly FundingShare[]): CompiledFunding {
  return {
    shares,
    weights: shares.map(({ share }) => {
      const { numerator, denominator } = rateParts(share);
      return (numerator * 1_000_000n) / denominator;
    }),
    resolve: shares.map(({ party }) => resolver(party)),
  };
}

const compiledShares = new WeakMap<readonly FundingShare[], CompiledFunding>();

/** A campaign's shares, compiled once for as long as its array lives. */
function campaignFunding(shares: readonly FundingShare[]): CompiledFunding {
  let found = compiledShares.get(shares);
  if (!found) {
    found = compileFunding(shares);
    compiledShares.set(shares, found);
  }
  return found;
}

/** A leg that a fee schedule may price, and whose. */
export interface PricedParty {
  leg: string;
  role: FeeRole;
  partyId: string;
  pays: boolean;
  /** It has a rate of its own there, which goes before a schedule that does not name it. */
  own: boolean;
}

/** Whose months a trade may be counted in, by leg: what `TradeFacts.fees` will be asked for. */
export function pricedParties(
  { priced }: Plan,
  { parties, collectedBy, rates }: Pick<TradeFacts, "parties" | "collectedBy" | "rates">,
): PricedParty[] {
  return priced.flatMap(({ scheduled, agreed, definition: { code } }): PricedParty[] => {
    if (!scheduled) {
      return collectedBy === "platform" && parties.channel
        ? [{ leg: code, role: "channel", partyId: parties.channel, pays: false, own: false }]
        : [];
    }
    const partyId = scheduled.party(parties);
    if (partyId === null) return [];
    const own = agreed && rates?.[partyId] !== undefined;
    return [{ leg: code, role: scheduled.role, partyId, pays: scheduled.pays, own }];
  });
}

/** Whether a schedule that was found for a leg prices it. */
export function schedulePrices({ own }: Pick<PricedParty, "own">, because: FeeReason): boolean {
  return !own || because === "party";
}

// ── clearing ────────────────────────────────────────────────────────────────────────────────────────────

/**
 * The legs of a trade, in the order of the rule; legs of nothing are left out (they stand in the trace).
 * @throws DomainError
 * - CURRENCY_MISMATCH the rule is for another currency
 * - DISCOUNT_EXCEEDS_ORDER discount (and stored value) above the order
 * - FUNDER_UNKNOWN a funder is named by a role nobody plays in this trade
 * - FUNDING_INVALID funding does not add up to the discount, or nobody bears it
 * - RULE_NEGATIVE_RESULT the merchant would be left with less than nothing, or the remainder is negative
 * - RULE_INVALID the rule does not pass on all the money there is
 * - INPUT_INVALID facts that contradict each other, or lack what the rule needs (`field`)
 */
export function clearTrade(plan: Plan, facts: TradeFacts): Clearing {
  const { legs } = evaluate(plan, facts);
  const posted: ClearedLeg[] = [];
  for (const { leg, debit, credit, amount, partyId } of legs) {
    if (debit && credit && partyId)
      posted.push({ code: leg.definition.code, debit, credit, amount, partyId });
  }
  return { legs: posted, fees: facts.fees ? feesOf(legs) : NO_FEES };
}

const NO_FEES: ClearedFee[] = [];

function feesOf(legs: readonly LegOutcome[]): ClearedFee[] {
  const fees: ClearedFee[] = [];
  const seen = new Set<PricedFee>(); // a channel's fee may be borne in several legs
  for (const { leg, base, fee } of legs) {
    if (!fee || base === null || base <= 0n || seen.has(fee)) continue;
    seen.add(fee);
    const { partyId, role, pays, schedule, period, charge } = fee;
    fees.push({ leg: leg.definition.code, partyId, role, pays, schedule, period, base, charge });
  }
  return fees;
}

/** `clearTrade` with everything that `traceTrade` tells. */
export function evaluate(plan: Plan, facts: TradeFacts): Outcome {
  checkFacts(plan, facts);
  const outcome = shareDiscount(plan, facts);
  let collectedLeft = facts.paid;
  for (const leg of plan.legs) {
    if (leg.kind === "channel_fee") {
      pushChannelFee(plan, leg, facts, outcome.legs);
      continue;
    }
    const computed = leg.kind === "remainder" ? exactly(leg, collectedLeft) : amountOf(leg, facts, outcome);
    if (computed.amount < 0n) {
      throw new DomainError("RULE_NEGATIVE_RESULT", {
        leg: leg.definition.code,
        amount: `${computed.amount}`,
      });
    }
    place(computed, facts);
    if (leg.definition.from === "payer" && computed.note !== "party_absent") collectedLeft -= computed.amount;
    if (computed.note) computed.amount = 0n;
    outcome.legs.push(computed);
  }
  checkConserved(facts, outcome, collectedLeft);
  return outcome;
}

function checkFacts(plan: Plan, facts: TradeFacts): void {
  const { gross, discount, paid, storedValue, collectedBy, parties } = facts;
  if (plan.currency !== null && plan.currency !== facts.currency) {
    throw new DomainError("CURRENCY_MISMATCH", { currency: facts.currency, expected: plan.currency });
  }
  const drawn = storedValue?.amount ?? 0n;
  if (gross < 0n) throw new DomainError("INPUT_INVALID", { field: "gross" });
  if (discount < 0n) throw new DomainError("INPUT_INVALID", { field: "discount" });
  if (drawn < 0n) throw new DomainError("INPUT_INVALID", { field: "storedValue" });
  if (discount + drawn > gross) {
    throw new DomainError("DISCOUNT_EXCEEDS_ORDER", { discount: `${discount + drawn}`, order: `${gross}` });
  }
  if (paid < 0n || paid + discount + drawn !== gross)
    throw new DomainError("INPUT_INVALID", { field: "paid" });
  const markup = facts.markup ?? 0n;
  if (markup < 0n || markup > paid) throw new DomainError("INPUT_INVALID", { field: "markup" });
  if (facts.kind === "stored_value" && (!storedValue || drawn !== 0n)) {
    throw new DomainError("INPUT_INVALID", { field: "storedValue" });
  }
  const holder =
    collectedBy === "platform" ? "channel" : collectedBy === "wallet" ? "distributor" : ("merchant" as const);
  if (paid > 0n && !parties[holder]) throw new DomainError("INPUT_INVALID", { field: `parties.${holder}` });
  if (facts.kind === "redemption" && !parties.merchant) {
    throw new DomainError("INPUT_INVALID", { field: "parties.merchant" });
  }
}

// ── who bears the discount ──────────────────────────────────────────────────────────────────────────────

const NO_FUNDING: FundingPart[] = [];

function shareDiscount(plan: Plan, facts: TradeFacts): Outcome {
  const { discount, funding: given } = facts;
  const outcome: Outcome = { fundingSource: "none", funding: NO_FUNDING, merchantPart: 0n, legs: [] };
  if (given && "amounts" in given) {
    outcome.fundingSource = "trade";
    outcome.funding = givenAmounts(given.amounts, discount);
  } else if (discount > 0n) {
    const ofCampaign = given && given.shares.length > 0;
    outcome.fundingSource = ofCampaign ? "campaign" : "rule";
    outcome.funding = sharedAmounts(
      ofCampaign ? campaignFunding(given.shares) : plan.funding,
      discount,
      facts.parties,
    );
  }
  const { merchant } = facts.parties;
  if (merchant) outcome.merchantPart = partOf(outcome.funding, merchant);
  return outcome;
}

function givenAmounts(amounts: readonly FundingAmount[], discount: bigint): FundingPart[] {
  const parts: FundingPart[] = [];
  let sum = 0n;
  for (const { partyId, amount } of amounts) {
    if (amount < 0n) throw new DomainError("FUNDING_INVALID", { amount: `${amount}` });
    sum += amount;
    if (amount === 0n) continue;
    if (!partyId) throw new DomainError("FUNDER_UNKNOWN", { amount: `${amount}` });
    parts.push({ party: partyId, partyId, share: null, amount, remainderUnits: 0n });
  }
  if (sum !== discount)
    throw new DomainError("FUNDING_INVALID", { funding: `${sum}`, discount: `${discount}` });
  return parts;
}

function sharedAmounts(funding: CompiledFunding, discount: bigint, parties: TradeParties): FundingPart[] {
  const { shares, weights, resolve } = funding;
  if (shares.length === 0)
    throw new DomainError("FUNDING_INVALID", { funding: "0", discount: `${discount}` });
  const ids: string[] = [];
  for (let i = 0; i < shares.length; i++) {
    const id = resolve[i]?.(parties) ?? null;
    if (id === null && weights[i] !== 0n) {
      throw new DomainError("FUNDER_UNKNOWN", { party: shares[i]?.party ?? "" });
    }
    ids.push(id ?? "");
  }
  let sum = 0n;
  for (const weight of weights) sum += weight;
  if (sum !== 1_000_000n) throw new DomainError("FUNDING_INVALID", { shares: `${sum}` });
  const amounts = allocate(
    discount,
    weights,
    shares.map(({ priority }, i) => ({ priority, id: ids[i] })),
  );
  return shares.flatMap(({ party, share }, i) => {
    const amount = amounts[i] ?? 0n;
    if (weights[i] === 0n) return [];
    const floor = (discount * (weights[i] ?? 0n)) / 1_000_000n;
    return [{ party, partyId: ids[i] ?? "", share, amount, remainderUnits: amount - floor }];
  });
}

/** A party may stand in the funding twice: once by role, once by id. */
function partOf(funding: readonly FundingPart[], partyId: string): bigint {
  let sum = 0n;
  for (const part of funding) if (part.partyId === partyId) sum += part.amount;
  return sum;
}

// ── what a leg comes to ─────────────────────────────────────────────────────────────────────────────────

function exactly(leg: CompiledLeg, amount: bigint): LegOutcome {
  return {
    leg,
    base: null,
    rate: null,
    rounded: amount,
    limit: null,
    amount,
    remainderUnits: 0n,
    fee: null,
    debit: null,
    credit: null,
    partyId: null,
    note: null,
  };
}

function amountOf(leg: CompiledLeg, facts: TradeFacts, outcome: Outcome): LegOutcome {
  switch (leg.kind) {
    case "rate":
      return ratedAsAgreed(leg, baseOf(leg, facts, outcome), facts);
    case "fee_schedule":
      return scheduled(leg, baseOf(leg, facts, outcome), facts);
    case "fixed":
      return exactly(leg, leg.fixed);
    case "paid":
      return exactly(leg, facts.paid);
    case "funding": {
      const funder = leg.from(facts.parties);
      return exactly(leg, funder === null ? 0n : partOf(outcome.funding, funder));
    }
    case "stored_value":
      return exactly(leg, facts.storedValue?.amount ?? 0n);
    case "supplier_cost":
      if (facts.supplierCost == null || facts.supplierCost < 0n || !facts.parties.supplier) {
        throw new DomainError("INPUT_INVALID", { field: "supplierCost" });
      }
      return exactly(leg, facts.supplierCost);
    case "markup":
      return exactly(leg, facts.markup ?? 0n);
    default:
      throw new Error(`amount of ${leg.kind}`); // remainder and channel_fee are computed by their callers
  }
}

function baseOf(leg: CompiledLeg, facts: TradeFacts, outcome: Outcome): bigint {
  switch (leg.base) {
    case "gross":
      return facts.gross;
    case "paid":
      return facts.paid;
    case "discount":
      return facts.discount;
    case "net_of_merchant_discount":
      return facts.gross - outcome.merchantPart;
    case "face":
      if (facts.face == null) throw new DomainError("INPUT_INVALID", { field: "face" });
      return facts.face;
    case "net_of_markup":
      return facts.paid - (facts.markup ?? 0n);
    case "funding": {
      const funder = leg.baseParty?.(facts.parties) ?? null;
      return funder === null ? 0n : partOf(outcome.funding, funder);
    }
    case null:
      throw new DomainError("RULE_INVALID", { leg: leg.definition.code, problem: "BASE_MISSING" });
  }
}

/** At the payee's own rate, where the leg allows one and it has one. */
function ratedAsAgreed(leg: CompiledLeg, base: bigint, { rates, parties }: TradeFacts): LegOutcome {
  const payee = leg.agreed && rates ? leg.to(parties) : null;
  const own = payee ? rates?.[payee] : undefined;
  if (own === undefined) return rated(leg, base, leg.rate ?? "0", leg.numerator, leg.denominator);
  const { numerator, denominator } = rateParts(own);
  return rated(leg, base, own, numerator, denominator);
}

/** By the fee schedule of the party concerned; at its own or the leg's rate where it has none. */
function scheduled(leg: CompiledLeg, base: bigint, facts: TradeFacts): LegOutcome {
  const { fees, parties } = facts;
  const of = leg.scheduled;
  const partyId = of?.party(parties) ?? null;
  const terms = of && partyId !== null && fees ? fees(leg.definition.code, of.role, partyId) : null;
  if (!of || !terms || partyId === null) return ratedAsAgreed(leg, base, facts);
  // What a posted trade kept prices it whatever the reason, which then may not be known any more.
  const own = leg.agreed && facts.rates?.[partyId] !== undefined;
  if (terms.because !== null && !schedulePrices({ own }, terms.because))
    return ratedAsAgreed(leg, base, facts);
  return priced(leg, base, { ...terms, partyId, role: of.role, pays: of.pays });
}

function priced(leg: CompiledLeg, base: bigint, terms: Omit<PricedFee, "charge">): LegOutcome {
  const charge = feeOfTrade(terms.schedule.plan, terms.before, base);
  const result = exactly(leg, charge.amount);
  result.base = base;
  result.limit = charge.limit;
  result.fee = { ...terms, charge };
  return result;
}

/** base × rate, rounded once, then held between min and max. A base of zero owes nothing. */
function rated(
  leg: CompiledLeg,
  base: bigint,
  rate: Rate,
  numerator: bigint,
  denominator: bigint,
): LegOutcome {
  const result = exactly(leg, roundDiv(base * numerator, denominator, leg.rounding));
  result.base = base;
  result.rate = rate;
  if (base === 0n) return result;
  if (leg.min !== null && result.amount < leg.min) {
    result.amount = leg.min;
    result.limit = "min";
  } else if (leg.max !== null && result.amount > leg.max) {
    result.amount = leg.max;
    result.limit = "max";
  }
  return result;
}

// ── which accounts it moves ─────────────────────────────────────────────────────────────────────────────

/** Sets the accounts of a leg that moves money, or the note that says why it does not. */
function place(outcome: LegOutcome, facts: TradeFacts): void {
  const { leg } = outcome;
  const debit = debitAccount(leg, facts);
  const credit = creditAccount(leg, facts);
  if (!debit || !credit) {
    const free = outcome.amount === 0n && (leg.definition.from === "payer" || leg.kind === "stored_value");
    outcome.note = free ? "amount_zero" : "party_absent";
  } else if (debit.partyId === credit.partyId && debit.kind === credit.kind && debit.ref === credit.ref) {
    outcome.note =
      leg.kind === "paid" && facts.collectedBy === "merchant" ? "collected_by_merchant" : "same_account";
  } else if (outcome.amount === 0n) {
    outcome.note = "amount_zero";
  } else {
    outcome.debit = debit;
    outcome.credit = credit;
    outcome.partyId = concerned(debit, credit, facts.parties);
  }
}

function concerned(debit: AccountRef, credit: AccountRef, { platform, channel }: TradeParties): string {
  if (credit.partyId !== platform && credit.partyId !== channel) return credit.partyId;
  if (debit.partyId !== platform && debit.partyId !== channel) return debit.partyId;
  return channel ?? platform;
}

function debitAccount(leg: CompiledLeg, facts: TradeFacts): AccountRef | null {
  const { parties } = facts;
  switch (leg.definition.from) {
    case "payer":
      return payerAccount(facts);
    case "programme":
      return programmeAccount(facts);
  }
  const partyId = leg.from(parties);
  if (!partyId) return null;
  switch (partyId) {
    case parties.platform:
      return { partyId, kind: "marketing_expense" };
    case parties.channel:
      return { partyId, kind: "channel_receivable" };
    default:
      return { partyId, kind: isPayee(partyId, parties) ? "payable" : "receivable" };
  }
}

function creditAccount(leg: CompiledLeg, facts: TradeFacts): AccountRef | null {
  const { parties } = facts;
  if (leg.definition.to === "programme") return programmeAccount(facts);
  const partyId = leg.to(parties);
  if (!partyId) return null;
  switch (partyId) {
    case parties.platform:
      return { partyId, kind: leg.kind === "remainder" ? "margin" : "commission_revenue" };
    case parties.supplier:
      return { partyId, kind: prepaid(leg, facts) ? "prepaid" : "payable" };
    case parties.channel:
      return { partyId, kind: "channel_receivable" };
    case parties.brand:
      // a brand has one account: what it is owed lessens what it owes; one that sells too is paid as a merchant
      return { partyId, kind: isPayee(partyId, parties) ? "payable" : "receivable" };
    default:
      return { partyId, kind: "payable" };
  }
}

function prepaid(leg: CompiledLeg, { supplierTerms }: TradeFacts): boolean {
  return leg.kind === "supplier_cost" && supplierTerms === "prepaid";
}

/** Where the customer's money lies. */
function payerAccount({ collectedBy, parties }: TradeFacts): AccountRef | null {
  switch (collectedBy) {
    case "platform":
      return parties.channel ? { partyId: parties.channel, kind: "channel_receivable" } : null;
    case "wallet":
      return parties.distributor ? { partyId: parties.distributor, kind: "wallet" } : null;
    case "merchant":
      return parties.merchant ? { partyId: parties.merchant, kind: "payable" } : null;
  }
}

function programmeAccount({ parties, storedValue }: TradeFacts): AccountRef | null {
  return storedValue
    ? { partyId: parties.platform, kind: "stored_value", ref: storedValue.programmeId }
    : null;
}

/** Whether what the party is charged is taken from its payable; others (brands) owe it. */
function isPayee(partyId: string, { merchant, supplier, distributor, uplines }: TradeParties): boolean {
  return (
    partyId === merchant ||
    partyId === distributor ||
    partyId === supplier ||
    (uplines?.includes(partyId) ?? false)
  );
}

// ── the channel's fee ───────────────────────────────────────────────────────────────────────────────────

function pushChannelFee(plan: Plan, of: CompiledLeg, facts: TradeFacts, legs: LegOutcome[]): void {
  const leg = withBounds(of, facts);
  const { channelFeeRate, collectedBy, paid, parties } = facts;
  const collected = collectedBy === "platform" && parties.channel ? paid : 0n;
  const rate = channelFeeRate ?? "0";
  const { numerator, denominator } = rateParts(rate);
  const terms =
    collected > 0n && parties.channel && facts.fees
      ? facts.fees(leg.definition.code, "channel", parties.channel)
      : null;
  const fee =
    terms && parties.channel
      ? priced(of, collected, { ...terms, partyId: parties.channel, role: "channel", pays: false })
      : rated(leg, collected, rate, numerator, denominator);
  if (collectedBy !== "platform" || !parties.channel || fee.amount === 0n) {
    fee.note =
      collectedBy === "merchant"
        ? "collected_by_merchant"
        : collectedBy === "wallet" || (paid > 0n && !parties.channel)
          ? "no_channel_collected"
          : "amount_zero";
    legs.push(fee);
    return;
  }
  const credit: AccountRef = { partyId: parties.channel, kind: "channel_receivable" };
  const bearer = terms?.schedule.plan.bearer ?? facts.feeBearer ?? plan.feeBearer;
  for (const { partyId, amount, remainderUnits } of bearers(bearer, facts, fee.amount, legs)) {
    const debit: AccountRef =
      partyId === parties.platform
        ? { partyId, kind: "channel_fee", ref: parties.channel }
        : { partyId, kind: isPayee(partyId, parties) ? "payable" : "receivable" };
    legs.push({
      ...fee,
      amount,
      remainderUnits,
      debit,
      credit,
      partyId: concerned(debit, credit, parties),
    });
  }
}

/** The leg with the bounds of the channel's terms in place of its own. */
function withBounds(leg: CompiledLeg, { channelFeeMin, channelFeeMax }: TradeFacts): CompiledLeg {
  if (channelFeeMin == null && channelFeeMax == null) return leg;
  return { ...leg, min: channelFeeMin ?? leg.min, max: channelFeeMax ?? leg.max };
}

interface Bearing {
  partyId: string;
  amount: bigint;
  remainderUnits: bigint;
}

/** Who bears the fee, with its parts: Σ = fee. */
function bearers(
  bearer: FeeBearer,
  { parties }: TradeFacts,
  fee: bigint,
  legs: readonly LegOutcome[],
): Bearing[] {
  switch (bearer) {
    case "platform":
      return alone(bearer, parties.platform, fee);
    case "merchant":
      return alone(bearer, parties.merchant, fee);
    case "distributor":
      return alone(bearer, parties.distributor, fee);
    case "proportional": {
      const kept = keptOfCollected(legs);
      if (kept.length === 0) return alone(bearer, parties.platform, fee);
      const weights = kept.map(([, amount]) => amount);
      const shares = allocate(
        fee,
        weights,
        kept.map(([id]) => ({ id })),
      );
      let sum = 0n;
      for (const weight of weights) sum += weight;
      return kept.flatMap(([partyId, weight], i) => {
        const amount = shares[i] ?? 0n;
        return amount === 0n ? [] : [{ partyId, amount, remainderUnits: amount - (fee * weight) / sum }];
      });
    }
  }
}

function alone(bearer: FeeBearer, partyId: string | null | undefined, fee: bigint): Bearing[] {
  if (!partyId) throw new DomainError("INPUT_INVALID", { field: `parties.${bearer}` });
  return [{ partyId, amount: fee, remainderUnits: 0n }];
}

/** What each party keeps of the collected money: its legs apart from funding, stored value and supplier cost, netted. */
function keptOfCollected(legs: readonly LegOutcome[]): [string, bigint][] {
  const kept = new Map<string, bigint>();
  const add = (partyId: string, amount: bigint) => kept.set(partyId, (kept.get(partyId) ?? 0n) + amount);
  for (const { leg, debit, credit, amount } of legs) {
    if (!debit || !credit) continue;
    if (leg.kind === "funding" || leg.kind === "stored_value" || leg.kind === "supplier_cost") continue;
    // Money of a funder, or the channel's own: not the customer's.
    const ofChannel = debit.kind === "channel_receivable" && leg.definition.from !== "payer";
    if (debit.kind === "receivable" || ofChannel) continue;
    add(credit.partyId, amount);
    if (leg.definition.from !== "payer") add(debit.partyId, -amount);
  }
  return [...kept].filter(([, amount]) => amount > 0n).sort(([a], [b]) => (a < b ? -1 : 1));
}

// ── conservation ────────────────────────────────────────────────────────────────────────────────────────

/**
 * What was paid is passed on whole, each funder's part is owed once, stored value is drawn or loaded in full,
 * and the merchant is not left with less than nothing.
 */
function checkConserved(facts: TradeFacts, outcome: Outcome, collectedLeft: bigint): void {
  if (collectedLeft !== 0n) throw unbalanced("COLLECTED_NOT_CARRIED", collectedLeft);
  if (facts.kind === "card_sale") {
    // Else the house would keep, as what is left, what is the supplier's and the distributor's.
    const carries = (kind: AmountKind) => outcome.legs.some(({ leg }) => leg.kind === kind);
    const cost = facts.supplierCost ?? 0n;
    const markup = facts.markup ?? 0n;
    if (cost > 0n && !carries("supplier_cost")) throw unbalanced("SUPPLIER_COST_NOT_CARRIED", cost);
    if (markup > 0n && !carries("markup")) throw unbalanced("MARKUP_NOT_CARRIED", markup);
  }

  const { merchant } = facts.parties;
  let owed = facts.discount - (facts.kind === "redemption" ? outcome.merchantPart : 0n);
  let stored = facts.kind === "stored_value" ? facts.gross : (facts.storedValue?.amount ?? 0n);
  let left = facts.collectedBy === "merchant" ? facts.paid : 0n;
  for (const { leg, amount, debit, credit } of outcome.legs) {
    if (!debit || !credit) continue;
    if (leg.kind === "funding") owed -= amount;
    if (debit.kind === "stored_value" || credit.kind === "stored_value") stored -= amount;
    if (credit.partyId === merchant) left += amount;
    if (debit.partyId === merchant) left -= amount;
  }
  if (owed !== 0n) throw unbalanced("FUNDING_LEG_MISSING", owed);
  if (stored !== 0n) throw unbalanced("STORED_VALUE_NOT_CARRIED", stored);
  if (left < 0n && facts.kind === "redemption") {
    throw new DomainError("RULE_NEGATIVE_RESULT", { party: merchant, amount: `${left}` });
  }
}

function unbalanced(problem: string, amount: bigint): DomainError {
  return new DomainError("RULE_INVALID", { problem, amount: `${amount}` });
}
