import type { z } from "zod";
import { type Ctx, requirePermission } from "@/server/core/context";
import { withTransaction } from "@/server/core/transaction";
import { checkScope } from "./checks";
import { approveVersion, discardDraft, refuseVersion, saveDraft, submitDraft } from "./life";
import { RULES, ruleFields } from "./rule-life";
import {
  approveRuleVersionInput,
  discardRuleDraftInput,
  refuseRuleVersionInput,
  saveRuleDraftInput,
  submitRuleDraftInput,
} from "./schemas";

/** Drafts of split rules, and what becomes of them. */

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
  const { ruleId, revision, ...draft } = saveRuleDraftInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    await checkScope(ctx, draft.scope);
    const { definition, effectiveFrom, note, checked } = draft;
    const { id, ...saved } = await saveDraft(ctx, RULES, {
      headId: ruleId,
      revision,
      fields: ruleFields(draft),
      text: { definition, effectiveFrom, note, checked },
    });
    return { ruleId: id, ...saved };
  });
}

/** Throws a draft away; it stays in the record as withdrawn. */
export async function discardRuleDraft(
  ctx: Ctx,
  input: z.input<typeof discardRuleDraftInput>,
): Promise<void> {
  requirePermission(ctx, "rule:write");
  const { ruleId: headId, revision } = discardRuleDraftInput.parse(input);
  await withTransaction(ctx, (ctx) => discardDraft(ctx, RULES, { headId, revision }));
}

/**
 * Sends a draft to review or, with `publish`, brings it into force where one person may. From here on its text never
 * changes. Returns what became of it.
 * @throws DomainError RULE_INVALID with what is wrong and where · RULE_OWN_DRAFT the tenant asks for four eyes ·
 *   RULE_UNCHANGED it says what holds then anyway · CONFLICT
 */
export async function submitRuleDraft(
  ctx: Ctx,
  input: z.input<typeof submitRuleDraftInput>,
): Promise<{ version: number; state: "in_review" | "scheduled" }> {
  requirePermission(ctx, "rule:write");
  const { ruleId: headId, revision, publish } = submitRuleDraftInput.parse(input);
  if (publish) requirePermission(ctx, "rule:publish");
  return withTransaction(ctx, (ctx) => submitDraft(ctx, RULES, { headId, revision, publish }));
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
  const asked = approveRuleVersionInput.parse(input);
  return withTransaction(ctx, (ctx) => approveVersion(ctx, RULES, asked));
}

/** Refuses a version in review; the reason stays in its record. */
export async function refuseRuleVersion(
  ctx: Ctx,
  input: z.input<typeof refuseRuleVersionInput>,
): Promise<void> {
  requirePermission(ctx, "rule:publish");
  const asked = refuseRuleVersionInput.parse(input);
  await withTransaction(ctx, (ctx) => refuseVersion(ctx, RULES, asked));
}
