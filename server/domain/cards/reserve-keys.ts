import { rawSql } from "@/db/client";
import { CARD_STATES } from "@/db/schema";
import type { TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";

export interface KeyAsk {
  lineId: string;
  productId: string;
  quantity: number;
}

/**
 * Holds keys for order lines: earliest expiry first, all or none, and never waiting for another buyer. Of a looped
 * product nothing is held, but there has to be a key.
 * @throws DomainError OUT_OF_STOCK {product, available}; NOT_FOUND of a product
 */
export async function reserveKeys(ctx: TxCtx, asks: readonly KeyAsk[]): Promise<void> {
  if (asks.length === 0) return;
  const now = ctx.clock.now().toISOString();
  const sql = rawSql(ctx.tx);
  const wanted = new Map<string, number>();
  for (const { productId, quantity } of asks) wanted.set(productId, (wanted.get(productId) ?? 0) + quantity);
  // Each product is picked from once: rows that a statement has locked itself it would find again.
  const held = await sql<{ product_id: string; name: string; looped: boolean; got: number }[]>`
    with asked as (
      select line_id, product_id, quantity, sum(quantity) over (partition by product_id order by n) as upto
      from unnest(${asks.map((a) => a.lineId)}::uuid[], ${asks.map((a) => a.productId)}::uuid[],
        ${asks.map((a) => a.quantity)}::int[]) with ordinality as a (line_id, product_id, quantity, n)),
    need as (
      select p.id, p.name, p.looped, q.quantity
      from (select product_id, sum(quantity)::int as quantity from asked group by 1) q
      join products p on p.tenant_id = ${ctx.tenant.id} and p.id = q.product_id),
    picked as (
      select need.id as product_id, k.id, row_number() over (partition by need.id order by k.expires_at, k.id) as n
      from need cross join lateral (
        select c.id, c.expires_at from card_keys c
        where c.tenant_id = ${ctx.tenant.id} and c.product_id = need.id and c.state = 0
          and (c.expires_at is null or c.expires_at > ${now}::timestamptz)
        order by c.expires_at, c.id limit need.quantity for update skip locked) k
      where not need.looped),
    held as (
      update card_keys c set state = ${CARD_STATES.reserved}, order_line_id = asked.line_id, changed_at = ${now}::timestamptz
      from picked join asked on asked.product_id = picked.product_id
        and picked.n > asked.upto - asked.quantity and picked.n <= asked.upto
      where c.tenant_id = ${ctx.tenant.id} and c.id = picked.id
      returning c.product_id)
    select need.id as product_id, need.name, need.looped,
      case when need.looped
        then (select count(*) from (
          select 1 from card_keys c where c.tenant_id = ${ctx.tenant.id} and c.product_id = need.id and c.state = 0
            and (c.expires_at is null or c.expires_at > ${now}::timestamptz) limit 1) any_key)
        else (select count(*) from held where held.product_id = need.id) end::int as got
    from need`;
  const found = new Map(held.map((row) => [row.product_id, row]));
  for (const [productId, quantity] of wanted) {
    const row = found.get(productId);
    if (!row) throw new DomainError("NOT_FOUND", { noun: "product" });
    if (row.got < (row.looped ? 1 : quantity))
      throw new DomainError("OUT_OF_STOCK", { product: row.name, available: row.got });
  }
}

/** Gives back what order lines hold and did not get. Returns how many keys. */
export async function releaseKeys(ctx: TxCtx, lineIds: readonly string[]): Promise<number> {
  if (lineIds.length === 0) return 0;
  const now = ctx.clock.now().toISOString();
  const rows = await rawSql(ctx.tx)`
    update card_keys set order_line_id = null, changed_at = ${now}::timestamptz,
      state = case when expires_at <= ${now}::timestamptz then ${CARD_STATES.expired}::smallint else ${CARD_STATES.available}::smallint end
    where tenant_id = ${ctx.tenant.id} and order_line_id = any(${[...lineIds]}::uuid[]) and state = 1
    returning 1`;
  return rows.length;
}
