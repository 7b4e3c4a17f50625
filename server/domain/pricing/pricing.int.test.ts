import { beforeAll, describe, expect, test } from "vitest";
import { inTenant, rawSql } from "@/db/client";
import type { Ctx } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import { cardSaleRule, createRule } from "../clearing";
import { setPartyStatus } from "../parties";
import {
  createTier,
  distributorTerms,
  getDistributor,
  getShop,
  listDistributors,
  listPrices,
  listShopItems,
  listTiers,
  pricesFor,
  removeTier,
  setDistributor,
  setPrices,
  setShopItems,
  shopBySlug,
  shopItemsOf,
  updateShop,
  updateTier,
} from ".";

const base = await testDatabase();
const code = (wanted: string) => expect.objectContaining({ code: wanted });

let t: TestTenant;
let operator: Ctx;

async function product(
  t: TestTenant,
  number: string,
  status: "draft" | "on_sale" | "off_sale" = "on_sale",
): Promise<string> {
  const supplier = await makeParty(t, "supplier");
  const id = newId();
  await inTenant(t.system.db, t.tenant.id, async (tx) => {
    await rawSql(tx)`
      insert into products (tenant_id, id, number, supplier_id, name, face, currency, status, created_at, updated_at)
      values (${t.tenant.id}, ${id}, ${number}, ${supplier.id}, ${`Card ${number}`}, 10000, 'CNY', ${status}, now(), now())`;
  });
  return id;
}

/** Distributors on one tier, each recruited by the one before. */
async function distributors(t: TestTenant, count: number, linked = false): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    const { id } = await makeParty(t, "distributor");
    await setDistributor(t.as("operator"), {
      partyId: id,
      tier: "silver",
      uplineId: linked ? (ids.at(-1) ?? null) : null,
    });
    ids.push(id);
  }
  return ids;
}

const inTx = <T>(t: TestTenant, work: Parameters<typeof withTransaction<T>>[1]) =>
  withTransaction(t.system, work);

beforeAll(async () => {
  t = await makeTenant(base.owner, base.db, { settings: { uplineLevels: 3 } });
  operator = t.as("operator");
  await createTier(operator, { code: "silver", name: "Silver" });
  await createTier(operator, { code: "gold", name: "Gold", minVolume: 1_000_000n });
});

describe("tiers", () => {
  test("keep their ranks without gaps, whatever is put where", async () => {
    const own = await makeTenant(base.owner, base.db);
    const op = own.as("operator");
    const ranks = async () => (await listTiers(op)).map((tier) => `${tier.rank} ${tier.code}`);
    await createTier(op, { code: "gold", name: "Gold", minVolume: 500n });
    await createTier(op, { code: "bronze", name: "Bronze", rank: 1 });
    await createTier(op, { code: "silver", name: "Silver", rank: 2 });
    expect(await ranks()).toEqual(["1 bronze", "2 silver", "3 gold"]);
    await updateTier(op, { code: "gold", rank: 1 });
    expect(await ranks()).toEqual(["1 gold", "2 bronze", "3 silver"]);
    await updateTier(op, { code: "gold", rank: 99, name: "Gold!", minVolume: 9n });
    expect(await ranks()).toEqual(["1 bronze", "2 silver", "3 gold"]);
    await removeTier(op, { code: "silver" });
    expect(await ranks()).toEqual(["1 bronze", "2 gold"]);
    expect((await listTiers(op))[1]).toMatchObject({ name: "Gold!", minVolume: 9n, currency: "CNY" });
    await Promise.all(
      ["a", "b", "c", "d"].map((one) => createTier(op, { code: one, name: one, rank: 1 }).catch(() => {})),
    );
    expect((await listTiers(op)).map((tier) => tier.rank)).toEqual([1, 2, 3, 4, 5, 6]);
    await expect(createTier(op, { code: "gold", name: "x" })).rejects.toEqual(code("TIER_CODE_TAKEN"));
  });

  test("are not removed while a distributor or a rule uses them", async () => {
    await createTier(operator, { code: "used", name: "Used" });
    const { id } = await makeParty(t, "distributor");
    await setDistributor(operator, { partyId: id, tier: "used" });
    await expect(removeTier(operator, { code: "used" })).rejects.toEqual(code("TIER_IN_USE"));
    await setDistributor(operator, { partyId: id, tier: "silver" });
    await createRule(operator, {
      name: "of a tier",
      scope: { tradeKind: "card_sale", tier: "used" },
      priority: 0,
      definition: cardSaleRule({ commissionRate: "0.01" }),
    });
    await expect(removeTier(operator, { code: "used" })).rejects.toEqual(code("TIER_IN_USE"));
    await expect(removeTier(operator, { code: "none" })).rejects.toEqual(code("NOT_FOUND"));
  });

  test("a tier that is being removed takes no distributor", async () => {
    const { id } = await makeParty(t, "distributor");
    for (let round = 0; round < 5; round++) {
      await createTier(operator, { code: `r${round}`, name: "R" });
      const [removed, set] = await Promise.allSettled([
        removeTier(operator, { code: `r${round}` }),
        setDistributor(operator, { partyId: id, tier: `r${round}` }),
      ]);
      const outcome = [removed.status, set.status].sort();
      expect(outcome).toEqual(["fulfilled", "rejected"]);
      const [refused] = [removed, set].filter((one) => one.status === "rejected");
      expect(["TIER_IN_USE", "TIER_UNKNOWN"]).toContain(refused?.reason.code);
    }
  });

  test("are the operator's alone to change", async () => {
    for (const role of ["finance", "support", "auditor"] as const) {
      await expect(createTier(t.as(role), { code: "x", name: "x" })).rejects.toEqual(
        code("PERMISSION_DENIED"),
      );
    }
    const d = await makeParty(t, "distributor");
    const tiers = await listTiers(t.as("distributor", d));
    expect(tiers.every((tier) => tier.distributors === null)).toBe(true);
  });
});

describe("terms", () => {
  test("are found for a sale, with the recruiters that earn of it", async () => {
    const [a, b, c] = (await distributors(t, 3, true)) as [string, string, string];
    await setDistributor(operator, { partyId: c, commissionRate: "0.0150" });
    expect(await inTx(t, (ctx) => distributorTerms(ctx, c))).toEqual({
      partyId: c,
      tier: "silver",
      commissionRate: "0.015",
      uplines: [b, a],
    });
    const fewer = {
      ...t.system,
      tenant: { ...t.tenant, settings: { ...t.tenant.settings, uplineLevels: 1 } },
    };
    expect((await withTransaction(fewer, (ctx) => distributorTerms(ctx, c))).uplines).toEqual([b]);
    const { id } = await makeParty(t, "distributor");
    await expect(inTx(t, (ctx) => distributorTerms(ctx, id))).rejects.toEqual(code("NOT_FOUND"));
  });

  test("leave what is not given, and refuse what somebody else has changed", async () => {
    const [a] = (await distributors(t, 1)) as [string];
    await setDistributor(operator, { partyId: a, commissionRate: "0.02", shopSlug: "Left-Alone" });
    const seen = await getDistributor(operator, { partyId: a });
    expect(seen).toMatchObject({ tier: "silver", commissionRate: "0.02", shopSlug: "left-alone" });
    await setDistributor(operator, { partyId: a, tier: "gold", version: seen.updatedAt as Date });
    await expect(
      setDistributor(operator, { partyId: a, tier: "silver", version: seen.updatedAt as Date }),
    ).rejects.toEqual(code("CONFLICT"));
    expect(await getDistributor(operator, { partyId: a })).toMatchObject({
      tier: "gold",
      commissionRate: "0.02",
    });
    await expect(setDistributor(operator, { partyId: a, commissionRate: "1.01" })).rejects.toThrow();
    await expect(setDistributor(operator, { partyId: a, tier: "nowhere" })).rejects.toEqual(
      code("TIER_UNKNOWN"),
    );
    const merchant = await makeParty(t, "merchant");
    await expect(setDistributor(operator, { partyId: merchant.id, tier: "gold" })).rejects.toEqual(
      code("NOT_FOUND"),
    );
  });

  test("make no circle", async () => {
    const [a, b, c] = (await distributors(t, 3, true)) as [string, string, string];
    await expect(setDistributor(operator, { partyId: a, uplineId: a })).rejects.toEqual(code("UPLINE_CYCLE"));
    await expect(setDistributor(operator, { partyId: a, uplineId: b })).rejects.toEqual(code("UPLINE_CYCLE"));
    await expect(setDistributor(operator, { partyId: a, uplineId: c })).rejects.toEqual(code("UPLINE_CYCLE"));
  });

  test("make no circle at the same time, either", async () => {
    for (let round = 0; round < 6; round++) {
      const [a, b, c] = (await distributors(t, 3)) as [string, string, string];
      const results = await Promise.allSettled([
        setDistributor(operator, { partyId: a, uplineId: b }),
        setDistributor(operator, { partyId: b, uplineId: c }),
        setDistributor(operator, { partyId: c, uplineId: a }),
      ]);
      expect(results.filter((one) => one.status === "fulfilled")).toHaveLength(2);
      const refused = results.find((one) => one.status === "rejected");
      expect(refused?.reason).toEqual(code("UPLINE_CYCLE"));
      for (const id of [a, b, c]) {
        const { uplines } = await inTx(t, (ctx) => distributorTerms(ctx, id));
        expect(uplines).not.toContain(id);
      }
    }
  });

  test("make no line longer than the setting, above or below", async () => {
    const [, , , d] = (await distributors(t, 4, true)) as [string, string, string, string];
    const [e] = (await distributors(t, 1)) as [string];
    await expect(setDistributor(operator, { partyId: e, uplineId: d })).rejects.toEqual(
      expect.objectContaining({ code: "UPLINE_TOO_DEEP", params: { max: 3 } }),
    );
    const [x, , z] = (await distributors(t, 3, true)) as [string, string, string];
    const [top, next] = (await distributors(t, 2, true)) as [string, string];
    // two levels above and two below are four
    await expect(setDistributor(operator, { partyId: x, uplineId: next })).rejects.toEqual(
      code("UPLINE_TOO_DEEP"),
    );
    await setDistributor(operator, { partyId: x, uplineId: top });
    expect((await inTx(t, (ctx) => distributorTerms(ctx, z))).uplines).toHaveLength(3);

    const flat = await makeTenant(base.owner, base.db, { settings: { uplineLevels: 0 } });
    await createTier(flat.as("operator"), { code: "silver", name: "Silver" });
    await expect(distributors(flat, 2, true)).rejects.toEqual(code("UPLINE_TOO_DEEP"));
  });

  test("long lines at the same time stay within the setting", async () => {
    for (let round = 0; round < 4; round++) {
      const [a, b, c] = (await distributors(t, 3)) as [string, string, string];
      const [d, e] = (await distributors(t, 2)) as [string, string];
      const pairs = [
        [b, a],
        [c, b],
        [d, c],
        [e, d],
      ] as const;
      const results = await Promise.allSettled(
        pairs.map(([partyId, uplineId]) => setDistributor(operator, { partyId, uplineId })),
      );
      expect(results.filter((one) => one.status === "rejected")).toHaveLength(1);
    }
  });

  test("of another are not to be had", async () => {
    const [a, b] = (await distributors(t, 2, true)) as [string, string];
    const asA = t.as("distributor", { id: a, kind: "distributor" });
    expect((await listDistributors(asA, {})).items.map((one) => one.partyId)).toEqual([a]);
    expect((await getDistributor(asA, { partyId: a })).recruits).toBe(1);
    await expect(getDistributor(asA, { partyId: b })).rejects.toEqual(code("NOT_FOUND"));
    await expect(getShop(asA, { partyId: b })).rejects.toEqual(code("NOT_FOUND"));
    await expect(listShopItems(asA, { partyId: b })).rejects.toEqual(code("NOT_FOUND"));
    await expect(setShopItems(asA, { partyId: b, items: [] })).rejects.toThrow();
    await expect(setDistributor(asA, { partyId: a, tier: "gold" })).rejects.toEqual(
      code("PERMISSION_DENIED"),
    );
    await expect(listDistributors(t.as("merchant", await makeParty(t, "merchant")), {})).rejects.toEqual(
      code("PERMISSION_DENIED"),
    );
  });

  test("are paged and found", async () => {
    const own = await makeTenant(base.owner, base.db);
    await createTier(own.as("operator"), { code: "silver", name: "Silver" });
    await distributors(own, 5);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listDistributors>> = await listDistributors(own.as("auditor"), {
        cursor,
        limit: 2,
      });
      seen.push(...page.items.map((one) => one.number));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(["D-0001", "D-0002", "D-0003", "D-0004", "D-0005"]);
    expect((await listDistributors(own.as("auditor"), { q: "D-0003" })).items).toHaveLength(1);
    expect((await listDistributors(own.as("auditor"), { tier: "gold" })).items).toHaveLength(0);
  });
});

describe("prices", () => {
  test("are set together, kept in the audit log, and found for a tier", async () => {
    const p = await product(t, "P-0101");
    const q = await product(t, "P-0102");
    const set = (prices: unknown[]) => setPrices(operator, { prices });
    expect(
      await set([
        { productId: p, tier: "silver", price: 9900n },
        { productId: p, tier: "gold", price: 9800n },
        { productId: q, tier: "gold", price: 4900n },
      ]),
    ).toEqual({ changed: 3 });
    expect(await set([{ productId: p, tier: "gold", price: 9800n }])).toEqual({ changed: 0 });
    expect(await inTx(t, (ctx) => pricesFor(ctx, "gold", [p, q]))).toEqual(
      new Map([
        [p, { price: 9800n, currency: "CNY" }],
        [q, { price: 4900n, currency: "CNY" }],
      ]),
    );
    expect((await inTx(t, (ctx) => pricesFor(ctx, "silver", [p, q]))).size).toBe(1);
    await set([{ productId: p, tier: "gold", price: 9700n, was: 9800n }]);
    await expect(set([{ productId: p, tier: "gold", price: 1n, was: 9800n }])).rejects.toEqual(
      code("CONFLICT"),
    );
    await set([{ productId: q, tier: "gold", price: null }]);
    expect((await inTx(t, (ctx) => pricesFor(ctx, "gold", [q]))).size).toBe(0);
    const entries = await inTenant(
      t.system.db,
      t.tenant.id,
      (tx) =>
        rawSql(tx)<{ data: unknown }[]>`
          select data from audit_log where tenant_id = ${t.tenant.id} and action = 'price.set' and subject_id = ${p} order by seq`,
    );
    expect(entries.at(-1)?.data).toMatchObject({ tier: "gold", price: { from: "9800", to: "9700" } });
    // all or none
    await expect(
      set([
        { productId: p, tier: "silver", price: 5n },
        { productId: p, tier: "nowhere", price: 5n },
      ]),
    ).rejects.toEqual(code("TIER_UNKNOWN"));
    await expect(
      set([
        { productId: p, tier: "silver", price: 5n },
        { productId: newId(), tier: "gold", price: 5n },
      ]),
    ).rejects.toEqual(code("NOT_FOUND"));
    expect((await inTx(t, (ctx) => pricesFor(ctx, "silver", [p]))).get(p)?.price).toBe(9900n);
  });

  test("of its own tier alone are a distributor's to see", async () => {
    const p = await product(t, "P-0201");
    const silver = await product(t, "P-0202");
    const draft = await product(t, "P-0203", "draft");
    await setPrices(operator, {
      prices: [
        { productId: p, tier: "silver", price: 100n },
        { productId: p, tier: "gold", price: 90n },
        { productId: silver, tier: "silver", price: 50n },
        { productId: draft, tier: "gold", price: 50n },
      ],
    });
    const { id } = await makeParty(t, "distributor");
    const own = t.as("distributor", { id, kind: "distributor" });
    expect((await listPrices(own, {})).items).toEqual([]);
    await setDistributor(operator, { partyId: id, tier: "gold" });
    const seen = (await listPrices(own, { q: "P-02" })).items;
    expect(seen.map((row) => [row.number, row.prices, row.cost])).toEqual([["P-0201", { gold: 90n }, null]]);
    const all = (await listPrices(operator, { q: "P-02" })).items;
    expect(all.map((row) => Object.keys(row.prices).sort())).toEqual([
      ["gold", "silver"],
      ["silver"],
      ["gold"],
    ]);
    await expect(setPrices(own, { prices: [{ productId: p, tier: "gold", price: 1n }] })).rejects.toEqual(
      code("PERMISSION_DENIED"),
    );
  });
});

describe("shops", () => {
  test("have an address of their own, and open only with one", async () => {
    const [a, b] = (await distributors(t, 2)) as [string, string];
    const asA = t.as("distributor", { id: a, kind: "distributor" });
    await expect(updateShop(asA, { slug: null, title: "A", open: true })).rejects.toThrow();
    await updateShop(asA, { slug: "A-Shop", title: "A's", open: true });
    expect(await getShop(asA, {})).toMatchObject({
      slug: "a-shop",
      open: true,
      path: `/s/${t.tenant.slug}/a-shop`,
    });
    await expect(
      updateShop(operator, { partyId: b, slug: "a-shop", title: "B", open: false }),
    ).rejects.toEqual(code("SHOP_ADDRESS_TAKEN"));
    expect(await inTx(t, (ctx) => shopBySlug(ctx, "a-shop"))).toEqual({
      partyId: a,
      title: "A's",
      open: true,
    });
    expect(await inTx(t, (ctx) => shopBySlug(ctx, "none"))).toBeNull();
    await setPartyStatus(operator, { id: a, status: "suspended" });
    expect((await inTx(t, (ctx) => shopBySlug(ctx, "a-shop")))?.open).toBe(false);
    await setPartyStatus(operator, { id: a, status: "active" });
    // an operator takes the address away, and the shop is shut
    await setDistributor(operator, { partyId: a, shopSlug: null });
    expect(await getShop(asA, {})).toMatchObject({ slug: null, open: false, path: null });
  });

  test("one address goes to one of those who want it at once", async () => {
    const ids = await distributors(t, 4);
    const results = await Promise.allSettled(
      ids.map((partyId) => updateShop(operator, { partyId, slug: "wanted", title: "W", open: true })),
    );
    expect(results.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    for (const one of results)
      if (one.status === "rejected") expect(one.reason.code).toBe("SHOP_ADDRESS_TAKEN");
  });

  test("list what their tier is sold, with a mark-up of their own", async () => {
    const [a, b] = (await distributors(t, 2)) as [string, string];
    const asA = t.as("distributor", { id: a, kind: "distributor" });
    const p = await product(t, "P-0301");
    const unpriced = await product(t, "P-0302");
    await setPrices(operator, { prices: [{ productId: p, tier: "silver", price: 9900n }] });
    await expect(
      setShopItems(asA, { items: [{ productId: unpriced, markup: 0n, listed: true }] }),
    ).rejects.toEqual(expect.objectContaining({ code: "PRODUCT_NOT_PRICED", params: {} }));
    expect(await setShopItems(asA, { items: [{ productId: p, markup: 200n, listed: true }] })).toEqual({
      changed: 1,
    });
    expect(await inTx(t, (ctx) => shopItemsOf(ctx, a))).toEqual([{ productId: p, markup: 200n }]);
    expect(await inTx(t, (ctx) => shopItemsOf(ctx, b))).toEqual([]);
    expect((await listShopItems(asA, { q: "P-03" })).items).toMatchObject([
      { productId: p, price: 9900n, markup: 200n, listed: true },
    ]);
    expect((await getShop(asA, {})).listed).toBe(1);
    // its price taken away, it stays in the list to be taken out
    await setPrices(operator, { prices: [{ productId: p, tier: "silver", price: null }] });
    expect((await listShopItems(asA, { q: "P-03" })).items).toMatchObject([{ price: null, listed: true }]);
    await setShopItems(asA, { items: [{ productId: p, markup: 200n, listed: false }] });
    expect(await inTx(t, (ctx) => shopItemsOf(ctx, a))).toEqual([]);
    await expect(
      setShopItems(asA, { partyId: b, items: [{ productId: p, markup: 0n, listed: false }] }),
    ).rejects.toEqual(code("NOT_FOUND"));
    await expect(
      setShopItems(t.as("finance"), { partyId: a, items: [{ productId: p, markup: 0n, listed: false }] }),
    ).rejects.toEqual(code("PERMISSION_DENIED"));
  });
});
