import { createHash } from "node:crypto";
import { bytesArray, jsonLines } from "@/db/arrays";
import { rawSql } from "@/db/client";
import { actorId, type Ctx, type TxCtx } from "./context";
import { DomainError } from "./errors";
import { withTransaction } from "./transaction";

/**
 * A mutating call from outside carries a key. The key and its result are written in the transaction of the
 * change: same key and same input answers the stored result; same key and other input is an error; of two calls
 * at once one works and the other waits and reads. A call that fails leaves no key: nothing was changed.
 */
export interface IdempotentCall {
  key: string;
  verb: string;
  /** What was asked; its hash is kept. */
  input: unknown;
}

/** @throws DomainError IDEMPOTENCY_KEY_REUSED */
export async function withIdempotency<T>(
  ctx: Ctx,
  call: IdempotentCall,
  work: (ctx: TxCtx) => Promise<T>,
): Promise<{ result: T; replayed: boolean }> {
  const scope = idempotencyScope(ctx);
  const hash = hashInput(call.verb, call.input);
  return withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    // Waits here for another transaction that is at work under this key.
    const [mine] = await sql`
      insert into idempotency_keys (tenant_id, scope, key, verb, input_hash, status, created_at)
      values (${ctx.tenant.id}, ${scope}, ${call.key}, ${call.verb}, ${hash}, 0, ${ctx.clock.now().toISOString()}::timestamptz)
      on conflict do nothing returning 1 as mine`;
    if (!mine) {
      const [stored] = await storedResults(ctx, [{ scope, key: call.key }]);
      if (!stored) throw new DomainError("IDEMPOTENCY_IN_PROGRESS", { key: call.key });
      return { result: replay<T>(stored, hash), replayed: true };
    }
    const result = await work(ctx);
    await sql`
      update idempotency_keys set status = 200, response = ${encodeResult(result)}::text::jsonb
      where tenant_id = ${ctx.tenant.id} and scope = ${scope} and key = ${call.key}`;
    return { result, replayed: false };
  });
}

// ── for transactions that serve many calls at once ──

export interface StoredResult {
  scope: string;
  key: string;
  input_hash: Buffer;
  response: unknown;
}

/** Whose keys a caller's are: its API key's or its user's. */
export function idempotencyScope({ actor }: Pick<Ctx, "actor">): string {
  return actorId(actor) ?? "system";
}

export function hashInput(verb: string, input: unknown): Buffer {
  return createHash("sha256").update(verb).update("\0").update(canonical(input)).digest();
}

/** Results stored under these keys, of transactions committed by now. */
export function storedResults(
  ctx: TxCtx,
  keys: readonly { scope: string; key: string }[],
): Promise<StoredResult[]> {
  return rawSql(ctx.tx)<StoredResult[]>`
    select k.scope, k.key, k.input_hash, k.response
    from unnest(${keys.map((k) => k.scope)}::text[], ${keys.map((k) => k.key)}::text[]) as asked (scope, key)
    cross join lateral (select i.scope, i.key, i.input_hash, i.response from idempotency_keys i
      where i.tenant_id = ${ctx.tenant.id} and i.scope = asked.scope and i.key = asked.key limit 1) k`.execute();
}

/**
 * Stores results that are plain JSON, each as one JSON string: nobody looks into them, and taking a hundred receipts
 * apart costs the database more than keeping them. Fails with a unique violation if another transaction was quicker
 * under one of the keys.
 */
export function storeResults(
  ctx: TxCtx,
  results: readonly { scope: string; key: string; verb: string; hash: Buffer; result: unknown }[],
): Promise<unknown> {
  return rawSql(ctx.tx)`
    insert into idempotency_keys (tenant_id, scope, key, verb, input_hash, status, response, created_at)
    select ${ctx.tenant.id}, scope, key, verb, hash, 200, to_jsonb(response), ${ctx.clock.now().toISOString()}::timestamptz
    from unnest(${results.map((r) => r.scope)}::text[], ${results.map((r) => r.key)}::text[],
      ${results.map((r) => r.verb)}::text[], ${bytesArray(results.map((r) => r.hash))}::bytea[],
      string_to_array(${jsonLines(results.map((r) => r.result))}::text, E'\\n', '')) as n (scope, key, verb, hash, response)
    order by scope, key`.execute();
}

/** The stored result, if it answers the same input. */
export function replay<T>(stored: StoredResult, hash: Buffer): T {
  requireSameInput(stored, hash);
  return revive(stored.response) as T;
}

/** The same of what `storeResults` stored. */
export function replayPlain<T>(stored: StoredResult, hash: Buffer): T {
  requireSameInput(stored, hash);
  const { response } = stored;
  // An object: stored before results were kept as one string.
  return (typeof response === "string" ? JSON.parse(response) : response) as T;
}

function requireSameInput(stored: StoredResult, hash: Buffer): void {
  if (!hash.equals(stored.input_hash)) throw new DomainError("IDEMPOTENCY_KEY_REUSED", { key: stored.key });
}

// ── amounts and dates in JSON ──

function encodeResult(result: unknown): string {
  return JSON.stringify(prepare(result ?? null));
}

/** bigint → {"$n": "12"}, Date → {"$t": "…"}. */
function prepare(value: unknown): unknown {
  if (typeof value === "bigint") return { $n: value.toString() };
  if (value instanceof Date) return { $t: value.toISOString() };
  if (Array.isArray(value)) return value.map(prepare);
  if (value !== null && typeof value === "object") {
    const out: Record<string, unknown> = {};
    for (const [name, part] of Object.entries(value)) if (part !== undefined) out[name] = prepare(part);
    return out;
  }
  return value;
}

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (value === null || typeof value !== "object") return value;
  const { $n, $t } = value as { $n?: unknown; $t?: unknown };
  if (typeof $n === "string") return BigInt($n);
  if (typeof $t === "string") return new Date($t);
  const out: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) out[name] = revive(part);
  return out;
}

interface Field {
  name: string;
  /** As it stands in the text. */
  written: string;
}
/** Of the object before, which in a list has the same fields. */
let last: { names: readonly string[]; fields: readonly Field[] } = { names: [], fields: [] };

function inOrder(names: readonly string[]): readonly Field[] {
  const known = last.names;
  if (names.length !== known.length || names.some((name, i) => name !== known[i])) {
    const fields = names.toSorted().map((name) => ({ name, written: `${JSON.stringify(name)}:` }));
    last = { names, fields };
  }
  return last.fields;
}

/** The same text for the same input, whatever the order of its fields; what is left out or null is not there. */
function canonical(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value !== null && typeof value === "object") {
    const fields = value as Record<string, unknown>;
    let text = "{";
    for (const { name, written } of inOrder(Object.keys(fields))) {
      const part = fields[name];
      if (part === undefined || part === null) continue;
      text += text.length > 1 ? `,${written}${canonical(part)}` : `${written}${canonical(part)}`;
    }
    return `${text}}`;
  }
  return JSON.stringify(value) ?? "null";
}
