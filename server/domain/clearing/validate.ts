import { type Rate, rateParts } from "@/server/core/money";
import {
  type FundingShare,
  fundingShares,
  type LegDefinition,
  PROBLEM_CODES,
  type Problem,
  type ProblemCode,
  type SplitRuleDefinition,
  splitRuleDefinition,
  type TradeKind,
} from "./schemas";

/**
 * All that is wrong with a definition, for rules of one trade kind; empty if nothing. Safe in the browser.
 * What it accepts clears every trade of that kind so that the legs conserve the money.
 */
export function validateDefinition(definition: unknown, tradeKind: TradeKind): Problem[] {
  const parsed = splitRuleDefinition.safeParse(definition);
  if (!parsed.success) return shapeProblems(parsed.error.issues);
  return [
    ...sharesProblems(parsed.data.funding, ["funding"]),
    ...legProblems(parsed.data, tradeKind),
    ...collectedProblems(parsed.data, tradeKind),
    ...fundingLegProblems(parsed.data, tradeKind),
    ...storedValueProblems(parsed.data, tradeKind),
    ...channelFeeProblems(parsed.data),
  ];
}

/** All that is wrong with a campaign's funding shares. An empty list is right: the split rule says. */
export function validateFunding(shares: unknown): Problem[] {
  const parsed = fundingShares.safeParse(shares);
  return parsed.success ? sharesProblems(parsed.data, []) : shapeProblems(parsed.error.issues);
}

interface Issue {
  code?: string;
  message: string;
  path: readonly PropertyKey[];
}

function shapeProblems(issues: readonly Issue[]): Problem[] {
  return issues.map((issue) => {
    const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
    const known = (PROBLEM_CODES as readonly string[]).includes(issue.message);
    return known
      ? { code: issue.message as ProblemCode, path }
      : { code: "SHAPE_INVALID", path, params: { message: issue.message } };
  });
}

function sharesProblems(shares: readonly FundingShare[], at: Problem["path"]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  shares.forEach(({ party }, i) => {
    if (seen.has(party))
      problems.push({ code: "SHARE_DUPLICATE", path: [...at, i, "party"], params: { party } });
    seen.add(party);
  });
  if (shares.length > 0 && !sumsToOne(shares.map(({ share }) => share))) {
    problems.push({ code: "SHARES_NOT_ONE", path: at });
  }
  return problems;
}

function sumsToOne(rates: readonly Rate[]): boolean {
  let millionths = 0n;
  for (const rate of rates) {
    const { numerator, denominator } = rateParts(rate);
    millionths += (numerator * 1_000_000n) / denominator; // exact: at most 6 places
  }
  return millionths === 1_000_000n;
}

function legProblems({ legs, currency }: SplitRuleDefinition, tradeKind: TradeKind): Problem[] {
  const problems: Problem[] = [];
  const codes = new Set<string>();
  legs.forEach((leg, i) => {
    const add = (code: ProblemCode, field: keyof LegDefinition, params?: Record<string, string>) =>
      problems.push({ code, path: ["legs", i, field], ...(params && { params }) });
    if (codes.has(leg.code)) add("LEG_CODE_DUPLICATE", "code", { leg: leg.code });
    codes.add(leg.code);

    const { kind } = leg.amount;
    const rounds = kind === "rate" || kind === "channel_fee";
    const based = kind === "rate" || kind === "fee_schedule";
    if (based && leg.base === undefined) add("BASE_MISSING", "base");
    if (!based && leg.base !== undefined) add("BASE_NOT_ALLOWED", "base");
    if (kind === "fee_schedule" && !partyWithSchedule(leg)) add("SCHEDULE_WITHOUT_PARTY", "amount");
    if (!rounds && leg.rounding !== undefined) add("ROUNDING_NOT_ALLOWED", "rounding");
    for (const bound of ["min", "max"] as const) {
      if (!rounds && leg[bound] !== undefined) add("LIMIT_NOT_ALLOWED", bound);
    }
    if (leg.min !== undefined && leg.max !== undefined && BigInt(leg.min) > BigInt(leg.max)) {
      add("MIN_ABOVE_MAX", "min");
    }
    if (currency === undefined) {
      if (kind === "fixed") add("CURRENCY_REQUIRED", "amount");
      else if (rounds && (leg.min !== undefined || leg.max !== undefined)) {
        add("CURRENCY_REQUIRED", leg.min === undefined ? "max" : "min");
      }
    }
    // The customer's money lies with the channel; what stays there is the channel's fee.
    if (leg.from === leg.to || (leg.from === "payer" && leg.to === "channel")) add("SAME_PARTY", "to");
    if (!sourceFits(leg)) add("SOURCE_MISMATCH", "from", { kind });
    if (kind === "supplier_cost" && tradeKind !== "card_sale") add("SUPPLIER_COST_NOT_ALLOWED", "amount");
    if (tradeKind !== "card_sale" && (kind === "markup" || leg.base === "net_of_markup")) {
      add("MARKUP_NOT_ALLOWED", kind === "markup" ? "amount" : "base");
    }
  });
  return problems;
}

/** Which `from` (and `to`) an amount can have. */
function sourceFits({ amount, from, to }: LegDefinition): boolean {
  switch (amount.kind) {
    case "paid":
    case "remainder":
    case "supplier_cost":
    case "markup":
      return from === "payer";
    case "stored_value":
      return from === "programme";
    case "channel_fee":
      return from === "fee_bearer" && to === "channel";
    case "funding":
      return from !== "payer" && from !== "programme" && from !== "fee_bearer";
    case "rate":
    case "fee_schedule":
    case "fixed":
      return from !== "programme" && from !== "fee_bearer";
  }
}

/**
 * Of a leg by fee schedule, whose month is counted: the merchant or distributor (or recruiter) at one end; at the
 * other stands the platform or the customer's money, against which a month is trued up. Null where it is not so.
 */
export function partyWithSchedule({ from, to }: Pick<LegDefinition, "from" | "to">): {
  ref: string;
  role: "merchant" | "distributor";
  pays: boolean;
} | null {
  const roleOf = (ref: string) =>
    ref === "merchant" ? ref : ref === "distributor" || ref.startsWith("upline:") ? "distributor" : null;
  const payer = roleOf(from);
  if (payer) return to === "platform" ? { ref: from, role: payer, pays: true } : null;
  const payee = roleOf(to);
  return payee && (from === "platform" || from === "payer") ? { ref: to, role: payee, pays: false } : null;
}

/** The collected money is passed on whole: by one `paid` leg, or by a `remainder` behind the payer's other legs. */
function collectedProblems({ legs }: SplitRuleDefinition, tradeKind: TradeKind): Problem[] {
  const problems: Problem[] = [];
  const ofPayer = legs.flatMap((leg, i) => (leg.from === "payer" ? [{ leg, i }] : []));
  const whole = ofPayer.filter(({ leg }) => leg.amount.kind === "paid" || leg.amount.kind === "remainder");
  const [first, second] = whole;
  if (!first || (tradeKind === "card_sale" && first.leg.amount.kind !== "remainder")) {
    problems.push({ code: "COLLECTED_NOT_CARRIED", path: ["legs"] });
    return problems;
  }
  if (second) problems.push({ code: "COLLECTED_CARRIED_TWICE", path: ["legs", second.i, "amount"] });
  else if (first.leg.amount.kind === "paid" && ofPayer.length > 1) {
    const other = ofPayer.find(({ leg }) => leg !== first.leg);
    problems.push({ code: "COLLECTED_CARRIED_TWICE", path: ["legs", other?.i ?? 0, "amount"] });
  } else if (first.leg.amount.kind === "remainder" && ofPayer.at(-1)?.leg !== first.leg) {
    problems.push({ code: "REMAINDER_NOT_LAST", path: ["legs", first.i] });
  }
  return problems;
}

/** Each funder's part is owed by exactly one leg; a merchant's own part of a redemption moves no money. */
function fundingLegProblems({ legs, funding }: SplitRuleDefinition, tradeKind: TradeKind): Problem[] {
  const problems: Problem[] = [];
  const carried = new Set<string>();
  legs.forEach(({ amount, from }, i) => {
    if (amount.kind !== "funding") return;
    if (carried.has(from)) problems.push({ code: "FUNDING_LEG_DUPLICATE", path: ["legs", i, "from"] });
    carried.add(from);
    if (from === "merchant" && tradeKind === "redemption") {
      problems.push({ code: "FUNDING_LEG_OF_MERCHANT", path: ["legs", i, "from"] });
    }
  });
  funding.forEach(({ party, share }, i) => {
    const moves = share !== "0" && !(party === "merchant" && tradeKind === "redemption");
    if (moves && !carried.has(party)) {
      problems.push({ code: "FUNDING_LEG_MISSING", path: ["funding", i, "party"], params: { party } });
    }
  });
  return problems;
}

/** A programme is loaded by trades of kind `stored_value`, and drawn on by redemptions, by one leg. */
function storedValueProblems({ legs }: SplitRuleDefinition, tradeKind: TradeKind): Problem[] {
  const problems: Problem[] = [];
  let drawn = 0;
  legs.forEach(({ amount, to }, i) => {
    if (tradeKind === "stored_value" && (amount.kind === "paid" || amount.kind === "funding")) {
      if (to !== "programme") problems.push({ code: "STORED_VALUE_NOT_ALLOWED", path: ["legs", i, "to"] });
      return;
    }
    if (to === "programme") problems.push({ code: "STORED_VALUE_NOT_ALLOWED", path: ["legs", i, "to"] });
    if (amount.kind !== "stored_value") return;
    drawn += 1;
    if (tradeKind !== "redemption")
      problems.push({ code: "STORED_VALUE_NOT_ALLOWED", path: ["legs", i, "amount"] });
    if (drawn > 1) problems.push({ code: "STORED_VALUE_DUPLICATE", path: ["legs", i, "amount"] });
  });
  return problems;
}

function channelFeeProblems({ legs }: SplitRuleDefinition): Problem[] {
  return legs.flatMap(({ amount }, i) =>
    amount.kind === "channel_fee" && i !== legs.length - 1
      ? [{ code: "CHANNEL_FEE_NOT_LAST" as const, path: ["legs", i] }]
      : [],
  );
}
