import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { type ProductStatus, picturePath } from "./schemas";
import type { ProductForSale } from "./types";

/**
 * Products that may be ordered, by number: those that are on sale, or, of `ids`, whatever their status is (the
 * caller looks at it). `inStock`: there is a key that nobody holds.
 */
export async function productsForSale(ctx: TxCtx, ids?: readonly string[]): Promise<ProductForSale[]> {
  if (ids?.length === 0) return [];
  const sql = rawSql(ctx.tx);
  const now = ctx.clock.now().toISOString();
  const rows = await sql<ForSaleRow[]>`
    select p.id, p.number, p.name, p.description, p.face, p.currency, p.looped, p.status, p.max_per_order, i.hash,
      exists (select from card_keys k where k.tenant_id = p.tenant_id and k.product_id = p.id and k.state = 0
        and (k.expires_at is null or k.expires_at > ${now}::timestamptz)) as in_stock
    from products p left join product_images i on i.tenant_id = p.tenant_id and i.product_id = p.id
    where p.tenant_id = ${ctx.tenant.id}
      and ${ids ? sql`p.id = any(${[...ids]}::uuid[])` : sql`p.status = 'on_sale'`}
    order by p.number`;
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    name: row.name,
    description: row.description,
    face: row.face,
    currency: row.currency,
    looped: row.looped,
    status: row.status,
    maxPerOrder: row.max_per_order,
    imageHash: row.hash,
    imagePath: row.hash ? picturePath(ctx.tenant.slug, row.id, row.hash) : null,
    inStock: row.in_stock,
  }));
}

interface ForSaleRow {
  id: string;
  number: string;
  name: string;
  description: string;
  face: bigint;
  currency: string;
  looped: boolean;
  status: ProductStatus;
  max_per_order: number;
  hash: string | null;
  in_stock: boolean;
}
