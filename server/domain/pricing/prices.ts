import { rawSql } from "@/db/client";
import { type Ctx, isAllowed, partyScope, requirePermission, type TxCtx } from "@/server/core/context";
import { containing, decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { lockTenant } from "./locks";
import { listPricesInput, setPricesInput } from "./schemas";

export interface PriceRow {
  productId: string;
  number: string;
  name: string;
  face: bigint;
  currency: string;
  status: "draft" | "on_sale" | "off_sale";
  /** What a key of the newest batch cost; null where unknown, or not for the asker to see. */
  cost: bigint | null;
  /** By tier code, as far as the asker sees it; no entry: not sold to the tier. */
  prices: Record<string, bigint>;
}

/**
 * The price list, by product number: products and what they cost each tier. A distributor sees what is on sale at
 * the price of its own tier, and nothing else.
 */
export async function listPrices(
  ctx: Ctx,
  input: unknown,
): Promise<{ items: PriceRow[]; nextCursor: string | null }> {
  requirePermission(ctx, "price:read");
  const { cursor, limit, q, productIds, status } = listPricesInput.parse(input);
  const after = decodeCursor(cursor, ["text"]);
  const scope = partyScope(ctx);
  return withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const ownTier = scope === null ? null : await tierOf(ctx, scope);
    if (scope !== null && ownTier === null) return { items: [], nextCursor: null };
    const pattern = q ? containing(q) : null;
    const costs = scope === null && isAllowed(ctx.actor, "stock:read");
    const rows = await sql<
      (Omit<PriceRow, "productId" | "prices"> & { id: string; prices: Record<string, string> | null })[]
    >`
      select p.id, p.number, p.name, p.face, p.currency, p.status, ${
        costs
          ? sql`(select b.cost from card_batches b where b.tenant_id = p.tenant_id and b.product_id = p.id order by b.id desc limit 1)`
          : sql`null::bigint`
      } as cost,
        (select json_object_agg(c.tier, c.price::text) from card_prices c where c.tenant_id = p.tenant_id and c.product_id = p.id
          ${ownTier === null ? sql`` : sql`and c.tier = ${ownTier}`}) as prices
      from products p
      where p.tenant_id = ${ctx.tenant.id}
        ${pattern ? sql`and (p.name ilike ${pattern} or p.number ilike ${pattern})` : sql``}
        ${productIds ? sql`and p.id = any(${productIds}::uuid[])` : sql``}
        ${status ? sql`and p.status = ${status}` : sql``}
        ${
          ownTier === null
            ? sql``
            : sql`and p.status = 'on_sale' and exists (select from card_prices c
                where c.tenant_id = p.tenant_id and c.product_id = p.id and c.tier = ${ownTier})`
        }
        ${after ? sql`and p.number > ${after[0]}` : sql``}
      order by p.number limit ${limit + 1}`;
    const items = rows.slice(0, limit).map(({ id, prices, ...row }) => ({
      ...row,
      productId: id,
      prices: Object.fromEntries(Object.entries(prices ?? {}).map(([tier, price]) => [tier, BigInt(price)])),
    }));
    const last = items.at(-1);
    return { items, nextCursor: rows.length > limit && last ? encodeCursor([last.number]) : null };
  });
}

/**
 * Sets prices, takes away those set to null; orders that were made keep theirs. All or none.
 * @throws DomainError NOT_FOUND · TIER_UNKNOWN · CONFLICT
 */
export async function setPrices(ctx: Ctx, input: unknown): Promise<{ changed: number }> {
  requirePermission(ctx, "price:write");
  // The last word on a product and tier counts.
  const wanted = [
    ...new Map(
      setPricesInput.parse(input).prices.map((one) => [`${one.productId}/${one.tier}`, one]),
    ).values(),
  ];
  return withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    await lockTenant(ctx, "prices");
    const columns = sql`unnest(${wanted.map((w) => w.productId)}::uuid[], ${wanted.map((w) => w.tier)}::text[])`;
    const rows = await sql<
      {
        number: string | null;
        currency: string | null;
        known_tier: string | null;
        price: bigint | null;
      }[]
    >`
      select p.number, p.currency, t.code as known_tier, c.price
      from ${columns} with ordinality as w (product_id, tier, n)
      left join products p on p.tenant_id = ${ctx.tenant.id} and p.id = w.product_id
      left join tiers t on t.tenant_id = ${ctx.tenant.id} and t.code = w.tier
      left join card_prices c on c.tenant_id = ${ctx.tenant.id} and c.product_id = w.product_id and c.tier = w.tier
      order by w.n`;
    const changes = wanted.flatMap((want, i) => {
      const row = rows[i];
      if (!row?.number || !row.currency) throw new DomainError("NOT_FOUND", { noun: "product" });
      if (!row.known_tier) throw new DomainError("TIER_UNKNOWN", { tier: want.tier });
      if (row.price === want.price) return [];
      if (want.was !== undefined && want.was !== row.price)
        throw new DomainError("CONFLICT", { noun: "price" });
      return [{ ...want, number: row.number, currency: row.currency, before: row.price }];
    });
    if (changes.length === 0) return { changed: 0 };
    const set = changes.filter((c) => c.price !== null);
    const gone = changes.filter((c) => c.price === null);
    const now = ctx.clock.now().toISOString();
    await sql`
      insert into card_prices (tenant_id, product_id, tier, price, currency, updated_at)
      select ${ctx.tenant.id}, product_id, tier, price, currency, ${now}::timestamptz
      from unnest(${set.map((c) => c.productId)}::uuid[], ${set.map((c) => c.tier)}::text[],
        ${set.map((c) => `${c.price}`)}::bigint[], ${set.map((c) => c.currency)}::text[]) n (product_id, tier, price, currency)
      on conflict (tenant_id, product_id, tier) do update set price = excluded.price, currency = excluded.currency,
        updated_at = excluded.updated_at`;
    await sql`
      delete from card_prices c using unnest(${gone.map((c) => c.productId)}::uuid[], ${gone.map((c) => c.tier)}::text[]) n (product_id, tier)
      where c.tenant_id = ${ctx.tenant.id} and c.product_id = n.product_id and c.tier = n.tier`;
    await record(
      ctx,
      ...changes.map((c) => ({
        action: "price.set",
        subject: { kind: "product", id: c.productId },
        data: {
          product: c.number,
          tier: c.tier,
          currency: c.currency,
          price: { from: c.before, to: c.price },
        },
      })),
    );
    return { changed: changes.length };
  });
}

/** What the products cost a tier; those that it is not sold are not in the answer. Asks no permission of its own. */
export async function pricesFor(
  ctx: TxCtx,
  tier: string,
  productIds: readonly string[],
): Promise<Map<string, { price: bigint; currency: string }>> {
  const rows = await rawSql(ctx.tx)<{ product_id: string; price: bigint; currency: string }[]>`
    select product_id, price, currency from card_prices
    where tenant_id = ${ctx.tenant.id} and product_id = any(${[...productIds]}::uuid[]) and tier = ${tier}`;
  return new Map(rows.map(({ product_id, ...price }) => [product_id, price]));
}

async function tierOf(ctx: TxCtx, partyId: string): Promise<string | null> {
  const [row] = await rawSql(ctx.tx)<{ tier: string }[]>`
    select tier from distributors where tenant_id = ${ctx.tenant.id} and party_id = ${partyId}`;
  return row?.tier ?? null;
}
