import { beforeAll, expect, test } from "vitest";
import { type Database, inTenant, rawSql } from "@/db/client";
import { newId } from "@/server/core/ids";
import { rollUp } from "@/server/domain/reports";
import { closeDue, listStatements, recordPayment } from "@/server/domain/settlement";
import { postSales } from "@/server/domain/settlement/test-posting";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import { checkInvariants } from "./checks";

let db: Database;
let owner: Database;
beforeAll(async () => {
  ({ db, owner } = await testDatabase());
  // What the tests below do to the books, nobody may do.
  for (const table of ["transfers", "trades", "statement_lines", "audit_log"])
    await owner.sql.unsafe(`alter table ${table} disable trigger user`);
  await owner.sql.unsafe("alter table statements disable trigger user");
  await owner.sql.unsafe("alter table books disable trigger user");
});

async function world(): Promise<TestTenant> {
  const t = await makeTenant(owner, db);
  const merchant = await makeParty(t, "merchant");
  const brand = await makeParty(t, "brand");
  const [first] = await postSales(t.system, [
    { merchant, brand },
    { merchant, brand, amount: 700n },
  ]);
  t.clock.advance({ days: 1 });
  await closeDue(t.system);
  const [statement] = (await listStatements(t.system, { limit: 1, partyId: merchant.id })).items;
  await recordPayment(t.system, {
    statementId: statement?.id ?? "",
    bankReference: "1",
    paidAt: t.clock.now(),
  });
  await rollUp(t.system);
  await postSales(t.system, [{ merchant, brand, amount: 300n }]);
  expect(first).toBeTruthy();
  return t;
}

const broken = async (t: TestTenant) =>
  (await checkInvariants(owner, t.tenant.id)).filter((r) => !r.ok).map((r) => r.id);

test("hold for honest books, and look at them", async () => {
  const t = await world();
  const results = await checkInvariants(owner, t.tenant.id);
  expect(results.filter((r) => !r.ok)).toEqual([]);
  const checked = Object.fromEntries(results.map((r) => [r.id, r.checked]));
  expect(checked).toMatchObject({ "1": 10, "2": 3, "4a": 1, "4b": 8, "4c": 2, "5a": 1, "5b": 2 });
});

test.each<[string, string[], (t: TestTenant) => Promise<unknown>]>([
  [
    "an amount changed after it was stated",
    ["4b", "5b", "R", "2"],
    (t) =>
      owner.sql`update transfers set amount = amount + 1001 where (tenant_id, id) = (
        select tenant_id, id from transfers where tenant_id = ${t.tenant.id} and leg = 'subsidy.brand' order by id limit 1)`,
  ],
  [
    "a transfer posted as due in a closed time",
    ["4b", "5b"],
    (t) =>
      owner.sql`update transfers set credit_due_at = '2026-11-19T00:00:00+08:00' where tenant_id = ${t.tenant.id}
        and leg = 'sale.collected' and amount = 2400`,
  ],
  [
    "a transfer taken away",
    ["4b", "5b", "R"],
    (t) => owner.sql`delete from transfers where tenant_id = ${t.tenant.id} and amount = 200`,
  ],
  [
    "a line changed",
    ["4b", "4c"],
    (t) =>
      owner.sql`update statement_lines set amount = amount + 1 where tenant_id = ${t.tenant.id} and leg = 'fee.commission'`,
  ],
  [
    "a payment forgotten",
    ["5a", "5b"],
    (t) =>
      owner.sql`update statements set state = 'draft', payout_trade_id = null where tenant_id = ${t.tenant.id} and state = 'paid'`,
  ],
  [
    "the watermark moved without a run",
    ["4a"],
    (t) =>
      owner.sql`update books set closed_through = closed_through + interval '1 hour' where tenant_id = ${t.tenant.id}`,
  ],
  [
    "a roll-up that differs",
    ["R"],
    (t) => owner.sql`update trade_days set gross = gross + 1 where tenant_id = ${t.tenant.id}`,
  ],
  [
    "a sum over a span of days that differs",
    ["R"],
    (t) => owner.sql`update sales_spans set gross = gross + 1 where tenant_id = ${t.tenant.id} and days = 16`,
  ],
  [
    "an audit row changed",
    ["A"],
    (t) =>
      owner.sql`update audit_log set action = 'nothing.happened' where tenant_id = ${t.tenant.id} and seq = 1`,
  ],
  [
    "a reversal of more than there was",
    ["3a", "3c"],
    async (t) => {
      const [trade] = await owner.sql<{ id: string }[]>`
        select id from trades where tenant_id = ${t.tenant.id} and kind = 'redemption' order by id limit 1`;
      const id = newId();
      await owner.sql`
        insert into trades select (jsonb_populate_record(d, jsonb_build_object('id', ${id}::text, 'kind', 'reversal',
          'reverses_id', d.id, 'gross', -d.gross - 1, 'discount', -d.discount))).*
        from trades d where d.id = ${trade?.id ?? ""}`;
      await owner.sql`
        insert into transfers select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'trade_id', ${id}::text,
          'reverses_id', t.id, 'amount', t.amount + 1, 'debit_account_id', t.credit_account_id, 'credit_account_id', t.debit_account_id,
          'debit_due_at', '2026-12-01', 'credit_due_at', null))).*
        from transfers t where t.trade_id = ${trade?.id ?? ""} and t.leg = 'sale.collected'`;
    },
  ],
  [
    "a strict balance that is none of its transfers'",
    ["8"],
    async (t) => {
      await inTenant(owner, t.tenant.id, async (tx) => {
        const sql = rawSql(tx);
        const id = newId();
        await sql`insert into accounts (tenant_id, id, party_id, kind, currency, ref, strict, floor, created_at)
          values (${t.tenant.id}, ${id}, ${t.tenant.platformPartyId}, 'wallet', 'CNY', '', true, 0, now())`;
        await sql`insert into account_balances values (${t.tenant.id}, ${id}, 0, 5)`;
      });
    },
  ],
])("find %s", async (_, expected, tamper) => {
  const t = await world();
  await tamper(t);
  expect(await broken(t)).toEqual(expect.arrayContaining(expected));
});
