import type { z } from "zod";
import { type RawSql, rawSql } from "@/db/client";
import { type Ctx, partyScope, requirePermission, type TxCtx } from "@/server/core/context";
import { containing, decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import { withSnapshot } from "@/server/core/transaction";
import { isLow } from "./product-queries";
import {
  batchIdInput,
  KEY_STATES,
  type KeyState,
  type ListBatchesInput,
  type ListKeysInput,
  type ListStockInput,
  listBatchesInput,
  listKeysInput,
  listStockInput,
  type ProductStatus,
  picturePath,
} from "./schemas";
import { countsOf, countsOfBatches, paceOf } from "./stock-counts";
import type { BatchDetail, BatchRow, KeyRow, LowStock, StockCounts, StockRow } from "./types";

/** Stock by product, newest product first. A supplier sees its own. */
export async function listStock(
  ctx: Ctx,
  input: ListStockInput,
): Promise<{ items: StockRow[]; nextCursor: string | null }> {
  requirePermission(ctx, "stock:read");
  const { cursor, limit, search, supplierId, low } = listStockInput.parse(input);
  const before = decodeCursor(cursor, ["id"])?.[0];
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const like = search ? containing(search) : null;
    const products = await sql<ProductOfStock[]>`
      select p.id, p.number, p.name, p.status, p.looped, p.supplier_id, s.name as supplier_name, p.face, p.currency,
        p.low_stock_at, i.hash,
        (select min(k.expires_at) from card_keys k where k.tenant_id = p.tenant_id and k.product_id = p.id and k.state = 0
          and k.expires_at > ${ctx.clock.now().toISOString()}::timestamptz) as next_expiry
      from products p join parties s on s.tenant_id = p.tenant_id and s.id = p.supplier_id
      left join product_images i on i.tenant_id = p.tenant_id and i.product_id = p.id
      where p.tenant_id = ${ctx.tenant.id} ${ownOnly(ctx, sql)}
      ${before ? sql`and p.id < ${before}` : sql``}
      ${like ? sql`and (p.name ilike ${like} or p.number ilike ${like})` : sql``}
      ${supplierId ? sql`and p.supplier_id = ${supplierId}` : sql``}
      ${low ? sql`and ${isLowInSql(ctx, sql)}` : sql``}
      order by p.id desc limit ${limit + 1}`;
    const shown = products.slice(0, limit);
    const items = await stockRows(ctx, shown);
    return {
      items,
      nextCursor: products.length > limit ? encodeCursor([shown.at(-1)?.id ?? ""]) : null,
    };
  });
}

/** Products on sale of which fewer are available than their warning says, the scarcest first; at most 100. */
export async function lowStock(ctx: Ctx): Promise<LowStock[]> {
  requirePermission(ctx, "stock:read");
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const rows = await sql<
      { id: string; number: string; name: string; looped: boolean; low_stock_at: number; available: number }[]
    >`
      select p.id, p.number, p.name, p.looped, p.low_stock_at, ${availableUpTo(ctx, sql)} as available
      from products p
      where p.tenant_id = ${ctx.tenant.id} and p.status = 'on_sale' ${ownOnly(ctx, sql)} and ${isLowInSql(ctx, sql)}
      order by available, p.number limit 100`;
    const pace = await paceOf(ctx, rows);
    return rows.map((row) => ({
      productId: row.id,
      number: row.number,
      name: row.name,
      available: row.available,
      lowStockAt: row.low_stock_at,
      daysLeft: pace.get(row.id)?.daysLeft ?? null,
    }));
  });
}

/** Batches, newest first. A supplier sees its own. */
export async function listBatches(
  ctx: Ctx,
  input: ListBatchesInput,
): Promise<{ items: BatchRow[]; nextCursor: string | null }> {
  requirePermission(ctx, "stock:read");
  const { cursor, limit, productId, supplierId } = listBatchesInput.parse(input);
  const before = decodeCursor(cursor, ["id"])?.[0];
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const rows = await sql<StoredBatch[]>`
      ${selectBatches(ctx, sql)}
      ${before ? sql`and b.id < ${before}` : sql``}
      ${productId ? sql`and b.product_id = ${productId}` : sql``}
      ${supplierId ? sql`and b.supplier_id = ${supplierId}` : sql``}
      order by b.id desc limit ${limit + 1}`;
    const shown = rows.slice(0, limit);
    return {
      items: await batchRows(ctx, shown),
      nextCursor: rows.length > limit ? encodeCursor([shown.at(-1)?.id ?? ""]) : null,
    };
  });
}

/** One batch. Throws NOT_FOUND. */
export async function getBatch(ctx: Ctx, input: z.input<typeof batchIdInput>): Promise<BatchDetail> {
  requirePermission(ctx, "stock:read");
  const { id } = batchIdInput.parse(input);
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const rows = await sql<(StoredBatch & { import_id: string | null })[]>`
      ${selectBatches(ctx, sql)} and b.id = ${id}`;
    const [batch] = await batchRows(ctx, rows);
    if (!batch) throw new DomainError("NOT_FOUND", { noun: "batch" });
    return { ...batch, importId: rows[0]?.import_id ?? null };
  });
}

/** Keys of a batch by id, without their secrets. Throws NOT_FOUND of the batch. */
export async function listKeys(
  ctx: Ctx,
  input: ListKeysInput,
): Promise<{ items: KeyRow[]; nextCursor: string | null }> {
  requirePermission(ctx, "stock:read");
  const { batchId, state, cursor, limit } = listKeysInput.parse(input);
  const after = decodeCursor(cursor, ["id"])?.[0];
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const [batch] = await sql`
      select 1 from card_batches p where p.tenant_id = ${ctx.tenant.id} and p.id = ${batchId} ${ownOnly(ctx, sql)}`;
    if (!batch) throw new DomainError("NOT_FOUND", { noun: "batch" });
    // Which order got it is not the supplier's business.
    const seesOrders = partyScope(ctx) === null;
    const rows = await sql<
      {
        id: string;
        batch_id: string;
        product_id: string;
        tail: string;
        state: number;
        expires_at: string | null;
        changed_at: string;
        order_id: string | null;
      }[]
    >`
      select k.id, k.batch_id, k.product_id, k.tail, k.state, k.expires_at, k.changed_at,
        ${seesOrders ? sql`(select l.order_id from order_lines l where l.tenant_id = k.tenant_id and l.id = k.order_line_id)` : sql`null`} as order_id
      from card_keys k
      where k.tenant_id = ${ctx.tenant.id} and k.batch_id = ${batchId}
      ${state ? sql`and k.state = ${KEY_STATES.indexOf(state)}` : sql``}
      ${after ? sql`and k.id > ${after}` : sql``}
      order by k.id limit ${limit + 1}`;
    const items = rows.slice(0, limit).map(
      (row): KeyRow => ({
        id: row.id,
        batchId: row.batch_id,
        productId: row.product_id,
        tail: row.tail,
        state: KEY_STATES[row.state] as KeyState,
        expiresAt: dateOf(row.expires_at),
        orderId: row.order_id,
        changedAt: new Date(row.changed_at),
      }),
    );
    return { items, nextCursor: rows.length > limit ? encodeCursor([items.at(-1)?.id ?? ""]) : null };
  });
}

/** Every product's stock, for an export. */
export async function* eachStock(ctx: Ctx, input: Omit<ListStockInput, "cursor" | "limit">) {
  yield* pages((cursor) => listStock(ctx, { ...input, cursor, limit: 100 }));
}
/** Every batch, for an export. */
export async function* eachBatch(ctx: Ctx, input: Omit<ListBatchesInput, "cursor" | "limit">) {
  yield* pages((cursor) => listBatches(ctx, { ...input, cursor, limit: 100 }));
}
/** Every key of a batch, without its secret, for an export. */
export async function* eachKey(ctx: Ctx, input: Omit<ListKeysInput, "cursor" | "limit">) {
  yield* pages((cursor) => listKeys(ctx, { ...input, cursor, limit: 200 }));
}

async function* pages<Row>(
  read: (cursor: string | null) => Promise<{ items: Row[]; nextCursor: string | null }>,
): AsyncGenerator<Row> {
  let cursor: string | null = null;
  do {
    const page: { items: Row[]; nextCursor: string | null } = await read(cursor);
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor);
}

// ── rows ──

interface ProductOfStock {
  id: string;
  number: string;
  name: string;
  status: ProductStatus;
  looped: boolean;
  supplier_id: string;
  supplier_name: string;
  face: bigint;
  currency: string;
  low_stock_at: number;
  hash: string | null;
  next_expiry: string | null;
}

async function stockRows(ctx: TxCtx, products: readonly ProductOfStock[]): Promise<StockRow[]> {
  const counts = await countsOf(
    ctx,
    products.map((p) => p.id),
  );
  const countOf = (id: string) => counts.get(id) ?? NONE;
  const pace = await paceOf(
    ctx,
    products.map(({ id, looped }) => ({ id, looped, available: countOf(id).available })),
  );
  return products.map((p) => ({
    productId: p.id,
    number: p.number,
    name: p.name,
    status: p.status,
    looped: p.looped,
    supplierId: p.supplier_id,
    supplierName: p.supplier_name,
    face: p.face,
    currency: p.currency,
    lowStockAt: p.low_stock_at,
    low: isLow(p, countOf(p.id).available),
    imagePath: p.hash ? picturePath(ctx.tenant.slug, p.id, p.hash) : null,
    nextExpiry: dateOf(p.next_expiry),
    ...countOf(p.id),
    ...(pace.get(p.id) ?? { delivered14: 0, daysLeft: null }),
  }));
}

interface StoredBatch {
  id: string;
  number: string;
  product_id: string;
  product_name: string;
  product_number: string;
  supplier_id: string;
  supplier_name: string;
  cost: bigint;
  currency: string;
  expires_at: string | null;
  note: string | null;
  created_at: string;
}

function selectBatches(ctx: TxCtx, sql: RawSql) {
  const scope = partyScope(ctx);
  return sql`
    select b.id, b.number, b.product_id, p.name as product_name, p.number as product_number, b.supplier_id,
      s.name as supplier_name, b.cost, b.currency, b.expires_at, b.note, b.created_at, i.id as import_id
    from card_batches b
    join products p on p.tenant_id = b.tenant_id and p.id = b.product_id
    join parties s on s.tenant_id = b.tenant_id and s.id = b.supplier_id
    left join card_imports i on i.tenant_id = b.tenant_id and i.batch_id = b.id
    where b.tenant_id = ${ctx.tenant.id} ${scope === null ? sql`` : sql`and b.supplier_id = ${scope}`}`;
}

async function batchRows(ctx: TxCtx, rows: readonly StoredBatch[]): Promise<BatchRow[]> {
  const counts = await countsOfBatches(
    ctx,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    productId: row.product_id,
    productName: row.product_name,
    productNumber: row.product_number,
    supplierId: row.supplier_id,
    supplierName: row.supplier_name,
    cost: row.cost,
    currency: row.currency,
    expiresAt: dateOf(row.expires_at),
    note: row.note,
    createdAt: new Date(row.created_at),
    ...(counts.get(row.id) ?? NONE),
  }));
}

const NONE: StockCounts = { imported: 0, available: 0, reserved: 0, delivered: 0, dead: 0, expired: 0 };

/** Of `p`, a table with `supplier_id`. */
function ownOnly(ctx: Ctx, sql: RawSql) {
  const scope = partyScope(ctx);
  return scope === null ? sql`` : sql`and p.supplier_id = ${scope}`;
}

/** How many of product `p` are available, counted no further than its warning. */
function availableUpTo(ctx: TxCtx, sql: RawSql) {
  return sql`(select count(*) from (
    select 1 from card_keys k where k.tenant_id = p.tenant_id and k.product_id = p.id and k.state = 0
      and (k.expires_at is null or k.expires_at > ${ctx.clock.now().toISOString()}::timestamptz)
    limit greatest(p.low_stock_at, 1)) counted)::int`;
}
function isLowInSql(ctx: TxCtx, sql: RawSql) {
  return sql`${availableUpTo(ctx, sql)} < case when p.looped then 1 else greatest(p.low_stock_at, 1) end`;
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
