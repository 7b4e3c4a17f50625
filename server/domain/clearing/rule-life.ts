import { and, desc, eq } from "drizzle-orm";
import { splitRules, splitRuleVersions } from "@/db/schema";
import type { TxCtx } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { nextNumber } from "../parties";
import { problemsOfDraft } from "./checks";
import { definitionOfDraft } from "./draft";
import type { Kind } from "./life";
import type { CheckedRange, DraftDefinition, RuleScope } from "./schemas";
import { ofRule, type VersionRow } from "./versions";

export type RuleRow = typeof splitRules.$inferSelect;
export type RuleFields = Omit<RuleRow, "tenantId" | "id" | "number" | "createdAt">;

/** Split rules, as the life of versions asks for them. */
export const RULES: Kind<RuleRow, RuleFields> = {
  noun: "rule",
  action: "rule",
  async create(ctx, fields) {
    const [number = ""] = await nextNumber(ctx, "split_rule", "SR");
    const rule = { tenantId: ctx.tenant.id, id: newId(), number, createdAt: ctx.clock.now(), ...fields };
    await ctx.tx.insert(splitRules).values(rule);
    return rule;
  },
  async change(ctx, id, fields) {
    await ctx.tx.update(splitRules).set(fields).where(ruleIs(ctx, id));
  },
  async lock(ctx, id) {
    const [rule] = await ctx.tx.select().from(splitRules).where(ruleIs(ctx, id)).for("update");
    return rule;
  },
  async versions(ctx, of) {
    const rows = await ctx.tx
      .select()
      .from(splitRuleVersions)
      .where(
        and(
          eq(splitRuleVersions.tenantId, ctx.tenant.id),
          "id" in of ? eq(splitRuleVersions.id, of.id) : eq(splitRuleVersions.ruleId, of.headId),
        ),
      )
      .orderBy(desc(splitRuleVersions.version));
    return rows.map(ofRule);
  },
  async insert(ctx, { headId, ...version }) {
    await ctx.tx.insert(splitRuleVersions).values({ tenantId: ctx.tenant.id, ruleId: headId, ...version });
  },
  async update(ctx, id, set) {
    await ctx.tx
      .update(splitRuleVersions)
      .set(set)
      .where(and(eq(splitRuleVersions.tenantId, ctx.tenant.id), eq(splitRuleVersions.id, id)));
  },
  /** One of the plain forms was checked when it was made. */
  problems: async (ctx, rule, version) =>
    version.checked
      ? problemsOfDraft(ctx, {
          scope: scopeOf(rule),
          definition: textOf(version),
          checked: version.checked as CheckedRange,
        })
      : [],
  dateProblems: () => [],
  definitionOf: (rule, version) => definitionOfDraft(textOf(version), rule.tradeKind),
};

/** What a rule is called and applies to. */
export function ruleFields(rule: { name: string; scope: RuleScope; priority: number }): RuleFields {
  const { name, scope, priority } = rule;
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

function scopeOf({ tradeKind, campaignId, productId, merchantId, channelId, tier }: RuleRow): RuleScope {
  return { tradeKind, campaignId, productId, merchantId, channelId, tier };
}

const textOf = ({ definition }: VersionRow) => definition as DraftDefinition;

function ruleIs(ctx: TxCtx, id: string) {
  return and(eq(splitRules.tenantId, ctx.tenant.id), eq(splitRules.id, id));
}
