import { beforeAll, describe, expect, it } from "vitest";
import { rawSql } from "@/db/client";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import { findAccounts, openBooks, post } from ".";

let t: TestTenant;
let distributor: { id: string };
let channel: { id: string };

beforeAll(async () => {
  const { owner, db } = await testDatabase();
  t = await makeTenant(owner, db);
  distributor = await makeParty(t, "distributor");
  channel = await makeParty(t, "channel");
});

/** Moves an amount into the wallet (positive) or out of it. */
function move(amount: bigint): Promise<void> {
  return withTransaction(t.system, async (ctx) => {
    const { closedThrough } = await openBooks(ctx);
    const refs = {
      wallet: { partyId: distributor.id, kind: "wallet" as const },
      channel: { partyId: channel.id, kind: "channel_receivable" as const },
    };
    const find = await findAccounts(ctx, "CNY", Object.values(refs));
    const [wallet, other] = [find(refs.wallet), find(refs.channel)];
    const tradeId = newId();
    const tradedAt = t.clock.now();
    const shared = {
      tradedAt,
      currency: "CNY",
      gross: 0n,
      discount: 0n,
      paid: 0n,
      collectedBy: "platform" as const,
    };
    await post(
      ctx,
      closedThrough,
      [{ ...shared, id: tradeId, kind: "adjustment" }],
      [
        {
          tradeId,
          leg: "wallet.moved",
          debit: amount > 0n ? other : wallet,
          credit: amount > 0n ? wallet : other,
          amount: amount > 0n ? amount : -amount,
          currency: "CNY",
          partyId: distributor.id,
          tradedAt,
          debitDueAt: null,
          creditDueAt: null,
        },
      ],
    );
  });
}

async function walletAndTransfers(): Promise<{ balance: bigint; transfers: bigint }> {
  const rows = await withTransaction(
    t.system,
    ({ tx }) =>
      rawSql(tx)<{ balance: bigint; transfers: bigint }[]>`
      select (select coalesce(sum(credits - debits), 0)::bigint from account_balances) as balance,
        (select count(*) from transfers) as transfers`,
  );
  return rows[0] ?? { balance: 0n, transfers: 0n };
}

describe("a strict account", () => {
  it("never passes its floor, whoever draws on it at once", async () => {
    await move(1_000n);
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => move(-300n)));
    expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(3);
    for (const r of results) {
      if (r.status === "rejected")
        expect(r.reason).toMatchObject({
          code: "ACCOUNT_BELOW_FLOOR",
          params: { balance: "-200", floor: "0" },
        });
    }
    expect(await walletAndTransfers()).toEqual({ balance: 100n, transfers: 4n });
  });

  it("may go down to a floor below zero, a credit limit, and no further", async () => {
    await withTransaction(
      t.system,
      ({ tx }) => rawSql(tx)`update accounts set floor = -500 where kind = 'wallet'`,
    );
    await move(-600n);
    await expect(move(-1n)).rejects.toMatchObject({
      code: "ACCOUNT_BELOW_FLOOR",
      params: { balance: "-501", floor: "-500" },
    });
    expect(await walletAndTransfers()).toEqual({ balance: -500n, transfers: 5n });
  });
});
