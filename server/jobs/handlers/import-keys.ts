import { z } from "zod";
import { isDomainError } from "@/server/core/errors";
import { forgetKeyFile, getKeyImport, runKeyImport } from "@/server/domain/cards";
import { JobCancelled, type JobHandler } from "../run-job";

const params = z.looseObject({ importId: z.uuid() });

/**
 * Brings an uploaded file of keys into stock. How far it came stands with the import itself. However it ends, the
 * file with the secrets goes.
 */
export const importKeys: JobHandler = async ({ ctx, run, checkpoint }) => {
  const { importId } = params.parse(run.params);
  try {
    const { lines, batchId } = await getKeyImport(ctx, { id: importId });
    await checkpoint(lines);
    const counts = await runKeyImport(ctx, importId, (counts) => checkpoint(counts.lines));
    await checkpoint(counts.lines, undefined, counts.lines);
    return { importId, batchId, ...counts };
  } catch (error) {
    if (error instanceof JobCancelled || isDomainError(error)) await forgetKeyFile(ctx, importId);
    throw error;
  }
};
