import { z } from "zod";
import { BULK_CHUNK, campaignVerification, issueChunk, prepareCodes } from "@/server/domain/vouchers";
import { JobCancelled, type JobHandler } from "../run-job";

const params = z.object({
  campaignId: z.uuid(),
  count: z.number().int().positive(),
  paid: z.string().transform(BigInt).optional(),
});

/** Goes on from the run's progress, which moves in the transactions of the issues themselves. */
export const issueVouchers: JobHandler = async ({ ctx, run }) => {
  const { campaignId, count, paid = null } = params.parse(run.params);
  const isDynamic = (await campaignVerification(ctx, campaignId)) === "dynamic";
  const prepare = (from: number) => prepareCodes(ctx, isDynamic, Math.min(BULK_CHUNK, count - from));
  let done = run.progress;
  let next = done < count ? prepare(done) : undefined;
  while (next) {
    const codes = await next;
    const from = done;
    done += codes.count;
    const written = issueChunk(ctx, { jobId: run.id, campaignId, paid, from, codes });
    written.catch(() => {}); // awaited below
    next = done < count ? prepare(done) : undefined;
    next?.catch(() => {});
    const { cancelRequested } = await written;
    if (cancelRequested && done < count) throw new JobCancelled();
  }
  return { campaignId, issued: done };
};
