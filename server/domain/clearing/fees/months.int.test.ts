import { beforeEach, describe, expect, it } from "vitest";
import { rawSql } from "@/db/client";
import type { Ctx } from "@/server/core/context";
import { isDomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { checkInvariants } from "@/server/ops/invariants/checks";
import { makeParty } from "@/server/testing/factories";
import { someoneWaits } from "@/server/testing/waiting";
import { openBooks } from "../../ledger";
import {
  type Cleared,
  clearTrades,
  createRule,
  explainTrade,
  feeProgress,
  holdPayment,
  ownFeeProgress,
  ownTerms,
  postCleared,
  reverseTrade,
  type TradeToClear,
  trueUpFees,
  tryTerms,
  turnToPost,
} from "..";
import { bandsOf, EVERYONE, FEE_RULE, type FeeWorld, makeFeeWorld } from "./fees.fixture";
import { compileSchedule, feeOfMonth } from "./schedule";
import type { FeeScheduleDefinition } from "./schemas";

/** Fee schedules on the books: months that are counted, walked back and trued up. */

let owner: FeeWorld["owner"];
let t: FeeWorld["t"];
let merchant: FeeWorld["merchant"];
let other: FeeWorld["other"];
let wechat: FeeWorld["wechat"];
let sale: FeeWorld["sale"];
let post: FeeWorld["post"];
let reverse: FeeWorld["reverse"];
let publish: FeeWorld["publish"];

const GRADUATED: FeeScheduleDefinition = {
  method: "graduated",
  bands: bandsOf({ 0: "0.003", 10000000: "0.002", 50000000: "0.0005" }),
  appliesTo: EVERYONE,
};
const VOLUME: FeeScheduleDefinition = {
  method: "volume",
  bands: bandsOf({ 0: "0.006", 10000000: "0.005" }),
  appliesTo: EVERYONE,
};

beforeEach(async () => {
  ({ owner, t, merchant, other, wechat, sale, post, reverse, publish } =
    await makeFeeWorld("2026-11-10T04:00:00.000Z"));
});

const feesOf = (cleared: readonly Cleared[]) =>
  cleared.map(({ transfers }) => transfers.find(({ leg }) => leg === "fee.commission")?.amount ?? 0n);

/** Clears and posts as redemptions do. */
const guess = (trades: TradeToClear[], written?: () => Promise<void>) =>
  withTransaction(t.system, async (ctx) => {
    const books = await openBooks(ctx);
    const cleared = (await clearTrades(ctx, books, trades, { guess: true })) as Cleared[];
    await turnToPost(ctx);
    await postCleared(ctx, books, cleared);
    await written?.();
    return cleared;
  });
interface Row {
  period: string;
  volume: bigint;
  count: number;
  charged: bigint;
}
const months = (partyId = merchant.id) =>
  withTransaction(
    t.system,
    ({ tx }) => rawSql(tx)<Row[]>`
      select period, volume, count, charged from fee_counters
      where tenant_id = ${t.tenant.id} and party_id = ${partyId} order by period`,
  );
/** What the party was charged in all, by the books: its commission, walked back and trued up. */
async function chargedByTheBooks(partyId = merchant.id): Promise<bigint> {
  const [row] = await withTransaction(
    t.system,
    ({ tx }) => rawSql(tx)<{ net: bigint }[]>`
      select coalesce(sum(case when d.party_id = ${partyId} then x.amount else -x.amount end), 0)::bigint as net
      from transfers x
      join accounts d on d.tenant_id = x.tenant_id and d.id = x.debit_account_id
      where x.tenant_id = ${t.tenant.id} and x.party_id = ${partyId}
        and x.leg in ('fee.commission', 'fee.walk_back', 'fee.true_up')`,
  );
  return row?.net ?? 0n;
}
const lastTransfer = async () => {
  const [row] = await withTransaction(
    t.system,
    ({ tx }) => rawSql(tx)<
      { leg: string; amount: bigint; debit: string; credit: string; due: string; period: string }[]
    >`
      select x.leg, x.amount, d.kind as debit, c.kind as credit, coalesce(x.debit_due_at, x.credit_due_at)::text as due,
        t.reason as period
      from transfers x join trades t on t.tenant_id = x.tenant_id and t.id = x.trade_id
      join accounts d on d.tenant_id = x.tenant_id and d.id = x.debit_account_id
      join accounts c on c.tenant_id = x.tenant_id and c.id = x.credit_account_id
      where x.tenant_id = ${t.tenant.id} order by x.posted_at desc, x.id desc limit 1`,
  );
  return row;
};

describe("a graduated month", () => {
  it("charges each trade its slices, whatever they are posted with", async () => {
    await publish(GRADUATED);
    const first = await post([sale(9_000_000n), sale(2_000_000n), sale(38_500_000n)]);
    expect(feesOf(first)).toEqual([27_000n, 5_000n, 77_000n]);
    expect(feesOf(await post([sale(1_000_000n)]))).toEqual([1_250n]);
    expect(await months()).toEqual([{ period: "2026-11", volume: 50_500_000n, count: 4, charged: 110_250n }]);
    expect(await months(other.id)).toEqual([]);
  });

  it("begins with the month of the tenant's zone, also for a trade that is posted late", async () => {
    await publish(GRADUATED);
    const november = new Date("2026-11-30T15:59:59.999Z"); // 23:59:59.999 in Shanghai
    const december = new Date("2026-11-30T16:00:00.000Z");
    t.clock.set("2026-12-01T02:00:00.000Z");
    await post([
      sale(10_000_000n, { tradedAt: november }),
      sale(1_000n, { tradedAt: december }),
      sale(1_000n, { tradedAt: november }),
    ]);
    expect(await months()).toEqual([
      { period: "2026-11", volume: 10_001_000n, count: 2, charged: 30_002n },
      { period: "2026-12", volume: 1_000n, count: 1, charged: 3n },
    ]);
  });

  it("walks back with refunds, so that it is always the fee of its volume", async () => {
    await publish(GRADUATED);
    const [a, b] = await post([sale(6_000_000n), sale(6_000_000n)]);
    if (!a || !b) throw new Error("not posted");
    expect(feesOf([a, b])).toEqual([18_000n, 16_000n]);
    await reverse(a.trade.id);
    // The leg of 180.00 is mirrored; of a volume of 60,000.00 the fee is 180.00 still, so 20.00 is charged again.
    expect(await lastTransfer()).toMatchObject({
      leg: "fee.walk_back",
      amount: 2_000n,
      debit: "payable",
      credit: "commission_revenue",
    });
    expect(await months()).toEqual([{ period: "2026-11", volume: 6_000_000n, count: 1, charged: 18_000n }]);
    expect(await chargedByTheBooks()).toBe(18_000n);
    await reverse(b.trade.id, 2_000_001n);
    await reverse(b.trade.id, 1n);
    await reverse(b.trade.id);
    expect(await months()).toEqual([{ period: "2026-11", volume: 0n, count: 0, charged: 0n }]);
    expect(await chargedByTheBooks()).toBe(0n);
  });

  it("leaves out a trade that is refused, and prices the next one behind those that are not", async () => {
    await publish(GRADUATED);
    const answers = await withTransaction(t.system, async (ctx) => {
      const books = await openBooks(ctx);
      const cleared = await clearTrades(ctx, books, [
        sale(9_000_000n),
        sale(5_000_000n, { paid: 1n }),
        sale(2_000_000n),
      ]);
      const good = cleared.filter((one): one is Cleared => !isDomainError(one));
      await postCleared(ctx, books, good);
      return good;
    });
    expect(feesOf(answers)).toEqual([27_000n, 5_000n]);
    expect(await months()).toMatchObject([{ volume: 11_000_000n, count: 2 }]);
  });

  it("does not count what is only tried, nor what is rolled back", async () => {
    await publish(GRADUATED);
    const tried = await withTransaction(t.system, async (ctx) =>
      clearTrades(ctx, await openBooks(ctx), [sale(20_000_000n)], { dry: true }),
    );
    expect(feesOf(tried as Cleared[])).toEqual([50_000n]);
    await expect(
      withTransaction(t.system, async (ctx) => {
        const books = await openBooks(ctx);
        await postCleared(ctx, books, (await clearTrades(ctx, books, [sale(20_000_000n)])) as Cleared[]);
        throw new Error("rolled back");
      }),
    ).rejects.toThrow("rolled back");
    expect(feesOf(await post([sale(1_000_000n)]))).toEqual([3_000n]);
    expect(await months()).toMatchObject([{ volume: 1_000_000n, count: 1, charged: 3_000n }]);
  });

  it("guesses where a month stands, and is told where that was wrong", async () => {
    await publish(GRADUATED);
    const guessing = async (gross: bigint) => feesOf(await guess([sale(gross)]));
    expect(await guessing(9_000_000n)).toEqual([27_000n]);
    // this process has left it at 90,000.00 now: nothing is asked
    expect(await guessing(2_000_000n)).toEqual([5_000n]);
    await expect(
      withTransaction(t.system, async (ctx) => {
        const books = await openBooks(ctx);
        await postCleared(ctx, books, (await clearTrades(ctx, books, [sale(9_000_000n)])) as Cleared[]);
        throw new Error("rolled back");
      }),
    ).rejects.toThrow("rolled back");
    // … and at 200,000.00, which never came to be
    await expect(guessing(1_000_000n)).rejects.toMatchObject({ code: "40001" });
    expect(await months()).toMatchObject([{ volume: 11_000_000n, count: 2, charged: 32_000n }]);
    expect(await guessing(1_000_000n)).toEqual([2_000n]);
    expect(await months()).toMatchObject([{ volume: 12_000_000n, count: 3, charged: 34_000n }]);
  });

  it("lets many who guess at once go on from each other, and tells none to begin anew", async () => {
    await publish(GRADUATED);
    const bothSell = [sale(100_000n), sale(100_000n, { merchantId: other.id })];
    const cleared = await Promise.all(
      Array.from({ length: 40 }, (_, i) => guess(bothSell.slice(i % 3 === 0 ? 1 : 0, i % 3 === 1 ? 1 : 2))),
    );
    const own = cleared.flat().filter(({ trade }) => trade.merchantId === merchant.id);
    const fee = feeOfMonth(compileSchedule(GRADUATED), {
      volume: BigInt(own.length) * 100_000n,
      count: own.length,
    });
    expect(feesOf(own).reduce((sum, amount) => sum + amount, 0n)).toBe(fee);
    expect(await months()).toMatchObject([
      { volume: BigInt(own.length) * 100_000n, count: own.length, charged: fee },
    ]);
  });

  it("guesses again behind those that had to ask", async () => {
    await publish(GRADUATED);
    await guess([sale(100_000n)]);
    await post([sale(100_000n)]);
    await expect(
      withTransaction(t.system, async (ctx) => {
        await clearTrades(ctx, await openBooks(ctx), [sale(100_000n)], { guess: true });
        throw new Error("rolled back");
      }),
    ).rejects.toThrow("rolled back");
    const attempts = await Promise.allSettled(Array.from({ length: 12 }, () => guess([sale(100_000n)])));
    const failed = attempts.filter(({ status }) => status === "rejected").length;
    expect(failed).toBeGreaterThan(0); // priced behind what never came to be
    await Promise.all(Array.from({ length: 12 }, () => guess([sale(100_000n)])));
    expect(await months()).toMatchObject([{ count: 2 + 12 - failed + 12 }]);
  });

  it("takes the rows in one order, whatever that of the trades", async () => {
    await publish(GRADUATED);
    const ofOther = sale(100_000n, { merchantId: other.id });
    await guess([ofOther]);
    await guess([sale(100_000n)]);
    await guess([sale(100_000n), sale(100_000n, { merchantId: other.id })]);
    const [low, high] = await owner.sql<{ id: bigint }[]>`
      select id from fee_counters where tenant_id = ${t.tenant.id} order by id`;
    let second: Promise<Cleared[]> | undefined;
    await owner.sql.begin(async (sql) => {
      await sql`select from fee_counters where tenant_id = ${t.tenant.id} and id = ${low?.id ?? 0n} for update`;
      second = guess([sale(100_000n), sale(100_000n, { merchantId: other.id })]);
      await someoneWaits(owner);
      // It has not taken the second one before the first.
      await sql`select from fee_counters where tenant_id = ${t.tenant.id} and id = ${high?.id ?? 0n} for update nowait`;
    });
    expect(feesOf((await second) ?? [])).toEqual([300n, 300n]);
  });

  it("awaits who has written a month and not ended yet", async () => {
    await publish(GRADUATED);
    await guess([sale(100_000n)]);
    const written = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const first = guess([sale(100_000n)], async () => {
      written.resolve();
      await mayEnd.promise;
    });
    await written.promise;
    const second = guess([sale(100_000n)]);
    await someoneWaits(owner);
    mayEnd.resolve();
    expect(feesOf([...(await first), ...(await second)])).toEqual([300n, 300n]);
    expect(await months()).toMatchObject([{ volume: 300_000n, count: 3, charged: 900n }]);
  });

  it("refuses to post less than was cleared", async () => {
    await publish(GRADUATED);
    await expect(
      withTransaction(t.system, async (ctx) => {
        const books = await openBooks(ctx);
        const [first] = await clearTrades(ctx, books, [sale(1_000_000n), sale(1_000_000n)]);
        await postCleared(ctx, books, [first as Cleared]);
      }),
    ).rejects.toThrow("cleared and not posted");
  });

  it("is the fee of its volume under concurrency, from many transactions at once", async () => {
    await publish(GRADUATED);
    const amounts = Array.from({ length: 60 }, (_, i) => 100_000n + BigInt(i) * 37_777n);
    await Promise.all(
      amounts.map((gross, i) =>
        post([sale(gross), sale(gross + 1n, { merchantId: i % 2 ? merchant.id : other.id })]),
      ),
    );
    for (const party of [merchant, other]) {
      const [month] = await months(party.id);
      if (!month) throw new Error("no month");
      expect(month.charged).toBe(feeOfMonth(compileSchedule(GRADUATED), month));
      expect(await chargedByTheBooks(party.id)).toBe(month.charged);
    }
    const all = amounts.reduce((sum, gross) => sum + 2n * gross + 1n, 0n);
    const sum = ((await months())[0]?.volume ?? 0n) + ((await months(other.id))[0]?.volume ?? 0n);
    expect(sum).toBe(all);
  });
});

describe("a volume month", () => {
  it("is charged provisionally and trued up on the first statement after: −99.00", async () => {
    await publish(VOLUME);
    const fees = feesOf(await post([sale(6_000_000n), sale(3_900_000n), sale(2_100_000n)]));
    expect(fees).toEqual([36_000n, 23_400n, 10_500n]);
    expect(await trueUpFees(t.system)).toBe(0); // the month is not over
    t.clock.set("2026-12-01T00:30:00.000Z");
    expect(await trueUpFees(t.system)).toBe(1);
    expect(await lastTransfer()).toMatchObject({
      leg: "fee.true_up",
      amount: 9_900n,
      debit: "commission_revenue",
      credit: "payable",
      due: "2026-11-30 16:00:00+00",
      period: "2026-11",
    });
    expect(await chargedByTheBooks()).toBe(60_000n);
    expect(await trueUpFees(t.system)).toBe(0);
  });

  it("is trued up again after a late trade and after a refund", async () => {
    await publish(VOLUME);
    const [first] = await post([sale(9_900_000n)]);
    t.clock.set("2026-12-02T00:00:00.000Z");
    expect(await trueUpFees(t.system)).toBe(0);
    await post([sale(200_000n, { tradedAt: new Date("2026-11-29T00:00:00.000Z") })]);
    expect(await trueUpFees(t.system)).toBe(1); // 101,000.00 at 0.5 %, where 594.00 and 10.00 were charged
    expect(await chargedByTheBooks()).toBe(50_500n);
    if (!first) throw new Error("not posted");
    await reverse(first.trade.id);
    await trueUpFees(t.system);
    expect(await chargedByTheBooks()).toBe(1_200n);
    expect(await months()).toMatchObject([{ volume: 200_000n, count: 1, charged: 1_200n }]);
  });

  it("is trued up once by many at once", async () => {
    await publish(VOLUME);
    await post([sale(6_000_000n), sale(6_000_000n)]);
    t.clock.set("2026-12-01T00:30:00.000Z");
    const posted = await Promise.all(Array.from({ length: 8 }, () => trueUpFees(t.system)));
    expect(posted.reduce((a, b) => a + b, 0)).toBe(1);
    expect(await chargedByTheBooks()).toBe(60_000n);
  });
});

describe("whose schedule it is", () => {
  it("is the party's own before everyone's; without one, the rule's rate", async () => {
    expect(feesOf(await post([sale(10_000n)]))).toEqual([200n]);
    await publish(GRADUATED);
    await publish({
      method: "flat",
      bands: [{ from: "0", rate: "0.01" }],
      min: "500",
      appliesTo: { everyone: false, tiers: [], parties: [other.id] },
    });
    expect(feesOf(await post([sale(10_000n), sale(10_000n, { merchantId: other.id })]))).toEqual([30n, 500n]);
  });

  it("prices a channel's fee, of what is held in suspense, too", async () => {
    await publish(
      {
        method: "graduated",
        bands: bandsOf({ 0: "0.006", 1000000: "0.002" }),
        bearer: "merchant",
        appliesTo: { everyone: false, tiers: [], parties: [wechat.id] },
      },
      "channel",
    );
    const [one] = await post([sale(1_500_000n)]);
    const fee = one?.transfers.find(({ leg }) => leg === "fee.channel");
    expect(fee?.amount).toBe(7_000n);
    expect(fee?.debit.partyId).toBe(merchant.id);
    const distributor = await makeParty(t, "distributor");
    const held = await withTransaction(t.system, (ctx) =>
      holdPayment(ctx, {
        orderId: distributor.id,
        distributorId: distributor.id,
        channelId: wechat.id,
        amount: 100_000n,
        currency: "CNY",
        paidAt: t.clock.now(),
        fee: { feeRate: "0.006", feeMin: null, feeMax: null },
        externalRef: "held-1",
        reason: "test",
      }),
    );
    expect(await months(wechat.id)).toMatchObject([{ volume: 1_600_000n, count: 2, charged: 7_200n }]);
    await withTransaction(t.system, (ctx) =>
      reverseTrade(ctx, { tradeId: held, reason: "x", exchange: true }),
    );
    expect(await months(wechat.id)).toMatchObject([{ volume: 1_500_000n, count: 1, charged: 7_000n }]);
  });
});

describe("what people are told", () => {
  it("explains a trade by its band, and again as it was after others came", async () => {
    await publish(GRADUATED);
    const [, edge] = await post([sale(49_500_000n), sale(1_000_000n)]);
    await post([sale(7_000_000n)]);
    if (!edge) throw new Error("not posted");
    const { trace, agrees, rule } = await explainTrade(t.as("merchant", merchant), edge.trade.id);
    expect(agrees).toBe(true);
    expect(rule).toMatchObject({ because: "only", names: [] });
    const leg = trace?.legs.find(({ code }) => code === "fee.commission");
    expect(leg).toMatchObject({ amount: "1250", exact: "1250", kind: "fee_schedule" });
    expect(leg?.fee).toMatchObject({
      because: "everyone",
      period: "2026-11",
      volumeBefore: "49500000",
      volumeAfter: "50500000",
      month: { before: "109000", after: "110250", roundedBefore: "109000", roundedAfter: "110250" },
      slices: [
        { from: "10000000", to: "50000000", rate: "0.002", amount: "500000", exact: "1000" },
        { from: "50000000", to: null, rate: "0.0005", amount: "500000", exact: "250" },
      ],
    });
  });

  it("keeps the schedule of a channel from the merchant that bears its fee", async () => {
    await createRule(t.as("operator"), {
      name: "Borne by the merchant",
      scope: { tradeKind: "redemption", merchantId: merchant.id },
      definition: { ...FEE_RULE, feeBearer: "merchant" },
    });
    await publish(GRADUATED, "channel");
    await publish(GRADUATED);
    const [posted] = await post([sale(1_000_000n)]);
    if (!posted) throw new Error("not posted");
    const feeOf = async (ctx: Ctx, code: string) => {
      const { trace } = await explainTrade(ctx, posted.trade.id);
      const leg = trace?.legs.find((one) => one.code === code);
      expect(leg?.amount).toBe("3000");
      return leg?.fee;
    };
    expect(await feeOf(t.as("operator"), "fee.channel")).toMatchObject({ volumeAfter: "1000000" });
    expect(await feeOf(t.as("merchant", merchant), "fee.channel")).toBeNull();
    expect(await feeOf(t.as("merchant", merchant), "fee.commission")).toMatchObject({ period: "2026-11" });
    const own = await explainTrade(t.as("merchant", merchant), posted.trade.id);
    expect(own.rule).toMatchObject({ because: "most_specific", names: ["merchantId"] });
    for (const { debit, credit } of own.transfers)
      expect([debit.party.id, credit.party.id]).toContain(merchant.id);
    await expect(explainTrade(t.as("merchant", other), posted.trade.id)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    const tried = await tryTerms(t.as("merchant", merchant), { amount: 1_000_000n });
    for (const { kind, fee } of tried.trace.legs) if (kind === "channel_fee") expect(fee).toBeNull();
  });

  it("explains what a refund and a true-up did to the month", async () => {
    await publish(GRADUATED);
    const [a] = await post([sale(6_000_000n), sale(6_000_000n)]);
    if (!a) throw new Error("not posted");
    const { reversalId } = await reverse(a.trade.id);
    const { fees } = await explainTrade(t.as("merchant", merchant), reversalId);
    expect(fees).toMatchObject([
      {
        kind: "walk_back",
        volumeBefore: "12000000",
        volumeAfter: "6000000",
        chargedBefore: "34000",
        chargedAfter: "18000",
      },
    ]);
    expect((await explainTrade(t.as("operator"), a.trade.id)).agrees).toBe(true);
  });

  it("tells what each further 10,000 saves in a graduated month, and nothing in the last band", async () => {
    await publish(GRADUATED);
    await post([sale(6_000_000n)]);
    const next = async () => (await ownFeeProgress(t.as("merchant", merchant)))[0]?.next;
    expect(await next()).toEqual({
      from: 10_000_000n,
      missing: 4_000_000n,
      rate: "0.002",
      gain: 1_000n,
      per: 1_000_000n,
    });
    await post([sale(50_000_000n)]);
    expect(await next()).toBeNull();
    expect(await ownFeeProgress(t.as("merchant", other))).toMatchObject([{ volume: 0n, count: 0 }]);
  });

  it("tells a party its month, and what the next band would bring", async () => {
    await publish(VOLUME);
    await post([sale(6_000_000n)]);
    const [progress] = await ownFeeProgress(t.as("merchant", merchant));
    expect(progress).toMatchObject({
      pays: true,
      period: "2026-11",
      volume: 6_000_000n,
      charged: 36_000n,
      comesTo: 36_000n,
      rate: "0.006",
      next: { from: 10_000_000n, missing: 4_000_000n, rate: "0.005", gain: 10_000n, per: null },
    });
    expect(await feeProgress(t.as("operator"), { partyId: merchant.id })).toEqual([progress]);
    await post([sale(5_000_000n)]);
    expect(await ownFeeProgress(t.as("merchant", merchant))).toMatchObject([
      { charged: 61_000n, comesTo: 55_000n, rate: "0.005", next: null },
    ]);
  });

  it("shows a merchant its schedule and not whom else it serves, and prices what it tries with its month", async () => {
    await publish({
      ...GRADUATED,
      appliesTo: { everyone: true, tiers: [], parties: [merchant.id, other.id] },
    });
    await post([sale(49_500_000n)]);
    const self = t.as("merchant", merchant);
    const { schedules } = await ownTerms(self);
    expect(schedules).toMatchObject([
      {
        leg: "fee.commission",
        inForce: true,
        because: "party",
        definition: { method: "graduated", appliesTo: { everyone: false, tiers: [], parties: [] } },
      },
    ]);
    const tried = await tryTerms(self, { amount: "1000000" });
    expect(tried.net).toBe(-1_250n);
    expect((await months())[0]?.count).toBe(1);
  });
});

describe("the invariants of fee schedules", () => {
  const broken = async () =>
    (await checkInvariants(owner, t.tenant.id)).filter(({ ok }) => !ok).map(({ id }) => id);
  const live = async () => {
    await publish(VOLUME);
    const [a, b] = await post([sale(6_000_000n), sale(5_000_000n), sale(10_000n)]);
    await reverse(a?.trade.id ?? "", 1_000_001n);
    await reverse(b?.trade.id ?? "");
    t.clock.set("2026-12-01T00:30:00.000Z");
    await trueUpFees(t.system);
    await publish({ ...GRADUATED, appliesTo: { everyone: false, tiers: [], parties: [other.id] } });
    const [c] = await post([
      sale(9_000_000n, { merchantId: other.id }),
      sale(9_000_000n, { merchantId: other.id }),
    ]);
    await reverse(c?.trade.id ?? "", 777_777n);
  };

  it("hold after trades, refunds and true-ups", async () => {
    await live();
    expect(await broken()).toEqual([]);
  });

  it.each([
    ["a month that differs", "F", "update fee_counters set volume = volume + 1"],
    ["a month that is not there", "F", "delete from fee_counters where period = '2026-12'"],
    [
      "a fee kept that was not posted",
      "Fb",
      "update trades set fees = jsonb_set(fees::jsonb, '{0,8}', '\"1\"')::text where kind = 'redemption' and fees is not null",
    ],
    [
      "a true-up of another amount",
      "Fb",
      "update transfers set amount = amount + 1 where leg = 'fee.true_up'",
    ],
    [
      "a walk-back of another amount",
      "Fb",
      "update transfers set amount = amount + 1 where leg = 'fee.walk_back'",
    ],
  ])("find %s", async (_, id, tampering) => {
    await live();
    const where = tampering.includes(" where ") ? "and" : "where";
    await owner.sql.begin(async (sql) => {
      for (const table of ["trades", "transfers"])
        await sql.unsafe(`alter table ${table} disable trigger user`);
      const { count } = await sql.unsafe(`${tampering} ${where} tenant_id = '${t.tenant.id}'`);
      expect(count).toBeGreaterThan(0);
      for (const table of ["trades", "transfers"])
        await sql.unsafe(`alter table ${table} enable trigger user`);
    });
    expect(await broken()).toContain(id);
  });
});
