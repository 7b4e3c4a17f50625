import { beforeAll, describe, expect, test } from "vitest";
import { type Database, inTenant, rawSql } from "@/db/client";
import { campaigns } from "@/db/schema";
import { newId } from "@/server/core/ids";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import { dayNumber, isoDate } from "../calendar";
import { closeDue, listStatements, recordPayment } from "../settlement";
import { postSales } from "../settlement/test-posting";
import { checkRollups, houseOverview, partyOverview, rebuildRollups, rollUp } from "./index";

let db: Database;
let owner: Database;
beforeAll(async () => {
  ({ db, owner } = await testDatabase());
});

const RANGE = { from: "2026-11-10", to: "2026-11-24" };

async function campaign(t: TestTenant, name: string, brandId: string): Promise<string> {
  const id = newId();
  const now = t.clock.now();
  await inTenant(db, t.tenant.id, (tx) =>
    tx.insert(campaigns).values({
      tenantId: t.tenant.id,
      id,
      number: `C-${id.slice(-6)}`,
      name,
      status: "active",
      type: "fixed",
      currency: "CNY",
      terms: {},
      funding: [],
      brandId,
      verification: "static",
      collectedBy: "platform",
      createdAt: now,
      updatedAt: now,
    }),
  );
  return id;
}

async function world() {
  const t = await makeTenant(owner, db);
  const [m1, m2, brand] = [
    await makeParty(t, "merchant", { name: "One" }),
    await makeParty(t, "merchant", { name: "Two" }),
    await makeParty(t, "brand"),
  ];
  const [c1, c2] = [await campaign(t, "Spring", brand.id), await campaign(t, "Autumn", brand.id)];
  return { t, m1, m2, brand, c1, c2 };
}

async function agree(t: TestTenant): Promise<boolean> {
  const tables = await owner.orm.transaction((tx) => checkRollups(rawSql(tx), t.tenant));
  return tables.every((table) => table.rows === 0);
}

describe("roll-ups", () => {
  test("incremental equals made anew; nothing twice, whatever the order", async () => {
    const { t, m1, m2, brand, c1, c2 } = await world();
    for (let day = 0; day < 4; day++) {
      const [sold] = await postSales(t.system, [
        { merchant: m1, brand, campaignId: c1 },
        { merchant: m2, brand, campaignId: c2, amount: 700n },
        { merchant: m2, brand },
      ]);
      if (day % 2 === 0) await Promise.all([rollUp(t.system), rollUp(t.system), rollUp(t.system)]);
      if (day === 2) await postSales(t.system, [{ merchant: m1, brand, campaignId: c1, reverses: sold }]);
      t.clock.advance({ days: 1 });
    }
    await rollUp(t.system);
    expect(await agree(t)).toBe(true);
    const dump = () =>
      Promise.all([
        owner.sql`select * from trade_days where tenant_id = ${t.tenant.id} order by day, merchant_id, campaign_id`,
        owner.sql`select * from sales_spans where tenant_id = ${t.tenant.id} order by seller, days, first_day, seller_id`,
      ]);
    const before = await dump();
    expect(before.map((rows) => rows.length > 10)).toEqual([true, true]);
    await rebuildRollups(t.system);
    expect(await dump()).toEqual(before);
    expect(await agree(t)).toBe(true);
    expect((await rollUp(t.system)).moved).toBe(false);
  });

  test("a posting slower than the roll-up is neither missed nor seen early", async () => {
    const { t, m1, brand } = await world();
    await postSales(t.system, [{ merchant: m1, brand, amount: 100n }]); // opens the accounts
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let entered = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const slow = inTenant(db, t.tenant.id, async (tx) => {
      await postSales({ ...t.system, tx }, [{ merchant: m1, brand, amount: 300n }]);
      entered();
      await gate;
    });
    await inside;
    await postSales(t.system, [{ merchant: m1, brand }]);
    await rollUp(t.system);
    const total = async () => (await houseOverview(t.as("operator"), RANGE)).range;
    expect(await total()).toMatchObject({ trades: 2, gross: 11_000n });
    release();
    await slow;
    expect(await total()).toMatchObject({ trades: 3, gross: 14_000n });
    await rollUp(t.system);
    expect(await total()).toMatchObject({ trades: 3, gross: 14_000n });
    expect(await agree(t)).toBe(true);
  });

  test("marks of another server's transactions are made anew", async () => {
    const { t, m1, brand } = await world();
    await postSales(t.system, [{ merchant: m1, brand }]);
    await rollUp(t.system);
    await owner.sql`update rollup_marks set xid = 9000000000000000 where tenant_id = ${t.tenant.id}`;
    await rollUp(t.system);
    await postSales(t.system, [{ merchant: m1, brand }]);
    expect((await houseOverview(t.as("auditor"), RANGE)).range.trades).toBe(2);
    await rollUp(t.system);
    expect(await agree(t)).toBe(true);
  });
});

describe("overviews", () => {
  test("rank sellers over any range, of days in the roll-up and of a day that is not", async () => {
    const { t, m1, m2, brand, c1, c2 } = await world();
    for (let day = 0; day < 23; day++) {
      t.clock.advance({ days: 3 });
      const amount = 100n + BigInt((day * 37) % 11);
      await postSales(t.system, [
        { merchant: day % 3 ? m1 : m2, brand, campaignId: day % 2 ? c1 : c2, amount },
        { merchant: m2, brand, campaignId: c1, amount: 7n },
      ]);
      if (day === 20) await rollUp(t.system);
    }
    const days = await owner.sql<{ day: string; merchant: string; campaign: string; gross: bigint }[]>`
      select (t.traded_at at time zone ${t.tenant.timezone})::date::text as day, p.name as merchant, c.name as campaign, t.gross
      from trades t
      join parties p on p.tenant_id = t.tenant_id and p.id = t.merchant_id
      join campaigns c on c.tenant_id = t.tenant_id and c.id = t.campaign_id
      where t.tenant_id = ${t.tenant.id} order by 1`;
    const ranked = (by: "merchant" | "campaign", from: string, to: string) => {
      const sums = new Map<string, bigint>();
      for (const row of days) {
        if (row.day >= from && row.day <= to)
          sums.set(row[by], (sums.get(row[by]) ?? 0n) + BigInt(row.gross));
      }
      return [...sums].sort(([, a], [, b]) => Number(b - a));
    };
    const first = dayNumber(days[0]?.day ?? "");
    const last = dayNumber(days.at(-1)?.day ?? "");
    for (const [from, to] of [
      [first, last],
      [first, first],
      [last - 1, last],
      [first + 3, last - 7],
      [first - 64, first + 15],
      [first + 17, first + 47],
    ] as const) {
      const range = { from: isoDate(from), to: isoDate(to) };
      const house = await houseOverview(t.as("operator"), range);
      expect(house.topMerchants.map((m) => [m.name, m.gross])).toEqual(
        ranked("merchant", range.from, range.to),
      );
      expect(house.topCampaigns.map((c) => [c.name, c.gross])).toEqual(
        ranked("campaign", range.from, range.to),
      );
    }
  });

  test("are the same before and after a roll-up, and agree with the books", async () => {
    const { t, m1, m2, brand, c1, c2 } = await world();
    // Wednesday 2026-11-18: two sales; Thursday: one of them comes back whole, one more is sold.
    const [first] = await postSales(t.system, [
      { merchant: m1, brand, campaignId: c1 },
      { merchant: m2, brand, campaignId: c2, amount: 500n },
    ]);
    t.clock.advance({ days: 1 });
    await closeDue(t.system);
    const [draft] = (await listStatements(t.system, { partyId: m1.id, limit: 1 })).items;
    await recordPayment(t.system, {
      statementId: draft?.id ?? "",
      bankReference: "B1",
      paidAt: t.clock.now(),
    });
    await postSales(t.system, [
      { merchant: m1, brand, campaignId: c1, reverses: first },
      { merchant: m1, brand, campaignId: c2 },
    ]);

    const house = () => houseOverview(t.as("operator"), RANGE);
    const own = () => partyOverview(t.as("merchant", m1), RANGE);
    const funder = () => partyOverview(t.as("brand", brand), RANGE);
    const before = [await house(), await own(), await funder()];
    await rollUp(t.system);
    expect([await house(), await own(), await funder()]).toEqual(before);

    const h = await house();
    expect(h.range).toEqual({
      trades: 3,
      reversals: 1,
      gross: 15_000n,
      discount: 3_000n,
      paid: 12_000n,
      reversedGross: -10_000n,
      reversedDiscount: -2_000n,
    });
    expect(h.now.today).toMatchObject({ trades: 1, reversals: 1, gross: 0n });
    expect(h.waterfall).toEqual({
      gross: 25_000n,
      discounts: [
        { funder: "subsidy.brand", amount: 2_500n },
        { funder: "merchant", amount: 2_500n },
      ],
      paid: 20_000n,
      subsidies: 2_500n,
      atTheTill: 0n,
      legs: [{ leg: "fee.commission", amount: -500n }],
      refunds: -8_800n,
      net: 13_200n,
    });
    expect(h.topMerchants.map((m) => [m.name, m.gross])).toEqual([
      ["One", 10_000n],
      ["Two", 5_000n],
    ]);
    expect(h.topCampaigns.map((c) => [c.name, c.gross, c.trades])).toEqual([
      ["Autumn", 15_000n, 2],
      ["Spring", 0n, 1],
    ]);
    const point = (day: string) => h.series.find((p) => p.day === day);
    expect(point("2026-11-18")).toEqual({
      day: "2026-11-18",
      trades: 2,
      cleared: 15_000n,
      due: 0n,
      owed: 0n,
      paid: 0n,
      received: 0n,
    });
    // Thursday: Wednesday's fell due, the reversal too; one statement was paid.
    expect(point("2026-11-19")).toMatchObject({
      cleared: 0n,
      due: 13_200n - 8_800n,
      owed: 1_500n - 1_000n,
      paid: 8_800n,
    });
    expect(h.series).toHaveLength(15);
    // After the watermark of Thursday 12:00: the reversal of that noon, and what was sold since.
    expect(h.falling.days).toEqual([
      { day: "2026-11-19", payable: -8_800n, receivable: 1_000n },
      { day: "2026-11-20", payable: 8_800n, receivable: -1_000n },
    ]);
    expect(h.unpaid).toEqual([
      { kind: "payable", carried: false, statements: 1, total: 4_400n },
      { kind: "receivable", carried: false, statements: 1, total: -1_500n },
    ]);
    expect(h.currencies).toEqual(["CNY"]);

    const m = await own();
    expect(m.range).toMatchObject({ trades: 2, reversals: 1, gross: 10_000n });
    expect(m.waterfall.net).toBe(8_800n);
    expect(m.statements.map((s) => [s.state, s.total])).toEqual([["paid", 8_800n]]);
    const b = await funder();
    expect(b.topCampaigns.map((c) => [c.name, c.cost])).toEqual([
      ["Autumn", 1_500n],
      ["Spring", 0n],
    ]);
    expect(b.falling.days.map((d) => d.receivable)).toEqual([1_000n, -1_000n]);
  });

  test("are the own party's alone", async () => {
    const { t, m1, m2 } = await world();
    await expect(houseOverview(t.as("merchant", m1), RANGE)).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
    await expect(partyOverview(t.as("merchant", m1), { ...RANGE, partyId: m2.id })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    const other = await makeTenant(owner, db);
    await expect(partyOverview(other.as("operator"), { ...RANGE, partyId: m2.id })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(rollUp(t.as("operator"))).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  });

  test("refuse a range that ends before it begins or is too long", async () => {
    const { t } = await world();
    await expect(houseOverview(t.as("operator"), { from: "2026-11-02", to: "2026-11-01" })).rejects.toThrow();
    await expect(houseOverview(t.as("operator"), { from: "2020-11-02", to: "2026-11-01" })).rejects.toThrow();
  });
});
