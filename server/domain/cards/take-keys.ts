import { type RawSql, rawSql } from "@/db/client";
import { CARD_STATES } from "@/db/schema";
import type { TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { type KeyAsk, reserveKeys } from "./reserve-keys";
import type { SupplierTerms } from "./schemas";
import type { TakenKey } from "./types";

/**
 * Delivers what order lines hold. A held key that has expired meanwhile is replaced by another one. A looped
 * product gives keys that stay available, as many times as the line asks for.
 * @throws DomainError OUT_OF_STOCK
 */
export async function takeKeys(ctx: TxCtx, lineIds: readonly string[]): Promise<TakenKey[]> {
  if (lineIds.length === 0) return [];
  const lines = [...new Set(lineIds)];
  const [expired, taken, looped] = await Promise.all([
    expireHeld(ctx, lines),
    deliverHeld(ctx, lines),
    loopedKeys(ctx, lines),
  ]);
  if (expired.length > 0) {
    await reserveKeys(ctx, expired);
    taken.push(...(await deliverHeld(ctx, [...new Set(expired.map((ask) => ask.lineId))])));
  }
  return [...taken, ...looped].sort(byLineAndKey);
}

/**
 * Another key for a line whose key was dead: delivered at once.
 * @throws DomainError OUT_OF_STOCK, NOT_FOUND of the product
 */
export async function takeReplacement(ctx: TxCtx, lineId: string, productId: string): Promise<TakenKey> {
  const sql = rawSql(ctx.tx);
  const now = ctx.clock.now().toISOString();
  const [product] = await sql<{ name: string; looped: boolean }[]>`
    select name, looped from products where tenant_id = ${ctx.tenant.id} and id = ${productId}`;
  if (!product) throw new DomainError("NOT_FOUND", { noun: "product" });
  const picked = sql`
    select id from card_keys where tenant_id = ${ctx.tenant.id} and product_id = ${productId} and state = 0
      and (expires_at is null or expires_at > ${now}::timestamptz)
    order by expires_at, id limit 1`;
  const [row] = product.looped
    ? await sql<TakenRow[]>`
        with moved as (select k.id, k.batch_id, ${lineId}::uuid as line_id from card_keys k
          where k.tenant_id = ${ctx.tenant.id} and k.id = (${picked}))
        ${withTerms(ctx, sql)}`
    : await sql<TakenRow[]>`
        with picked as materialized (${picked} for update skip locked),
        moved as (
          update card_keys k set state = ${CARD_STATES.delivered}, order_line_id = ${lineId}, changed_at = ${now}::timestamptz
          from picked where k.tenant_id = ${ctx.tenant.id} and k.id = picked.id
          returning k.id, k.batch_id, k.order_line_id as line_id)
        ${withTerms(ctx, sql)}`;
  if (!row) throw new DomainError("OUT_OF_STOCK", { product: product.name, available: 0 });
  return takenKey(row);
}

interface TakenRow {
  key_id: string;
  line_id: string;
  batch_id: string;
  product_id: string;
  supplier_id: string;
  cost: bigint;
  face: bigint;
  looped: boolean;
  terms: SupplierTerms;
}

/** What clearing needs to know of the keys in the query `moved` (id, batch_id, line_id). */
function withTerms(ctx: TxCtx, sql: RawSql) {
  return sql`
    select m.id as key_id, m.line_id, b.id as batch_id, b.product_id, b.supplier_id, b.cost, p.face, p.looped,
      coalesce(s.terms, 'credit') as terms
    from moved m
    join card_batches b on b.tenant_id = ${ctx.tenant.id} and b.id = m.batch_id
    join products p on p.tenant_id = ${ctx.tenant.id} and p.id = b.product_id
    left join suppliers s on s.tenant_id = ${ctx.tenant.id} and s.party_id = b.supplier_id`;
}

async function deliverHeld(ctx: TxCtx, lineIds: readonly string[]): Promise<TakenKey[]> {
  const sql = rawSql(ctx.tx);
  const now = ctx.clock.now().toISOString();
  const rows = await sql<TakenRow[]>`
    with moved as (
      update card_keys set state = ${CARD_STATES.delivered}, changed_at = ${now}::timestamptz
      where tenant_id = ${ctx.tenant.id} and order_line_id = any(${[...lineIds]}::uuid[]) and state = 1
        and (expires_at is null or expires_at > ${now}::timestamptz)
      returning id, batch_id, order_line_id as line_id)
    ${withTerms(ctx, sql)}`;
  return rows.map(takenKey);
}

/** Held keys whose time is over leave their lines; what the lines need instead. */
async function expireHeld(ctx: TxCtx, lineIds: readonly string[]): Promise<KeyAsk[]> {
  const now = ctx.clock.now().toISOString();
  const rows = await rawSql(ctx.tx)<{ line_id: string; product_id: string; quantity: number }[]>`
    with gone as (
      update card_keys k set state = ${CARD_STATES.expired}, order_line_id = null, changed_at = ${now}::timestamptz
      from (select id, order_line_id as line_id from card_keys
        where tenant_id = ${ctx.tenant.id} and order_line_id = any(${[...lineIds]}::uuid[]) and state = 1
          and expires_at <= ${now}::timestamptz for update) old
      where k.tenant_id = ${ctx.tenant.id} and k.id = old.id
      returning old.line_id, k.product_id)
    select line_id, product_id, count(*)::int as quantity from gone group by 1, 2`;
  return rows.map((row) => ({ lineId: row.line_id, productId: row.product_id, quantity: row.quantity }));
}

/** How much a line asks for stands with the order: of a looped product nothing was held. */
async function loopedKeys(ctx: TxCtx, lineIds: readonly string[]): Promise<TakenKey[]> {
  const sql = rawSql(ctx.tx);
  const now = ctx.clock.now().toISOString();
  const rows = await sql<(TakenRow & { name: string; quantity: number; key_id: string | null })[]>`
    select l.id as line_id, (l.quantity - l.refunded) as quantity, p.name, k.id as key_id, b.id as batch_id, p.id as product_id,
      b.supplier_id, b.cost, p.face, p.looped, coalesce(s.terms, 'credit') as terms
    from order_lines l
    join products p on p.tenant_id = l.tenant_id and p.id = l.product_id and p.looped
    left join lateral (
      select c.id, c.batch_id from card_keys c
      where c.tenant_id = l.tenant_id and c.product_id = l.product_id and c.state = 0
        and (c.expires_at is null or c.expires_at > ${now}::timestamptz)
      order by c.expires_at, c.id limit 1) k on true
    left join card_batches b on b.tenant_id = l.tenant_id and b.id = k.batch_id
    left join suppliers s on s.tenant_id = l.tenant_id and s.party_id = b.supplier_id
    where l.tenant_id = ${ctx.tenant.id} and l.id = any(${[...lineIds]}::uuid[])`;
  return rows.flatMap((row) => {
    if (row.key_id === null) throw new DomainError("OUT_OF_STOCK", { product: row.name, available: 0 });
    return Array.from({ length: row.quantity }, () => takenKey(row));
  });
}

function takenKey(row: TakenRow): TakenKey {
  return {
    keyId: row.key_id,
    lineId: row.line_id,
    batchId: row.batch_id,
    productId: row.product_id,
    supplierId: row.supplier_id,
    cost: row.cost,
    face: row.face,
    looped: row.looped,
    supplierTerms: row.terms,
  };
}

function byLineAndKey(a: TakenKey, b: TakenKey): number {
  if (a.lineId !== b.lineId) return a.lineId < b.lineId ? -1 : 1;
  return a.keyId < b.keyId ? -1 : a.keyId > b.keyId ? 1 : 0;
}
