import { beforeAll, describe, expect, test } from "vitest";
import { inTenant, rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import {
  addKeys,
  killKeys,
  markDead,
  openKeys,
  productsForSale,
  releaseKeys,
  reserveKeys,
  revealKey,
  takeKeys,
  takeReplacement,
} from ".";
import { makeStore, type Store } from "./cards.fixture";

let store: Store;
beforeAll(async () => {
  store = await makeStore();
});

const inTx = <T>(work: (ctx: TxCtx) => Promise<T>) => withTransaction(store.t.system, work);
const hours = (n: number) => new Date(store.t.clock.now().getTime() + n * 3_600_000);
const numbersOf = async (keyIds: string[]) =>
  [...(await inTx((ctx) => openKeys(ctx, keyIds))).values()].map((key) => key.number).sort();

describe("holding keys", () => {
  test("takes the earliest expiry first, and those without expiry last", async () => {
    const productId = await store.product();
    await store.fill(productId, 2, { prefix: "never" });
    await store.fill(productId, 1, { prefix: "late", expiresAt: hours(48) });
    await store.fill(productId, 1, { prefix: "soon", expiresAt: hours(2) });
    const [lineId = ""] = await store.order([{ productId, quantity: 3 }]);
    await inTx((ctx) => reserveKeys(ctx, [{ lineId, productId, quantity: 3 }]));
    expect(await store.states(productId)).toEqual({ available: 1, reserved: 3 });
    const taken = await inTx((ctx) => takeKeys(ctx, [lineId]));
    expect(taken).toHaveLength(3);
    expect(taken[0]).toMatchObject({
      lineId,
      productId,
      supplierId: store.supplierId,
      cost: 9_500n,
      face: 10_000n,
      looped: false,
      supplierTerms: "credit",
    });
    expect(await numbersOf(taken.map((key) => key.keyId))).toEqual(["late0", "never0", "soon0"]);
    expect(await store.states(productId)).toEqual({ available: 1, delivered: 3 });
  });

  test("all or none, over several lines of one product and another one", async () => {
    const [a, b] = [await store.product({ name: "A" }), await store.product({ name: "B" })];
    await store.fill(a, 5);
    await store.fill(b, 1);
    const asks = async (quantities: [number, number, number]) => {
      const products = [a, a, b].map((productId, i) => ({ productId, quantity: quantities[i] ?? 0 }));
      const lines = await store.order(products);
      return products.map((line, i) => ({ ...line, lineId: lines[i] ?? "" }));
    };
    const tooMany = await asks([2, 2, 2]);
    await expect(inTx((ctx) => reserveKeys(ctx, tooMany))).rejects.toMatchObject({
      code: "OUT_OF_STOCK",
      params: { product: "B", available: 1 },
    });
    expect(await store.states(a)).toEqual({ available: 5 });
    const fits = await asks([2, 3, 1]);
    await inTx((ctx) => reserveKeys(ctx, fits));
    const taken = await inTx((ctx) =>
      takeKeys(
        ctx,
        fits.map((ask) => ask.lineId),
      ),
    );
    for (const ask of fits)
      expect(taken.filter((key) => key.lineId === ask.lineId)).toHaveLength(ask.quantity);
    expect(new Set(taken.map((key) => key.keyId)).size).toBe(6);
  });

  test("what is given back can be sold again, unless its time is over", async () => {
    const productId = await store.product();
    await store.fill(productId, 1);
    await store.fill(productId, 1, { expiresAt: hours(1) });
    const [lineId = ""] = await store.order([{ productId, quantity: 2 }]);
    await inTx((ctx) => reserveKeys(ctx, [{ lineId, productId, quantity: 2 }]));
    store.t.clock.advance({ hours: 2 });
    expect(await inTx((ctx) => releaseKeys(ctx, [lineId]))).toBe(2);
    expect(await inTx((ctx) => releaseKeys(ctx, [lineId]))).toBe(0);
    expect(await store.states(productId)).toEqual({ available: 1, expired: 1 });
  });

  test("a product nobody knows, and a key that has expired by the clock, are not sold", async () => {
    const lineId = newId();
    await expect(
      inTx((ctx) => reserveKeys(ctx, [{ lineId, productId: newId(), quantity: 1 }])),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
    const productId = await store.product();
    await store.fill(productId, 1, { expiresAt: hours(1) });
    store.t.clock.advance({ hours: 1 });
    await expect(inTx((ctx) => reserveKeys(ctx, [{ lineId, productId, quantity: 1 }]))).rejects.toMatchObject(
      { code: "OUT_OF_STOCK", params: { available: 0 } },
    );
    const [forSale] = await inTx((ctx) => productsForSale(ctx, [productId]));
    expect(forSale).toMatchObject({ inStock: false, status: "on_sale" });
  });
});

describe("delivering keys", () => {
  test("a held key that expired meanwhile is replaced; without another one nothing is delivered", async () => {
    const productId = await store.product();
    await store.fill(productId, 1, { prefix: "x", expiresAt: hours(1) });
    const [lineId = ""] = await store.order([{ productId, quantity: 1 }]);
    await inTx((ctx) => reserveKeys(ctx, [{ lineId, productId, quantity: 1 }]));
    store.t.clock.advance({ hours: 1 });
    await expect(inTx((ctx) => takeKeys(ctx, [lineId]))).rejects.toMatchObject({ code: "OUT_OF_STOCK" });
    expect(await store.states(productId)).toEqual({ reserved: 1 });
    await store.fill(productId, 1, { prefix: "y" });
    const taken = await inTx((ctx) => takeKeys(ctx, [lineId]));
    expect(await numbersOf(taken.map((key) => key.keyId))).toEqual(["y0"]);
    expect(await store.states(productId)).toEqual({ expired: 1, delivered: 1 });
    expect(await inTx((ctx) => takeKeys(ctx, [lineId]))).toEqual([]);
  });

  test("a looped key is given as often as asked for, and stays available", async () => {
    const productId = await store.product({ looped: true });
    const [lineId = ""] = await store.order([{ productId, quantity: 3 }]);
    const ask = [{ lineId, productId, quantity: 3 }];
    await expect(inTx((ctx) => reserveKeys(ctx, ask))).rejects.toMatchObject({ code: "OUT_OF_STOCK" });
    await store.fill(productId, 1);
    await inTx((ctx) => reserveKeys(ctx, ask));
    const taken = await inTx((ctx) => takeKeys(ctx, [lineId]));
    expect(taken.map((key) => key.looped)).toEqual([true, true, true]);
    expect(await store.states(productId)).toEqual({ available: 1 });
    const again = await inTx((ctx) => takeReplacement(ctx, lineId, productId));
    expect(again.keyId).toBe(taken[0]?.keyId);
  });

  test("a dead key is replaced by another one, and never comes back", async () => {
    const productId = await store.product();
    await store.fill(productId, 2);
    const [lineId = ""] = await store.order([{ productId, quantity: 1 }]);
    await inTx((ctx) => reserveKeys(ctx, [{ lineId, productId, quantity: 1 }]));
    const [first] = await inTx((ctx) => takeKeys(ctx, [lineId]));
    const second = await inTx(async (ctx) => {
      await killKeys(ctx, [first?.keyId ?? ""], "does not work");
      return takeReplacement(ctx, lineId, productId);
    });
    expect(second).toMatchObject({ lineId, productId });
    expect(second.keyId).not.toBe(first?.keyId);
    expect(await store.states(productId)).toEqual({ dead: 1, delivered: 1 });
    await expect(inTx((ctx) => takeReplacement(ctx, lineId, productId))).rejects.toMatchObject({
      code: "OUT_OF_STOCK",
    });
    await expect(
      inTenant(
        store.t.system.db,
        store.t.tenant.id,
        (tx) => rawSql(tx)`update card_keys set state = 0 where id = ${first?.keyId ?? ""}`,
      ),
    ).rejects.toThrow();
  });
});

describe("secrets of keys", () => {
  const oneKey = async () => {
    const productId = await store.product();
    const { batchId } = await addKeys(store.t.as("operator"), {
      productId,
      cost: 1n,
      keys: [{ number: "6001-0001-7788", secret: "卡密 秘密" }],
    });
    const rows = await inTenant(
      store.t.system.db,
      store.t.tenant.id,
      (tx) => rawSql(tx)<{ id: string; sealed: Buffer; tail: string }[]>`
        select id, sealed, tail from card_keys where batch_id = ${batchId}`,
    );
    return { productId, ...(rows[0] as { id: string; sealed: Buffer; tail: string }) };
  };

  test("are sealed at rest, bound to their key, and seen by whoever may, in the audit log each time", async () => {
    const key = await oneKey();
    expect(key.tail).toBe("7788");
    expect(key.sealed.toString("utf8")).not.toContain("6001");
    const seen = await revealKey(store.t.as("support"), { keyId: key.id });
    expect(seen).toEqual({
      number: "6001-0001-7788",
      secret: "卡密 秘密",
      expiresAt: null,
      state: "available",
    });
    const log = await inTenant(
      store.t.system.db,
      store.t.tenant.id,
      (tx) => rawSql(tx)<{ action: string; entry: string }[]>`
        select action, a::text as entry from audit_log a where subject_id = ${key.id}`,
    );
    expect(log.map((entry) => entry.action)).toEqual(["card_key.revealed"]);
    expect(log[0]?.entry).not.toMatch(/6001|秘密/);
  });

  test("do not open under another key's id", async () => {
    const [one, other] = [await oneKey(), await oneKey()];
    await inTenant(
      store.t.system.db,
      store.t.tenant.id,
      (tx) =>
        rawSql(
          tx,
        )`update card_keys k set sealed = o.sealed, batch_id = o.batch_id from card_keys o where k.id = ${one.id} and o.id = ${other.id}`,
    );
    await expect(inTx((ctx) => openKeys(ctx, [one.id]))).rejects.toThrow();
    expect((await inTx((ctx) => openKeys(ctx, [other.id]))).size).toBe(1);
  });

  test("are for the house's operators and support alone", async () => {
    const key = await oneKey();
    for (const role of ["finance", "auditor", "merchant", "brand", "supplier"] as const) {
      const party = role === "supplier" ? { id: store.supplierId, kind: "supplier" as const } : undefined;
      await expect(revealKey(store.t.as(role, party), { keyId: key.id })).rejects.toMatchObject({
        code: "PERMISSION_DENIED",
      });
    }
    const distributor = store.t.as("distributor", { id: newId(), kind: "distributor" });
    await expect(revealKey(distributor, { keyId: key.id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

test("the same key is taken once for a product, and again for another one", async () => {
  const [a, b] = [await store.product(), await store.product()];
  const keys = [
    { number: "1", secret: "x" },
    { number: "1", secret: "y" },
    { secret: "1" },
    { number: "2", secret: "x" },
  ];
  const add = (productId: string) => addKeys(store.t.as("operator"), { productId, cost: 0n, keys });
  expect(await add(a)).toMatchObject({ accepted: 3, duplicates: 1 });
  expect(await add(a)).toMatchObject({ accepted: 0, duplicates: 4 });
  expect(await add(b)).toMatchObject({ accepted: 3, duplicates: 1 });
});

test("keys in stock are marked dead by hand; those of orders are not", async () => {
  const productId = await store.product();
  await store.fill(productId, 2);
  const [lineId = ""] = await store.order([{ productId, quantity: 1 }]);
  await inTx((ctx) => reserveKeys(ctx, [{ lineId, productId, quantity: 1 }]));
  const ids = await inTenant(
    store.t.system.db,
    store.t.tenant.id,
    (tx) => rawSql(tx)<{ id: string; state: number }[]>`
      select id, state from card_keys where product_id = ${productId} order by state`,
  );
  const [free = "", held = ""] = ids.map((row) => row.id);
  const support = store.t.as("support");
  await expect(markDead(support, { keyIds: [free, held], reason: "recalled" })).rejects.toMatchObject({
    code: "CONFLICT",
  });
  expect(await markDead(support, { keyIds: [free], reason: "recalled" })).toEqual({ dead: 1 });
  expect(await store.states(productId)).toEqual({ reserved: 1, dead: 1 });
});
