import { z } from "zod";
import { countLines, getImport, runImport } from "@/server/domain/imports";
import type { JobHandler } from "../run-job";

const params = z.looseObject({ importId: z.uuid() });

/** Brings an uploaded file of past sales into the books. How far it came stands with the import itself. */
export const importSales: JobHandler = async ({ ctx, run, checkpoint }) => {
  const { importId } = params.parse(run.params);
  const { fileId, lines } = await getImport(ctx, { id: importId });
  await checkpoint(lines, undefined, run.total ?? (await countLines(ctx, fileId)));
  const counts = await runImport(ctx, importId, (counts) => checkpoint(counts.lines));
  await checkpoint(counts.lines, undefined, counts.lines);
  return { importId, ...counts };
};
