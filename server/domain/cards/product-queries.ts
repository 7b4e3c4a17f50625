import type { z } from "zod";
import { type RawSql, rawSql } from "@/db/client";
import { type Ctx, partyScope, partyScopeKind, requirePermission, type TxCtx } from "@/server/core/context";
import { containing, decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import { withSnapshot } from "@/server/core/transaction";
import { hasBatches } from "./products";
import {
  type ListProductsInput,
  listProductsInput,
  type ProductStatus,
  picturePath,
  productIdInput,
  productOptionsInput,
} from "./schemas";
import { availableOf, countsOf, paceOf } from "./stock-counts";
import type { Product, ProductDetail, ProductRow } from "./types";

/** The products (`p`) that an asker may see: a supplier its own, a distributor those that are or were on sale. */
export function visibleProducts(ctx: Ctx, sql: RawSql) {
  const scope = partyScope(ctx);
  if (scope === null) return sql`true`;
  if (partyScopeKind(ctx) === "supplier") return sql`p.supplier_id = ${scope}`;
  return sql`p.status <> 'draft'`;
}

/** Newest first. */
export async function listProducts(
  ctx: Ctx,
  input: ListProductsInput,
): Promise<{ items: ProductRow[]; nextCursor: string | null }> {
  requirePermission(ctx, "product:read");
  const { cursor, limit, search, status, supplierId } = listProductsInput.parse(input);
  const before = decodeCursor(cursor, ["id"])?.[0];
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const like = search ? containing(search) : null;
    const rows = await sql<StoredRow[]>`
      ${selectProducts(ctx, sql)}
      and ${visibleProducts(ctx, sql)}
      ${before ? sql`and p.id < ${before}` : sql``}
      ${like ? sql`and (p.name ilike ${like} or p.number ilike ${like})` : sql``}
      ${status ? sql`and p.status = any(${status}::text[])` : sql``}
      ${supplierId && partyScopeKind(ctx) !== "distributor" ? sql`and p.supplier_id = ${supplierId}` : sql``}
      order by p.id desc limit ${limit + 1}`;
    const items = await withStock(ctx, rows.slice(0, limit));
    return { items, nextCursor: rows.length > limit ? encodeCursor([items.at(-1)?.id ?? ""]) : null };
  });
}

/** One product. Throws NOT_FOUND. */
export async function getProduct(ctx: Ctx, input: z.input<typeof productIdInput>): Promise<ProductDetail> {
  requirePermission(ctx, "product:read");
  const { id } = productIdInput.parse(input);
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const rows = await sql<StoredRow[]>`
      ${selectProducts(ctx, sql)} and p.id = ${id} and ${visibleProducts(ctx, sql)}`;
    const [row] = await withStock(ctx, rows);
    if (!row) throw new DomainError("NOT_FOUND", { noun: "product" });
    const locked = await hasBatches(ctx, id);
    if (partyScopeKind(ctx) === "distributor") return { ...row, locked, stock: null, sales: null };
    const stock = (await countsOf(ctx, [id])).get(id) ?? null;
    const sales = stock
      ? ((await paceOf(ctx, [{ id, looped: row.looped, available: stock.available }])).get(id) ?? null)
      : null;
    return { ...row, locked, stock, sales };
  });
}

/** What a picker offers: newest first, or those that are named. */
export async function productOptions(
  ctx: Ctx,
  input: z.input<typeof productOptionsInput>,
): Promise<{ id: string; name: string; number: string; currency: string }[]> {
  requirePermission(ctx, "product:read");
  const { q, ids } = productOptionsInput.parse(input);
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const like = q ? containing(q) : null;
    return sql<{ id: string; name: string; number: string; currency: string }[]>`
      select p.id, p.name, p.number, p.currency from products p
      where p.tenant_id = ${ctx.tenant.id} and ${visibleProducts(ctx, sql)}
      ${ids ? sql`and p.id = any(${ids}::uuid[])` : sql``}
      ${like ? sql`and (p.name ilike ${like} or p.number ilike ${like})` : sql``}
      order by p.id desc limit ${ids ? 100 : 20}`;
  });
}

interface StoredRow {
  id: string;
  number: string;
  name: string;
  description: string;
  supplier_id: string;
  supplier_name: string;
  face: bigint;
  currency: string;
  looped: boolean;
  status: ProductStatus;
  low_stock_at: number;
  max_per_order: number;
  hash: string | null;
  created_at: string;
  updated_at: string;
}

function selectProducts(ctx: TxCtx, sql: RawSql) {
  return sql`
    select p.*, s.name as supplier_name, i.hash
    from products p
    join parties s on s.tenant_id = p.tenant_id and s.id = p.supplier_id
    left join product_images i on i.tenant_id = p.tenant_id and i.product_id = p.id
    where p.tenant_id = ${ctx.tenant.id}`;
}

async function withStock(ctx: TxCtx, rows: readonly StoredRow[]): Promise<ProductRow[]> {
  const available = await availableOf(
    ctx,
    rows.map((row) => row.id),
  );
  return rows.map((row) => {
    const count = available.get(row.id) ?? 0;
    const isDistributor = partyScopeKind(ctx) === "distributor";
    return {
      ...productOf(ctx, row),
      available: isDistributor ? null : count,
      inStock: count > 0,
      low: !isDistributor && isLow(row, count),
    };
  });
}

export function isLow(product: { looped: boolean; low_stock_at: number }, available: number): boolean {
  return product.looped ? available === 0 : available < product.low_stock_at || available === 0;
}

function productOf(ctx: Ctx, row: StoredRow): Product {
  const isDistributor = partyScopeKind(ctx) === "distributor";
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    description: row.description,
    supplierId: isDistributor ? null : row.supplier_id,
    supplierName: isDistributor ? null : row.supplier_name,
    face: row.face,
    currency: row.currency,
    looped: row.looped,
    status: row.status,
    lowStockAt: isDistributor ? 0 : row.low_stock_at,
    maxPerOrder: row.max_per_order,
    imageHash: row.hash,
    imagePath: row.hash ? picturePath(ctx.tenant.slug, row.id, row.hash) : null,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  };
}
