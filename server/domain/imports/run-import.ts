import { and, eq } from "drizzle-orm";
import { rawSql } from "@/db/client";
import { imports } from "@/db/schema";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError, type ErrorCode } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { postCleared } from "../clearing";
import { openBooks } from "../ledger";
import { clearLines, type LineToClear } from "./clear-lines";
import { type CsvRecord, readCsv } from "./csv-reader";
import { fileContent } from "./files";
import { Occurrences } from "./occurrences";
import { externalRefOf, headerOf, type LineReading, lineReader } from "./sale-line";
import { type SalesMapping, salesMapping } from "./schemas";

/** lines = skipped + accepted + repeated + rejected, at every moment. */
export interface ImportCounts {
  lines: number;
  skipped: number;
  accepted: number;
  repeated: number;
  rejected: number;
}

/** How much a transaction takes: lines, and of these redemptions. */
const STEP = { lines: 20_000, sales: 1_000 };

interface Running {
  id: string;
  fileId: string;
  mapping: SalesMapping;
  createdBy: string | null;
}

/**
 * Brings the lines of an import into the books, step by step, from where it stands: each step posts its trades,
 * keeps its rejected lines and counts them in one transaction. Whoever calls it again, after a crash or at the
 * same time, goes on behind the last step that was committed.
 * @param progress called after each step; what it throws ends the run there
 * @throws DomainError NOT_FOUND, FILE_EMPTY, FILE_COLUMN_MISSING, FILE_COLUMN_DUPLICATE, LINE_MALFORMED (the header)
 */
export async function runImport(
  ctx: Ctx,
  importId: string,
  progress: (counts: ImportCounts) => Promise<void> = async () => {},
  stepSize = STEP,
): Promise<ImportCounts> {
  requirePermission(ctx, "import:write");
  const { running, counts: before } = await loadImport(ctx, importId);
  let counts = before;
  const seen = new Occurrences();
  let read: ((record: CsvRecord) => LineReading) | null = null;
  /** Lines that were read; those up to `counts.lines` are booked. */
  let at = 0;
  let step = emptyStep();

  const book = async () => {
    if (step.lines === 0) return;
    counts = await bookStep(ctx, running, counts, step);
    step = emptyStep();
    await progress(counts);
  };

  for await (const records of readCsv(fileContent(ctx, running.fileId), running.mapping.delimiter)) {
    for (const record of records) {
      if (!read) {
        read = lineReader(running.mapping, headerOf(record), ctx.clock.now());
        continue;
      }
      const reading = read(record);
      at += 1;
      // A line's reference counts its likes before it, booked or not.
      const sale =
        reading.kind === "sale"
          ? { sale: reading.sale, externalRef: externalRefOf(reading.sale, seen.count(reading.sale.key)) }
          : null;
      if (at <= counts.lines) continue;
      step.lines += 1;
      if (sale) step.sales.push(sale);
      else if (reading.kind === "rejected") step.rejected.push(reading);
      else step.skipped += 1;
      if (step.lines >= stepSize.lines || step.sales.length >= stepSize.sales) await book();
    }
  }
  if (!read) throw new DomainError("FILE_EMPTY");
  await book();
  return counts;
}

/** The counts of an import; its file and mapping. Throws NOT_FOUND. */
async function loadImport(ctx: Ctx, id: string): Promise<{ running: Running; counts: ImportCounts }> {
  return withTransaction(ctx, async ({ tx }) => {
    const [row] = await tx
      .select()
      .from(imports)
      .where(and(eq(imports.tenantId, ctx.tenant.id), eq(imports.id, id)));
    if (!row) throw new DomainError("NOT_FOUND", { noun: "import", id });
    const { fileId, createdBy } = row;
    return {
      counts: countsOf(row),
      running: { id, fileId, createdBy, mapping: salesMapping.parse(row.mapping) },
    };
  });
}

interface Step {
  lines: number;
  skipped: number;
  sales: LineToClear[];
  rejected: { record: CsvRecord; codes: ErrorCode[] }[];
}
const emptyStep = (): Step => ({ lines: 0, skipped: 0, sales: [], rejected: [] });

/**
 * Books a step unless somebody else did. Another import may bring the same sales, or open the same parties, at the
 * same moment: then it looks again.
 */
async function bookStep(ctx: Ctx, running: Running, before: ImportCounts, step: Step): Promise<ImportCounts> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await withTransaction(ctx, (ctx) => bookOnce(ctx, running, before, step));
    } catch (error) {
      if (!isCollision(error) || attempt === 5) throw error;
    }
  }
}

/** PostgreSQL's unique_violation and deadlock_detected, and what parties make of the former. */
function isCollision(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : null;
  return code === "23505" || code === "40P01" || code === "EXTERNAL_ID_TAKEN" || isCollision(error.cause);
}

async function bookOnce(
  ctx: TxCtx,
  running: Running,
  before: ImportCounts,
  step: Step,
): Promise<ImportCounts> {
  const [row] = await ctx.tx
    .select()
    .from(imports)
    .where(and(eq(imports.tenantId, ctx.tenant.id), eq(imports.id, running.id)))
    .for("update");
  if (!row) throw new DomainError("NOT_FOUND", { noun: "import", id: running.id });
  if (row.lines >= before.lines + step.lines) return countsOf(row); // another process was here
  if (row.lines !== before.lines) throw new Error("another process is running this import");

  const books = await openBooks(ctx);
  const { results, opened } = await clearLines(ctx, books, running.mapping, step.sales, running.createdBy);
  const rejected = [...step.rejected];
  let repeated = 0;
  const accepted = results.flatMap((result, i) => {
    if (result.kind === "accepted") return [result.cleared];
    const line = step.sales[i];
    if (result.kind === "rejected" && line) rejected.push({ record: line.sale.record, codes: result.codes });
    else repeated += 1;
    return [];
  });
  await postCleared(ctx, books, accepted);
  await keepRejects(ctx, running.id, rejected);
  const counts: ImportCounts = {
    lines: before.lines + step.lines,
    skipped: before.skipped + step.skipped,
    accepted: before.accepted + accepted.length,
    repeated: before.repeated + repeated,
    rejected: before.rejected + rejected.length,
  };
  await ctx.tx
    .update(imports)
    .set(counts)
    .where(and(eq(imports.tenantId, ctx.tenant.id), eq(imports.id, running.id)));
  if (accepted.length > 0) {
    await record(ctx, {
      action: "import.posted",
      subject: { kind: "import", id: running.id },
      data: {
        lines: [before.lines + 1, counts.lines],
        accepted: accepted.length,
        repeated,
        rejected: rejected.length,
        partiesOpened: opened,
      },
    });
  }
  return counts;
}

async function keepRejects(
  ctx: TxCtx,
  importId: string,
  rejected: readonly { record: CsvRecord; codes: ErrorCode[] }[],
): Promise<void> {
  if (rejected.length === 0) return;
  await rawSql(ctx.tx)`
    insert into import_rejects (tenant_id, import_id, line, codes, raw)
    select ${ctx.tenant.id}, ${importId}, line, string_to_array(codes, ' '), raw
    from unnest(${rejected.map(({ record }) => record.line)}::bigint[], ${rejected.map(({ codes }) => codes.join(" "))}::text[],
      ${rejected.map(({ record }) => record.raw)}::text[]) as r (line, codes, raw)`;
}

function countsOf(row: ImportCounts): ImportCounts {
  const { lines, skipped, accepted, repeated, rejected } = row;
  return { lines, skipped, accepted, repeated, rejected };
}
