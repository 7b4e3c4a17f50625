import { and, asc, desc, eq } from "drizzle-orm";
import type { z } from "zod";
import { rawSql } from "@/db/client";
import { splitRules, splitRuleVersions } from "@/db/schema";
import { actorId, type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { startOfLocalDate } from "../calendar";
import { nextNumber } from "../parties";
import { checkScope, refuseProblems } from "./checks";
import { asksForFourEyes, lockRule, wasSubmitted } from "./four-eyes";
import {
  type CheckedRange,
  type DraftDefinition,
  newRule,
  newRuleVersion,
  type SplitRuleDefinition,
  type TradeKind,
} from "./schemas";
import { validateDefinition } from "./validate";

/** What a version is at a moment; derived from its state and the dates of the rule's versions. */
export type VersionStatus =
  | "draft"
  | "in_review"
  | "withdrawn"
  | "refused"
  | "scheduled"
  | "in_force"
  | "superseded"
  | "ended";

export interface RuleVersion {
  id: string;
  version: number;
  status: VersionStatus;
  /** Null of one that is not published and to begin as soon as it is. */
  effectiveFrom: Date | null;
  effectiveTo: Date | null;
  definition: SplitRuleDefinition;
  note: string | null;
  createdByName: string;
  createdAt: Date;
  submittedByName: string | null;
  submittedAt: Date | null;
  /** Who published it, or refused. */
  reviewedByName: string | null;
  reviewedAt: Date | null;
  refusalReason: string | null;
  withdrawnByName: string | null;
  withdrawnAt: Date | null;
  withdrawalReason: string | null;
  /** The orders that it was checked for. */
  checked: CheckedRange | null;
  /** Whether the reader wrote on it, and so cannot publish it where four eyes are asked for. */
  own: boolean;
}

/** What is being written and nobody has submitted; it may lack things. */
export interface RuleDraft {
  version: number;
  revision: number;
  definition: DraftDefinition;
  effectiveFrom: Date | null;
  note: string | null;
  checked: CheckedRange;
  createdByName: string;
  updatedAt: Date;
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
  const parsed = newRule.parse(input);
  const rule = { ...parsed, ...beginning(ctx, parsed.effectiveFrom) };
  return withTransaction(ctx, async (ctx) => {
    checkDefinition(rule.definition, rule.scope.tradeKind);
    await checkEffective(ctx, rule.effectiveFrom);
    await checkScope(ctx, rule.scope);
    const id = newId();
    const [number = ""] = await nextNumber(ctx, "split_rule", "SR");
    await ctx.tx.insert(splitRules).values({
      tenantId: ctx.tenant.id,
      id,
      number,
      name: rule.name,
      tradeKind: rule.scope.tradeKind,
      campaignId: rule.scope.campaignId ?? null,
      productId: rule.scope.productId ?? null,
      merchantId: rule.scope.merchantId ?? null,
      channelId: rule.scope.channelId ?? null,
      tier: rule.scope.tier ?? null,
      priority: rule.priority,
      createdAt: ctx.clock.now(),
    });
    await insertVersion(ctx, id, 1, rule);
    await record(ctx, {
      action: "rule.created",
      subject: { kind: "rule", id },
      data: {
        number,
        name: rule.name,
        scope: rule.scope,
        effectiveFrom: rule.effectiveFrom.toISOString(),
        definition: rule.definition,
      },
    });
    return id;
  });
}

/**
 * Publishes a further version of a rule, in force from a date that is not past; where the tenant asks for four eyes
 * it goes to review. Returns the version's number.
 */
export async function createRuleVersion(ctx: Ctx, input: z.input<typeof newRuleVersion>): Promise<number> {
  requirePermission(ctx, "rule:write");
  if (!asksForFourEyes(ctx)) requirePermission(ctx, "rule:publish");
  const parsed = newRuleVersion.parse(input);
  const draft = { ...parsed, ...beginning(ctx, parsed.effectiveFrom) };
  return withTransaction(ctx, async (ctx) => {
    const rule = await lockRule(ctx, draft.ruleId);
    checkDefinition(draft.definition, rule.tradeKind);
    await checkEffective(ctx, draft.effectiveFrom);
    const versions = await ctx.tx
      .select({
        version: splitRuleVersions.version,
        state: splitRuleVersions.state,
        submittedAt: splitRuleVersions.submittedAt,
        revision: splitRuleVersions.revision,
      })
      .from(splitRuleVersions)
      .where(and(eq(splitRuleVersions.tenantId, ctx.tenant.id), eq(splitRuleVersions.ruleId, draft.ruleId)))
      .orderBy(desc(splitRuleVersions.version));
    const seen = versions.find(wasSubmitted)?.version;
    if (draft.expectedVersion !== undefined && draft.expectedVersion !== seen) {
      throw new DomainError("CONFLICT", { noun: "rule", version: seen });
    }
    const version = (versions[0]?.version ?? 0) + 1;
    await insertVersion(ctx, draft.ruleId, version, draft);
    await record(ctx, {
      action: asksForFourEyes(ctx) ? "rule.version_submitted" : "rule.version_published",
      subject: { kind: "rule", id: draft.ruleId },
      data: {
        number: rule.number,
        version,
        effectiveFrom: draft.effectiveFrom.toISOString(),
        note: draft.note,
        definition: draft.definition,
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
  await withTransaction(ctx, async (ctx) => {
    const where = and(
      eq(splitRuleVersions.tenantId, ctx.tenant.id),
      eq(splitRuleVersions.id, input.versionId),
    );
    const [found] = await ctx.tx.select().from(splitRuleVersions).where(where);
    if (!found) throw new DomainError("NOT_FOUND", { noun: "rule", id: input.versionId });
    await lockRule(ctx, found.ruleId);
    const [row = found] = await ctx.tx.select().from(splitRuleVersions).where(where);
    const pending =
      row.state === "scheduled" && row.effectiveFrom !== null && row.effectiveFrom > ctx.clock.now();
    if (!pending && row.state !== "in_review") {
      throw new DomainError("CONFLICT", { noun: "rule", version: row.version });
    }
    await ctx.tx
      .update(splitRuleVersions)
      .set({
        state: "withdrawn",
        withdrawnAt: ctx.clock.now(),
        withdrawnByName: ctx.actor.name,
        withdrawalReason: input.reason,
      })
      .where(where);
    await record(ctx, {
      action: "rule.version_withdrawn",
      subject: { kind: "rule", id: row.ruleId },
      data: { version: row.version, reason: input.reason },
    });
  });
}

/** Every rule with its versions and its draft, by number. */
export async function listRules(ctx: Ctx): Promise<Rule[]> {
  requirePermission(ctx, "rule:read");
  return withTransaction(ctx, async (ctx) => {
    const [rules, versions] = [
      await ctx.tx
        .select()
        .from(splitRules)
        .where(eq(splitRules.tenantId, ctx.tenant.id))
        .orderBy(asc(splitRules.number)),
      await ctx.tx
        .select()
        .from(splitRuleVersions)
        .where(eq(splitRuleVersions.tenantId, ctx.tenant.id))
        .orderBy(desc(splitRuleVersions.version)),
    ];
    const byRule = Map.groupBy(versions, (v) => v.ruleId);
    return rules
      .map(({ tenantId: _, createdAt: __, ...rule }) => ({
        ...rule,
        versions: withStatus(byRule.get(rule.id) ?? [], ctx.clock.now(), actorId(ctx.actor)),
        draft: draftIn(byRule.get(rule.id) ?? []),
      }))
      .filter(({ versions, draft }) => draft !== null || versions.length > 0); // else a draft thrown away
  });
}

/** One rule with its versions. Throws NOT_FOUND. */
export async function getRule(ctx: Ctx, id: string): Promise<Rule> {
  const rule = (await listRules(ctx)).find((r) => r.id === id);
  if (!rule) throw new DomainError("NOT_FOUND", { noun: "rule", id });
  return rule;
}

type VersionRow = typeof splitRuleVersions.$inferSelect;

function withStatus(rows: VersionRow[], now: Date, reader: string | null): RuleVersion[] {
  const begins = (row: VersionRow) => row.effectiveFrom?.getTime() ?? Number.POSITIVE_INFINITY;
  const published = rows
    .filter((v) => v.state === "scheduled")
    .sort((a, b) => begins(a) - begins(b) || (a.id < b.id ? -1 : 1));
  const current = published.filter((v) => begins(v) <= now.getTime()).at(-1);
  const status = (row: VersionRow): VersionStatus => {
    if (row.state !== "scheduled") return row.state;
    if (begins(row) > now.getTime()) return "scheduled";
    if (row !== current) return "superseded";
    return row.effectiveTo && row.effectiveTo <= now ? "ended" : "in_force";
  };
  return rows
    .filter((row) => row.state !== "draft" && !(row.state === "withdrawn" && !wasSubmitted(row)))
    .map((row) => ({
      id: row.id,
      version: row.version,
      status: status(row),
      effectiveFrom: row.effectiveFrom,
      effectiveTo: row.effectiveTo,
      definition: row.definition as SplitRuleDefinition,
      note: row.note,
      createdByName: row.createdByName,
      createdAt: row.createdAt,
      submittedByName: row.submittedByName,
      submittedAt: row.submittedAt,
      reviewedByName: row.reviewedByName,
      reviewedAt: row.reviewedAt,
      refusalReason: row.refusalReason,
      withdrawnByName: row.withdrawnByName,
      withdrawnAt: row.withdrawnAt,
      withdrawalReason: row.withdrawalReason,
      checked: row.checked as CheckedRange | null,
      own: reader !== null && [...row.editors, row.createdBy, row.submittedBy].includes(reader),
    }));
}

function draftIn(rows: readonly VersionRow[]): RuleDraft | null {
  const row = rows.find(({ state }) => state === "draft");
  if (!row) return null;
  return {
    version: row.version,
    revision: row.revision,
    definition: row.definition as DraftDefinition,
    effectiveFrom: row.effectiveFrom,
    note: row.note,
    checked: row.checked as CheckedRange,
    createdByName: row.createdByName,
    updatedAt: row.updatedAt ?? row.createdAt,
  };
}

/** `onDay`: at a given time, not as soon as it is published. */
function beginning(ctx: Ctx, from: Date | string | undefined): { effectiveFrom: Date; onDay: boolean } {
  if (from === undefined) return { effectiveFrom: ctx.clock.now(), onDay: false };
  return {
    effectiveFrom: typeof from === "string" ? startOfLocalDate(from, ctx.tenant.timezone) : from,
    onDay: true,
  };
}

function checkDefinition(definition: SplitRuleDefinition, tradeKind: TradeKind): void {
  refuseProblems(validateDefinition(definition, tradeKind));
}

/**
 * A version may not begin in the past of anything that was traded: trades keep the rule of their time. Before
 * the first trade (a tenant that brings its history along) any date will do.
 */
async function checkEffective(ctx: TxCtx, effectiveFrom: Date): Promise<void> {
  if (effectiveFrom >= new Date(ctx.clock.now().getTime() - 60_000)) return;
  const [row] = await rawSql(ctx.tx)<{ one: number }[]>`
    select 1 as one from trades where tenant_id = ${ctx.tenant.id} and traded_at >= ${effectiveFrom.toISOString()}::timestamptz limit 1`;
  if (row) throw new DomainError("RULE_INVALID", { problem: "EFFECTIVE_IN_PAST", path: "effectiveFrom" });
}

async function insertVersion(
  ctx: TxCtx,
  ruleId: string,
  version: number,
  draft: { definition: SplitRuleDefinition; effectiveFrom: Date; onDay: boolean; note?: string },
): Promise<void> {
  const by = { id: actorId(ctx.actor), name: ctx.actor.name };
  const now = ctx.clock.now();
  const reviewed = asksForFourEyes(ctx)
    ? null
    : { reviewedBy: by.id, reviewedByName: by.name, reviewedAt: now };
  await ctx.tx.insert(splitRuleVersions).values({
    tenantId: ctx.tenant.id,
    id: newId(),
    ruleId,
    version,
    state: reviewed ? "scheduled" : "in_review",
    effectiveFrom: reviewed || draft.onDay ? draft.effectiveFrom : null,
    definition: draft.definition,
    note: draft.note ?? null,
    createdBy: by.id,
    createdByName: by.name,
    createdAt: now,
    editors: by.id ? [by.id] : [],
    submittedBy: by.id,
    submittedByName: by.name,
    submittedAt: now,
    ...reviewed,
  });
}
