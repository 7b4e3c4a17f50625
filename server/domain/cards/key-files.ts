import { createHash } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import { rawSql } from "@/db/client";
import { cardImports, fileChunks, files } from "@/db/schema";
import { actorId, type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { blindIndex, open, seal } from "@/server/core/secrets";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { countLineFeeds, type KeyFileEncoding } from "./key-lines";
import { MAX_KEY_FILE_BYTES, MAX_KEY_LINES } from "./schemas";
import type { StoredKeyFile } from "./types";

/** Uploaded files of keys: secrets, so each piece is sealed as it arrives, and all are deleted once their import has ended. */

const PIECE_BYTES = 128 * 1024;
const DAY_MS = 86_400_000;
const MEDIA_TYPE = /^text\/plain; charset=(utf-8|gb18030); lines=(\d+)$/;

export interface KeyFile extends StoredKeyFile {
  lines: number;
}

/**
 * Keeps a file as it streams in; it exists once it is whole. No transaction stays open while the sender sends.
 * @throws DomainError FILE_TOO_LARGE, FILE_EMPTY
 */
export async function storeKeyFile(
  ctx: Ctx,
  input: { name: string; content: AsyncIterable<Uint8Array> },
): Promise<StoredKeyFile> {
  requirePermission(ctx, "stock:import");
  const id = newId();
  const look = new FileLook();
  let seq = 0;
  try {
    for await (const piece of pieces(input.content, look)) {
      const content = seal("card.file", piece, piecePlace(ctx, id, seq));
      await withTransaction(ctx, async ({ tx }) => {
        await tx.insert(fileChunks).values({ tenantId: ctx.tenant.id, fileId: id, seq, content });
      });
      seq += 1;
    }
    const { encoding, lines, fingerprint } = look.end();
    const { size } = look;
    const name = cleanName(input.name);
    return await withTransaction(ctx, async (ctx) => {
      await ctx.tx.insert(files).values({
        tenantId: ctx.tenant.id,
        id,
        name,
        mediaType: `text/plain; charset=${encoding}; lines=${lines}`,
        size,
        sha256: fingerprint,
        createdBy: actorId(ctx.actor),
        createdAt: ctx.clock.now(),
      });
      await record(ctx, {
        action: "card_file.uploaded",
        subject: { kind: "file", id },
        data: { name, size, lines, encoding },
      });
      return { id, name, size, encoding };
    });
  } catch (error) {
    await withTransaction(ctx, (ctx) => deleteFile(ctx, id)).catch(() => {}); // the sweep takes what is left
    throw error;
  }
}

/** An uploaded file of keys. Throws NOT_FOUND, for any other file, too. */
export async function findKeyFile(ctx: TxCtx, fileId: string): Promise<KeyFile> {
  const [row] = await ctx.tx
    .select()
    .from(files)
    .where(and(eq(files.tenantId, ctx.tenant.id), eq(files.id, fileId)))
    .for("update");
  const media = MEDIA_TYPE.exec(row?.mediaType ?? "");
  if (!row || !media) throw new DomainError("NOT_FOUND", { noun: "file" });
  return {
    id: row.id,
    name: row.name,
    size: row.size,
    encoding: media[1] as KeyFileEncoding,
    lines: Number(media[2]),
  };
}

/** A file's bytes, piece by piece; no transaction stays open between them. */
export async function* keyFileContent(ctx: Ctx, fileId: string): AsyncGenerator<Buffer> {
  for (let seq = 0; ; seq++) {
    const [row] = await withTransaction(
      ctx,
      ({ tx }) => rawSql(tx)<{ content: Buffer }[]>`
        select content from file_chunks where tenant_id = ${ctx.tenant.id} and file_id = ${fileId} and seq = ${seq}`,
    );
    if (!row) return;
    yield open("card.file", row.content, piecePlace(ctx, fileId, seq));
  }
}

/** Deletes the file of an import; its report stays. Again is as good as once. */
export async function forgetKeyFile(ctx: Ctx, importId: string): Promise<void> {
  await withTransaction(ctx, async (ctx) => {
    const [row] = await ctx.tx
      .update(cardImports)
      .set({ forgottenAt: ctx.clock.now() })
      .where(
        and(
          eq(cardImports.tenantId, ctx.tenant.id),
          eq(cardImports.id, importId),
          sql`${cardImports.forgottenAt} is null`,
        ),
      )
      .returning({ fileId: cardImports.fileId });
    if (row) await deleteFile(ctx, row.fileId);
  });
}

/**
 * Deletes files whose import has ended without doing so (it was cancelled before it began, or given up), and those
 * that nobody imported within a day.
 */
export async function sweepKeyFiles(ctx: Ctx): Promise<number> {
  requirePermission(ctx, "stock:import");
  const ended = await withTransaction(
    ctx,
    ({ tx }) => rawSql(tx)<{ id: string }[]>`
      select i.id from card_imports i join job_runs j on j.tenant_id = i.tenant_id and j.id = i.job_id
      where i.tenant_id = ${ctx.tenant.id} and i.forgotten_at is null and j.state in ('done', 'failed', 'cancelled') limit 100`,
  );
  for (const { id } of ended) await forgetKeyFile(ctx, id);
  const dayAgo = new Date(ctx.clock.now().getTime() - DAY_MS).toISOString();
  const abandoned = await withTransaction(ctx, async (ctx) => {
    const rows = await rawSql(ctx.tx)<{ id: string }[]>`
      select f.id from files f
      where f.tenant_id = ${ctx.tenant.id} and f.media_type like 'text/plain; charset=%; lines=%' and f.created_at < ${dayAgo}::timestamptz
        and not exists (select from card_imports i where i.tenant_id = f.tenant_id and i.file_id = f.id) limit 100`;
    for (const { id } of rows) await deleteFile(ctx, id);
    return rows.length;
  });
  return ended.length + abandoned;
}

async function deleteFile(ctx: TxCtx, fileId: string): Promise<void> {
  const { tx, tenant } = ctx;
  await tx.delete(fileChunks).where(and(eq(fileChunks.tenantId, tenant.id), eq(fileChunks.fileId, fileId)));
  await tx.delete(files).where(and(eq(files.tenantId, tenant.id), eq(files.id, fileId)));
}

function piecePlace(ctx: Ctx, fileId: string, seq: number): string {
  return `${ctx.tenant.id}/${fileId}/${seq}`;
}

/** Looks over a file as it goes by: its size, lines and encoding. */
class FileLook {
  size = 0;
  #lines = 0;
  #endsLine = true;
  #isUtf8 = true;
  #hasMark = false;
  readonly #hash = createHash("sha256");
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true });

  take(bytes: Uint8Array): void {
    if (this.size === 0) this.#hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    this.size += bytes.length;
    this.#lines += countLineFeeds(bytes);
    if (bytes.length > 0) this.#endsLine = bytes.at(-1) === 0x0a;
    if (this.size > MAX_KEY_FILE_BYTES)
      throw new DomainError("FILE_TOO_LARGE", { limit: `${MAX_KEY_FILE_BYTES / 1024 / 1024} MB` });
    if (this.#lines > MAX_KEY_LINES + 1)
      throw new DomainError("FILE_TOO_LARGE", { limit: `${MAX_KEY_LINES.toLocaleString("en")} lines` });
    this.#hash.update(bytes);
    if (this.#isUtf8) this.#isUtf8 = this.#decodes(bytes);
  }

  end(): { encoding: KeyFileEncoding; lines: number; fingerprint: Buffer } {
    if (this.size === 0) throw new DomainError("FILE_EMPTY");
    const isUtf8 = this.#hasMark || (this.#isUtf8 && this.#decodes(null));
    return {
      encoding: isUtf8 ? "utf-8" : "gb18030",
      lines: this.#lines + (this.#endsLine ? 0 : 1),
      // Keyed: a hash of one secret in a file would be found by trying.
      fingerprint: blindIndex("card.file", this.#hash.digest("hex")),
    };
  }

  #decodes(bytes: Uint8Array | null): boolean {
    try {
      if (bytes) this.#utf8.decode(bytes, { stream: true });
      else this.#utf8.decode();
      return true;
    } catch {
      return false;
    }
  }
}

async function* pieces(content: AsyncIterable<Uint8Array>, look: FileLook): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const bytes of content) {
    look.take(bytes);
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

function cleanName(name: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? "";
  return (
    base
      .replaceAll(/\p{Cc}/gu, "")
      .trim()
      .slice(0, 200) || "keys.txt"
  );
}
