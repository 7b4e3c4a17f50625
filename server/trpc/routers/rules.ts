import { z } from "zod";
import {
  createRule,
  createRuleVersion,
  getRule,
  listRules,
  withdrawRuleVersion,
} from "@/server/domain/clearing";
import { newRule, newRuleVersion } from "@/server/domain/clearing/schemas";
import { procedure, router } from "../init";

export const rulesRouter = router({
  list: procedure.query(({ ctx }) => listRules(ctx)),
  get: procedure.input(z.object({ id: z.uuid() })).query(({ ctx, input }) => getRule(ctx, input.id)),
  create: procedure.input(newRule).mutation(({ ctx, input }) => createRule(ctx, input)),
  publishVersion: procedure.input(newRuleVersion).mutation(({ ctx, input }) => createRuleVersion(ctx, input)),
  withdrawVersion: procedure
    .input(z.object({ versionId: z.uuid(), reason: z.string().trim().min(1).max(500) }))
    .mutation(({ ctx, input }) => withdrawRuleVersion(ctx, input)),
});
