import { randomBytes } from "node:crypto";
import { connect, type Database } from "@/db/client";
import { systemClock, type Tenant } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { addKeys, createProduct } from "@/server/domain/cards";
import { cardSaleRule, createRule } from "@/server/domain/clearing";
import { settleTogether } from "@/server/domain/orders";
import type { PaymentFact } from "@/server/domain/orders/types";
import { createParty, createTenant, systemCtx } from "@/server/domain/parties";
import { createChannel } from "@/server/domain/payments";
import { createTier, setDistributor } from "@/server/domain/pricing";
import { type Benchmark, quantile, rounded, seconds } from "./support/bench";
import { skipLockedFloor } from "./support/skip-locked-floor";

const BUYERS = 64;
const GOAL = 0.5;
const P99_MS = 1_000;
/** A card of the worked example: 98.50, of which the supplier gets 95.00. */
const PRICE = 9_850;

/**
 * From the channel's word that an order is paid to its key delivered and every leg posted: 64 buyers of one product,
 * each with the next order as soon as one is done. The floor only takes keys.
 */
const deliver: Benchmark = async ({ url, scale, say }) => {
  const orders = Math.max(4_000, Math.round(40_000 * scale));
  const duration = Math.max(5, Math.round(10 * scale));
  const owner = connect(url, { as: "owner", max: 2 });
  const app = connect(url, { max: 10 });
  try {
    const world = await makeShop(owner, app);
    say(`Making ${orders.toLocaleString("en")} orders with a key held for each …`);
    const facts = await placeOrders(owner, world, orders);
    say("Floor: a bare loop that takes keys …");
    const floorProduct = await newProduct(world, "floor");
    await stock(owner, world, floorProduct, Math.max(50_000, duration * 20_000));
    await owner.sql.unsafe("vacuum analyze card_keys, orders, order_lines, payments");
    await owner.sql.unsafe("checkpoint");
    const floor = await skipLockedFloor(url, world.tenant.id, floorProduct, {
      clients: BUYERS,
      seconds: duration,
    });

    say("Settling and delivering …");
    const ctx = systemCtx(app, world.tenant, "bench");
    const warmUp = Math.floor(orders * 0.2);
    await settleAll(ctx, facts.slice(0, warmUp));
    const measured = facts.slice(warmUp);
    const began = process.hrtime.bigint();
    const times = await settleAll(ctx, measured);
    const perSecond = measured.length / seconds(began);
    await check(owner, world, orders);
    times.sort((a, b) => a - b);
    const p99 = quantile(times, 0.99);
    return [
      {
        name: "deliver",
        value: Math.round(perSecond),
        unit: "orders/s",
        floor: Math.round(floor.perSecond),
        ratio: rounded(perSecond / floor.perSecond),
        goal: `≥ ${GOAL} × the floor`,
        met: perSecond >= GOAL * floor.perSecond,
        note: `floor: a bare FOR UPDATE SKIP LOCKED loop, ${floor.by}; ${orders.toLocaleString("en")} orders of one product, ${BUYERS} buyers; no key twice`,
      },
      {
        name: "deliver p99",
        value: rounded(p99, 1),
        unit: "ms",
        floor: null,
        ratio: null,
        goal: `< ${P99_MS.toLocaleString("en")} ms`,
        met: p99 < P99_MS,
        note: `p50 ${rounded(quantile(times, 0.5), 1)} ms, from paid to posted`,
      },
    ];
  } finally {
    await app.close();
    await owner.close();
  }
};
export default deliver;

interface Shop {
  tenant: Tenant;
  app: Database;
  supplierId: string;
  distributorId: string;
  channelId: string;
  productId: string;
}

async function makeShop(owner: Database, app: Database): Promise<Shop> {
  const tenant = await createTenant(owner, {
    slug: `bench-${newId().slice(-10)}`,
    name: "Bench",
    currency: "CNY",
    timezone: "Asia/Shanghai",
  });
  const ctx = systemCtx(app, tenant, "bench");
  const cycle = {
    kind: "windows" as const,
    windowsPerDay: 1 as const,
    delay: 1,
    dayCount: "calendar" as const,
  };
  const party = async (kind: "supplier" | "distributor", name: string) =>
    (await createParty(ctx, { kind, name, cycle })).id;
  const [supplierId, uplineId, distributorId] = [
    await party("supplier", "Supplier"),
    await party("distributor", "Recruiter"),
    await party("distributor", "Seller"),
  ];
  await createTier(ctx, { code: "gold", name: "Gold" });
  await setDistributor(ctx, { partyId: uplineId, tier: "gold" });
  await setDistributor(ctx, { partyId: distributorId, tier: "gold", uplineId });
  await createRule(ctx, {
    name: "Card sales",
    scope: { tradeKind: "card_sale" },
    definition: cardSaleRule({ commissionRate: "0.01", uplineRates: ["0.002"] }),
  });
  const { id: channelId } = await createChannel(ctx, {
    name: "Pay",
    feeRate: "0.006",
    feeMin: null,
    feeMax: null,
    feeBearer: null,
    refundsFee: false,
    cycle,
    minAmount: null,
    maxAmount: null,
    enabled: true,
    account: null,
  });
  const shop = { tenant, app, supplierId, distributorId, channelId, productId: "" };
  return { ...shop, productId: await newProduct(shop, "sold") };
}

async function newProduct(
  { tenant, app, supplierId }: Omit<Shop, "productId">,
  name: string,
): Promise<string> {
  const ctx = systemCtx(app, tenant, "bench");
  const { id } = await createProduct(ctx, { supplierId, name, face: 10_000n });
  await addKeys(ctx, { productId: id, cost: 9_500n, keys: [{ number: `${name}-1`, secret: "secret" }] });
  return id;
}

/** Keys whose secrets nobody will open: delivering does not. */
async function stock(owner: Database, { tenant }: Shop, productId: string, count: number): Promise<void> {
  await owner.sql`
    insert into card_keys (tenant_id, id, batch_id, product_id, state, identity_hash, sealed, tail, changed_at)
    select ${tenant.id}, gen_random_uuid(), b.id, ${productId}, 0, decode(md5(n::text || ${productId}), 'hex'),
      ${randomBytes(80)}, lpad((n % 10000)::text, 4, '0'), now()
    from generate_series(1, ${count}::int) n, card_batches b
    where b.tenant_id = ${tenant.id} and b.product_id = ${productId}`;
  await owner.sql`
    update card_batches set imported = imported + ${count} where tenant_id = ${tenant.id} and product_id = ${productId}`;
}

/** Orders of one card each, whose key is held and whose buyer has paid at the channel. */
async function placeOrders(owner: Database, shop: Shop, count: number): Promise<PaymentFact[]> {
  await stock(owner, shop, shop.productId, count);
  const { tenant, productId, distributorId, channelId } = shop;
  const now = systemClock.now();
  const at = now.toISOString();
  const ids = Array.from({ length: count }, () => ({ order: newId(), line: newId(), payment: newId() }));
  for (let from = 0; from < count; from += 5_000) {
    const part = ids.slice(from, from + 5_000);
    await owner.sql.begin(async (sql) => {
      const made = sql`unnest(${part.map((one) => one.order)}::uuid[], ${part.map((one) => one.line)}::uuid[],
        ${part.map((one) => one.payment)}::uuid[]) with ordinality as n (order_id, line_id, payment_id, nth)`;
      await sql`
        insert into orders (tenant_id, id, source, distributor_id, state, currency, total, created_at, expires_at)
        select ${tenant.id}, order_id, 'shop', ${distributorId}, 'pending', 'CNY', ${PRICE}::bigint, ${at}::timestamptz, ${at}::timestamptz + interval '1 day'
        from ${made}`;
      await sql`
        insert into order_lines (tenant_id, id, order_id, position, product_id, quantity, price, markup, tier)
        select ${tenant.id}, line_id, order_id, 1, ${productId}, 1, ${PRICE}::bigint, 0, 'gold' from ${made}`;
      await sql`
        insert into payments (tenant_id, id, order_id, channel_id, amount, currency, state, created_at)
        select ${tenant.id}, payment_id, order_id, ${channelId}, ${PRICE}::bigint, 'CNY', 'created', ${at}::timestamptz from ${made}`;
      await sql`
        with free as (
          select id, row_number() over (order by id) as nth from card_keys
          where tenant_id = ${tenant.id} and product_id = ${productId} and state = 0 order by id limit ${part.length})
        update card_keys k set state = 1, order_line_id = n.line_id
        from ${made} join free using (nth) where k.tenant_id = ${tenant.id} and k.id = free.id`;
    });
  }
  return ids.map(({ payment }) => ({
    channelId,
    paymentId: payment,
    transactionId: `tx-${payment}`,
    amount: BigInt(PRICE),
    paidAt: now,
  }));
}

/** Each buyer settles one order after the other. Returns how long each took, in milliseconds. */
async function settleAll(
  ctx: ReturnType<typeof systemCtx>,
  facts: readonly PaymentFact[],
): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  const buyer = async () => {
    for (let fact = facts[next++]; fact; fact = facts[next++]) {
      const began = performance.now();
      const [settled] = await settleTogether(ctx, [fact]);
      if (settled?.outcome !== "delivered") throw new Error(`an order was ${settled?.outcome}`);
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: BUYERS }, buyer));
  return times;
}

async function check(owner: Database, { tenant }: Shop, orders: number): Promise<void> {
  const [row] = await owner.sql<{ delivered: number; keys: number; legs: number; sums: boolean }[]>`
    select count(*)::int as delivered, count(distinct key_id)::int as keys,
      (select count(*)::int from transfers where tenant_id = ${tenant.id}) as legs,
      (select sum(amount) from transfers where tenant_id = ${tenant.id} and leg like 'card.%') = ${orders}::bigint * ${PRICE}::bigint as sums
    from card_deliveries where tenant_id = ${tenant.id}`;
  if (row?.delivered !== orders || row.keys !== orders || row.legs !== orders * 5 || !row.sums)
    throw new Error(`the books are wrong: ${JSON.stringify(row)} of ${orders} orders`);
}
