import { beforeEach, expect, test } from "vitest";
import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { isDomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import { openBooks } from "../ledger";
import {
  channelFeesNow,
  clearTrades,
  createFeeSchedule,
  createRule,
  explainTrade,
  postCleared,
  redemptionRule,
} from ".";

let t: TestTenant;
beforeEach(async () => {
  const { owner, db } = await testDatabase();
  t = await makeTenant(owner, db);
});

const scheduleFor = (channelId: string, rate: string) => ({
  name: rate,
  scope: { role: "channel" as const, leg: "fee.channel", currency: "CNY" },
  definition: {
    method: "flat" as const,
    bands: [{ from: "0", rate }],
    appliesTo: { everyone: false, tiers: [], parties: [channelId] },
  },
});

const feesOf = (ctx: TxCtx, channelId: string) =>
  channelFeesNow(ctx, [channelId], { amount: 10_000n, currency: "CNY" });

/** How often some work looks into the table of fee schedules. */
async function looks({ tx }: TxCtx, work: () => Promise<unknown>): Promise<bigint> {
  const count = async () => {
    const [row] = await rawSql(tx)<{ n: bigint }[]>`
      select (seq_scan + coalesce(idx_scan, 0))::bigint as n from pg_stat_xact_user_tables
      where relname = 'fee_schedule_versions'`;
    return row?.n ?? 0n;
  };
  const before = await count();
  await work();
  return (await count()) - before;
}

test("the router reads the schedules once, and sees one that is published at once", async () => {
  const channel = await makeParty(t, "channel");
  const ask = () => withTransaction(t.system, (ctx) => feesOf(ctx, channel.id));
  await withTransaction(t.system, async (ctx) => {
    expect(await looks(ctx, () => feesOf(ctx, channel.id))).toBeGreaterThan(0n);
  });
  expect(await ask()).toEqual(new Map());
  await createFeeSchedule(t.as("operator"), scheduleFor(channel.id, "0.006"));
  expect(await ask()).toEqual(new Map([[channel.id, { amount: 60n, schedule: "FS-0001" }]]));
  await withTransaction(t.system, async (ctx) => {
    expect(await looks(ctx, () => feesOf(ctx, channel.id))).toBe(0n);
  });
});

test("what a transaction publishes and takes back is seen by it alone", async () => {
  const channel = await makeParty(t, "channel");
  const tried = withTransaction(t.as("operator"), async (ctx) => {
    await createFeeSchedule(ctx, scheduleFor(channel.id, "0.006"));
    expect((await feesOf(ctx, channel.id)).size).toBe(1);
    throw new Error("taken back");
  });
  await expect(tried).rejects.toThrow("taken back");
  expect((await withTransaction(t.system, (ctx) => feesOf(ctx, channel.id))).size).toBe(0);
});

test("no closing is waited for", async () => {
  const channel = await makeParty(t, "channel");
  await withTransaction(t.system, async (ctx) => {
    await feesOf(ctx, channel.id);
    const [held] = await rawSql(ctx.tx)<{ n: bigint }[]>`
      select count(*) as n from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()`;
    expect(held?.n).toBe(0n);
  });
});

test("an explanation reads the rules once, and sees a change of them at once", async () => {
  const merchant = await makeParty(t, "merchant");
  const rule = { definition: redemptionRule({ commissionRate: "0.02" }) };
  const general = { tradeKind: "redemption" as const };
  await createRule(t.as("operator"), { ...rule, name: "General", scope: general });
  const own = await createRule(t.as("operator"), {
    ...rule,
    name: "Own",
    scope: { ...general, merchantId: merchant.id },
    priority: 1,
  });
  const tradeId = await withTransaction(t.system, async (ctx) => {
    const books = await openBooks(ctx);
    const [cleared] = await clearTrades(ctx, books, [
      {
        kind: "redemption",
        tradedAt: t.clock.now(),
        currency: "CNY",
        gross: 10_000n,
        discount: 0n,
        paid: 10_000n,
        merchantId: merchant.id,
        brandId: null,
        campaignId: null,
        voucherId: null,
        collectedBy: "merchant",
        channelId: null,
      },
    ]);
    if (!cleared || isDomainError(cleared)) throw cleared ?? new Error("nothing cleared");
    await postCleared(ctx, books, [cleared]);
    return cleared.trade.id;
  });
  const why = async (ctx = t.as("auditor")) => (await explainTrade(ctx, tradeId)).rule;
  expect(await why()).toMatchObject({ because: "most_specific", names: ["merchantId"] });
  await withTransaction(t.as("auditor"), async (ctx) => {
    expect(await looks(ctx, () => why(ctx))).toBe(0n);
  });
  // No verb changes what a rule is for; whoever does is noticed none the less.
  await withTransaction(
    t.system,
    ({ tx }) => rawSql(tx)`update split_rules set merchant_id = null where id = ${own}`,
  );
  expect(await why()).toMatchObject({ because: "priority", names: [] });
});
