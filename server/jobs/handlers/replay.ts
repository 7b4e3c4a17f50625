import { z } from "zod";
import { runReplay } from "@/server/domain/clearing";
import type { JobHandler } from "../run-job";

const params = z.looseObject({ replayId: z.uuid() });

/** Computes a replay. It keeps nothing on the way: stopped by a crash, it begins anew. */
export const replay: JobHandler = async ({ ctx, run, checkpoint }) => {
  const { replayId } = params.parse(run.params);
  const counts = await runReplay(ctx, replayId, (done, total) => checkpoint(done, undefined, total));
  return { replayId, ...counts };
};
