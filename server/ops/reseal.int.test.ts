import { randomBytes } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { inTenant, rawSql } from "@/db/client";
import { blindIndex, currentMasterKeyId, open, reloadSecrets, seal } from "@/server/core/secrets";
import { withTransaction } from "@/server/core/transaction";
import { addKeys, openKeys, storeKeyFile } from "@/server/domain/cards";
import { makeStore } from "@/server/domain/cards/cards.fixture";
import { testDatabase } from "@/server/testing/database";
import { makeUser } from "@/server/testing/factories";
import { countLeft, resealAll } from "./reseal";

const before = process.env.KAQING_MASTER_KEY ?? "";
const after = randomBytes(32).toString("base64");
function keys(env: { master: string; next?: string; index?: string }): void {
  process.env.KAQING_MASTER_KEY = env.master;
  process.env.KAQING_MASTER_KEY_NEXT = env.next ?? "";
  process.env.KAQING_INDEX_KEY = env.index ?? "";
  reloadSecrets();
}
afterAll(() => keys({ master: before }));

async function* bytes(text: string) {
  yield Buffer.from(text);
}

test("a master key is replaced while the house works, stopped half way and gone on with", async () => {
  const store = await makeStore();
  const { t } = store;
  const { owner } = await testDatabase();
  const productId = await store.product();
  for (let n = 0; n < 5; n++) await store.fill(productId, 2, { prefix: `k${n}-` });
  const user = await makeUser(t, "operator");
  const totp = seal("totp", "the second factor", `${t.tenant.id}/${user.id}`);
  await inTenant(
    t.system.db,
    t.tenant.id,
    (tx) => rawSql(tx)`update users set totp_sealed = ${totp} where id = ${user.id}`,
  );
  const file = await storeKeyFile(t.as("operator"), { name: "keys.txt", content: bytes("1,a\n") });
  const index = blindIndex("card.identity", "x");
  const oldId = currentMasterKeyId();

  const ids = async () =>
    inTenant(t.system.db, t.tenant.id, async (tx) => {
      const rows = await rawSql(tx)<
        { id: string }[]
      >`select id from card_keys where product_id = ${productId}`;
      return rows.map((row) => row.id);
    });
  const openAll = async () =>
    [...(await withTransaction(t.system, async (ctx) => openKeys(ctx, await ids()))).values()]
      .map((key) => key.secret)
      .sort();
  const batchesBy = () =>
    inTenant(t.system.db, t.tenant.id, async (tx) => {
      const rows = await rawSql(tx)<{ id: string; n: bigint }[]>`
        select master_key_id as id, count(*) as n from card_batches group by 1`;
      return Object.fromEntries(rows.map((row) => [row.id, Number(row.n)]));
    });
  const secrets = await openAll();
  expect(secrets).toHaveLength(10);

  keys({ master: before, next: after });
  const newId = currentMasterKeyId();
  expect(newId).not.toBe(oldId);
  expect(await openAll()).toEqual(secrets);

  // Two of five batches, then it dies.
  let steps = 0;
  await expect(
    resealAll(
      owner,
      () => {
        steps += 1;
        if (steps === 2) throw new Error("killed");
      },
      1 / 200,
    ),
  ).rejects.toThrow("killed");
  expect(await batchesBy()).toEqual({ [oldId]: 3, [newId]: 2 });
  expect(await openAll()).toEqual(secrets);
  // Work goes on meanwhile: new batches take the new key, duplicates are known as ever.
  const again = await addKeys(t.as("operator"), {
    productId,
    cost: 1n,
    keys: [{ number: "k0-0", secret: "x" }, { secret: "fresh" }],
  });
  expect(again).toMatchObject({ accepted: 1, duplicates: 1 });

  const results = await resealAll(owner);
  expect(results.find((one) => one.column === "card_batches.data_key_sealed")).toMatchObject({
    resealed: 3,
    unreadable: 0,
  });
  expect(results.find((one) => one.column === "file_chunks.content")).toMatchObject({ resealed: 1 });
  expect((await countLeft(owner)).filter((one) => one.left > 0)).toEqual([]);
  expect(await batchesBy()).toEqual({ [newId]: 6 });
  expect((await resealAll(owner)).reduce((sum, one) => sum + one.resealed, 0)).toBe(0);

  // Without the old key.
  keys({ master: after, index: before });
  expect(await openAll()).toEqual([...secrets, "fresh"].sort());
  expect(blindIndex("card.identity", "x")).toEqual(index);
  const [row] = await inTenant(
    t.system.db,
    t.tenant.id,
    (tx) => rawSql(tx)<{ totp: Buffer; piece: Buffer }[]>`
      select totp_sealed as totp, (select content from file_chunks where file_id = ${file.id}) as piece
      from users where id = ${user.id}`,
  );
  expect(open("totp", row?.totp ?? Buffer.alloc(0), `${t.tenant.id}/${user.id}`).toString()).toBe(
    "the second factor",
  );
  expect(open("card.file", row?.piece ?? Buffer.alloc(0), `${t.tenant.id}/${file.id}/0`).toString()).toBe(
    "1,a\n",
  );
  // The old key alone opens nothing any more.
  keys({ master: before });
  await expect(openAll()).rejects.toThrow("another master key");
});
