import { inTenant, rawSql } from "@/db/client";
import { CARD_STATES } from "@/db/schema";
import { newId } from "@/server/core/ids";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestClock, type TestTenant } from "@/server/testing/factories";
import { addKeys, createProduct, setProductStatus } from ".";
import type { KeyState } from "./schemas";

/** A tenant with a supplier, and what tests of stock ask of it. */
export interface Store {
  t: TestTenant;
  supplierId: string;
  product(options?: {
    looped?: boolean;
    name?: string;
    lowStockAt?: number;
    supplierId?: string;
  }): Promise<string>;
  /** Puts keys named `<prefix><n>` into stock; their secret is `secret-<number>`. */
  fill(
    productId: string,
    count: number,
    options?: { prefix?: string; expiresAt?: Date | null; cost?: bigint },
  ): Promise<string>;
  /** How many keys stand in each state. */
  states(productId: string): Promise<Partial<Record<KeyState, number>>>;
  /** An order with one line a product. Returns the lines in the order given. */
  order(lines: { productId: string; quantity: number }[]): Promise<string[]>;
}

export async function makeStore(clock?: TestClock): Promise<Store> {
  const { owner, db } = await testDatabase();
  const t = await makeTenant(owner, db, clock ? { clock } : {});
  const supplierId = (await makeParty(t, "supplier")).id;
  const distributorId = (await makeParty(t, "distributor")).id;
  const operator = t.as("operator");
  return {
    t,
    supplierId,
    product: async (options = {}) => {
      const { id } = await createProduct(operator, {
        supplierId: options.supplierId ?? supplierId,
        name: options.name ?? "100 points",
        face: 10_000n,
        looped: options.looped ?? false,
        lowStockAt: options.lowStockAt ?? 0,
      });
      await setProductStatus(operator, { id, status: "on_sale" });
      return id;
    },
    fill: async (productId, count, { prefix = `${newId()}-`, expiresAt = null, cost = 9_500n } = {}) => {
      const keys = Array.from({ length: count }, (_, n) => ({
        number: `${prefix}${n}`,
        secret: `secret-${prefix}${n}`,
      }));
      return (await addKeys(operator, { productId, cost, expiresAt, keys })).batchId;
    },
    states: (productId) =>
      inTenant(db, t.tenant.id, async (tx) => {
        const rows = await rawSql(tx)<{ state: number; count: bigint }[]>`
          select state, count(*) from card_keys where product_id = ${productId} group by 1`;
        const names = Object.keys(CARD_STATES) as KeyState[];
        return Object.fromEntries(rows.map((row) => [names[row.state], Number(row.count)]));
      }),
    order: (lines) =>
      inTenant(db, t.tenant.id, async (tx) => {
        const sql = rawSql(tx);
        const orderId = newId();
        const now = t.clock.now().toISOString();
        await sql`
          insert into orders (tenant_id, id, source, distributor_id, state, currency, total, created_at, expires_at)
          values (${t.tenant.id}, ${orderId}, 'portal', ${distributorId}, 'pending', 'CNY', 1, ${now}::timestamptz, ${now}::timestamptz)`;
        const ids: string[] = [];
        for (const [position, { productId, quantity }] of lines.entries()) {
          const id = newId();
          await sql`
            insert into order_lines (tenant_id, id, order_id, position, product_id, quantity, price, markup, tier)
            values (${t.tenant.id}, ${id}, ${orderId}, ${position}, ${productId}, ${quantity}, 9850, 0, 'gold')`;
          ids.push(id);
        }
        return ids;
      }),
  };
}
