import type { World } from "./world";

/** Spreads counted vouchers over the whole table; prime, so that none comes twice. */
const STRIDE = 1_299_709;

/** Bodies of redemptions, one after the other: vouchers with odd numbers, each at another merchant. Null when all are used. */
export function redemptionBodies(world: World): () => string | null {
  const half = Math.floor(world.vouchers / 2);
  let k = 0;
  return () => {
    if (k === half) return null;
    k += 1;
    const n = ((k * STRIDE) % half) * 2 + 1;
    return `{"code":"${world.code(n)}","merchantId":"${world.merchantId(k % world.merchants)}","orderAmount":10000,"currency":"CNY","orderRef":"o-${k}"}`;
  };
}

/**
 * That what was measured is the real thing: each redemption that the server acknowledged stands with its legs, and
 * its voucher is used. Answers the legs of one. The floor's trades have no actor.
 */
export async function checkBooks(world: World): Promise<number> {
  const [row] = await world.owner.sql<{ trades: bigint; transfers: bigint; vouchers: bigint }[]>`
    with mine as (select id, voucher_id from trades where tenant_id = ${world.tenant.id} and actor_id is not null)
    select (select count(*) from mine) as trades,
      (select count(*) from mine m join transfers t on t.tenant_id = ${world.tenant.id} and t.trade_id = m.id) as transfers,
      (select count(*) from mine m join vouchers v on v.tenant_id = ${world.tenant.id} and v.id = m.voucher_id
        and v.uses_left = 0 and v.last_trade_id = m.id) as vouchers`;
  const trades = Number(row?.trades ?? 0);
  const legs = Number(row?.transfers ?? 0) / trades;
  if (trades === 0 || Number(row?.vouchers) !== trades || !Number.isInteger(legs))
    throw new Error(
      `the books do not agree: ${trades} trades, ${row?.transfers} transfers, ${row?.vouchers} vouchers`,
    );
  return legs;
}
