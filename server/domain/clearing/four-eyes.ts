import { actorId, type Ctx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import type { VersionRow } from "./versions";

/** Whether this actor needs another one to publish a rule or a fee schedule. The house itself does not. */
export function asksForFourEyes({ actor, tenant }: Pick<Ctx, "actor" | "tenant">): boolean {
  return actor.kind !== "system" && tenant.settings.ruleFourEyes;
}

/** Throws RULE_OWN_DRAFT for who wrote on a version, where the tenant asks for four eyes. */
export function refuseOwn(
  ctx: Ctx,
  noun: string,
  version: Pick<VersionRow, "editors" | "createdBy" | "submittedBy">,
): void {
  const self = actorId(ctx.actor);
  if (!asksForFourEyes(ctx) || self === null) return;
  if ([...version.editors, version.createdBy, version.submittedBy].includes(self)) {
    throw new DomainError("RULE_OWN_DRAFT", { noun });
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
