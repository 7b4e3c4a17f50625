import { z } from "zod";
import {
  approveRuleVersion,
  checkRuleDraft,
  createRule,
  createRuleVersion,
  discardRuleDraft,
  getRule,
  listRules,
  ownTerms,
  refuseRuleVersion,
  ruleWinner,
  saveRuleDraft,
  submitRuleDraft,
  tryTerms,
  withdrawRuleVersion,
} from "@/server/domain/clearing";
import {
  approveRuleVersionInput,
  checkRuleDraftInput,
  discardRuleDraftInput,
  newRule,
  newRuleVersion,
  refuseRuleVersionInput,
  ruleWinnerInput,
  saveRuleDraftInput,
  submitRuleDraftInput,
  tryTermsInput,
} from "@/server/domain/clearing/schemas";
import { procedure, router } from "../init";

export const rulesRouter = router({
  list: procedure.query(({ ctx }) => listRules(ctx)),
  get: procedure.input(z.object({ id: z.uuid() })).query(({ ctx, input }) => getRule(ctx, input.id)),
  create: procedure.input(newRule).mutation(({ ctx, input }) => createRule(ctx, input)),
  publishVersion: procedure.input(newRuleVersion).mutation(({ ctx, input }) => createRuleVersion(ctx, input)),
  withdrawVersion: procedure
    .input(z.object({ versionId: z.uuid(), reason: z.string().trim().min(1).max(500) }))
    .mutation(({ ctx, input }) => withdrawRuleVersion(ctx, input)),
  saveDraft: procedure.input(saveRuleDraftInput).mutation(({ ctx, input }) => saveRuleDraft(ctx, input)),
  discardDraft: procedure
    .input(discardRuleDraftInput)
    .mutation(({ ctx, input }) => discardRuleDraft(ctx, input)),
  submitDraft: procedure
    .input(submitRuleDraftInput)
    .mutation(({ ctx, input }) => submitRuleDraft(ctx, input)),
  approve: procedure
    .input(approveRuleVersionInput)
    .mutation(({ ctx, input }) => approveRuleVersion(ctx, input)),
  refuse: procedure.input(refuseRuleVersionInput).mutation(({ ctx, input }) => refuseRuleVersion(ctx, input)),
  winner: procedure.input(ruleWinnerInput).query(({ ctx, input }) => ruleWinner(ctx, input)),
  terms: procedure.query(({ ctx }) => ownTerms(ctx)),
  tryTerms: procedure.input(tryTermsInput).query(({ ctx, input }) => tryTerms(ctx, input)),
  problems: procedure.input(checkRuleDraftInput).query(({ ctx, input }) => checkRuleDraft(ctx, input)),
});
