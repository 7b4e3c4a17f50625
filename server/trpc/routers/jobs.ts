import { z } from "zod";
import { cancelJob, getJob, listJobs } from "@/server/domain/outbox";
import { procedure, router } from "../init";

const id = z.uuid();

export const jobsRouter = router({
  list: procedure
    .input(
      z.object({
        kind: z.enum(["issue-vouchers", "void-vouchers", "import-sales", "import-keys", "replay"]).optional(),
        cursor: id.nullish(),
        limit: z.number().int().min(1).max(200).default(50),
      }),
    )
    .query(({ ctx, input }) => listJobs(ctx, input)),
  get: procedure.input(z.object({ id })).query(({ ctx, input }) => getJob(ctx, input.id)),
  cancel: procedure.input(z.object({ id })).mutation(({ ctx, input }) => cancelJob(ctx, input.id)),
});
