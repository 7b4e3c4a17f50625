import { and, desc, eq } from "drizzle-orm";
import type { z } from "zod";
import { splitRules, splitRuleVersions } from "@/db/schema";
import { actorId, type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { startOfLocalDate } from "../calendar";
import { nextNumber } from "../parties";
import { checkScope, problemsOfDraft, refuseProblems } from "./checks";
import { definitionOfDraft } from "./draft";
import { lockRule, type RuleRow, refuseOwn, type VersionRow, wasSubmitted } from "./four-eyes";
import {
  approveRuleVersionInput,
  type CheckedRange,
  type DraftDefinition,
  discardRuleDraftInput,
  type RuleScope,
  refuseRuleVersionInput,
  type SaveRuleDraftInput,
  saveRuleDraftInput,
  submitRuleDraftInput,
} from "./schemas";

/** The life of a version before it is in force: draft → in review → scheduled, or refused, or withdrawn. */

export interface SavedDraft {
  ruleId: string;
  version: number;
  revision: number;
}

/**
 * Saves a draft as it is, complete or not; a rule has one at most. Clearing never sees it.
 * @throws DomainError NOT_FOUND · CONFLICT somebody else saved it meanwhile, or submitted it
 */
export async function saveRuleDraft(
  ctx: Ctx,
  input: z.input<typeof saveRuleDraftInput>,
): Promise<SavedDraft> {
  requirePermission(ctx, "rule:write");
  const draft = saveRuleDraftInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    await checkScope(ctx, draft.scope);
    const rule = draft.ruleId ? await lockRule(ctx, draft.ruleId) : await insertRule(ctx, draft);
    const versions = await versionsOf(ctx, rule.id);
    const open = versions.find(({ state }) => state === "draft");
    if (open?.revision !== draft.revision)
      throw new DomainError("CONFLICT", { noun: "rule", version: open?.version });
    if (!versions.some(wasSubmitted)) await updateRule(ctx, rule, draft);
    const saved = open
      ? await updateDraft(ctx, open, draft)
      : await insertDraft(ctx, rule.id, versions, draft);
    await record(ctx, {
      action: open ? "rule.draft_saved" : "rule.draft_started",
      subject: { kind: "rule", id: rule.id },
      data: { number: rule.number, version: saved.version, revision: saved.revision },
    });
    return { ruleId: rule.id, version: saved.version, revision: saved.revision };
  });
}

/** Throws a draft away; it stays in the record as withdrawn. */
export async function discardRuleDraft(
  ctx: Ctx,
  input: z.input<typeof discardRuleDraftInput>,
): Promise<void> {
  requirePermission(ctx, "rule:write");
  const { ruleId, revision } = discardRuleDraftInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const rule = await lockRule(ctx, ruleId);
    const draft = await draftAt(ctx, rule, revision);
    await ctx.tx
      .update(splitRuleVersions)
      .set({ state: "withdrawn", withdrawnAt: ctx.clock.now(), withdrawnByName: ctx.actor.name })
      .where(versionIs(ctx, draft.id));
    await record(ctx, {
      action: "rule.draft_discarded",
      subject: { kind: "rule", id: ruleId },
      data: { number: rule.number, version: draft.version },
    });
  });
}

/**
 * Sends a draft to review or, with `publish`, brings it into force where one person may. From here on its text never
 * changes. Returns what became of it.
 * @throws DomainError RULE_INVALID with what is wrong and where · RULE_OWN_DRAFT the tenant asks for four eyes · CONFLICT
 */
export async function submitRuleDraft(
  ctx: Ctx,
  input: z.input<typeof submitRuleDraftInput>,
): Promise<{ version: number; state: "in_review" | "scheduled" }> {
  requirePermission(ctx, "rule:write");
  const { ruleId, revision, publish } = submitRuleDraftInput.parse(input);
  if (publish) requirePermission(ctx, "rule:publish");
  return withTransaction(ctx, async (ctx) => {
    const rule = await lockRule(ctx, ruleId);
    const draft = await draftAt(ctx, rule, revision);
    if (publish) refuseOwn(ctx, { ...draft, editors: [...draft.editors, actorId(ctx.actor) ?? ""] });
    const scope = scopeOf(rule);
    const text = draft.definition as DraftDefinition;
    const checked = draft.checked as CheckedRange;
    if (rule.name === "") refuseProblems([{ code: "VALUE_MISSING", path: ["name"] }]);
    refuseProblems(await problemsOfDraft(ctx, { scope, definition: text, checked }));
    checkNotPast(ctx, draft.effectiveFrom);
    const versions = await versionsOf(ctx, ruleId);
    const version = Math.max(...versions.filter(({ id }) => id !== draft.id).map((v) => v.version), 0) + 1;
    const state = publish ? "scheduled" : "in_review";
    const effectiveFrom = draft.effectiveFrom ?? (publish ? ctx.clock.now() : null);
    if (publish) checkAfterEqual(draft, effectiveFrom, versions);
    const now = ctx.clock.now();
    const by = { id: actorId(ctx.actor), name: ctx.actor.name };
    await ctx.tx
      .update(splitRuleVersions)
      .set({
        state,
        version,
        definition: definitionOfDraft(text, scope.tradeKind),
        effectiveFrom,
        submittedAt: now,
        submittedBy: by.id,
        submittedByName: by.name,
        ...(publish && { reviewedAt: now, reviewedBy: by.id, reviewedByName: by.name }),
      })
      .where(versionIs(ctx, draft.id));
    await record(ctx, {
      action: publish ? "rule.version_published" : "rule.version_submitted",
      subject: { kind: "rule", id: ruleId },
      data: {
        number: rule.number,
        version,
        effectiveFrom: effectiveFrom?.toISOString() ?? null,
        note: draft.note,
        definition: definitionOfDraft(text, scope.tradeKind),
      },
    });
    return { version, state };
  });
}

/**
 * Brings a version in review into force, on its day or at once.
 * @throws DomainError CONFLICT it is not in review any more · RULE_OWN_DRAFT · RULE_INVALID its day is past, or what it names is gone
 */
export async function approveRuleVersion(
  ctx: Ctx,
  input: z.input<typeof approveRuleVersionInput>,
): Promise<{ effectiveFrom: Date }> {
  requirePermission(ctx, "rule:publish");
  const { versionId, atOnce } = approveRuleVersionInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const { rule, version } = await lockInReview(ctx, versionId);
    refuseOwn(ctx, version);
    const now = ctx.clock.now();
    const effectiveFrom = atOnce ? now : (version.effectiveFrom ?? now);
    checkNotPast(ctx, effectiveFrom);
    const definition = version.definition as DraftDefinition;
    const checked = version.checked as CheckedRange | null;
    if (checked) refuseProblems(await problemsOfDraft(ctx, { scope: scopeOf(rule), definition, checked }));
    checkAfterEqual(version, effectiveFrom, await versionsOf(ctx, rule.id));
    await ctx.tx
      .update(splitRuleVersions)
      .set({
        state: "scheduled",
        effectiveFrom,
        reviewedAt: now,
        reviewedBy: actorId(ctx.actor),
        reviewedByName: ctx.actor.name,
      })
      .where(versionIs(ctx, versionId));
    await record(ctx, {
      action: "rule.version_published",
      subject: { kind: "rule", id: rule.id },
      data: {
        number: rule.number,
        version: version.version,
        effectiveFrom: effectiveFrom.toISOString(),
        draftedBy: version.createdByName,
        definition: version.definition,
      },
    });
    return { effectiveFrom };
  });
}

/** Refuses a version in review; the reason stays in its record. */
export async function refuseRuleVersion(
  ctx: Ctx,
  input: z.input<typeof refuseRuleVersionInput>,
): Promise<void> {
  requirePermission(ctx, "rule:publish");
  const { versionId, reason } = refuseRuleVersionInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const { rule, version } = await lockInReview(ctx, versionId);
    await ctx.tx
      .update(splitRuleVersions)
      .set({
        state: "refused",
        refusalReason: reason,
        reviewedAt: ctx.clock.now(),
        reviewedBy: actorId(ctx.actor),
        reviewedByName: ctx.actor.name,
      })
      .where(versionIs(ctx, versionId));
    await record(ctx, {
      action: "rule.version_refused",
      subject: { kind: "rule", id: rule.id },
      data: { number: rule.number, version: version.version, reason },
    });
  });
}

async function lockInReview(ctx: TxCtx, versionId: string): Promise<{ rule: RuleRow; version: VersionRow }> {
  const [found] = await ctx.tx
    .select({ ruleId: splitRuleVersions.ruleId })
    .from(splitRuleVersions)
    .where(versionIs(ctx, versionId));
  if (!found) throw new DomainError("NOT_FOUND", { noun: "rule", id: versionId });
  const rule = await lockRule(ctx, found.ruleId);
  const version = (await versionsOf(ctx, rule.id)).find(({ id }) => id === versionId);
  if (version?.state !== "in_review")
    throw new DomainError("CONFLICT", { noun: "rule", version: version?.version });
  return { rule, version };
}

async function draftAt(ctx: TxCtx, rule: RuleRow, revision: number): Promise<VersionRow> {
  const draft = (await versionsOf(ctx, rule.id)).find(({ state }) => state === "draft");
  if (draft?.revision !== revision)
    throw new DomainError("CONFLICT", { noun: "rule", version: draft?.version });
  return draft;
}

/** Newest first. */
function versionsOf(ctx: TxCtx, ruleId: string): Promise<VersionRow[]> {
  return ctx.tx
    .select()
    .from(splitRuleVersions)
    .where(and(eq(splitRuleVersions.tenantId, ctx.tenant.id), eq(splitRuleVersions.ruleId, ruleId)))
    .orderBy(desc(splitRuleVersions.version));
}

function versionIs(ctx: Ctx, id: string) {
  return and(eq(splitRuleVersions.tenantId, ctx.tenant.id), eq(splitRuleVersions.id, id));
}

async function insertRule(ctx: TxCtx, draft: SaveRuleDraftInput): Promise<RuleRow> {
  const [number = ""] = await nextNumber(ctx, "split_rule", "SR");
  const rule = {
    tenantId: ctx.tenant.id,
    id: newId(),
    number,
    createdAt: ctx.clock.now(),
    ...ruleFields(draft),
  };
  await ctx.tx.insert(splitRules).values(rule);
  return rule;
}

/** What a rule is called and applies to may change as long as nobody else has seen it. */
async function updateRule(ctx: TxCtx, rule: RuleRow, draft: SaveRuleDraftInput): Promise<void> {
  const fields = ruleFields(draft);
  const same = (Object.keys(fields) as (keyof typeof fields)[]).every((key) => rule[key] === fields[key]);
  if (same) return; // clearing is told of each change of a rule
  await ctx.tx
    .update(splitRules)
    .set(fields)
    .where(and(eq(splitRules.tenantId, ctx.tenant.id), eq(splitRules.id, rule.id)));
}

function ruleFields({ name, scope, priority }: SaveRuleDraftInput) {
  return {
    name,
    priority,
    tradeKind: scope.tradeKind,
    campaignId: scope.campaignId ?? null,
    productId: scope.productId ?? null,
    merchantId: scope.merchantId ?? null,
    channelId: scope.channelId ?? null,
    tier: scope.tier ?? null,
  };
}

export function scopeOf({
  tradeKind,
  campaignId,
  productId,
  merchantId,
  channelId,
  tier,
}: RuleRow): RuleScope {
  return { tradeKind, campaignId, productId, merchantId, channelId, tier };
}

async function insertDraft(
  ctx: TxCtx,
  ruleId: string,
  versions: readonly VersionRow[],
  draft: SaveRuleDraftInput,
): Promise<{ version: number; revision: number }> {
  const version = (versions[0]?.version ?? 0) + 1;
  const self = actorId(ctx.actor);
  await ctx.tx.insert(splitRuleVersions).values({
    tenantId: ctx.tenant.id,
    id: newId(),
    ruleId,
    version,
    state: "draft",
    revision: 1,
    createdBy: self,
    createdByName: ctx.actor.name,
    createdAt: ctx.clock.now(),
    editors: self ? [self] : [],
    ...textOf(ctx, draft),
  });
  return { version, revision: 1 };
}

async function updateDraft(
  ctx: TxCtx,
  open: VersionRow,
  draft: SaveRuleDraftInput,
): Promise<{ version: number; revision: number }> {
  const revision = open.revision + 1;
  const self = actorId(ctx.actor);
  await ctx.tx
    .update(splitRuleVersions)
    .set({
      ...textOf(ctx, draft),
      revision,
      editors: [...new Set([...open.editors, ...(self ? [self] : [])])],
    })
    .where(versionIs(ctx, open.id));
  return { version: open.version, revision };
}

function textOf(ctx: TxCtx, draft: SaveRuleDraftInput) {
  return {
    definition: draft.definition,
    effectiveFrom: draft.effectiveFrom ? startOfLocalDate(draft.effectiveFrom, ctx.tenant.timezone) : null,
    note: draft.note || null,
    checked: draft.checked,
    updatedAt: ctx.clock.now(),
  };
}

/** A minute's grace, for the time that asking takes. */
function checkNotPast(ctx: TxCtx, effectiveFrom: Date | null): void {
  if (effectiveFrom !== null && effectiveFrom.getTime() < ctx.clock.now().getTime() - 60_000) {
    refuseProblems([{ code: "EFFECTIVE_IN_PAST", path: ["effectiveFrom"] }]);
  }
}

/**
 * Of versions that begin at the same moment the one made last is in force. A draft that was begun before such a one
 * would be published without ever being so: it has to be begun anew, from what is scheduled.
 */
function checkAfterEqual(
  version: VersionRow,
  effectiveFrom: Date | null,
  versions: readonly VersionRow[],
): void {
  const later = versions.find(
    (other) =>
      other.state === "scheduled" &&
      other.effectiveFrom?.getTime() === effectiveFrom?.getTime() &&
      other.id > version.id,
  );
  if (later) throw new DomainError("CONFLICT", { noun: "rule", version: later.version });
}
