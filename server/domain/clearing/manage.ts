import { asc, desc, eq } from "drizzle-orm";
import type { z } from "zod";
import { splitRules, splitRuleVersions } from "@/db/schema";
import { actorId, type Ctx, requirePermission } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { beginning, checkNothingTraded } from "./begins";
import { checkScope, refuseProblems } from "./checks";
import { asksForFourEyes, wasSubmitted } from "./four-eyes";
import { insertSubmitted, lockHead, refuseUnchanged, withdrawVersion } from "./life";
import { RULES, ruleFields } from "./rule-life";
import {
  type CheckedRange,
  type DraftDefinition,
  newRule,
  newRuleVersion,
  type SplitRuleDefinition,
  type TradeKind,
} from "./schemas";
import { validateDefinition } from "./validate";
import { type DraftView, draftIn, ofRule, type VersionRow, type VersionView, withStatus } from "./versions";

export type RuleVersion = VersionView<SplitRuleDefinition>;
export interface RuleDraft extends DraftView<DraftDefinition> {
  checked: CheckedRange;
}

export interface Rule {
  id: string;
  number: string;
  name: string;
  tradeKind: TradeKind;
  campaignId: string | null;
  productId: string | null;
  merchantId: string | null;
  channelId: string | null;
  tier: string | null;
  priority: number;
  /** Newest first; without the draft, and without drafts that were thrown away. */
  versions: RuleVersion[];
  draft: RuleDraft | null;
}

/** Creates a rule with its first version, published; in review where the tenant asks for four eyes. Returns its id. */
export async function createRule(ctx: Ctx, input: z.input<typeof newRule>): Promise<string> {
  requirePermission(ctx, "rule:write");
  if (!asksForFourEyes(ctx)) requirePermission(ctx, "rule:publish");
  const rule = newRule.parse(input);
  const { name, scope, definition, note } = rule;
  return withTransaction(ctx, async (ctx) => {
    const begins = await beginning(ctx, rule.effectiveFrom);
    refuseProblems(validateDefinition(definition, scope.tradeKind));
    await checkNothingTraded(ctx, RULES.noun, begins.effectiveFrom);
    await checkScope(ctx, scope);
    const { id, number } = await RULES.create(ctx, ruleFields(rule));
    await insertSubmitted(ctx, RULES, { headId: id, version: 1, definition, note, ...begins });
    await record(ctx, {
      action: "rule.created",
      subject: { kind: "rule", id },
      data: { number, name, scope, effectiveFrom: begins.effectiveFrom.toISOString(), definition },
    });
    return id;
  });
}

/**
 * Publishes a further version of a rule, in force from a date that is not past; where the tenant asks for four eyes
 * it goes to review. Returns the version's number.
 * @throws DomainError RULE_INVALID · RULE_UNCHANGED it says what holds then anyway · CONFLICT
 */
export async function createRuleVersion(ctx: Ctx, input: z.input<typeof newRuleVersion>): Promise<number> {
  requirePermission(ctx, "rule:write");
  if (!asksForFourEyes(ctx)) requirePermission(ctx, "rule:publish");
  const { ruleId, expectedVersion, definition, note, ...made } = newRuleVersion.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const rule = await lockHead(ctx, RULES, ruleId);
    const begins = await beginning(ctx, made.effectiveFrom);
    refuseProblems(validateDefinition(definition, rule.tradeKind));
    await checkNothingTraded(ctx, RULES.noun, begins.effectiveFrom);
    const versions = await RULES.versions(ctx, { headId: ruleId });
    const seen = versions.find(wasSubmitted)?.version;
    if (expectedVersion !== undefined && expectedVersion !== seen) {
      throw new DomainError("CONFLICT", { noun: "rule", version: seen });
    }
    refuseUnchanged(RULES.noun, definition, begins.effectiveFrom, versions);
    const version = (versions[0]?.version ?? 0) + 1;
    await insertSubmitted(ctx, RULES, { headId: ruleId, version, definition, note, ...begins });
    await record(ctx, {
      action: asksForFourEyes(ctx) ? "rule.version_submitted" : "rule.version_published",
      subject: { kind: "rule", id: ruleId },
      data: {
        number: rule.number,
        version,
        effectiveFrom: begins.effectiveFrom.toISOString(),
        note,
        definition,
      },
    });
    return version;
  });
}

/** Takes back a version that is in review or has not begun yet. Throws CONFLICT once it is in force. */
export async function withdrawRuleVersion(
  ctx: Ctx,
  input: { versionId: string; reason: string },
): Promise<void> {
  requirePermission(ctx, "rule:write");
  await withTransaction(ctx, (ctx) => withdrawVersion(ctx, RULES, input));
}

/** Every rule with its versions and its draft, by number. */
export async function listRules(ctx: Ctx): Promise<Rule[]> {
  requirePermission(ctx, "rule:read");
  return withTransaction(ctx, async (ctx) => {
    const rules = await ctx.tx
      .select()
      .from(splitRules)
      .where(eq(splitRules.tenantId, ctx.tenant.id))
      .orderBy(asc(splitRules.number));
    const rows = await ctx.tx
      .select()
      .from(splitRuleVersions)
      .where(eq(splitRuleVersions.tenantId, ctx.tenant.id))
      .orderBy(desc(splitRuleVersions.version));
    const byRule = Map.groupBy(rows.map(ofRule), ({ headId }) => headId);
    return rules
      .map(({ tenantId: _, createdAt: __, ...rule }) => {
        const versions = byRule.get(rule.id) ?? [];
        return {
          ...rule,
          versions: withStatus<SplitRuleDefinition>(versions, ctx.clock.now(), actorId(ctx.actor)),
          draft: ruleDraftIn(versions),
        };
      })
      .filter(({ versions, draft }) => draft !== null || versions.length > 0); // else a draft thrown away
  });
}

/** One rule with its versions. Throws NOT_FOUND. */
export async function getRule(ctx: Ctx, id: string): Promise<Rule> {
  const rule = (await listRules(ctx)).find((r) => r.id === id);
  if (!rule) throw new DomainError("NOT_FOUND", { noun: "rule", id });
  return rule;
}

function ruleDraftIn(versions: readonly VersionRow[]): RuleDraft | null {
  const draft = draftIn<DraftDefinition>(versions);
  const checked = versions.find(({ state }) => state === "draft")?.checked as CheckedRange;
  return draft && { ...draft, checked };
}
