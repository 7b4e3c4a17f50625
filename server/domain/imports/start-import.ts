import type { z } from "zod";
import { imports } from "@/db/schema";
import { actorId, type Ctx, requirePermission } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { startJob } from "../outbox";
import { findFile } from "./files";
import { headerOfFile } from "./header-of-file";
import { lineReader } from "./sale-line";
import { startImportInput } from "./schemas";

/**
 * Leaves an uploaded file for the worker to bring into the books. A file whose header does not fit the mapping is
 * refused here.
 * @throws DomainError NOT_FOUND, FILE_EMPTY, FILE_COLUMN_MISSING, FILE_COLUMN_DUPLICATE, LINE_MALFORMED (the header)
 */
export async function startImport(
  ctx: Ctx,
  input: z.input<typeof startImportInput>,
): Promise<{ importId: string; jobId: string }> {
  requirePermission(ctx, "import:write");
  const { fileId, mapping } = startImportInput.parse(input);
  const file = await findFile(ctx, fileId);
  lineReader(mapping, await headerOfFile(ctx, fileId, mapping.delimiter), ctx.clock.now());
  return withTransaction(ctx, async (ctx) => {
    const importId = newId();
    const jobId = await startJob(ctx, { kind: "import-sales", params: { importId, fileName: file.name } });
    await ctx.tx.insert(imports).values({
      tenantId: ctx.tenant.id,
      id: importId,
      fileId,
      mapping,
      jobId,
      createdBy: actorId(ctx.actor),
      createdByName: ctx.actor.name,
      createdAt: ctx.clock.now(),
    });
    await record(ctx, {
      action: "import.started",
      subject: { kind: "import", id: importId },
      data: { file: file.name, size: file.size, sha256: file.sha256, mapping },
    });
    return { importId, jobId };
  });
}
