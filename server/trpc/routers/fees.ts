import { z } from "zod";
import {
  approveFeeVersion,
  checkFeeDraft,
  discardFeeDraft,
  feeProgress,
  feeSchedulesFor,
  getFeeSchedule,
  listFeeSchedules,
  ownFeeProgress,
  refuseFeeVersion,
  saveFeeDraft,
  submitFeeDraft,
  withdrawFeeVersion,
} from "@/server/domain/clearing";
import {
  approveFeeVersionInput,
  checkFeeDraftInput,
  discardFeeDraftInput,
  feeSchedulesForInput,
  refuseFeeVersionInput,
  saveFeeDraftInput,
  submitFeeDraftInput,
  withdrawFeeVersionInput,
} from "@/server/domain/clearing/fees/schemas";
import { procedure, router } from "../init";

export const feesRouter = router({
  list: procedure.query(({ ctx }) => listFeeSchedules(ctx)),
  get: procedure.input(z.object({ id: z.uuid() })).query(({ ctx, input }) => getFeeSchedule(ctx, input.id)),
  applying: procedure.input(feeSchedulesForInput).query(({ ctx, input }) => feeSchedulesFor(ctx, input)),
  progress: procedure.query(({ ctx }) => ownFeeProgress(ctx)),
  progressOf: procedure
    .input(z.object({ partyId: z.uuid() }))
    .query(({ ctx, input }) => feeProgress(ctx, input)),
  check: procedure.input(checkFeeDraftInput).query(({ ctx, input }) => checkFeeDraft(ctx, input)),
  saveDraft: procedure.input(saveFeeDraftInput).mutation(({ ctx, input }) => saveFeeDraft(ctx, input)),
  discard: procedure.input(discardFeeDraftInput).mutation(({ ctx, input }) => discardFeeDraft(ctx, input)),
  submit: procedure.input(submitFeeDraftInput).mutation(({ ctx, input }) => submitFeeDraft(ctx, input)),
  approve: procedure
    .input(approveFeeVersionInput)
    .mutation(({ ctx, input }) => approveFeeVersion(ctx, input)),
  refuse: procedure.input(refuseFeeVersionInput).mutation(({ ctx, input }) => refuseFeeVersion(ctx, input)),
  withdraw: procedure
    .input(withdrawFeeVersionInput)
    .mutation(({ ctx, input }) => withdrawFeeVersion(ctx, input)),
});
