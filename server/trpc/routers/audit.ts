import * as audit from "@/server/domain/audit";
import { auditEntryInput, listAuditInput } from "@/server/domain/audit/schemas";
import { procedure, router } from "../init";

export const auditRouter = router({
  list: procedure.input(listAuditInput).query(({ ctx, input }) => audit.searchAudit(ctx, input)),
  get: procedure.input(auditEntryInput).query(({ ctx, input }) => audit.getAuditEntry(ctx, input)),
  actions: procedure.query(({ ctx }) => audit.auditActions(ctx)),
  verify: procedure.mutation(({ ctx }) => audit.verifyAudit(ctx)),
});
