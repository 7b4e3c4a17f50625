import { isUtf8 } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import { rawSql } from "@/db/client";
import { fileChunks, files } from "@/db/schema";
import { actorId, type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { countLineFeeds, firstInvalidByte, wholeCharacters } from "./csv-reader";
import { MAX_FILE_BYTES } from "./schemas";

export interface StoredFile {
  id: string;
  name: string;
  size: number;
  /** Hexadecimal. */
  sha256: string;
  createdAt: Date;
}

const PIECE_BYTES = 512 * 1024;
const DAY_MS = 86_400_000;

/**
 * Keeps an uploaded text file, piece by piece as it arrives; it exists once it is whole. No transaction stays open
 * while the sender sends.
 * @throws DomainError FILE_TOO_LARGE, FILE_EMPTY, FILE_NOT_UTF8 with line and byte
 */
export async function storeFile(
  ctx: Ctx,
  input: { name: string; mediaType?: string; content: AsyncIterable<Uint8Array> },
): Promise<StoredFile> {
  requirePermission(ctx, "import:write");
  await withTransaction(ctx, forgetAbandonedPieces);
  const id = newId();
  const check = new FileCheck();
  let seq = 0;
  try {
    for await (const piece of pieces(input.content, check)) {
      await withTransaction(ctx, async ({ tx }) => {
        await tx
          .insert(fileChunks)
          .values({ tenantId: ctx.tenant.id, fileId: id, seq, content: Buffer.from(piece) });
      });
      seq += 1;
    }
    const sha256 = check.end();
    return await withTransaction(ctx, async (ctx) => {
      const name = cleanName(input.name);
      const createdAt = ctx.clock.now();
      await ctx.tx.insert(files).values({
        tenantId: ctx.tenant.id,
        id,
        name,
        mediaType: input.mediaType ?? "text/csv",
        size: check.size,
        sha256,
        createdBy: actorId(ctx.actor),
        createdAt,
      });
      await record(ctx, {
        action: "file.uploaded",
        subject: { kind: "file", id },
        data: { name, size: check.size, sha256: sha256.toString("hex") },
      });
      return { id, name, size: check.size, sha256: sha256.toString("hex"), createdAt };
    });
  } catch (error) {
    await withTransaction(ctx, ({ tx }) =>
      tx.delete(fileChunks).where(and(eq(fileChunks.tenantId, ctx.tenant.id), eq(fileChunks.fileId, id))),
    ).catch(() => {}); // what is left is cleared away by a later upload
    throw error;
  }
}

/** A file's record. Throws NOT_FOUND. */
export async function findFile(ctx: Ctx, fileId: string): Promise<StoredFile> {
  return withTransaction(ctx, async ({ tx }) => {
    const [row] = await tx
      .select()
      .from(files)
      .where(and(eq(files.tenantId, ctx.tenant.id), eq(files.id, fileId)));
    if (!row) throw new DomainError("NOT_FOUND", { noun: "file", id: fileId });
    return {
      id: row.id,
      name: row.name,
      size: row.size,
      sha256: row.sha256.toString("hex"),
      createdAt: row.createdAt,
    };
  });
}

/** A file's content, a few pieces at a time; no transaction stays open between them. */
export async function* fileContent(ctx: Ctx, fileId: string): AsyncGenerator<Uint8Array> {
  const AT_ONCE = 4;
  for (let from = 0; ; from += AT_ONCE) {
    const rows = await withTransaction(
      ctx,
      ({ tx }) => rawSql(tx)<{ content: Buffer }[]>`
        select content from file_chunks
        where tenant_id = ${ctx.tenant.id} and file_id = ${fileId} and seq >= ${from} and seq < ${from + AT_ONCE} order by seq`,
    );
    for (const row of rows) yield row.content;
    if (rows.length < AT_ONCE) return;
  }
}

/** Looks over a file as it goes by: its size, its hash, its encoding. */
class FileCheck {
  size = 0;
  readonly #hash: Hash = createHash("sha256");
  #rest: Uint8Array<ArrayBufferLike> = new Uint8Array(0);
  /** Bytes and lines known to be good. */
  #good = 0;
  #lines = 0;

  take(bytes: Uint8Array): void {
    this.size += bytes.length;
    if (this.size > MAX_FILE_BYTES) {
      throw new DomainError("FILE_TOO_LARGE", { limit: `${MAX_FILE_BYTES / 1024 / 1024} MB` });
    }
    this.#hash.update(bytes);
    const piece = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    const whole = wholeCharacters(piece);
    if (!isUtf8(whole)) this.#refuse(whole);
    this.#good += whole.length;
    this.#lines += countLineFeeds(whole);
    this.#rest = piece.slice(whole.length);
  }

  end(): Buffer {
    if (this.size === 0) throw new DomainError("FILE_EMPTY");
    if (this.#rest.length > 0) this.#refuse(this.#rest);
    return this.#hash.digest();
  }

  #refuse(bytes: Uint8Array): never {
    const at = firstInvalidByte(bytes);
    const line = this.#lines + countLineFeeds(bytes.subarray(0, at)) + 1;
    throw new DomainError("FILE_NOT_UTF8", { line, byte: this.#good + at + 1 });
  }
}

async function* pieces(content: AsyncIterable<Uint8Array>, check: FileCheck): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const bytes of content) {
    check.take(bytes);
    waiting.push(bytes);
    size += bytes.length;
    if (size >= PIECE_BYTES) {
      yield Buffer.concat(waiting);
      waiting = [];
      size = 0;
    }
  }
  if (size > 0) yield Buffer.concat(waiting);
}

/** Pieces of uploads that broke off a day ago or longer. Ids begin with the time they were made. */
async function forgetAbandonedPieces(ctx: TxCtx): Promise<void> {
  const dayAgo = new Date(ctx.clock.now().getTime() - DAY_MS).getTime();
  const hex = Math.max(0, dayAgo).toString(16).padStart(12, "0");
  const before = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
  await ctx.tx
    .delete(fileChunks)
    .where(
      and(
        eq(fileChunks.tenantId, ctx.tenant.id),
        sql`${fileChunks.fileId} < ${before}::uuid`,
        sql`not exists (select 1 from files f where f.tenant_id = ${fileChunks.tenantId} and f.id = ${fileChunks.fileId})`,
      ),
    );
}

function cleanName(name: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? "";
  return (
    base
      .replaceAll(/\p{Cc}/gu, "")
      .trim()
      .slice(0, 200) || "sales.csv"
  );
}
