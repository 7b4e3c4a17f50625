import { z } from "zod";
import { voidChunk } from "@/server/domain/vouchers";
import type { JobHandler } from "../run-job";

const date = z.string().transform((text) => new Date(text));
const params = z.object({
  filter: z.object({
    campaignId: z.uuid().optional(),
    jobId: z.uuid().optional(),
    customerId: z.string().optional(),
    issuedFrom: date.optional(),
    issuedTo: date.optional(),
  }),
  reason: z.string(),
});
const checkpoint = z.object({ after: z.string(), voided: z.number() });

/** Voids what the filter finds, by id; a chunk that was voided but not noted finds nothing more when it is repeated. */
export const voidVouchers: JobHandler = async (job) => {
  const { filter, reason } = params.parse(job.run.params);
  const stopped = checkpoint.safeParse(job.run.checkpoint);
  let { after, voided } = stopped.success ? stopped.data : { after: null, voided: 0 };
  for (;;) {
    const chunk = await voidChunk(job.ctx, { filter, reason, after, jobId: job.run.id });
    if (chunk.last === null) return { voided };
    after = chunk.last;
    voided += chunk.voided;
    await job.checkpoint(voided, { after, voided });
  }
};
