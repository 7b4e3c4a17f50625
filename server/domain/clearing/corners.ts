import { type DomainError, isDomainError } from "@/server/core/errors";
import { rateParts } from "@/server/core/money";
import { compileRule, evaluate, type Plan, type TradeFacts, type TradeParties } from "./engine";
import type { CheckedRange, Problem, SplitRuleDefinition, TradeKind } from "./schemas";

/**
 * Whether a rule comes out right for every trade it is meant for: the smallest and the largest order, without and
 * with the largest discount, borne by each funder alone, collected by each side. Pure, safe in the browser. What a
 * leg comes to is linear in these amounts but for bounds and rounding, so the corners are where it fails.
 */
export function cornerProblems(
  definition: SplitRuleDefinition,
  tradeKind: TradeKind,
  range: CheckedRange,
  currency: string,
): Problem[] {
  if (
    BigInt(range.from) > BigInt(range.to) ||
    rateParts(range.share).numerator > rateParts(range.share).denominator
  )
    return [{ code: "RANGE_INVALID", path: ["checked"] }];
  const plan = compileRule(definition);
  const problems = new Map<string, Problem>();
  for (const facts of corners(plan, definition, tradeKind, range, definition.currency ?? currency)) {
    const problem = problemOf(plan, facts, definition);
    if (problem && !problems.has(problem.path.join())) problems.set(problem.path.join(), problem);
  }
  return [...problems.values()];
}

function problemOf(plan: Plan, facts: TradeFacts, { legs }: SplitRuleDefinition): Problem | null {
  try {
    evaluate(plan, facts);
    return null;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const leg = legs.findIndex(({ code }) => code === error.params.leg);
    return {
      code: codeOf(error),
      path: leg >= 0 ? ["legs", leg, "amount"] : ["legs"],
      params: {
        order: `${facts.gross}`,
        discount: `${facts.discount}`,
        cost: `${facts.supplierCost ?? 0n}`,
        collectedBy: facts.collectedBy,
        amount: `${error.params.amount ?? ""}`,
        currency: facts.currency,
      },
    };
  }
}

function codeOf({ code, params }: DomainError): Problem["code"] {
  if (code === "RULE_NEGATIVE_RESULT") return "NEGATIVE_RESULT";
  const { problem } = params;
  return problem === "SUPPLIER_COST_NOT_CARRIED" || problem === "MARKUP_NOT_CARRIED"
    ? problem
    : "FUNDING_LEG_MISSING";
}

const CHANNEL_RATE = "0.006";
const PARTIES = {
  platform: "platform",
  merchant: "merchant",
  brand: "brand",
  channel: "channel",
  supplier: "supplier",
  distributor: "distributor",
  uplines: Array.from({ length: 9 }, (_, i) => `upline:${i + 1}`),
} satisfies TradeParties;

function* corners(
  plan: Plan,
  definition: SplitRuleDefinition,
  kind: TradeKind,
  range: CheckedRange,
  currency: string,
): Generator<TradeFacts> {
  const low = BigInt(range.from);
  const high = BigInt(range.to);
  const { numerator, denominator } = rateParts(range.share);
  const part = (amount: bigint) => (amount * numerator) / denominator;
  const amounts = new Set(
    [low, low + 1n, (low + high) / 2n, high - 1n, high].filter((n) => n >= low && n <= high),
  );
  const shared = { kind, currency, parties: PARTIES, channelFeeRate: CHANNEL_RATE };
  for (const gross of amounts) {
    if (kind === "card_sale") {
      for (const supplierCost of [0n, part(gross)]) {
        for (const markup of [0n, gross / 2n]) {
          for (const collectedBy of ["platform", "wallet"] as const) {
            if (collectedBy === "wallet" && markup > 0n) continue; // a wallet pays the tier's price
            const paid = gross + markup;
            yield {
              ...shared,
              gross: paid,
              paid,
              discount: 0n,
              markup,
              supplierCost,
              face: gross,
              collectedBy,
            };
          }
        }
      }
      continue;
    }
    for (const discount of new Set([0n, part(gross) / 2n, part(gross)])) {
      for (const funding of fundings(plan, definition, kind, discount)) {
        for (const drawn of draws(definition, kind, gross - discount)) {
          for (const collectedBy of kind === "stored_value"
            ? (["platform"] as const)
            : (["platform", "merchant"] as const)) {
            yield {
              ...shared,
              gross,
              discount,
              paid: gross - discount - drawn,
              collectedBy,
              funding,
              storedValue: { amount: drawn, programmeId: "programme" },
            };
          }
        }
      }
    }
  }
}

/** The rule's own shares, and each funder alone whose part the rule can carry, as a campaign may ask for. */
function* fundings(
  plan: Plan,
  { legs }: SplitRuleDefinition,
  kind: TradeKind,
  discount: bigint,
): Generator<TradeFacts["funding"]> {
  if (discount === 0n || plan.funding.shares.length > 0) yield null;
  if (discount === 0n) return;
  const carried = legs.flatMap(({ amount, from }) => (amount.kind === "funding" ? [from] : []));
  const alone = new Set<string>(kind === "redemption" ? [...carried, "merchant"] : carried);
  for (const party of alone) yield { shares: [{ party, share: "1" }] };
}

/** Nothing or everything paid by gift card, where the rule serves gift cards. */
function draws({ legs }: SplitRuleDefinition, kind: TradeKind, rest: bigint): bigint[] {
  const serves = kind === "redemption" && legs.some(({ amount }) => amount.kind === "stored_value");
  return serves && rest > 0n ? [0n, rest] : [0n];
}
