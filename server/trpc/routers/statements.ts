import * as settlement from "@/server/domain/settlement";
import {
  listStatementsInput,
  owingInput,
  recordPaymentInput,
  statementFilters,
  statementInput,
  statementTransfersInput,
} from "@/server/domain/settlement/schemas";
import { procedure, router } from "../init";

export const statementsRouter = router({
  list: procedure.input(listStatementsInput).query(({ ctx, input }) => settlement.listStatements(ctx, input)),
  sums: procedure.input(statementFilters).query(({ ctx, input }) => settlement.sumStatements(ctx, input)),
  get: procedure.input(statementInput).query(({ ctx, input }) => settlement.getStatement(ctx, input.id)),
  transfers: procedure
    .input(statementTransfersInput)
    .query(({ ctx, input }) => settlement.listStatementTransfers(ctx, input)),
  owing: procedure.input(owingInput).query(({ ctx, input }) => settlement.listOwing(ctx, input)),
  recordPayment: procedure
    .input(recordPaymentInput)
    .mutation(({ ctx, input }) => settlement.recordPayment(ctx, input)),
});
