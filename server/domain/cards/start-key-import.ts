import { and, eq } from "drizzle-orm";
import type { z } from "zod";
import { cardImports } from "@/db/schema";
import { actorId, type Ctx, requirePermission } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { startJob } from "../outbox";
import { openBatch } from "./batches";
import { expiryReader } from "./expiry";
import { findKeyFile, type KeyFile, keyFileContent } from "./key-files";
import { guessFormat, type KeyFormat, type KeyLine, keyLineReader, LineCutter } from "./key-lines";
import {
  inspectKeyFileInput,
  type KeyLineCode,
  type StartKeyImportInput,
  startKeyImportInput,
} from "./schemas";
import type { KeyFileInspection } from "./types";

/** Lines that are looked at before an import. */
const SAMPLE_LINES = 200;

/** What an uploaded file looks like; shows none of it. Throws NOT_FOUND. */
export async function inspectKeyFile(
  ctx: Ctx,
  input: z.input<typeof inspectKeyFileInput>,
): Promise<KeyFileInspection> {
  requirePermission(ctx, "stock:import");
  const { fileId } = inspectKeyFileInput.parse(input);
  const { lines: _, ...file } = await withTransaction(ctx, (ctx) => findKeyFile(ctx, fileId));
  const lines = await firstLines(ctx, file);
  const format = guessFormat(lines);
  let hasExpiry = false;
  const readExpiry = expiryReader(ctx.tenant.timezone);
  const read = keyLineReader(format, {
    now: ctx.clock.now(),
    expiresAt: null,
    readExpiry: (text) => {
      hasExpiry = true;
      return readExpiry(text);
    },
  });
  const rejected: Partial<Record<KeyLineCode, number>> = {};
  let good = 0;
  let seen = 0;
  for (const line of lines) {
    const reading = read(line);
    if (reading.kind === "blank") continue;
    seen += 1;
    if (reading.kind === "key") good += 1;
    else rejected[reading.code] = (rejected[reading.code] ?? 0) + 1;
  }
  return { file, ...format, hasExpiry, sample: { lines: seen, good, rejected } };
}

/**
 * Opens a batch and leaves an uploaded file for the worker to fill it from. A file is imported once: asked again,
 * this answers with the import that there is.
 * @throws DomainError NOT_FOUND of file or product; INPUT_INVALID (expires in the past)
 */
export async function startKeyImport(
  ctx: Ctx,
  input: StartKeyImportInput,
): Promise<{ importId: string; batchId: string; jobId: string }> {
  requirePermission(ctx, "stock:import");
  const { fileId, productId, cost, expiresAt = null, note, layout } = startKeyImportInput.parse(input);
  if (expiresAt && expiresAt <= ctx.clock.now())
    throw new DomainError("INPUT_INVALID", { path: "expiresAt" });
  return withTransaction(ctx, async (ctx) => {
    const file = await findKeyFile(ctx, fileId);
    const [before] = await ctx.tx
      .select({ importId: cardImports.id, batchId: cardImports.batchId, jobId: cardImports.jobId })
      .from(cardImports)
      .where(and(eq(cardImports.tenantId, ctx.tenant.id), eq(cardImports.fileId, fileId)));
    if (before) return before;
    const guessed = guessFormat(await firstLines(ctx, file));
    const format: KeyFormat = layout === "auto" ? guessed : { ...guessed, layout };
    const batch = await openBatch(ctx, { productId, cost, expiresAt, note: note || null });
    const importId = newId();
    const jobId = await startJob(ctx, {
      kind: "import-keys",
      params: { importId, fileName: file.name },
      total: file.lines,
    });
    await ctx.tx.insert(cardImports).values({
      tenantId: ctx.tenant.id,
      id: importId,
      fileId,
      fileName: file.name,
      fileSize: file.size,
      encoding: file.encoding,
      ...format,
      productId,
      batchId: batch.id,
      jobId,
      reasons: {},
      createdBy: actorId(ctx.actor),
      createdByName: ctx.actor.name,
      createdAt: ctx.clock.now(),
    });
    await record(ctx, {
      action: "card_import.started",
      subject: { kind: "batch", id: batch.id },
      data: { batch: batch.number, productId, cost, file: file.name, size: file.size, lines: file.lines },
    });
    return { importId, batchId: batch.id, jobId };
  });
}

async function firstLines(ctx: Ctx, file: Pick<KeyFile, "id" | "encoding">): Promise<KeyLine[]> {
  const cutter = new LineCutter(file.encoding);
  const lines: KeyLine[] = [];
  let whole = true;
  for await (const piece of keyFileContent(ctx, file.id)) {
    lines.push(...cutter.push(piece));
    whole = lines.length < SAMPLE_LINES;
    if (!whole) break;
  }
  if (whole) lines.push(...cutter.end());
  return lines.slice(0, SAMPLE_LINES);
}
