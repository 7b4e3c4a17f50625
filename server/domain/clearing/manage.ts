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
import { newRule, newRuleVersion, type Problem, type SplitRuleDefinition, type TradeKind } from "./schemas";
import { validateDefinition } from "./validate";

/** What a version is at a moment; derived from its state and the dates of the rule's versions. */
export type VersionStatus =
  | "draft"
  | "in_review"
  | "withdrawn"
  | "scheduled"
  | "in_force"
  | "superseded"
  | "ended";

export interface RuleVersion {
  id: string;
  version: number;
  status: VersionStatus;
  effectiveFrom: Date;
  effectiveTo: Date | null;
  definition: SplitRuleDefinition;
  note: string | null;
  createdByName: string;
  createdAt: Date;
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
  /** Newest first. */
  versions: RuleVersion[];
}

/** Creates a rule with its first version, published. Returns the rule's id. */
export async function createRule(ctx: Ctx, input: z.input<typeof newRule>): Promise<string> {
  requirePermission(ctx, "rule:write");
  const parsed = newRule.parse(input);
  const rule = { ...parsed, effectiveFrom: beginning(ctx, parsed.effectiveFrom) };
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

/** Publishes a further version of a rule, in force from a date that is not past. Returns the version's number. */
export async function createRuleVersion(ctx: Ctx, input: z.input<typeof newRuleVersion>): Promise<number> {
  requirePermission(ctx, "rule:write");
  const parsed = newRuleVersion.parse(input);
  const draft = { ...parsed, effectiveFrom: beginning(ctx, parsed.effectiveFrom) };
  return withTransaction(ctx, async (ctx) => {
    const [rule] = await ctx.tx
      .select()
      .from(splitRules)
      .where(and(eq(splitRules.tenantId, ctx.tenant.id), eq(splitRules.id, draft.ruleId)))
      .for("update");
    if (!rule) throw new DomainError("NOT_FOUND", { noun: "rule", id: draft.ruleId });
    checkDefinition(draft.definition, rule.tradeKind);
    await checkEffective(ctx, draft.effectiveFrom);
    const [last] = await ctx.tx
      .select({ version: splitRuleVersions.version })
      .from(splitRuleVersions)
      .where(and(eq(splitRuleVersions.tenantId, ctx.tenant.id), eq(splitRuleVersions.ruleId, draft.ruleId)))
      .orderBy(desc(splitRuleVersions.version))
      .limit(1);
    if (draft.expectedVersion !== undefined && draft.expectedVersion !== last?.version) {
      throw new DomainError("CONFLICT", { noun: "rule", version: last?.version });
    }
    const version = (last?.version ?? 0) + 1;
    await insertVersion(ctx, draft.ruleId, version, draft);
    await record(ctx, {
      action: "rule.version_published",
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

/** Takes back a version that has not begun yet. Throws CONFLICT once it is in force. */
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
    const [row] = await ctx.tx.select().from(splitRuleVersions).where(where).for("update");
    if (!row) throw new DomainError("NOT_FOUND", { noun: "rule", id: input.versionId });
    if (row.state !== "scheduled" || row.effectiveFrom <= ctx.clock.now()) {
      throw new DomainError("CONFLICT", { noun: "rule", version: row.version });
    }
    await ctx.tx.update(splitRuleVersions).set({ state: "withdrawn" }).where(where);
    await record(ctx, {
      action: "rule.version_withdrawn",
      subject: { kind: "rule", id: row.ruleId },
      data: { version: row.version, reason: input.reason },
    });
  });
}

/** Every rule with its versions, by number. */
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
    return rules.map(({ tenantId: _, createdAt: __, ...rule }) => ({
      ...rule,
      versions: withStatus(byRule.get(rule.id) ?? [], ctx.clock.now()),
    }));
  });
}

/** One rule with its versions. Throws NOT_FOUND. */
export async function getRule(ctx: Ctx, id: string): Promise<Rule> {
  const rule = (await listRules(ctx)).find((r) => r.id === id);
  if (!rule) throw new DomainError("NOT_FOUND", { noun: "rule", id });
  return rule;
}

function withStatus(rows: (typeof splitRuleVersions.$inferSelect)[], now: Date): RuleVersion[] {
  const published = rows
    .filter((v) => v.state === "scheduled")
    .sort((a, b) => a.effectiveFrom.getTime() - b.effectiveFrom.getTime() || a.version - b.version);
  const begun = published.filter((v) => v.effectiveFrom <= now);
  const current = begun.at(-1);
  const status = (row: (typeof rows)[number]): VersionStatus => {
    if (row.state !== "scheduled") return row.state;
    if (row.effectiveFrom > now) return "scheduled";
    if (row !== current) return "superseded";
    return row.effectiveTo && row.effectiveTo <= now ? "ended" : "in_force";
  };
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    status: status(row),
    effectiveFrom: row.effectiveFrom,
    effectiveTo: row.effectiveTo,
    definition: row.definition as SplitRuleDefinition,
    note: row.note,
    createdByName: row.createdByName,
    createdAt: row.createdAt,
  }));
}

function beginning(ctx: Ctx, from: Date | string | undefined): Date {
  if (from === undefined) return ctx.clock.now();
  return typeof from === "string" ? startOfLocalDate(from, ctx.tenant.timezone) : from;
}

function checkDefinition(definition: SplitRuleDefinition, tradeKind: TradeKind): void {
  const problems = validateDefinition(definition, tradeKind);
  const [first] = problems;
  if (first) {
    throw new DomainError("RULE_INVALID", {
      problem: first.code,
      path: first.path.join("."),
      problems: problems.map((p: Problem) => `${p.path.join(".")}: ${p.code}`).join("; "),
    });
  }
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

async function checkScope(ctx: TxCtx, scope: z.output<typeof newRule>["scope"]): Promise<void> {
  const parties = [scope.merchantId, scope.channelId].filter((id): id is string => Boolean(id));
  const [row] = await rawSql(ctx.tx)<{ parties: bigint; campaigns: bigint }[]>`
    select (select count(*) from parties where tenant_id = ${ctx.tenant.id} and id = any(${parties}::uuid[])) as parties,
      (select count(*) from campaigns where tenant_id = ${ctx.tenant.id} and id = ${scope.campaignId ?? null}::uuid) as campaigns`;
  if (Number(row?.parties ?? 0) !== new Set(parties).size)
    throw new DomainError("NOT_FOUND", { noun: "party" });
  if (scope.campaignId && Number(row?.campaigns ?? 0) !== 1)
    throw new DomainError("NOT_FOUND", { noun: "campaign" });
}

async function insertVersion(
  ctx: TxCtx,
  ruleId: string,
  version: number,
  draft: { definition: SplitRuleDefinition; effectiveFrom: Date; note?: string },
): Promise<void> {
  await ctx.tx.insert(splitRuleVersions).values({
    tenantId: ctx.tenant.id,
    id: newId(),
    ruleId,
    version,
    state: "scheduled",
    effectiveFrom: draft.effectiveFrom,
    definition: draft.definition,
    note: draft.note ?? null,
    createdBy: actorId(ctx.actor),
    createdByName: ctx.actor.name,
    createdAt: ctx.clock.now(),
  });
}
