import { and, eq } from "drizzle-orm";
import { splitRules, type splitRuleVersions } from "@/db/schema";
import { actorId, type Ctx, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";

export type RuleRow = typeof splitRules.$inferSelect;
export type VersionRow = typeof splitRuleVersions.$inferSelect;

/** Whether this actor needs another one to publish a rule. The house itself does not. */
export function asksForFourEyes({ actor, tenant }: Pick<Ctx, "actor" | "tenant">): boolean {
  return actor.kind !== "system" && tenant.settings.ruleFourEyes;
}

/** Throws RULE_OWN_DRAFT for who wrote on a version, where the tenant asks for four eyes. */
export function refuseOwn(
  ctx: Ctx,
  version: Pick<VersionRow, "editors" | "createdBy" | "submittedBy">,
): void {
  const self = actorId(ctx.actor);
  if (!asksForFourEyes(ctx) || self === null) return;
  if ([...version.editors, version.createdBy, version.submittedBy].includes(self)) {
    throw new DomainError("RULE_OWN_DRAFT");
  }
}

/** Whether others have seen it: neither a draft nor one that was thrown away. */
export function wasSubmitted({
  state,
  submittedAt,
  revision,
}: Pick<VersionRow, "state" | "submittedAt" | "revision">): boolean {
  return state !== "draft" && (submittedAt !== null || revision === 0);
}

/** The rule first, always, so that nobody waits for each other in a circle. */
export async function lockRule(ctx: TxCtx, ruleId: string): Promise<RuleRow> {
  const [rule] = await ctx.tx
    .select()
    .from(splitRules)
    .where(and(eq(splitRules.tenantId, ctx.tenant.id), eq(splitRules.id, ruleId)))
    .for("update");
  if (!rule) throw new DomainError("NOT_FOUND", { noun: "rule", id: ruleId });
  return rule;
}
