import { and, desc, eq } from "drizzle-orm";
import { feeSchedules, feeScheduleVersions, splitRules, splitRuleVersions } from "@/db/schema";
import type { TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { refuseProblems } from "../checks";
import { definitionOfDraft, draftProblems } from "../draft";
import { compileRule, type Plan } from "../engine";
import { compileSchedule } from "../fees/schedule";
import {
  type FeeDraft,
  type FeeScheduleDefinition,
  feeDefinitionOf,
  feeDraftProblems,
} from "../fees/schemas";
import type { ScheduleInForce } from "../fees/select";
import type { ReplaySubject } from "../replay-schemas";
import type { DraftDefinition, RuleScope, SplitRuleDefinition } from "../schemas";

/** What is tried, as it is kept with the replay. */
export type CandidateText =
  | { subject: "rule"; ruleId: string; scope: RuleScope; priority: number; definition: SplitRuleDefinition }
  | {
      subject: "fee";
      schedule: Omit<ScheduleInForce, "plan" | "appliesTo" | "effectiveFrom" | "effectiveTo">;
      definition: FeeScheduleDefinition;
    };

/** The same, ready to clear. */
export type Candidate =
  | { subject: "rule"; ruleId: string; scope: RuleScope; priority: number; plan: Plan }
  | { subject: "fee"; schedule: ScheduleInForce };

export interface FoundCandidate {
  text: CandidateText;
  versionId: string;
  version: number;
  revision: number;
}

/**
 * What a replay of a rule or of a schedule tries: the version asked for, else its draft, else what is in review, else
 * what is scheduled and not in force yet.
 * @throws DomainError NOT_FOUND · RULE_INVALID a draft that lacks things
 */
export async function findCandidate(
  ctx: TxCtx,
  of: { subject: ReplaySubject; subjectId: string; versionId?: string },
): Promise<FoundCandidate> {
  return of.subject === "rule" ? ruleCandidate(ctx, of) : feeCandidate(ctx, of);
}

export function candidateOf(text: CandidateText, from: Date): Candidate {
  if (text.subject === "rule") {
    const { ruleId, scope, priority, definition } = text;
    return { subject: "rule", ruleId, scope, priority, plan: compileRule(definition) };
  }
  const { schedule, definition } = text;
  return {
    subject: "fee",
    schedule: {
      ...schedule,
      effectiveFrom: from,
      appliesTo: definition.appliesTo,
      plan: compileSchedule(definition),
    },
  };
}

interface Asked {
  subjectId: string;
  versionId?: string;
}

async function ruleCandidate(ctx: TxCtx, { subjectId, versionId }: Asked): Promise<FoundCandidate> {
  const [rule] = await ctx.tx
    .select()
    .from(splitRules)
    .where(and(eq(splitRules.tenantId, ctx.tenant.id), eq(splitRules.id, subjectId)));
  if (!rule) throw new DomainError("NOT_FOUND", { noun: "rule", id: subjectId });
  const versions = await ctx.tx
    .select()
    .from(splitRuleVersions)
    .where(and(eq(splitRuleVersions.tenantId, ctx.tenant.id), eq(splitRuleVersions.ruleId, subjectId)))
    .orderBy(desc(splitRuleVersions.version));
  const found = choose(ctx, "rule", versions, versionId);
  const { tradeKind, campaignId, productId, merchantId, channelId, tier, priority } = rule;
  const draft = found.definition as DraftDefinition;
  refuseProblems(draftProblems(draft, tradeKind));
  const definition = definitionOfDraft(draft, tradeKind) as SplitRuleDefinition;
  const scope = { tradeKind, campaignId, productId, merchantId, channelId, tier };
  return { ...versionOf(found), text: { subject: "rule", ruleId: rule.id, scope, priority, definition } };
}

async function feeCandidate(ctx: TxCtx, { subjectId, versionId }: Asked): Promise<FoundCandidate> {
  const [head] = await ctx.tx
    .select()
    .from(feeSchedules)
    .where(and(eq(feeSchedules.tenantId, ctx.tenant.id), eq(feeSchedules.id, subjectId)));
  if (!head) throw new DomainError("NOT_FOUND", { noun: "fee_schedule", id: subjectId });
  const versions = await ctx.tx
    .select()
    .from(feeScheduleVersions)
    .where(
      and(eq(feeScheduleVersions.tenantId, ctx.tenant.id), eq(feeScheduleVersions.scheduleId, subjectId)),
    )
    .orderBy(desc(feeScheduleVersions.version));
  const found = choose(ctx, "fee_schedule", versions, versionId);
  const { number, name, role, leg, currency } = head;
  const draft = found.definition as FeeDraft;
  refuseProblems(feeDraftProblems(draft, { role }), "fee_schedule");
  const definition = feeDefinitionOf(draft, { role }) as FeeScheduleDefinition;
  const { id, version } = found;
  return {
    ...versionOf(found),
    text: {
      subject: "fee",
      schedule: { id, scheduleId: head.id, number, name, version, role, leg, currency },
      definition,
    },
  };
}

interface VersionRow {
  id: string;
  version: number;
  revision: number;
  state: "draft" | "in_review" | "scheduled" | "refused" | "withdrawn";
  effectiveFrom: Date | null;
  definition: unknown;
}

function choose<V extends VersionRow>(
  ctx: TxCtx,
  noun: string,
  newestFirst: readonly V[],
  versionId: string | undefined,
): V {
  const now = ctx.clock.now();
  const found = versionId
    ? newestFirst.find(({ id }) => id === versionId)
    : (newestFirst.find(({ state }) => state === "draft") ??
      newestFirst.find(({ state }) => state === "in_review") ??
      newestFirst.find(
        ({ state, effectiveFrom }) => state === "scheduled" && effectiveFrom !== null && effectiveFrom > now,
      ));
  if (!found) throw new DomainError("NOT_FOUND", { noun, id: versionId ?? "draft" });
  return found;
}

function versionOf({ id, version, revision }: VersionRow) {
  return { versionId: id, version, revision };
}
