import type postgres from "postgres";
import { beforeEach, expect, it } from "vitest";
import type { Database } from "@/db/client";
import { VOUCHER_STATES } from "@/db/schema";
import { newId } from "@/server/core/ids";
import { testDatabase } from "@/server/testing/database";
import { someoneWaits } from "@/server/testing/waiting";
import { redeemBatch, redeemVoucher } from ".";
import { type House, makeHouse, order } from "./vouchers.fixture";

// Vouchers are judged as they were read, and not locked: what happens where another transaction changes one meanwhile.

let house: House;
let owner: Database;
beforeEach(async () => {
  ({ owner } = await testDatabase());
  house = await makeHouse();
});

/** Another transaction changes a voucher; it ends by `commit` or `roll back` while a redemption waits for it. */
async function meanwhile<T>(
  change: (sql: postgres.TransactionSql<{ bigint: bigint }>) => Promise<unknown>,
  end: "commit" | "roll back",
  redemption: () => Promise<T>,
): Promise<T> {
  let redeemed: Promise<T> | undefined;
  const other = owner.sql.begin(async (sql) => {
    await change(sql);
    redeemed = redemption();
    redeemed.catch(() => {});
    // At the change, not before: nothing was locked.
    expect(await someoneWaits(owner)).toContain("update vouchers");
    if (end === "roll back") throw new Error(end);
  });
  await (end === "commit" ? other : expect(other).rejects.toThrow(end));
  if (!redeemed) throw new Error("nothing was redeemed");
  return redeemed;
}

async function posted(): Promise<{ trades: bigint; transfers: bigint; keys: bigint }> {
  const [row] = await owner.sql<{ trades: bigint; transfers: bigint; keys: bigint }[]>`
    select (select count(*) from trades where tenant_id = ${house.t.tenant.id}) as trades,
      (select count(distinct trade_id) from transfers where tenant_id = ${house.t.tenant.id}) as transfers,
      (select count(*) from idempotency_keys where tenant_id = ${house.t.tenant.id}) as keys`;
  if (!row) throw new Error("no row");
  return row;
}

it("a voucher that is made void meanwhile is not redeemed; the others of its transaction are", async () => {
  const campaign = await house.campaign();
  const [gone, ...others] = await Promise.all([1, 2, 3].map(() => house.issue(campaign)));
  const key = newId();
  const items = [...others, gone].map((voucher) => order(voucher?.code ?? null));
  const { result } = await meanwhile(
    (sql) =>
      sql`update vouchers set state = ${VOUCHER_STATES.void} where tenant_id = ${house.t.tenant.id} and id = ${gone?.voucherId ?? ""}`,
    "commit",
    () => redeemBatch(house.till, { items }, key),
  );
  expect(result.map((one) => (one.ok ? one.receipt.voucherStatus : one.error.code))).toEqual([
    "redeemed",
    "redeemed",
    "VOUCHER_VOID",
  ]);
  expect(await posted()).toEqual({ trades: 2n, transfers: 2n, keys: 1n });
  expect(await redeemBatch(house.till, { items }, key)).toEqual({ result, replayed: true });
});

it("a use that another transaction makes meanwhile is counted", async () => {
  const campaign = await house.campaign({ usesPerVoucher: 3 });
  const voucher = await house.issue(campaign);
  const { result } = await meanwhile(
    (sql) =>
      sql`update vouchers set uses_left = uses_left - 1 where tenant_id = ${house.t.tenant.id} and id = ${voucher.voucherId}`,
    "commit",
    () => redeemVoucher(house.till, order(voucher.code)),
  );
  expect(result).toMatchObject({ usesLeft: 1, voucherStatus: "issued" });
  expect(await posted()).toMatchObject({ trades: 1n, transfers: 1n });
});

it("a change that is rolled back leaves the voucher as it was read", async () => {
  const voucher = await house.issue(await house.campaign());
  const { result } = await meanwhile(
    (sql) =>
      sql`update vouchers set state = ${VOUCHER_STATES.void} where tenant_id = ${house.t.tenant.id} and id = ${voucher.voucherId}`,
    "roll back",
    () => redeemVoucher(house.till, order(voucher.code)),
  );
  expect(result).toMatchObject({ voucherStatus: "redeemed", usesLeft: 0 });
  expect(await posted()).toMatchObject({ trades: 1n, transfers: 1n });
});
