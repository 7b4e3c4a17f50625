import { and, asc, desc, eq, gt, lt } from "drizzle-orm";
import type { z } from "zod";
import { files, importRejects, imports, jobRuns } from "@/db/schema";
import { type Ctx, requirePermission } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { CsvReader, countLineFeeds } from "./csv-reader";
import { fileContent } from "./files";
import { headerOfFile } from "./header-of-file";
import type { ImportCounts } from "./run-import";
import {
  importIdInput,
  listImportsInput,
  listRejectsInput,
  type SalesMapping,
  salesMapping,
} from "./schemas";

export interface ImportRow extends ImportCounts {
  id: string;
  fileName: string;
  fileSize: number;
  currency: string;
  jobId: string | null;
  state: (typeof jobRuns.$inferSelect)["state"];
  /** Lines of the file, once they were counted. */
  total: number | null;
  error: { code: string; params: Record<string, unknown> } | null;
  createdByName: string;
  createdAt: Date;
  finishedAt: Date | null;
}
export interface ImportDetail extends ImportRow {
  fileId: string;
  sha256: string;
  mapping: SalesMapping;
}
export interface ImportReject {
  line: number;
  codes: string[];
  raw: string;
}

export async function listImports(
  ctx: Ctx,
  input: z.input<typeof listImportsInput>,
): Promise<{ items: ImportRow[]; nextCursor: string | null }> {
  requirePermission(ctx, "import:read");
  const { cursor, limit } = listImportsInput.parse(input);
  return withTransaction(ctx, async ({ tx }) => {
    const rows = await selectImports(tx)
      .where(and(eq(imports.tenantId, ctx.tenant.id), cursor ? lt(imports.id, cursor) : undefined))
      .orderBy(desc(imports.id))
      .limit(limit + 1);
    const items = rows.slice(0, limit).map(rowOf);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  });
}

/** One import. Throws NOT_FOUND. */
export async function getImport(ctx: Ctx, input: z.input<typeof importIdInput>): Promise<ImportDetail> {
  requirePermission(ctx, "import:read");
  const { id } = importIdInput.parse(input);
  return withTransaction(ctx, async ({ tx }) => {
    const [row] = await selectImports(tx).where(and(eq(imports.tenantId, ctx.tenant.id), eq(imports.id, id)));
    if (!row) throw new DomainError("NOT_FOUND", { noun: "import", id });
    return {
      ...rowOf(row),
      fileId: row.imports.fileId,
      sha256: row.files.sha256.toString("hex"),
      mapping: salesMapping.parse(row.imports.mapping),
    };
  });
}

/** Rejected lines by line number. The cursor is the last line shown. */
export async function listRejects(
  ctx: Ctx,
  input: z.input<typeof listRejectsInput>,
): Promise<{ items: ImportReject[]; nextCursor: string | null }> {
  requirePermission(ctx, "import:read");
  const { importId, cursor, limit } = listRejectsInput.parse(input);
  const after = cursor ? Number(cursor) : 0;
  await getImport(ctx, { id: importId });
  return withTransaction(ctx, async ({ tx }) => {
    const rows = await tx
      .select({ line: importRejects.line, codes: importRejects.codes, raw: importRejects.raw })
      .from(importRejects)
      .where(
        and(
          eq(importRejects.tenantId, ctx.tenant.id),
          eq(importRejects.importId, importId),
          gt(importRejects.line, after),
        ),
      )
      .orderBy(asc(importRejects.line))
      .limit(limit + 1);
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? String(items.at(-1)?.line) : null };
  });
}

/**
 * The rejected lines of an import under the columns of their file, to be corrected and imported again.
 * `fields` is null where a line could not be taken apart.
 */
export async function rejectsOfFile(
  ctx: Ctx,
  importId: string,
): Promise<{
  fileName: string;
  columns: { name: string; isAmount: boolean }[];
  rows: AsyncGenerator<ImportReject & { fields: string[] | null }>;
}> {
  const { fileId, fileName, mapping } = await getImport(ctx, { id: importId });
  const header = await headerOfFile(ctx, fileId, mapping.delimiter);
  const amounts = [mapping.amount.column, mapping.onlyAbove, ...mapping.discounts.map((one) => one.column)];
  async function* rows() {
    for await (const reject of eachReject(ctx, importId)) {
      const reader = new CsvReader(mapping.delimiter);
      const [record] = [...reader.push(Buffer.from(reject.raw)), ...reader.end()];
      const fields = record?.fields?.length === header.length ? record.fields : null;
      yield { ...reject, fields };
    }
  }
  return {
    fileName,
    columns: header.map((name) => ({ name, isAmount: amounts.includes(name) })),
    rows: rows(),
  };
}

/** Every rejected line of an import, by line number. */
export async function* eachReject(ctx: Ctx, importId: string): AsyncGenerator<ImportReject> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listRejects>> = await listRejects(ctx, {
      importId,
      cursor,
      limit: 200,
    });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor);
}

/** Lines of a file below its header, for the progress of an import; blank ones included. */
export async function countLines(ctx: Ctx, fileId: string): Promise<number> {
  requirePermission(ctx, "import:read");
  let count = 0;
  let last = 0;
  for await (const piece of fileContent(ctx, fileId)) {
    count += countLineFeeds(piece);
    last = piece.at(-1) ?? last;
  }
  return Math.max(0, last === 0x0a ? count - 1 : count);
}

type Joined = {
  imports: typeof imports.$inferSelect;
  files: Pick<typeof files.$inferSelect, "name" | "size" | "sha256">;
  job_runs: typeof jobRuns.$inferSelect | null;
};

function selectImports(tx: Parameters<Parameters<typeof withTransaction>[1]>[0]["tx"]) {
  return tx
    .select({
      imports,
      files: { name: files.name, size: files.size, sha256: files.sha256 },
      job_runs: jobRuns,
    })
    .from(imports)
    .innerJoin(files, and(eq(files.tenantId, imports.tenantId), eq(files.id, imports.fileId)))
    .leftJoin(jobRuns, and(eq(jobRuns.tenantId, imports.tenantId), eq(jobRuns.id, imports.jobId)))
    .$dynamic();
}

function rowOf({ imports: row, files: file, job_runs: job }: Joined): ImportRow {
  return {
    id: row.id,
    fileName: file.name,
    fileSize: file.size,
    currency: salesMapping.parse(row.mapping).currency,
    jobId: row.jobId,
    state: job?.state ?? "queued",
    total: job?.total ?? null,
    error: job?.error ?? null,
    lines: row.lines,
    skipped: row.skipped,
    accepted: row.accepted,
    repeated: row.repeated,
    rejected: row.rejected,
    createdByName: row.createdByName,
    createdAt: row.createdAt,
    finishedAt: job?.finishedAt ?? null,
  };
}
