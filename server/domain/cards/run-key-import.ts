import { and, eq } from "drizzle-orm";
import { plainArray, rawSql } from "@/db/client";
import { cardBatches, cardImports } from "@/db/schema";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { batchToFill, countImported } from "./batches";
import { expiryReader } from "./expiry";
import { forgetKeyFile, keyFileContent } from "./key-files";
import { type KeyLine, keyLineReader, LineCutter } from "./key-lines";
import type { KeyLineCode } from "./schemas";
import { type BatchToFill, type KeyToStore, type PreparedKeys, prepareKeys, storeKeys } from "./store-keys";
import type { KeyImportCounts } from "./types";

/** Lines that a transaction takes. */
const STEP_LINES = 2_000;

type StoredImport = typeof cardImports.$inferSelect;

/**
 * Fills the batch of an import from its file, step by step, from where it stands: each step stores its keys, notes
 * the lines that were none and counts them in one transaction, while the next one is sealed. Whoever calls it again,
 * after a crash or at the same time, goes on behind the last step that was committed. The file is deleted at the end.
 * @param progress called after each step; what it throws ends the run there
 * @throws DomainError NOT_FOUND
 */
export async function runKeyImport(
  ctx: Ctx,
  importId: string,
  progress: (counts: KeyImportCounts) => Promise<void> = async () => {},
  stepLines = STEP_LINES,
): Promise<KeyImportCounts> {
  requirePermission(ctx, "stock:import");
  const { stored, batch, expiresAt } = await loadImport(ctx, importId);
  if (stored.forgottenAt) return countsOf(stored);
  const read = keyLineReader(
    { layout: stored.layout, delimiter: stored.delimiter === "\t" ? "\t" : ",", hasHeader: stored.hasHeader },
    { now: ctx.clock.now(), expiresAt, readExpiry: expiryReader(ctx.tenant.timezone) },
  );
  let counts = countsOf(stored);
  const before = counts.lines;
  let at = 0;
  let step = emptyStep();
  let written: Promise<void> = Promise.resolve();

  const hand = async () => {
    if (step.lines === 0) return;
    const full = step;
    step = emptyStep();
    const keys = await prepareKeys(ctx.tenant.id, batch, full.keys);
    await written;
    written = bookStep(ctx, { importId, batch, before: counts, step: full, keys }).then(async (after) => {
      counts = after;
      await progress(after);
    });
    written.catch(() => {}); // awaited above or below
  };
  const take = async (lines: readonly KeyLine[]) => {
    for (const line of lines) {
      const reading = read(line);
      at += 1;
      if (at <= before) continue;
      step.lines += 1;
      if (reading.kind === "key") step.keys.push({ line: at, ...reading });
      else if (reading.kind === "blank") step.skipped += 1;
      else step.rejected.push({ line: at, code: reading.code });
      if (step.lines >= stepLines) await hand();
    }
  };

  const cutter = new LineCutter(stored.encoding);
  try {
    for await (const piece of keyFileContent(ctx, stored.fileId)) await take(cutter.push(piece));
    await take(cutter.end());
    await hand();
  } finally {
    await written;
  }
  await forgetKeyFile(ctx, importId);
  return counts;
}

async function loadImport(
  ctx: Ctx,
  id: string,
): Promise<{ stored: StoredImport; batch: BatchToFill; expiresAt: Date | null }> {
  return withTransaction(ctx, async (ctx) => {
    const [row] = await ctx.tx
      .select({ stored: cardImports, expiresAt: cardBatches.expiresAt })
      .from(cardImports)
      .innerJoin(
        cardBatches,
        and(eq(cardBatches.tenantId, cardImports.tenantId), eq(cardBatches.id, cardImports.batchId)),
      )
      .where(and(eq(cardImports.tenantId, ctx.tenant.id), eq(cardImports.id, id)));
    if (!row) throw new DomainError("NOT_FOUND", { noun: "import" });
    return { ...row, batch: await batchToFill(ctx, row.stored.batchId) };
  });
}

interface Reject {
  line: number;
  code: KeyLineCode;
}
interface Step {
  lines: number;
  skipped: number;
  keys: KeyToStore[];
  rejected: Reject[];
}
const emptyStep = (): Step => ({ lines: 0, skipped: 0, keys: [], rejected: [] });

interface Work {
  importId: string;
  batch: BatchToFill;
  before: KeyImportCounts;
  step: Step;
  keys: PreparedKeys;
}

/** Books a step unless somebody else did. Two imports of the same keys may lock one another: then it tries again. */
async function bookStep(ctx: Ctx, work: Work): Promise<KeyImportCounts> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await withTransaction(ctx, (ctx) => bookOnce(ctx, work));
    } catch (error) {
      if (!isDeadlock(error) || attempt === 5) throw error;
    }
  }
}

function isDeadlock(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && error.code === "40P01") || isDeadlock(error.cause);
}

async function bookOnce(ctx: TxCtx, { importId, batch, before, step, keys }: Work): Promise<KeyImportCounts> {
  const where = and(eq(cardImports.tenantId, ctx.tenant.id), eq(cardImports.id, importId));
  const [row] = await ctx.tx.select().from(cardImports).where(where).for("update");
  if (!row) throw new DomainError("NOT_FOUND", { noun: "import" });
  if (row.lines >= before.lines + step.lines) return countsOf(row); // another process was here
  if (row.lines !== before.lines) throw new Error("another process is running this import");

  const stored = await storeKeys(ctx, batch, keys);
  const rejected: Reject[] = [...step.rejected, ...stored.rejected];
  await keepRejects(ctx, importId, rejected);
  const reasons = { ...before.reasons };
  for (const { code } of rejected) reasons[code] = (reasons[code] ?? 0) + 1;
  const counts: KeyImportCounts = {
    lines: before.lines + step.lines,
    skipped: before.skipped + step.skipped,
    accepted: before.accepted + stored.accepted,
    rejected: before.rejected + rejected.length,
    reasons,
  };
  await ctx.tx.update(cardImports).set(counts).where(where);
  await countImported(ctx, batch.id, stored.accepted);
  if (stored.accepted > 0) {
    await record(ctx, {
      action: "card_import.stored",
      subject: { kind: "batch", id: batch.id },
      data: {
        lines: [before.lines + 1, counts.lines],
        accepted: stored.accepted,
        rejected: rejected.length,
      },
    });
  }
  return counts;
}

async function keepRejects(ctx: TxCtx, importId: string, rejected: readonly Reject[]): Promise<void> {
  if (rejected.length === 0) return;
  await rawSql(ctx.tx)`
    insert into card_import_rejects (tenant_id, import_id, line, code)
    select ${ctx.tenant.id}, ${importId}, line, code
    from unnest(${plainArray(rejected.map((one) => one.line))}::bigint[], ${rejected.map((one) => one.code)}::text[])
      as r (line, code)`;
}

export function countsOf(row: StoredImport): KeyImportCounts {
  const { lines, skipped, accepted, rejected, reasons } = row;
  return { lines, skipped, accepted, rejected, reasons };
}
