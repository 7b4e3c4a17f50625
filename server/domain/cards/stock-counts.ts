import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import type { StockCounts, StockPace } from "./types";

/**
 * Counts of keys. Each is answered from an index alone (`card_keys_available`, `card_keys_by_batch`,
 * `card_keys_delivered`), never from the rows with their ciphertext: stock.int.test.ts looks at the plans.
 */

const PACE_DAYS = 14;

/** Keys that can be sold now, by product. */
export async function availableOf(ctx: TxCtx, productIds: readonly string[]): Promise<Map<string, number>> {
  if (productIds.length === 0) return new Map();
  const now = ctx.clock.now().toISOString();
  const rows = await rawSql(ctx.tx)<{ product_id: string; available: bigint }[]>`
    select product_id, count(*) as available from card_keys
    where tenant_id = ${ctx.tenant.id} and product_id = any(${[...productIds]}::uuid[]) and state = 0
      and (expires_at is null or expires_at > ${now}::timestamptz)
    group by 1`;
  return new Map(rows.map((row) => [row.product_id, Number(row.available)]));
}

/** Keys by state, by product. */
export async function countsOf(ctx: TxCtx, productIds: readonly string[]): Promise<Map<string, StockCounts>> {
  if (productIds.length === 0) return new Map();
  const rows = await rawSql(ctx.tx)<{ id: string; state: number; count: bigint }[]>`
    select b.product_id as id, k.state, sum(k.count)::bigint as count
    from card_batches b cross join lateral (
      select state, count(*) as count from card_keys
      where tenant_id = ${ctx.tenant.id} and batch_id = b.id group by 1) k
    where b.tenant_id = ${ctx.tenant.id} and b.product_id = any(${[...productIds]}::uuid[])
    group by 1, 2`;
  return stockCounts(productIds, rows);
}

/** Keys by state, by batch. */
export async function countsOfBatches(
  ctx: TxCtx,
  batchIds: readonly string[],
): Promise<Map<string, StockCounts>> {
  if (batchIds.length === 0) return new Map();
  const rows = await rawSql(ctx.tx)<{ id: string; state: number; count: bigint }[]>`
    select batch_id as id, state, count(*) as count from card_keys
    where tenant_id = ${ctx.tenant.id} and batch_id = any(${[...batchIds]}::uuid[]) group by 1, 2`;
  return stockCounts(batchIds, rows);
}

/** What was delivered lately, and for how many days the rest lasts at that pace. */
export async function paceOf(
  ctx: TxCtx,
  products: readonly { id: string; looped: boolean; available: number }[],
): Promise<Map<string, StockPace>> {
  if (products.length === 0) return new Map();
  const since = new Date(ctx.clock.now().getTime() - PACE_DAYS * 86_400_000).toISOString();
  const rows = await rawSql(ctx.tx)<{ product_id: string; delivered: bigint }[]>`
    select product_id, count(*) as delivered from card_keys
    where tenant_id = ${ctx.tenant.id} and product_id = any(${products.map((p) => p.id)}::uuid[]) and state = 2
      and changed_at > ${since}::timestamptz
    group by 1`;
  const delivered = new Map(rows.map((row) => [row.product_id, Number(row.delivered)]));
  return new Map(
    products.map(({ id, looped, available }) => {
      const delivered14 = delivered.get(id) ?? 0;
      const lasts = !looped && delivered14 > 0;
      return [
        id,
        { delivered14, daysLeft: lasts ? Math.floor((available * PACE_DAYS) / delivered14) : null },
      ];
    }),
  );
}

function stockCounts(
  ids: readonly string[],
  rows: readonly { id: string; state: number; count: bigint }[],
): Map<string, StockCounts> {
  const counts = new Map(
    ids.map((id) => [id, { imported: 0, available: 0, reserved: 0, delivered: 0, dead: 0, expired: 0 }]),
  );
  const names = ["available", "reserved", "delivered", "dead", "expired"] as const;
  for (const { id, state, count } of rows) {
    const name = names[state];
    const of = counts.get(id);
    if (!name || !of) continue;
    of[name] += Number(count);
    of.imported += Number(count);
  }
  return counts;
}
