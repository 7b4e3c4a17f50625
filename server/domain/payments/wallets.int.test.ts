import { beforeEach, describe, expect, it } from "vitest";
import { rawSql } from "@/db/client";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { explainTrade } from "@/server/domain/clearing";
import { findAccounts, openBooks, post } from "@/server/domain/ledger";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import { getWallet, listWallets, setCreditLimit, topUpWallet, walletMovements, walletOf } from ".";

let t: TestTenant;
let distributor: Awaited<ReturnType<typeof makeParty>>;
let channel: Awaited<ReturnType<typeof makeParty>>;

beforeEach(async () => {
  const { owner, db } = await testDatabase();
  t = await makeTenant(owner, db);
  distributor = await makeParty(t, "distributor", { name: "Blue Shop" });
  channel = await makeParty(t, "supplier");
});

const wallet = () => withTransaction(t.system, (ctx) => walletOf(ctx, distributor.id));
const topUp = (
  amount: bigint,
  bankReference: string,
  more: { requestKey?: string; receivedAt?: Date } = {},
) =>
  topUpWallet(t.as("finance"), {
    distributorId: distributor.id,
    amount,
    bankReference,
    receivedAt: t.clock.now(),
    ...more,
  });
const limit = (creditLimit: bigint) =>
  setCreditLimit(t.as("finance"), { distributorId: distributor.id, creditLimit });

/** A purchase from the wallet, as a card sale posts it, or what undoes one (negative). */
function spend(amount: bigint): Promise<void> {
  return withTransaction(t.system, async (ctx) => {
    const { closedThrough } = await openBooks(ctx);
    const own = { partyId: distributor.id, kind: "wallet" as const };
    const margin = { partyId: t.tenant.platformPartyId, kind: "margin" as const };
    const find = await findAccounts(ctx, "CNY", [own, margin]);
    const tradeId = newId();
    const tradedAt = t.clock.now();
    // Two legs: the statement shows what the trade did, not each of them.
    const parts = [amount / 2n, amount - amount / 2n].filter((part) => part !== 0n);
    await post(
      ctx,
      closedThrough,
      [
        {
          id: tradeId,
          kind: amount > 0n ? "card_sale" : "reversal",
          tradedAt,
          currency: "CNY",
          gross: amount,
          discount: 0n,
          paid: amount,
          collectedBy: "wallet",
          card: { distributorId: distributor.id },
        },
      ],
      parts.map((part, i) => ({
        id: newId(),
        tradeId,
        leg: `card.part${i}`,
        debit: find(part > 0n ? own : margin),
        credit: find(part > 0n ? margin : own),
        amount: part > 0n ? part : -part,
        currency: "CNY",
        partyId: channel.id,
        tradedAt,
        debitDueAt: null,
        creditDueAt: null,
      })),
    );
  });
}

describe("a top-up", () => {
  it("books the transfer into the wallet, explained and audited", async () => {
    expect(await wallet()).toEqual({ balance: 0n, creditLimit: 0n, available: 0n, currency: "CNY" });
    const { tradeId, balance } = await topUp(50_000n, "FT-1");
    expect(balance).toBe(50_000n);
    expect(await wallet()).toMatchObject({ balance: 50_000n, available: 50_000n });
    const trade = await explainTrade(t.as("distributor", distributor), tradeId);
    expect(trade.trade).toMatchObject({ kind: "top_up", paid: 50_000n });
    const [audit] = await withTransaction(
      t.system,
      ({ tx }) => rawSql(tx)`select data from audit_log where action = 'wallet.topped_up'`,
    );
    expect(audit?.data).toMatchObject({ amount: "50000", bankReference: "FT-1", tradeId });
  });

  it("books a bank reference once, for whomever", async () => {
    await topUp(100n, "FT-2");
    const other = await makeParty(t, "distributor");
    await expect(topUp(100n, "FT-2")).rejects.toMatchObject({ code: "BANK_REF_USED" });
    await expect(
      topUpWallet(t.as("operator"), {
        distributorId: other.id,
        amount: 7n,
        bankReference: "  FT-2 ",
        receivedAt: t.clock.now(),
      }),
    ).rejects.toMatchObject({ code: "BANK_REF_USED" });
    expect((await wallet()).balance).toBe(100n);
  });

  it("books a bank reference once, however many record it at the same time", async () => {
    const tries = await Promise.allSettled(Array.from({ length: 12 }, () => topUp(100n, "FT-3")));
    expect(tries.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    for (const one of tries)
      if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "BANK_REF_USED" });
    expect((await wallet()).balance).toBe(100n);
  });

  it("answers the same when it is sent again under its key", async () => {
    const requestKey = newId();
    const ctx = t.as("finance");
    const input = {
      distributorId: distributor.id,
      amount: 100n,
      bankReference: "FT-4",
      receivedAt: t.clock.now(),
      requestKey,
    };
    const first = await topUpWallet(ctx, input);
    const repeats = await Promise.all(Array.from({ length: 5 }, () => topUpWallet(ctx, input)));
    for (const repeat of repeats) expect(repeat).toEqual(first);
    await expect(topUpWallet(ctx, { ...input, amount: 101n })).rejects.toMatchObject({
      code: "IDEMPOTENCY_KEY_REUSED",
    });
    expect((await wallet()).balance).toBe(100n);
  });

  it("is of a distributor, of the past, and positive", async () => {
    await expect(topUp(100n, "FT-5", { receivedAt: new Date("2099-01-01") })).rejects.toMatchObject({
      code: "INPUT_INVALID",
    });
    await expect(topUp(0n, "FT-5")).rejects.toThrow();
    const call = (distributorId: string) =>
      topUpWallet(t.as("finance"), {
        distributorId,
        amount: 1n,
        bankReference: "FT-5",
        receivedAt: t.clock.now(),
      });
    await expect(call(channel.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(call(newId())).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("is recorded by finance and operators alone", async () => {
    for (const ctx of [t.as("distributor", distributor), t.as("support"), t.as("auditor")]) {
      const input = {
        distributorId: distributor.id,
        amount: 1n,
        bankReference: "X",
        receivedAt: t.clock.now(),
      };
      await expect(topUpWallet(ctx, input)).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
      await expect(
        setCreditLimit(ctx, { distributorId: distributor.id, creditLimit: 1n }),
      ).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
    }
  });
});

describe("a credit limit", () => {
  it("lets the wallet go that far and not a cent further", async () => {
    await topUp(1_000n, "FT-6");
    await limit(500n);
    expect(await wallet()).toEqual({
      balance: 1_000n,
      creditLimit: 500n,
      available: 1_500n,
      currency: "CNY",
    });
    await expect(spend(1_501n)).rejects.toMatchObject({ code: "ACCOUNT_BELOW_FLOOR" });
    await spend(1_500n);
    await expect(spend(1n)).rejects.toMatchObject({ code: "ACCOUNT_BELOW_FLOOR" });
    expect(await wallet()).toMatchObject({ balance: -500n, available: 0n });
  });

  it("is not set where the wallet has already passed it", async () => {
    await limit(500n);
    await spend(400n);
    await expect(limit(399n)).rejects.toMatchObject({
      code: "ACCOUNT_BELOW_FLOOR",
      params: { balance: "-400", floor: "-399" },
    });
    await limit(400n);
    expect(await wallet()).toMatchObject({ creditLimit: 400n, available: 0n });
  });

  it("holds against purchases that come at the same time as it is lowered", async () => {
    for (let round = 0; round < 5; round++) {
      await limit(1_000n + (await wallet()).creditLimit);
      const { available } = await wallet();
      await Promise.allSettled([
        limit((await wallet()).creditLimit - 600n),
        ...Array.from({ length: 6 }, () => spend(available / 4n)),
      ]);
      const after = await wallet();
      expect(after.available >= 0n, `${after.balance} of −${after.creditLimit}`).toBe(true);
    }
  });

  it("never lets many buyers at once pass the floor", async () => {
    await topUp(1_000n, "FT-7");
    const tries = await Promise.allSettled(Array.from({ length: 12 }, () => spend(300n)));
    expect(tries.filter((one) => one.status === "fulfilled")).toHaveLength(3);
    expect((await wallet()).balance).toBe(100n);
  });
});

describe("a wallet's statement", () => {
  it("lists each trade once with the balance after it, the latest first, over pages", async () => {
    const moves = [10_000n, -3_001n, -99n, 3_001n, 500n, -7n];
    for (const [i, amount] of moves.entries()) {
      t.clock.advance({ minutes: 1 });
      if (amount === 10_000n || amount === 500n) await topUp(amount, `FT-8-${i}`);
      else await spend(-amount);
    }
    const seen = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof walletMovements>> = await walletMovements(
        t.as("distributor", distributor),
        { distributorId: distributor.id, cursor, limit: 4 },
      );
      seen.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    let balance = 0n;
    const expected = moves.map((amount) => {
      balance += amount;
      return [amount, balance];
    });
    expect(seen.map((m) => [m.amount, m.balance])).toEqual(expected.reverse());
    expect(seen.at(-1)).toMatchObject({ kind: "top_up", note: "FT-8-0" });
    expect(await getWallet(t.as("finance"), { distributorId: distributor.id })).toMatchObject({
      balance: 10_394n,
      toppedUp: { count: 2, total: 10_500n },
    });
  });

  it("is empty at first, and a distributor's own", async () => {
    const other = await makeParty(t, "distributor", { name: "Other Shop" });
    await topUp(1n, "FT-9");
    const own = t.as("distributor", distributor);
    expect((await walletMovements(own, { distributorId: distributor.id })).items).toHaveLength(1);
    expect((await walletMovements(t.as("auditor"), { distributorId: other.id })).items).toEqual([]);
    for (const call of [
      () => walletMovements(own, { distributorId: other.id }),
      () => getWallet(own, { distributorId: other.id }),
      () => walletMovements(t.as("finance"), { distributorId: channel.id }),
    ])
      await expect(call()).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await listWallets(own)).items.map((w) => w.distributor.name)).toEqual(["Blue Shop"]);
    const all = await listWallets(t.as("support"), { limit: 1 });
    expect(all.items).toMatchObject([{ distributor: { name: "Blue Shop" }, balance: 1n }]);
    const rest = await listWallets(t.as("support"), { limit: 1, cursor: all.nextCursor });
    expect(rest.items.map((w) => w.distributor.name)).toEqual(["Other Shop"]);
    expect((await listWallets(t.as("support"), { q: "other" })).items).toHaveLength(1);
    await expect(listWallets(t.as("merchant", await makeParty(t, "merchant")))).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
  });
});
