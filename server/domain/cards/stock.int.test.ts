import { beforeAll, describe, expect, test } from "vitest";
import { inTenant, rawSql } from "@/db/client";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { makeParty } from "@/server/testing/factories";
import {
  eachStock,
  findPicture,
  getBatch,
  getProduct,
  listKeys,
  listProducts,
  listStock,
  lowStock,
  productOptions,
  removePicture,
  reserveKeys,
  setPicture,
  setProductStatus,
  takeKeys,
  updateProduct,
} from ".";
import { makeStore, type Store } from "./cards.fixture";

let store: Store;
beforeAll(async () => {
  store = await makeStore();
});
const operator = () => store.t.as("operator");

describe("a product", () => {
  test("is fixed where keys stand on it, from its first batch on", async () => {
    const id = await store.product();
    await updateProduct(operator(), { id, face: 20_000n, name: "200 points" });
    await store.fill(id, 1);
    for (const change of [{ face: 1n }, { looped: true }, { currency: "USD" }]) {
      await expect(updateProduct(operator(), { id, ...change })).rejects.toMatchObject({
        code: "PRODUCT_LOCKED",
      });
    }
    await updateProduct(operator(), { id, face: 20_000n, name: "Renamed", maxPerOrder: 5 });
    await expect(setProductStatus(operator(), { id, status: "draft" })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    expect(await getProduct(operator(), { id })).toMatchObject({
      name: "Renamed",
      face: 20_000n,
      maxPerOrder: 5,
      locked: true,
      available: 1,
    });
  });

  test("a supplier sees its own with its stock; a distributor those on sale, and not whose they are", async () => {
    const other = await makeParty(store.t, "supplier");
    const id = await store.product({ supplierId: other.id });
    await store.fill(id, 3);
    const own = store.t.as("supplier", { id: other.id, kind: "supplier" });
    const foreign = store.t.as("supplier", { id: store.supplierId, kind: "supplier" });
    expect((await listProducts(own, {})).items.map((row) => row.id)).toEqual([id]);
    expect(await getProduct(own, { id })).toMatchObject({ available: 3, stock: { imported: 3 } });
    await expect(getProduct(foreign, { id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await productOptions(foreign, { ids: [id] })).toEqual([]);
    expect((await listStock(foreign, { supplierId: other.id })).items).toEqual([]);
    const distributor = store.t.as("distributor", { id: newId(), kind: "distributor" });
    expect(await getProduct(distributor, { id })).toMatchObject({
      supplierId: null,
      supplierName: null,
      available: null,
      inStock: true,
      stock: null,
      sales: null,
    });
  });

  test("has a picture, told by its bytes, at an address that shows it and nothing else", async () => {
    const productId = await store.product();
    const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(100, 7)]);
    const { imageHash, imagePath } = await setPicture(operator(), { productId, data: png });
    expect(imagePath).toBe(`/api/pictures/${store.t.tenant.slug}/${productId}/${imageHash}`);
    expect(await findPicture(store.t.system, { productId, hash: imageHash })).toEqual({
      contentType: "image/png",
      data: png,
    });
    expect(await findPicture(store.t.system, { productId, hash: "0".repeat(64) })).toBeNull();
    for (const data of [
      Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
      Buffer.from("GIF89a"),
      Buffer.alloc(0),
      Buffer.concat([png, Buffer.alloc(1024 * 1024)]),
    ]) {
      await expect(setPicture(operator(), { productId, data })).rejects.toMatchObject({
        code: "IMAGE_INVALID",
      });
    }
    await removePicture(operator(), { productId });
    expect(await findPicture(store.t.system, { productId, hash: imageHash })).toBeNull();
    expect(await getProduct(operator(), { id: productId })).toMatchObject({ imagePath: null });
    await expect(setPicture(store.t.as("support"), { productId, data: png })).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
  });
});

describe("stock", () => {
  test("adds up by product and batch, says how long it lasts, and warns", async () => {
    const productId = await store.product({ lowStockAt: 8, name: "Warned" });
    const batchId = await store.fill(productId, 12);
    expect((await lowStock(operator())).map((row) => row.productId)).not.toContain(productId);
    const [sold = "", held = ""] = await store.order([
      { productId, quantity: 4 },
      { productId, quantity: 1 },
    ]);
    await withTransaction(store.t.system, async (ctx) => {
      await reserveKeys(ctx, [
        { lineId: sold, productId, quantity: 4 },
        { lineId: held, productId, quantity: 1 },
      ]);
      await takeKeys(ctx, [sold]);
    });
    const counts = { imported: 12, available: 7, reserved: 1, delivered: 4, dead: 0, expired: 0 };
    expect(await getBatch(operator(), { id: batchId })).toMatchObject(counts);
    const { items } = await listStock(operator(), { search: "Warned" });
    // 7 keys at 4 in 14 days.
    expect(items).toEqual([expect.objectContaining({ ...counts, delivered14: 4, daysLeft: 24, low: true })]);
    expect(await lowStock(operator())).toContainEqual(
      expect.objectContaining({ productId, available: 7, lowStockAt: 8, daysLeft: 24 }),
    );
    const low = await listStock(operator(), { low: true });
    expect(low.items.map((row) => row.productId)).toContain(productId);
    store.t.clock.advance({ days: 15 });
    expect(await getProduct(operator(), { id: productId })).toMatchObject({
      sales: { delivered14: 0, daysLeft: null },
    });
  });

  test("exports and lists hold no secret, page by page", async () => {
    const productId = await store.product();
    const batchId = await store.fill(productId, 7, { prefix: "6001-000" });
    const first = await listKeys(operator(), { batchId, limit: 4 });
    const second = await listKeys(operator(), { batchId, limit: 4, cursor: first.nextCursor });
    const keys = [...first.items, ...second.items];
    expect(new Set(keys.map((key) => key.id)).size).toBe(7);
    expect(second.nextCursor).toBeNull();
    expect(JSON.stringify(keys)).not.toMatch(/6001|secret/);
    const rows = [];
    for await (const row of eachStock(operator(), {})) rows.push(row);
    expect(rows.length).toBeGreaterThan(1);
  });
});

/** Counts must not read the rows: each has half a kilobyte of ciphertext. */
test("counts are answered from indexes alone", async () => {
  const productId = await store.product();
  const batchId = await store.fill(productId, 5_000);
  await inTenant(store.t.system.db, store.t.tenant.id, async (tx) => {
    const plan = async (query: (sql: ReturnType<typeof rawSql>) => PromiseLike<readonly object[]>) =>
      JSON.stringify(await query(rawSql(tx)));
    const tenant = store.t.tenant.id;
    await rawSql(tx)`set local enable_seqscan = off`;
    await rawSql(tx)`set local enable_bitmapscan = off`;
    const available = await plan(
      (sql) => sql`explain (format json) select product_id, count(*) from card_keys
        where tenant_id = ${tenant} and product_id = any(${[productId]}::uuid[]) and state = 0
          and (expires_at is null or expires_at > now()) group by 1`,
    );
    expect(available).toMatch(/Index Only Scan.*card_keys_available/);
    const byBatch = await plan(
      (sql) => sql`explain (format json) select batch_id, state, count(*) from card_keys
        where tenant_id = ${tenant} and batch_id = any(${[batchId]}::uuid[]) group by 1, 2`,
    );
    expect(byBatch).toMatch(/Index Only Scan.*card_keys_by_batch/);
    const delivered = await plan(
      (sql) => sql`explain (format json) select product_id, count(*) from card_keys
        where tenant_id = ${tenant} and product_id = any(${[productId]}::uuid[]) and state = 2 and changed_at > now() group by 1`,
    );
    expect(delivered).toMatch(/Index Only Scan.*card_keys_delivered/);
  });
});
