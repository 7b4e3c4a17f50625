import type { z } from "zod";
import { type Ctx, requirePermission } from "@/server/core/context";
import { withTransaction } from "@/server/core/transaction";
import { startOfLocalDate } from "../../calendar";
import {
  approveVersion,
  discardDraft,
  refuseVersion,
  saveDraft,
  submitDraft,
  withdrawVersion,
} from "../life";
import type { Problem } from "../schemas";
import { monthProblems, scheduleProblems } from "./checks";
import { SCHEDULES } from "./life";
import {
  approveFeeVersionInput,
  checkFeeDraftInput,
  discardFeeDraftInput,
  refuseFeeVersionInput,
  saveFeeDraftInput,
  submitFeeDraftInput,
  withdrawFeeVersionInput,
} from "./schemas";

/** Drafts of fee schedules, and what becomes of them. */

export interface SavedFeeDraft {
  scheduleId: string;
  version: number;
  revision: number;
}

/**
 * Saves a draft as it is, complete or not; a schedule has one at most. Clearing never sees it.
 * @throws DomainError NOT_FOUND · CONFLICT somebody else saved it meanwhile, or submitted it
 */
export async function saveFeeDraft(
  ctx: Ctx,
  input: z.input<typeof saveFeeDraftInput>,
): Promise<SavedFeeDraft> {
  requirePermission(ctx, "rule:write");
  const { scheduleId, revision, name, scope, ...text } = saveFeeDraftInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const fields = { name, ...scope };
    const { id, ...saved } = await saveDraft(ctx, SCHEDULES, { headId: scheduleId, revision, fields, text });
    return { scheduleId: id, ...saved };
  });
}

/** Throws a draft away; it stays in the record as withdrawn. */
export async function discardFeeDraft(ctx: Ctx, input: z.input<typeof discardFeeDraftInput>): Promise<void> {
  requirePermission(ctx, "rule:write");
  const { scheduleId: headId, revision } = discardFeeDraftInput.parse(input);
  await withTransaction(ctx, (ctx) => discardDraft(ctx, SCHEDULES, { headId, revision }));
}

/**
 * Sends a draft to review or, with `publish`, brings it into force where one person may.
 * @throws DomainError RULE_INVALID with what is wrong and where · RULE_OWN_DRAFT the tenant asks for four eyes ·
 *   RULE_UNCHANGED it says what holds then anyway · CONFLICT
 */
export async function submitFeeDraft(
  ctx: Ctx,
  input: z.input<typeof submitFeeDraftInput>,
): Promise<{ version: number; state: "in_review" | "scheduled" }> {
  requirePermission(ctx, "rule:write");
  const { scheduleId: headId, revision, publish } = submitFeeDraftInput.parse(input);
  if (publish) requirePermission(ctx, "rule:publish");
  return withTransaction(ctx, (ctx) => submitDraft(ctx, SCHEDULES, { headId, revision, publish }));
}

/**
 * Brings a version in review into force, on its day or at once.
 * @throws DomainError CONFLICT it is not in review any more · RULE_OWN_DRAFT · RULE_INVALID its day is past or begins no month, or whom it names is gone
 */
export async function approveFeeVersion(
  ctx: Ctx,
  input: z.input<typeof approveFeeVersionInput>,
): Promise<{ effectiveFrom: Date }> {
  requirePermission(ctx, "rule:publish");
  const asked = approveFeeVersionInput.parse(input);
  return withTransaction(ctx, (ctx) => approveVersion(ctx, SCHEDULES, asked));
}

/** Refuses a version in review; the reason stays in its record. */
export async function refuseFeeVersion(
  ctx: Ctx,
  input: z.input<typeof refuseFeeVersionInput>,
): Promise<void> {
  requirePermission(ctx, "rule:publish");
  const asked = refuseFeeVersionInput.parse(input);
  await withTransaction(ctx, (ctx) => refuseVersion(ctx, SCHEDULES, asked));
}

/**
 * Takes back a version that is in review or has not begun yet.
 * @throws DomainError CONFLICT once it is in force · RULE_INVALID one after it would then begin within a counted month
 */
export async function withdrawFeeVersion(
  ctx: Ctx,
  input: z.input<typeof withdrawFeeVersionInput>,
): Promise<void> {
  requirePermission(ctx, "rule:write");
  const asked = withdrawFeeVersionInput.parse(input);
  await withTransaction(ctx, (ctx) => withdrawVersion(ctx, SCHEDULES, asked));
}

/**
 * All that keeps a draft from being published, each at its field: what the definition says, whom the tenant does not
 * have, and a day that it cannot begin on.
 */
export async function checkFeeDraft(ctx: Ctx, input: z.input<typeof checkFeeDraftInput>): Promise<Problem[]> {
  requirePermission(ctx, "rule:write");
  const { scheduleId, scope, definition, effectiveFrom } = checkFeeDraftInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const now = ctx.clock.now();
    const from = effectiveFrom === null ? now : startOfLocalDate(effectiveFrom, ctx.tenant.timezone);
    const versions = scheduleId ? await SCHEDULES.versions(ctx, { headId: scheduleId }) : [];
    const past: Problem[] = from < now ? [{ code: "EFFECTIVE_IN_PAST", path: ["effectiveFrom"] }] : [];
    return [
      ...(await scheduleProblems(ctx, scope, definition)),
      ...past,
      ...monthProblems(ctx, { method: definition.method, from }, versions),
    ];
  });
}
