import type { z } from "zod";
import { type RawSql, rawSql } from "@/db/client";
import { type Ctx, partyScope, requirePermission, type TxCtx } from "@/server/core/context";
import { decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import type { KeyFileEncoding } from "./key-lines";
import {
  type KeyLayout,
  type KeyLineCode,
  keyImportIdInput,
  listKeyImportsInput,
  listKeyRejectsInput,
} from "./schemas";
import type { KeyImportCounts, KeyImportRow, KeyReject } from "./types";

/** Imports of keys, newest first. A supplier sees those of its products. */
export async function listKeyImports(
  ctx: Ctx,
  input: z.input<typeof listKeyImportsInput>,
): Promise<{ items: KeyImportRow[]; nextCursor: string | null }> {
  requirePermission(ctx, "stock:read");
  const { cursor, limit, productId } = listKeyImportsInput.parse(input);
  const before = decodeCursor(cursor, ["id"])?.[0];
  return withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const rows = await sql<StoredRow[]>`
      ${selectImports(ctx, sql)}
      ${before ? sql`and i.id < ${before}` : sql``}
      ${productId ? sql`and i.product_id = ${productId}` : sql``}
      order by i.id desc limit ${limit + 1}`;
    const items = rows.slice(0, limit).map(rowOf);
    return { items, nextCursor: rows.length > limit ? encodeCursor([items.at(-1)?.id ?? ""]) : null };
  });
}

/** One import. Throws NOT_FOUND. */
export async function getKeyImport(ctx: Ctx, input: z.input<typeof keyImportIdInput>): Promise<KeyImportRow> {
  requirePermission(ctx, "stock:read");
  const { id } = keyImportIdInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const [row] = await sql<StoredRow[]>`${selectImports(ctx, sql)} and i.id = ${id}`;
    if (!row) throw new DomainError("NOT_FOUND", { noun: "import" });
    return rowOf(row);
  });
}

/** Lines that did not become keys, by number. The cursor is the last line shown. Throws NOT_FOUND of the import. */
export async function listKeyRejects(
  ctx: Ctx,
  input: z.input<typeof listKeyRejectsInput>,
): Promise<{ items: KeyReject[]; nextCursor: string | null }> {
  const { importId, code, cursor, limit } = listKeyRejectsInput.parse(input);
  await getKeyImport(ctx, { id: importId });
  return withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const rows = await sql<{ line: bigint; code: KeyLineCode }[]>`
      select line, code from card_import_rejects
      where tenant_id = ${ctx.tenant.id} and import_id = ${importId} and line > ${cursor ?? "0"}::bigint
      ${code ? sql`and code = ${code}` : sql``}
      order by line limit ${limit + 1}`;
    const items = rows.slice(0, limit).map((row) => ({ line: Number(row.line), code: row.code }));
    return { items, nextCursor: rows.length > limit ? String(items.at(-1)?.line) : null };
  });
}

/** Every line that did not become a key, for the report. */
export async function* eachKeyReject(ctx: Ctx, importId: string): AsyncGenerator<KeyReject> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listKeyRejects>> = await listKeyRejects(ctx, {
      importId,
      cursor,
      limit: 200,
    });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor);
}

interface StoredRow {
  id: string;
  file_name: string;
  file_size: bigint;
  encoding: KeyFileEncoding;
  layout: KeyLayout;
  product_id: string;
  product_name: string;
  batch_id: string;
  batch_number: string;
  job_id: string;
  state: KeyImportRow["state"];
  total: bigint | null;
  error: KeyImportRow["error"];
  lines: bigint;
  skipped: bigint;
  accepted: bigint;
  rejected: bigint;
  reasons: KeyImportCounts["reasons"];
  created_by_name: string;
  created_at: string;
  finished_at: string | null;
}

function selectImports(ctx: TxCtx, sql: RawSql) {
  const scope = partyScope(ctx);
  return sql`
    select i.id, i.file_name, i.file_size, i.encoding, i.layout, i.product_id, p.name as product_name, i.batch_id,
      b.number as batch_number, i.job_id, j.state, j.total, j.error, i.lines, i.skipped, i.accepted, i.rejected, i.reasons,
      i.created_by_name, i.created_at, j.finished_at
    from card_imports i
    join products p on p.tenant_id = i.tenant_id and p.id = i.product_id
    join card_batches b on b.tenant_id = i.tenant_id and b.id = i.batch_id
    join job_runs j on j.tenant_id = i.tenant_id and j.id = i.job_id
    where i.tenant_id = ${ctx.tenant.id} ${scope === null ? sql`` : sql`and b.supplier_id = ${scope}`}`;
}

function rowOf(row: StoredRow): KeyImportRow {
  return {
    id: row.id,
    fileName: row.file_name,
    fileSize: Number(row.file_size),
    encoding: row.encoding,
    layout: row.layout,
    productId: row.product_id,
    productName: row.product_name,
    batchId: row.batch_id,
    batchNumber: row.batch_number,
    jobId: row.job_id,
    state: row.state,
    total: row.total === null ? null : Number(row.total),
    error: row.error,
    lines: Number(row.lines),
    skipped: Number(row.skipped),
    accepted: Number(row.accepted),
    rejected: Number(row.rejected),
    reasons: row.reasons,
    createdByName: row.created_by_name,
    createdAt: new Date(row.created_at),
    finishedAt: row.finished_at === null ? null : new Date(row.finished_at),
  };
}
