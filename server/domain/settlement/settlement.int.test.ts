import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { type Database, rawSql } from "@/db/client";
import type { Cycle } from "@/db/schema/types";
import { withTransaction } from "@/server/core/transaction";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, TestClock, type TestTenant } from "@/server/testing/factories";
import { seedChineseCalendar } from "../calendar";
import { fallingDue } from "./falling-due";
import {
  closeBooks,
  closeDue,
  eachStatementTransfer,
  getStatement,
  listOwing,
  listRuns,
  listStatements,
  listStatementTransfers,
  previewClosing,
  recordPayment,
  type StatementRow,
  stateRun,
  sumStatements,
} from "./index";
import { postSales } from "./test-posting";

let db: Database;
let owner: Database;
let url: string;
beforeAll(async () => {
  ({ db, owner, url } = await testDatabase());
});

const windows = (delay: number, dayCount: "calendar" | "business" = "calendar", windowsPerDay: 1 | 2 = 1) =>
  ({ kind: "windows", windowsPerDay, delay, dayCount }) as const;

async function party(t: TestTenant, kind: "merchant" | "brand", cycle: Cycle = windows(1)) {
  const { id } = await makeParty(t, kind, { cycle });
  return { id, kind, cycle };
}

async function closed(t: TestTenant, through: string): Promise<string> {
  const { runId } = await closeBooks(t.system, { through: new Date(through) });
  await stateRun(t.system, runId);
  return runId;
}

async function statementsOf(t: TestTenant, filters: { partyId?: string; runId?: string } = {}) {
  return (await listStatements(t.system, { ...filters, limit: 200 })).items;
}

const brief = (s: StatementRow) => [s.kind, s.total, s.state] as const;

describe("what falls due", () => {
  test("is the same, read through the accounts or out of the whole table", async () => {
    const t = await makeTenant(owner, db, { clock: new TestClock("2026-11-16T01:00:00Z") });
    const [merchant, late, brand] = [
      await party(t, "merchant"),
      await party(t, "merchant", windows(3)),
      await party(t, "brand"),
    ];
    const [sold] = await postSales(t.system, [
      { merchant, brand },
      { merchant: late, brand, amount: 700n },
      { merchant, brand, amount: 300n },
    ]);
    await postSales(t.system, [{ merchant, brand, reverses: sold }]);
    const falling = (through: string, most: boolean) =>
      withTransaction(t.system, ({ tx }) => {
        const sql = rawSql(tx);
        return sql`select * from (${fallingDue(sql, t.tenant.id, "2026-11-16T00:00:00Z", through, { most })}) f
          order by account_id, leg`;
      });
    for (const through of ["2026-11-16T12:00:00Z", "2026-11-17T12:00:00Z", "2026-11-30T00:00:00Z"]) {
      expect(await falling(through, true)).toEqual(await falling(through, false));
    }
    expect((await falling("2026-11-30T00:00:00Z", true)).length).toBeGreaterThan(3);
  });
});

describe("cycles, worked", () => {
  /** Sells on Monday 2026-11-16 at `hour` (Shanghai) and says through which closing it is first stated. */
  async function firstStated(cycle: Cycle, tradedAt: string, closings: string[]) {
    const t = await makeTenant(owner, db, { clock: new TestClock("2026-12-01T00:00:00Z") });
    await seedChineseCalendar(t.system);
    const merchant = await party(t, "merchant", cycle);
    const brand = await party(t, "brand", cycle);
    t.clock.set(tradedAt);
    await postSales(t.system, [{ merchant, brand }]);
    t.clock.set("2026-12-01T00:00:00Z");
    for (const through of closings) {
      const runId = await closed(t, through);
      if ((await statementsOf(t, { runId, partyId: merchant.id })).length > 0) return through;
    }
    return null;
  }
  const midnight = (day: number) => `2026-11-${day}T00:00:00+08:00`;
  const noon = (day: number) => `2026-11-${day}T12:00:00+08:00`;

  test("T+1: Monday's trades are due Tuesday 00:00", async () => {
    const closings = ["2026-11-16T23:59:59.999+08:00", midnight(17)];
    expect(await firstStated(windows(1), "2026-11-16T09:00:00+08:00", closings)).toBe(midnight(17));
  });
  test("T+0.5: 09:00 is due 12:00, 15:00 is due Tuesday 00:00", async () => {
    const cycle = windows(1, "calendar", 2);
    const closings = [noon(16), midnight(17)];
    expect(await firstStated(cycle, "2026-11-16T09:00:00+08:00", closings)).toBe(noon(16));
    expect(await firstStated(cycle, "2026-11-16T15:00:00+08:00", closings)).toBe(midnight(17));
  });
  test("T+7", async () => {
    const closings = [midnight(22), midnight(23)];
    expect(await firstStated(windows(7), "2026-11-16T09:00:00+08:00", closings)).toBe(midnight(23));
  });
  test("T+0: due at once", async () => {
    const at = "2026-11-16T09:00:00+08:00";
    expect(await firstStated({ kind: "immediate" }, at, [at])).toBe(at);
  });
  test("T+1 by business days: Friday's trades are due Monday 00:00", async () => {
    const closings = [midnight(21), midnight(22), midnight(23)];
    expect(await firstStated(windows(1, "business"), "2026-11-20T15:00:00+08:00", closings)).toBe(
      midnight(23),
    );
  });

  test("a business day of a year without data is an error, and nothing is posted", async () => {
    const t = await makeTenant(owner, db, { clock: new TestClock("2026-12-31T10:00:00+08:00") });
    await seedChineseCalendar(t.system);
    const merchant = await party(t, "merchant", windows(1, "business"));
    const brand = await party(t, "brand");
    await expect(postSales(t.system, [{ merchant, brand }])).rejects.toMatchObject({
      code: "CALENDAR_YEAR_MISSING",
      params: { year: 2027 },
    });
    const [row] = await owner.sql`select count(*) from trades where tenant_id = ${t.tenant.id}`;
    expect(row?.count).toBe(0n);
  });

  test("a day of daylight saving is one day: New York, T+1, both changes of 2026", async () => {
    for (const [traded, before, due] of [
      ["2026-03-08T12:00:00-04:00", "2026-03-09T03:59:59.999Z", "2026-03-09T04:00:00Z"], // 23 hours
      ["2026-11-01T12:00:00-05:00", "2026-11-02T04:59:59.999Z", "2026-11-02T05:00:00Z"], // 25 hours
    ] as const) {
      const t = await makeTenant(owner, db, {
        clock: new TestClock(traded),
        timezone: "America/New_York",
        currency: "USD",
      });
      const [merchant, brand] = [await party(t, "merchant"), await party(t, "brand")];
      await postSales(t.system, [{ merchant, brand }], "USD");
      t.clock.set("2026-12-01T00:00:00Z");
      await closed(t, before);
      expect(await statementsOf(t)).toHaveLength(0);
      await closed(t, due);
      expect(await statementsOf(t)).toHaveLength(2);
    }
  });
});

describe("closing", () => {
  test("only goes forward, and never into the future", async () => {
    const t = await makeTenant(owner, db);
    const now = t.clock.now();
    await closeBooks(t.system, { through: now });
    await expect(closeBooks(t.system, { through: now })).rejects.toMatchObject({
      code: "CLOSING_NOT_FORWARD",
    });
    await expect(closeBooks(t.system, { through: new Date(now.getTime() - 1) })).rejects.toMatchObject({
      code: "CLOSING_NOT_FORWARD",
    });
    await expect(closeBooks(t.system, { through: new Date(now.getTime() + 1) })).rejects.toMatchObject({
      code: "CLOSING_IN_FUTURE",
    });
    const runs = await listRuns(t.system, { limit: 10 });
    expect(runs.items.map((r) => [r.number, r.state])).toEqual([["CL-0001", "closed"]]);
  });

  test("is for those who may", async () => {
    const t = await makeTenant(owner, db);
    const merchant = await party(t, "merchant");
    for (const role of ["support", "auditor", "merchant"] as const) {
      const ctx = role === "merchant" ? t.as(role, merchant) : t.as(role);
      await expect(closeBooks(ctx)).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
    }
    await expect(closeBooks(t.as("finance"))).resolves.toMatchObject({ number: "CL-0001" });
  });

  test("states each account with its lines; stating again changes nothing", async () => {
    const t = await makeTenant(owner, db);
    const [merchant, brand] = [await party(t, "merchant"), await party(t, "brand")];
    await postSales(t.system, [
      { merchant, brand },
      { merchant, brand, amount: 500n },
    ]);
    t.clock.advance({ days: 2 });
    const preview = await previewClosing(t.system);
    expect(preview.falling).toEqual([
      { currency: "CNY", kind: "payable", parties: 1, transfers: 6, total: 13_200n },
      { currency: "CNY", kind: "receivable", parties: 1, transfers: 2, total: -1_500n },
    ]);
    const { runId } = await closeBooks(t.system);
    expect(await stateRun(t.system, runId)).toEqual({ statements: 2 });
    const before = await statementsOf(t);
    expect(await Promise.all([stateRun(t.system, runId), stateRun(t.system, runId)])).toEqual([
      { statements: 2 },
      { statements: 2 },
    ]);
    expect(await statementsOf(t)).toEqual(before);

    const [mine] = await statementsOf(t, { partyId: merchant.id });
    expect(mine).toMatchObject({ number: "ST-0001-0002", kind: "payable", total: 13_200n, state: "draft" });
    const detail = await getStatement(t.as("merchant", merchant), mine?.id ?? "");
    expect(detail.lines).toEqual([
      { leg: "sale.collected", count: 2, amount: 12_000n },
      { leg: "subsidy.brand", count: 2, amount: 1_500n },
      { leg: "fee.commission", count: 2, amount: -300n },
    ]);
    const [theirs] = await statementsOf(t, { partyId: brand.id });
    expect(theirs).toMatchObject({
      number: "ST-0001-0001",
      kind: "receivable",
      total: -1_500n,
      state: "draft",
    });
    expect(await sumStatements(t.system, {})).toEqual([
      { currency: "CNY", kind: "payable", state: "draft", count: 1, total: 13_200n },
      { currency: "CNY", kind: "receivable", state: "draft", count: 1, total: -1_500n },
    ]);
    expect((await listOwing(t.system, { limit: 10 })).map((o) => [o.party.id, o.open])).toEqual([
      [merchant.id, 13_200n],
      [brand.id, -1_500n],
    ]);
  });

  test("the same books state the same in another process's transaction, to the id", async () => {
    const t = await makeTenant(owner, db);
    const [merchant, brand] = [await party(t, "merchant"), await party(t, "brand")];
    await postSales(t.system, [{ merchant, brand }]);
    t.clock.advance({ days: 2 });
    const { runId } = await closeBooks(t.system);
    const rolledBack: unknown[] = [];
    await expect(
      t.system.db.orm.transaction(async (tx) => {
        await tx.execute(`select set_config('kaqing.tenant_id', '${t.tenant.id}', true)`);
        await stateRun({ ...t.system, tx }, runId);
        rolledBack.push((await listStatements({ ...t.system, tx }, { limit: 10 })).items);
        throw new Error("power cut");
      }),
    ).rejects.toThrow("power cut");
    expect(await statementsOf(t)).toEqual([]);
    await stateRun(t.system, runId);
    expect(await statementsOf(t)).toEqual(rolledBack[0]);
  });

  test("a late posting falls due in the next window", async () => {
    const t = await makeTenant(owner, db, { clock: new TestClock("2026-11-17T09:00:00+08:00") });
    const [merchant, brand] = [await party(t, "merchant"), await party(t, "brand")];
    await closed(t, "2026-11-17T00:00:00+08:00");
    await postSales(t.system, [{ merchant, brand, tradedAt: new Date("2026-11-16T09:00:00+08:00") }]);
    t.clock.set("2026-11-19T09:00:00+08:00");
    await closed(t, "2026-11-17T23:59:59.999+08:00");
    expect(await statementsOf(t)).toHaveLength(0);
    await closed(t, "2026-11-18T00:00:00+08:00");
    expect(await statementsOf(t)).toHaveLength(2);
  });

  test("what nets to nothing or less is carried, and cannot be paid", async () => {
    const t = await makeTenant(owner, db);
    const [merchant, brand] = [await party(t, "merchant"), await party(t, "brand")];
    const [sold] = await postSales(t.system, [{ merchant, brand }]);
    t.clock.advance({ days: 2 });
    await closeDue(t.system);
    await postSales(t.system, [{ merchant, brand, reverses: sold }]);
    t.clock.advance({ days: 1 });
    await closeDue(t.system);
    const mine = await statementsOf(t, { partyId: merchant.id });
    expect(mine.map(brief)).toEqual([
      ["payable", -8_800n, "carried"],
      ["payable", 8_800n, "draft"],
    ]);
    const theirs = await statementsOf(t, { partyId: brand.id });
    expect(theirs.map(brief)).toEqual([
      ["receivable", 1_000n, "carried"],
      ["receivable", -1_000n, "draft"],
    ]);
    const [carried, draft] = mine.map((s) => s.id);
    await expect(
      recordPayment(t.system, { statementId: carried ?? "", bankReference: "1", paidAt: t.clock.now() }),
    ).rejects.toMatchObject({ code: "STATEMENT_NOT_PAYABLE" });
    expect((await getStatement(t.system, draft ?? "")).carried).toEqual({ count: 1, total: -8_800n });
    expect(await listOwing(t.system, { limit: 10 })).toEqual([]);
  });

  test("the schedule closes at window starts, once, and states what was left", async () => {
    const t = await makeTenant(owner, db, { clock: new TestClock("2026-11-16T09:00:00+08:00") });
    const [merchant, brand] = [await party(t, "merchant"), await party(t, "brand")];
    await postSales(t.system, [{ merchant, brand }]);
    expect((await closeDue(t.system))?.dueThrough).toEqual(new Date("2026-11-16T00:00:00+08:00"));
    expect(await closeDue(t.system)).toBeNull();
    t.clock.set("2026-11-17T00:00:00+08:00");
    // A worker that stopped between closing and stating:
    await closeBooks(t.system, { through: t.clock.now() });
    t.clock.advance({ minutes: 1 });
    expect(await closeDue(t.system)).toBeNull();
    expect(await statementsOf(t)).toHaveLength(2);
    t.clock.set("2026-11-17T12:00:30+08:00");
    const both = await Promise.all([closeDue(t.system), closeDue(t.system)]);
    expect(both.filter((c) => c !== null)).toHaveLength(1);
  });
});

describe("payments", () => {
  test("of what a party was due and of what it owed; once; the balance is zero then", async () => {
    const t = await makeTenant(owner, db);
    const [merchant, brand] = [await party(t, "merchant"), await party(t, "brand")];
    await postSales(t.system, [{ merchant, brand }]);
    t.clock.advance({ days: 2 });
    await closeDue(t.system);
    const pay = (statementId: string) =>
      recordPayment(t.as("finance"), { statementId, bankReference: "BANK-1", paidAt: t.clock.now() });
    const all = await statementsOf(t);
    for (const s of all) {
      const results = await Promise.allSettled([pay(s.id), pay(s.id)]);
      expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
      await expect(pay(s.id)).rejects.toMatchObject({ code: "STATEMENT_NOT_PAYABLE" });
    }
    expect((await statementsOf(t)).map((s) => s.state)).toEqual(["paid", "paid"]);
    const balances = await owner.sql<{ kind: string; balance: bigint }[]>`
      select a.kind, sum(case when t.credit_account_id = a.id then t.amount else -t.amount end)::bigint as balance
      from accounts a join transfers t on t.tenant_id = a.tenant_id and a.id in (t.debit_account_id, t.credit_account_id)
      where a.tenant_id = ${t.tenant.id} group by a.kind order by 1`;
    expect(Object.fromEntries(balances.map((b) => [b.kind, b.balance]))).toEqual({
      cash: 8_800n - 1_000n,
      channel_receivable: -8_000n,
      commission_revenue: 200n,
      payable: 0n,
      receivable: 0n,
    });
    // A payout stands in no later statement.
    t.clock.advance({ days: 5 });
    await closeDue(t.system);
    expect(await statementsOf(t)).toHaveLength(2);
  });

  test("refuses a time to come, foreign roles and unknown statements", async () => {
    const t = await makeTenant(owner, db);
    const [merchant, brand] = [await party(t, "merchant"), await party(t, "brand")];
    await postSales(t.system, [{ merchant, brand }]);
    t.clock.advance({ days: 2 });
    await closeDue(t.system);
    const [mine] = await statementsOf(t, { partyId: merchant.id });
    const input = { statementId: mine?.id ?? "", bankReference: "1", paidAt: t.clock.now() };
    const later = new Date(t.clock.now().getTime() + 1);
    await expect(recordPayment(t.system, { ...input, paidAt: later })).rejects.toMatchObject({
      code: "INPUT_INVALID",
    });
    await expect(recordPayment(t.as("merchant", merchant), input)).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
    const other = await makeTenant(owner, db);
    other.clock.set(t.clock.now());
    await expect(recordPayment(other.system, input)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

test("a party sees its own statements and no other's", async () => {
  const t = await makeTenant(owner, db);
  const [a, b, brand] = [await party(t, "merchant"), await party(t, "merchant"), await party(t, "brand")];
  await postSales(t.system, [
    { merchant: a, brand },
    { merchant: b, brand },
  ]);
  t.clock.advance({ days: 2 });
  await closeDue(t.system);
  const mine = (await listStatements(t.as("merchant", a), { limit: 50 })).items;
  expect(mine.map((s) => s.party.id)).toEqual([a.id]);
  const [theirs] = await statementsOf(t, { partyId: b.id });
  const id = theirs?.id ?? "";
  await expect(getStatement(t.as("merchant", a), id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(
    listStatementTransfers(t.as("merchant", a), { statementId: id, limit: 10 }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(listRuns(t.as("merchant", a), { limit: 10 })).rejects.toMatchObject({
    code: "PERMISSION_DENIED",
  });
});

test("transfers of a line page by cursor, each once, and end with the line's count and sum", async () => {
  const t = await makeTenant(owner, db);
  const [merchant, brand] = [await party(t, "merchant"), await party(t, "brand")];
  await postSales(
    t.system,
    Array.from({ length: 23 }, () => ({ merchant, brand })),
  );
  t.clock.advance({ days: 2 });
  await closeDue(t.system);
  const [mine] = await statementsOf(t, { partyId: merchant.id });
  const statementId = mine?.id ?? "";
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listStatementTransfers>> = await listStatementTransfers(t.system, {
      statementId,
      cursor,
      limit: 7,
    });
    seen.push(...page.items.map((i) => i.id));
    cursor = page.nextCursor;
  } while (cursor);
  expect(seen).toHaveLength(69);
  expect(new Set(seen).size).toBe(69);
  let sum = 0n;
  for await (const row of await eachStatementTransfer(t.system, { statementId, leg: "fee.commission" })) {
    expect(row.reference).toMatch(/^RD-/);
    sum += row.amount;
  }
  expect(sum).toBe(-200n * 23n);
});

test("postings against closings, from several processes: no transfer lost, none stated twice", async () => {
  const t = await makeTenant(owner, db);
  const merchants = [await party(t, "merchant"), await party(t, "merchant")];
  const brand = await party(t, "brand");
  const script = fileURLToPath(new URL("./test-posting-process.ts", import.meta.url));
  const run = promisify(execFile);
  const start = (role: "post" | "close") =>
    run(process.execPath, [
      "--import",
      "tsx",
      script,
      JSON.stringify({
        url,
        tenantId: t.tenant.id,
        role,
        merchants: merchants.map((m) => m.id),
        brand: brand.id,
        ms: 4_000,
      }),
    ]);
  const results = await Promise.all([
    start("post"),
    start("post"),
    start("post"),
    start("close"),
    start("close"),
  ]);
  const done = results.map((r) => Number(r.stdout));
  const posted = done.slice(0, 3).reduce((a, b) => a + b, 0);
  expect(posted).toBeGreaterThan(20);
  expect(done.slice(3).reduce((a, b) => a + b, 0)).toBeGreaterThan(2);
  t.clock.set(new Date(Date.now() + 60_000));
  const { runId } = await closeBooks(t.system);
  await stateRun(t.system, runId);
  const [sums] = await owner.sql`
    select
      (select count(*) from trades where tenant_id = ${t.tenant.id}) as trades,
      (select sum(count)::bigint from statement_lines where tenant_id = ${t.tenant.id}) as stated,
      (select sum(amount)::bigint from statement_lines where tenant_id = ${t.tenant.id}) as amount,
      (select sum(total)::bigint from statements where tenant_id = ${t.tenant.id}) as total`;
  // Each sale has three sides on the merchant's account and one on the brand's.
  expect(sums).toEqual({
    trades: BigInt(posted),
    stated: BigInt(posted) * 4n,
    amount: BigInt(posted) * 7_800n,
    total: BigInt(posted) * 7_800n,
  });
  const twice = await owner.sql`
    select t.id, count(*) from transfers t
    join statements s on s.tenant_id = t.tenant_id and s.account_id = t.credit_account_id
      and t.credit_due_at > s.due_after and t.credit_due_at <= s.due_through
    where t.tenant_id = ${t.tenant.id} group by t.id having count(*) > 1`;
  expect(twice).toHaveLength(0);
}, 120_000);
