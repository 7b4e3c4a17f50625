import type { z } from "zod";
import { type Ctx, requirePermission } from "@/server/core/context";
import { withTransaction } from "@/server/core/transaction";
import { startOfLocalDate } from "../calendar";
import {
  type Choice,
  type Considered,
  type RuleCandidate,
  SCOPE_FIELDS,
  type ScopeField,
  selectRule,
} from "./rules";
import { type RuleScope, ruleWinnerInput } from "./schemas";
import { loadRules } from "./store";

/** A rule that was considered for a case; the draft that is asked about has no version yet. */
export interface ConsideredRule {
  ruleId: string | null;
  number: string | null;
  name: string | null;
  version: number | null;
  draft: boolean;
  priority: number;
  names: ScopeField[];
  outcome: Considered<RuleCandidate>["outcome"];
  field: Considered<RuleCandidate>["field"] | null;
}

export interface RuleWinner {
  winner: ConsideredRule | null;
  because: Choice<RuleCandidate>["because"];
  /** The moment that was looked at: now, or when the draft begins. */
  at: Date;
  /** Rules of the trade kind, the winner first, as they rank; of each the version that counts then. */
  considered: ConsideredRule[];
}

interface Candidate extends RuleCandidate {
  rule: Pick<ConsideredRule, "ruleId" | "number" | "name" | "version" | "draft">;
}

/** Which rule clears trades of a case, and why, by the choice that clearing makes itself; the draft among the rules. */
export async function ruleWinner(ctx: Ctx, input: z.input<typeof ruleWinnerInput>): Promise<RuleWinner> {
  requirePermission(ctx, "rule:read");
  const { case: facts, draft } = ruleWinnerInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const begins = draft?.effectiveFrom ? startOfLocalDate(draft.effectiveFrom, ctx.tenant.timezone) : null;
    const at = begins && begins > ctx.clock.now() ? begins : ctx.clock.now();
    const candidates: Candidate[] = (await loadRules(ctx)).map((rule) => ({
      ...rule,
      rule: {
        ruleId: rule.ruleId,
        number: rule.ruleNumber,
        name: rule.ruleName,
        version: rule.version,
        draft: false,
      },
    }));
    if (draft) candidates.push(draftCandidate(draft, candidates, at));
    const choice = selectRule(candidates, facts, at);
    const told = ({ version, outcome, field }: Considered<Candidate>): ConsideredRule => ({
      ...version.rule,
      priority: version.priority,
      names: namesOf(version.scope),
      outcome,
      field: field ?? null,
    });
    const considered = choice.considered
      .filter(({ version, outcome }) => version.scope.tradeKind === facts.tradeKind && COUNTS.has(outcome))
      .map(told);
    return {
      winner: considered.find(({ outcome }) => outcome === "chosen") ?? null,
      because: choice.because,
      at,
      considered: considered.sort((a, b) => Number(b.outcome === "chosen") - Number(a.outcome === "chosen")),
    };
  });
}

/** Versions that another one of their rule has replaced are no competitors. */
const COUNTS = new Set<Considered<RuleCandidate>["outcome"]>([
  "chosen",
  "less_specific",
  "lower_priority",
  "older",
  "does_not_apply",
]);

function draftCandidate(
  draft: NonNullable<z.output<typeof ruleWinnerInput>["draft"]>,
  others: readonly Candidate[],
  at: Date,
): Candidate {
  const sibling = others.find(({ ruleId }) => ruleId === draft.ruleId);
  return {
    id: "zzzz", // made last: of equals it wins, as it would when published
    ruleId: draft.ruleId ?? "draft",
    // a further version of a rule keeps what the rule applies to
    scope: sibling?.scope ?? draft.scope,
    priority: sibling?.priority ?? draft.priority,
    effectiveFrom: at,
    rule: {
      ruleId: draft.ruleId ?? null,
      number: sibling?.rule.number ?? null,
      name: sibling?.rule.name ?? null,
      version: null,
      draft: true,
    },
  };
}

function namesOf(scope: RuleScope): ScopeField[] {
  return SCOPE_FIELDS.filter((field) => scope[field] != null);
}
