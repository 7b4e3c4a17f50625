import { beforeAll, describe, expect, test } from "vitest";
import { type Database, inTenant, rawSql } from "@/db/client";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import {
  cardSaleRule,
  clearTrades,
  createFeeSchedule,
  createRule,
  explainTrade,
  holdPayment,
  postCleared,
  reverseTrade,
  trueUpFees,
} from "../clearing";
import { openBooks } from "../ledger";
import { createTier, distributorTerms, setDistributor } from "../pricing";
import { closeDue, listStatements, listStatementTransfers, recordPayment } from "../settlement";
import {
  checkRollups,
  type DistributorOverview,
  distributorOverview,
  eachCommission,
  houseOverview,
  listCommissions,
  listRecruits,
  rebuildRollups,
  rollUp,
} from "./index";

let db: Database;
let owner: Database;
beforeAll(async () => {
  ({ db, owner } = await testDatabase());
});

const RANGE = { from: "2026-11-01", to: "2026-11-30" };
const code = (wanted: string) => expect.objectContaining({ code: wanted });

async function world() {
  const t = await makeTenant(owner, db, { settings: { uplineLevels: 2 } });
  const operator = t.as("operator");
  await createTier(operator, { code: "silver", name: "Silver" });
  await createTier(operator, { code: "gold", name: "Gold", minVolume: 50_000n });
  await createRule(operator, {
    name: "Card sales",
    scope: { tradeKind: "card_sale" },
    definition: cardSaleRule({ commissionRate: "0.01", uplineRates: ["0.002", "0.001"] }),
  });
  const [supplier, channel] = [
    await makeParty(t, "supplier"),
    await makeParty(t, "channel", { channelFeeRate: "0.006" }),
  ];
  const ids: string[] = [];
  for (const name of ["Top", "Middle", "Seller"]) {
    const { id } = await makeParty(t, "distributor", { name });
    await setDistributor(operator, { partyId: id, tier: "silver", uplineId: ids.at(-1) ?? null });
    ids.push(id);
  }
  const productId = newId();
  await inTenant(db, t.tenant.id, async (tx) => {
    await rawSql(tx)`
      insert into products (tenant_id, id, number, supplier_id, name, face, currency, status, created_at, updated_at)
      values (${t.tenant.id}, ${productId}, 'P-0001', ${supplier.id}, 'Card 100', 10000, 'CNY', 'on_sale', now(), now())`;
  });
  const [top, middle, seller] = ids as [string, string, string];

  /** Sells a card of 98.50, cost 95.00, with a mark-up of 1.50 on top where one is given. */
  async function sell(distributorId: string, options: { markup?: bigint; by?: "wallet" } = {}) {
    const markup = options.markup ?? 0n;
    return withTransaction(t.system, async (ctx) => {
      const terms = await distributorTerms(ctx, distributorId);
      const books = await openBooks(ctx);
      const [cleared] = await clearTrades(ctx, books, [
        {
          kind: "card_sale",
          tradedAt: t.clock.now(),
          currency: "CNY",
          gross: 9850n + markup,
          discount: 0n,
          paid: 9850n + markup,
          merchantId: null,
          brandId: null,
          campaignId: null,
          voucherId: null,
          collectedBy: options.by ?? "platform",
          channelId: options.by ? null : channel.id,
          card: {
            productId,
            supplierId: supplier.id,
            distributorId,
            orderId: newId(),
            terms: {
              face: "10000",
              cost: "9500",
              markup: `${markup}`,
              tier: terms.tier,
              uplines: terms.uplines,
              supplierTerms: "credit",
            },
          },
        },
      ]);
      if (!cleared || cleared instanceof Error) throw cleared;
      await postCleared(ctx, books, [cleared]);
      return cleared.trade.id;
    });
  }
  const reverse = (tradeId: string) =>
    withTransaction(t.system, (ctx) => reverseTrade(ctx, { tradeId, reason: "refund" }));
  const as = (id: string) => t.as("distributor", { id, kind: "distributor" });
  return { t, operator, supplier, channel, top, middle, seller, sell, reverse, as };
}

async function agree(t: TestTenant): Promise<string[]> {
  const tables = await owner.orm.transaction((tx) => checkRollups(rawSql(tx), t.tenant));
  return tables.filter((table) => table.rows !== 0).map((table) => table.table);
}

async function credit(t: TestTenant, partyId: string, amount: bigint, limit: bigint): Promise<void> {
  const id = newId();
  await owner.orm.transaction(async (tx) => {
    const sql = rawSql(tx);
    await sql`
      insert into accounts (tenant_id, id, party_id, kind, currency, ref, strict, floor, created_at)
      values (${t.tenant.id}, ${id}, ${partyId}, 'wallet', 'CNY', '', true, ${(-limit).toString()}::bigint, now())`;
    await sql`
      insert into account_balances (tenant_id, account_id, debits, credits) values (${t.tenant.id}, ${id}, 0, ${amount.toString()}::bigint)
      on conflict (tenant_id, account_id) do update set credits = excluded.credits`;
  });
}

describe("a distributor's overview", () => {
  test("adds up the same before and after a roll-up, and agrees with the books", async () => {
    const { t, operator, channel, top, seller, sell, reverse, as } = await world();
    await sell(seller, { markup: 150n });
    const taken = await sell(seller);
    t.clock.advance({ days: 1 });
    await reverse(taken);
    await sell(top);
    // money that no sale takes comes and goes without counting as one
    const held = await withTransaction(t.system, (ctx) =>
      holdPayment(ctx, {
        orderId: newId(),
        distributorId: seller,
        channelId: channel.id,
        amount: 9850n,
        currency: "CNY",
        paidAt: t.clock.now(),
        fee: { feeRate: "0.006", feeMin: null, feeMax: null },
        externalRef: "held/1",
        reason: "duplicate",
      }),
    );
    await reverse(held);

    const own = () => distributorOverview(as(seller), RANGE);
    const before = await own();
    expect(before).toMatchObject({
      party: { name: "Seller" },
      range: { sales: 2, reversals: 1, paid: 10_000n },
      earned: { total: 249n },
      outstanding: 249n,
      paidOut: 0n,
      wallet: null,
      recruits: { count: 0 },
    });
    expect(Object.fromEntries(before.earned.byKind.map((e) => [e.kind, e.amount]))).toEqual({
      commission: 99n,
      markup: 150n,
    });
    expect(before.tier).toMatchObject({
      month: "2026-11",
      current: { code: "silver" },
      volume: 10_000n,
      next: { code: "gold", missing: 40_000n },
    });
    const sums = (o: DistributorOverview) => [
      o.series.reduce((n, d) => n + d.earned, 0n),
      o.series.reduce((n, d) => n + d.paid, 0n),
    ];
    expect(sums(before)).toEqual([249n, 10_000n]);
    const house = await houseOverview(operator, RANGE);
    expect(house.range).toMatchObject({ trades: 3, reversals: 1, gross: 19_850n });
    expect(house.waterfall).toMatchObject({ gross: 0n, atTheTill: 0n, net: 0n });

    await rollUp(t.system);
    expect(await agree(t)).toEqual([]);
    expect(await own()).toEqual(before);
    await sell(seller);
    const mixed = await own();
    expect(mixed.range).toMatchObject({ sales: 3, paid: 19_850n });
    await rollUp(t.system);
    expect(await own()).toEqual(mixed);
    await rebuildRollups(t.system);
    expect(await own()).toEqual(mixed);
    expect(await agree(t)).toEqual([]);
  });

  test("tells what is due, stated and paid, and the wallet with its limit", async () => {
    const { t, seller, sell, as } = await world();
    await sell(seller, { markup: 150n });
    await credit(t, seller, 700n, 1_000n);
    t.clock.advance({ days: 2 });
    await closeDue(t.system);
    const [statement] = (await listStatements(as(seller), { limit: 10 })).items;
    expect(statement?.total).toBe(249n);
    const due = await distributorOverview(as(seller), RANGE);
    expect(due.unpaid).toEqual([{ kind: "payable", carried: false, statements: 1, total: 249n }]);
    expect(due.wallet).toEqual({ balance: 700n, creditLimit: 1_000n, available: 1_700n });
    await recordPayment(t.system, {
      statementId: statement?.id ?? "",
      bankReference: "B1",
      paidAt: t.clock.now(),
    });
    expect(await distributorOverview(as(seller), RANGE)).toMatchObject({
      outstanding: 0n,
      paidOut: 249n,
      earned: { total: 249n },
      unpaid: [],
    });
  });

  test("shows recruits by name and sales, nothing of their terms, and nobody else's", async () => {
    const { t, operator, top, middle, seller, sell, as } = await world();
    await sell(seller);
    await sell(middle);
    await sell(middle);
    const { recruits } = await distributorOverview(as(top), RANGE);
    expect(recruits.items).toEqual([
      { number: "D-0002", name: "Middle", level: 1, sales: 2, paid: 19_700n },
      { number: "D-0003", name: "Seller", level: 2, sales: 1, paid: 9_850n },
    ]);
    expect(await listRecruits(operator, { ...RANGE, partyId: top })).toMatchObject({ count: 2 });
    await expect(distributorOverview(as(top), { ...RANGE, partyId: seller })).rejects.toEqual(
      code("NOT_FOUND"),
    );
    await expect(listRecruits(as(seller), { ...RANGE, partyId: top })).rejects.toEqual(code("NOT_FOUND"));
    await expect(listCommissions(as(seller), { partyId: top })).rejects.toEqual(code("NOT_FOUND"));
    await expect(distributorOverview(operator, RANGE)).rejects.toEqual(code("INPUT_INVALID"));
    const merchant = await makeParty(t, "merchant");
    await expect(distributorOverview(t.as("merchant", merchant), RANGE)).rejects.toEqual(
      code("PERMISSION_DENIED"),
    );
    await expect(distributorOverview(operator, { ...RANGE, partyId: merchant.id })).rejects.toEqual(
      code("NOT_FOUND"),
    );
  });
});

describe("commissions", () => {
  test("are listed latest first, each with its reason, page by page", async () => {
    const { t, top, seller, sell, reverse, as } = await world();
    const first = await sell(seller, { markup: 150n });
    t.clock.advance({ days: 1 });
    await sell(seller);
    t.clock.advance({ days: 1 });
    await reverse(first);

    const all = (await listCommissions(as(seller), {})).items;
    expect(all.map((c) => `${c.kind} ${c.amount}${c.reversal ? " back" : ""}`).sort()).toEqual(
      ["commission 99", "commission 99", "markup 150", "commission -99 back", "markup -150 back"].sort(),
    );
    expect(all.every((c) => c.seller === null && c.order !== null)).toBe(true);
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listCommissions>> = await listCommissions(as(seller), {
        cursor,
        limit: 2,
      });
      paged.push(...page.items.map((c) => c.id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(paged).toEqual(all.map((c) => c.id));
    const exported: string[] = [];
    for await (const row of eachCommission(as(seller), {})) exported.push(row.id);
    expect(exported).toEqual(paged);
    const day = { from: "2026-11-19", to: "2026-11-19" };
    expect((await listCommissions(as(seller), day)).items.map((c) => c.amount)).toEqual([99n]);
    expect((await listCommissions(as(seller), { kind: "markup" })).items).toHaveLength(2);

    const uplines = (await listCommissions(as(top), {})).items;
    expect(uplines.map((c) => [c.kind, c.amount, c.seller?.name, c.order])).toEqual([
      ["upline", -10n, "Seller", null],
      ["upline", 10n, "Seller", null],
      ["upline", 10n, "Seller", null],
    ]);
  });

  test("count what corrects a month, and each correction says of which month it is", async () => {
    const { t, operator, seller, sell, reverse, as } = await world();
    await createRule(operator, {
      name: "By the month's volume",
      scope: { tradeKind: "card_sale", tier: "silver" },
      definition: cardSaleRule({ commissionRate: "0.01", bySchedule: true }),
    });
    await createFeeSchedule(operator, {
      name: "Monthly",
      scope: { role: "distributor", leg: "card.commission", currency: "CNY" },
      definition: {
        method: "volume",
        bands: [
          { from: "0", rate: "0.01" },
          { from: "15000", rate: "0.02" },
        ],
        appliesTo: { everyone: false, tiers: ["silver"], parties: [] },
      },
    });
    await sell(seller);
    await sell(seller);
    t.clock.advance({ days: 15 });
    expect(await trueUpFees(t.system)).toBe(1);

    const all = (await listCommissions(as(seller), {})).items;
    expect(all.map((c) => [c.kind, c.leg, c.amount])).toEqual([
      ["true_up", "fee.true_up", 98n],
      ["commission", "card.commission", 197n],
      ["commission", "card.commission", 99n],
    ]);
    const [correction] = (await listCommissions(as(seller), { kind: "true_up" })).items;
    expect(correction).toMatchObject({ amount: 98n, paid: 0n, product: null, seller: null, order: null });
    const { fees, transfers, agrees } = await explainTrade(as(seller), correction?.tradeId ?? "");
    expect(agrees).toBe(true);
    expect(transfers.map((one) => one.leg)).toEqual(["fee.true_up"]);
    expect(fees).toMatchObject([
      { kind: "true_up", period: "2026-11", volumeAfter: "19700", chargedBefore: "296", chargedAfter: "394" },
    ]);
    const whole = { from: "2026-11-01", to: "2026-12-31" };
    expect((await distributorOverview(as(seller), whole)).earned).toMatchObject({ total: 394n });
    const merchantsNet = async () => (await houseOverview(operator, whole)).waterfall.net;
    expect(await merchantsNet()).toBe(0n);
    await rollUp(t.system);
    expect(await merchantsNet()).toBe(0n);
    const { earned } = await distributorOverview(as(seller), whole);
    expect(Object.fromEntries(earned.byKind.map((one) => [one.kind, one.amount]))).toEqual({
      commission: 296n,
      true_up: 98n,
    });
    expect(await agree(t)).toEqual([]);
    await reverse(all[2]?.tradeId ?? "");
    await trueUpFees(t.system);
    const after = (await distributorOverview(as(seller), whole)).earned.total;
    // one card at the band of its own volume: 1 % of 98.50
    expect(after).toBe(99n);
  });

  test("each opens a trace that tells the party its own part alone, whoever paid", async () => {
    const { t, operator, top, seller, supplier, sell, as } = await world();
    await credit(t, seller, 100_000n, 0n);
    for (const by of [undefined, "wallet" as const]) {
      const id = await sell(seller, by ? { by } : {});
      const house = await explainTrade(operator, id);
      expect(house).toMatchObject({ agrees: true });
      const own = await explainTrade(as(seller), id);
      expect(own.transfers.map((one) => one.leg)).toEqual(["card.commission"]);
      expect(own.trace?.legs.map((leg) => [leg.code, leg.rate, leg.amount])).toEqual([
        ["card.commission", "0.01", "99"],
      ]);
      expect(own.agrees).toBe(true);
      expect(own.trade.supplier).toBeNull();
      const above = await explainTrade(as(top), id);
      expect(above.transfers.map((one) => [one.leg, one.amount])).toEqual([["card.upline_2", 10n]]);
      expect(above.trade.supplier).toBeNull();
      const cost = await explainTrade(t.as("supplier", supplier), id);
      expect(cost.transfers.map((one) => one.leg)).toEqual(["card.supplier"]);
      expect(cost.trade.distributor).toBeNull();
    }
  });

  test("stand on the statement that pays them, which leads to the trade", async () => {
    const { t, seller, sell, as } = await world();
    const id = await sell(seller);
    t.clock.advance({ days: 2 });
    await closeDue(t.system);
    const [statement] = (await listStatements(as(seller), { limit: 10 })).items;
    const lines = await listStatementTransfers(as(seller), { statementId: statement?.id ?? "", limit: 10 });
    expect(lines.items).toMatchObject([{ tradeId: id, tradeKind: "card_sale", amount: 99n }]);
    await explainTrade(as(seller), lines.items[0]?.tradeId ?? "");
  });

  test("are read off their index", async () => {
    const { t, seller, sell } = await world();
    await sell(seller);
    const plan = await inTenant(db, t.tenant.id, async (tx) => {
      const sql = rawSql(tx);
      await sql`set local enable_seqscan = off`;
      return sql<{ "QUERY PLAN": string }[]>`
        explain select t.id from transfers t where t.tenant_id = ${t.tenant.id} and t.party_id = ${seller}
          and t.leg like 'card.%' and t.leg <> 'card.supplier' and t.leg <> 'card.margin'
        order by t.traded_at desc, t.id desc limit 51`;
    });
    expect(plan.map((row) => row["QUERY PLAN"]).join("\n")).toMatch(
      /Index.*Scan Backward using transfers_card_shares/,
    );
  });
});
