import { type KeyObject, randomFillSync } from "node:crypto";
import { instantArray, plainArray, rawSql } from "@/db/client";
import { CARD_STATES } from "@/db/schema";
import type { TxCtx } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { identityHash, type PlainKey, sealedLength, sealKeyInto } from "./key-secrets";

/** Where keys go, and what seals them. */
export interface BatchToFill {
  id: string;
  productId: string;
  dataKey: KeyObject;
}
/** A key to store. `line`: where it stood in its file, to tell of it. */
export interface KeyToStore extends PlainKey {
  line: number;
  expiresAt: Date | null;
}

/** Keys sealed, side by side: the database cuts each array of bytes into rows. */
export interface PreparedKeys {
  count: number;
  lines: number[];
  ids: Buffer;
  hashes: Buffer;
  sealed: Buffer;
  /** Length of each sealed key. */
  lengths: number[];
  tails: string[];
  expiries: (Date | null)[];
}

const ID_LENGTH = 16;
/** Keys sealed at once, so that the step before gets its turn to be written meanwhile. */
const SLICE = 250;

export async function prepareKeys(
  tenantId: string,
  batch: BatchToFill,
  keys: readonly KeyToStore[],
): Promise<PreparedKeys> {
  const count = keys.length;
  const ids = Buffer.alloc(count * ID_LENGTH);
  const hashes = Buffer.alloc(count * ID_LENGTH);
  const lengths = keys.map(sealedLength);
  // Random all over: what is not ciphertext is the IVs.
  const sealed = randomFillSync(Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + length, 0)));
  let at = 0;
  for (let i = 0; i < count; i++) {
    const key = keys[i] as KeyToStore;
    const keyId = newId();
    ids.write(keyId.replaceAll("-", ""), i * ID_LENGTH, "hex");
    identityHash(tenantId, batch.productId, key).copy(hashes, i * ID_LENGTH);
    sealKeyInto(sealed, at, batch.dataKey, { tenantId, keyId }, key);
    at += lengths[i] ?? 0;
    if (i % SLICE === SLICE - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    count,
    lines: keys.map((key) => key.line),
    ids,
    hashes,
    sealed,
    lengths,
    tails: keys.map((key) => tailOf(key.number)),
    expiries: keys.map((key) => key.expiresAt),
  };
}

/** What tells numbers apart, and at most half of one. */
export function tailOf(number: string): string {
  const characters = [...number];
  return characters.slice(Math.max(characters.length - 4, Math.ceil(characters.length / 2))).join("");
}

export interface Stored {
  accepted: number;
  rejected: { line: number; code: "DUPLICATE_IN_FILE" | "DUPLICATE_IN_STOCK" }[];
}

/**
 * Stores keys that the product does not have yet, in the order given, in the caller's transaction. Of the others it
 * tells whether the batch itself has them, as it came from one file, or the stock before it.
 */
export async function storeKeys(ctx: TxCtx, batch: BatchToFill, keys: PreparedKeys): Promise<Stored> {
  if (keys.count === 0) return { accepted: 0, rejected: [] };
  const sql = rawSql(ctx.tx);
  const now = ctx.clock.now().toISOString();
  const rows = await sql`
    insert into card_keys (tenant_id, id, batch_id, product_id, state, identity_hash, sealed, tail, expires_at, changed_at)
    select ${ctx.tenant.id}, encode(substring(${keys.ids}::bytea from n.i::int * 16 - 15 for 16), 'hex')::uuid, ${batch.id},
      ${batch.productId}, ${CARD_STATES.available}, substring(${keys.hashes}::bytea from n.i::int * 16 - 15 for 16),
      substring(${keys.sealed}::bytea from n.start for n.length), n.tail, n.expires_at, ${now}::timestamptz
    from unnest(${plainArray(startsOf(keys.lengths))}::int[], ${plainArray(keys.lengths)}::int[], ${keys.tails}::text[],
      ${instantArray(keys.expiries)}::timestamptz[]) with ordinality as n (start, length, tail, expires_at, i)
    on conflict (tenant_id, product_id, identity_hash) do nothing`;
  if (rows.count === keys.count) return { accepted: keys.count, rejected: [] };
  const rejected = await rejectedOf(ctx, batch, keys);
  return { accepted: keys.count - rejected.length, rejected };
}

async function rejectedOf(ctx: TxCtx, batch: BatchToFill, keys: PreparedKeys): Promise<Stored["rejected"]> {
  const rows = await rawSql(ctx.tx)<{ line: bigint; here: boolean }[]>`
    select n.line, k.batch_id = ${batch.id} as here
    from unnest(${plainArray(keys.lines)}::bigint[]) with ordinality as n (line, i)
    join card_keys k on k.tenant_id = ${ctx.tenant.id} and k.product_id = ${batch.productId}
      and k.identity_hash = substring(${keys.hashes}::bytea from n.i::int * 16 - 15 for 16)
    where k.id <> encode(substring(${keys.ids}::bytea from n.i::int * 16 - 15 for 16), 'hex')::uuid
    order by n.line`;
  return rows.map((row) => ({
    line: Number(row.line),
    code: row.here ? "DUPLICATE_IN_FILE" : "DUPLICATE_IN_STOCK",
  }));
}

function startsOf(lengths: readonly number[]): number[] {
  let next = 1;
  return lengths.map((length) => {
    const start = next;
    next += length;
    return start;
  });
}
