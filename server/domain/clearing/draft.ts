import {
  type DraftDefinition,
  type DraftLeg,
  type LegDefinition,
  type Problem,
  type SplitRuleDefinition,
  type SplitRuleInput,
  splitRuleDefinition,
  type TradeKind,
} from "./schemas";
import { validateDefinition } from "./validate";

/** Drafts of rules: definitions that may lack things still. Pure, and safe in the browser. */

/** All that keeps a draft from being a rule, each at its field; empty if it is one. */
export function draftProblems(draft: DraftDefinition, tradeKind: TradeKind): Problem[] {
  const missing = missingValues(draft);
  return missing.length > 0 ? missing : validateDefinition(wholeOf(draft), tradeKind);
}

/** The definition that a draft without problems is; null for any other. */
export function definitionOfDraft(draft: DraftDefinition, tradeKind: TradeKind): SplitRuleDefinition | null {
  return draftProblems(draft, tradeKind).length > 0 ? null : splitRuleDefinition.parse(wholeOf(draft));
}

/** A definition as a draft, to change it. */
export function draftOfDefinition(definition: SplitRuleDefinition): DraftDefinition {
  return {
    ...(definition.currency !== undefined && { currency: definition.currency }),
    funding: definition.funding.map((share) => ({ ...share })),
    legs: definition.legs.map((leg) => ({ ...leg, amount: { ...leg.amount } })),
    feeBearer: definition.feeBearer,
  };
}

function missingValues({ funding, legs }: DraftDefinition): Problem[] {
  const problems: Problem[] = [];
  const miss = (...path: (string | number)[]) => problems.push({ code: "VALUE_MISSING", path });
  funding.forEach(({ party, share }, i) => {
    if (party === "") miss("funding", i, "party");
    if (share === null) miss("funding", i, "share");
  });
  legs.forEach((leg, i) => {
    for (const field of ["code", "from", "to"] as const) if (leg[field] === "") miss("legs", i, field);
    const rated = leg.amount.kind === "rate" || leg.amount.kind === "fee_schedule";
    if (rated && leg.amount.rate == null) miss("legs", i, "amount", "rate");
    if (leg.amount.kind === "fixed" && leg.amount.amount == null) miss("legs", i, "amount", "amount");
  });
  return problems;
}

/** Without what is null or does not belong to the kind of amount. */
function wholeOf(draft: DraftDefinition): SplitRuleInput {
  return {
    ...(draft.currency && { currency: draft.currency }),
    funding: draft.funding.map(({ party, share, priority }) => ({
      party,
      share: share ?? "",
      ...(priority !== undefined && { priority }),
    })),
    legs: draft.legs.map(wholeLeg),
    feeBearer: draft.feeBearer,
  };
}

function wholeLeg({ code, from, to, amount, base, rounding, min, max }: DraftLeg): LegDefinition {
  return {
    code,
    from,
    to,
    amount:
      amount.kind === "rate"
        ? { kind: "rate", rate: amount.rate ?? "", ...(amount.agreed && { agreed: true }) }
        : amount.kind === "fee_schedule"
          ? { kind: "fee_schedule", rate: amount.rate ?? "", ...(amount.agreed && { agreed: true }) }
          : amount.kind === "fixed"
            ? { kind: "fixed", amount: amount.amount ?? "" }
            : { kind: amount.kind },
    ...(base !== undefined && { base: base as LegDefinition["base"] }),
    ...(rounding !== undefined && { rounding }),
    ...(min != null && { min }),
    ...(max != null && { max }),
  };
}
