import * as settlement from "@/server/domain/settlement";
import { closeBooksInput, listRunsInput, runInput } from "@/server/domain/settlement/schemas";
import { procedure, router } from "../init";

export const settlementRouter = router({
  runs: procedure.input(listRunsInput).query(({ ctx, input }) => settlement.listRuns(ctx, input)),
  run: procedure.input(runInput).query(({ ctx, input }) => settlement.getRun(ctx, input.id)),
  preview: procedure.input(closeBooksInput).query(({ ctx, input }) => settlement.previewClosing(ctx, input)),
  close: procedure.input(closeBooksInput).mutation(({ ctx, input }) => settlement.closeBooks(ctx, input)),
  state: procedure.input(runInput).mutation(({ ctx, input }) => settlement.stateRun(ctx, input.id)),
});
