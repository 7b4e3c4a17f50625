import { beforeEach, expect, test } from "vitest";
import { inTenant, rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { withIdempotency } from "@/server/core/idempotency";
import { withTransaction } from "@/server/core/transaction";
import { testDatabase } from "@/server/testing/database";
import { makeTenant, type TestTenant } from "@/server/testing/factories";
import { ANSWERS_ARE_KEPT_DAYS, forgetAnswers } from "./forget-answers";

let t: TestTenant;
beforeEach(async () => {
  const { owner, db } = await testDatabase();
  t = await makeTenant(owner, db);
});

/** `count` answers of an age, by keys "<name>-1" and so on. */
const answers = (of: TestTenant, name: string, days: number, count: number) =>
  inTenant(
    of.system.db,
    of.tenant.id,
    (tx) => rawSql(tx)`
      insert into idempotency_keys (tenant_id, scope, key, verb, input_hash, status, response, created_at)
      select ${of.tenant.id}, 'system', ${name} || '-' || n, 'test', '', 200, '"x"',
        ${of.clock.now().toISOString()}::timestamptz - make_interval(hours => ${Math.round(days * 24)}::int)
      from generate_series(1, ${count}::int) n`,
  );
const left = async (of: TestTenant) => {
  const rows = await inTenant(
    of.system.db,
    of.tenant.id,
    (tx) => rawSql(tx)<{ name: string; n: number }[]>`
      select split_part(key, '-', 1) as name, count(*)::int as n from idempotency_keys
      where tenant_id = ${of.tenant.id} group by 1`,
  );
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
};

test("an answer is kept for its time, and then the request is a new one", async () => {
  let done = 0;
  const ask = () =>
    withIdempotency(t.system, { key: "mine", verb: "count", input: {} }, async () => {
      done += 1;
      return done;
    });
  await ask();
  t.clock.advance({ days: ANSWERS_ARE_KEPT_DAYS });
  expect(await forgetAnswers(t.system)).toBe(0);
  expect(await ask()).toEqual({ result: 1, replayed: true });
  t.clock.advance({ seconds: 1 });
  expect(await forgetAnswers(t.system)).toBe(1);
  expect(await ask()).toEqual({ result: 2, replayed: false });
});

test("younger ones and those of other tenants stay, however many batches it takes", async () => {
  const { owner, db } = await testDatabase();
  const other = await makeTenant(owner, db);
  await answers(other, "foreign", 400, 3);
  await answers(t, "young", ANSWERS_ARE_KEPT_DAYS - 1 / 24, 7);
  await answers(t, "old", ANSWERS_ARE_KEPT_DAYS + 1 / 24, 25);
  expect(await forgetAnswers(t.system, { batch: 10 })).toBe(25);
  expect(await left(t)).toEqual({ young: 7 });
  expect(await left(other)).toEqual({ foreign: 3 });
});

test("two workers at once do not wait for each other, and each answer goes once", async () => {
  await answers(t, "old", 31, 12_000);
  await answers(t, "young", 1, 500);
  const gone = await Promise.all([
    forgetAnswers(t.system, { batch: 400 }),
    forgetAnswers(t.system, { batch: 400 }),
  ]);
  expect(gone[0] + gone[1]).toBe(12_000);
  expect(await left(t)).toEqual({ young: 500 });
});

test("what another transaction holds is not waited for", async () => {
  await answers(t, "old", 31, 5);
  await inTenant(t.system.db, t.tenant.id, async (tx) => {
    await rawSql(
      tx,
    )`select 1 from idempotency_keys where tenant_id = ${t.tenant.id} and key = 'old-2' for update`;
    expect(await forgetAnswers(t.system)).toBe(4);
  });
  expect(await forgetAnswers(t.system)).toBe(1);
});

test("they are found by their age, not by reading all", async () => {
  const { owner } = await testDatabase();
  await answers(t, "young", 1, 20_000);
  await answers(t, "old", 31, 300);
  await owner.sql`analyze idempotency_keys`;
  const scans = async ({ tx }: TxCtx) => {
    const [row] = await rawSql(tx)<{ seq_scan: bigint; idx_scan: bigint }[]>`
      select seq_scan, idx_scan from pg_stat_xact_user_tables where relname = 'idempotency_keys'`;
    return { seq: row?.seq_scan ?? 0n, idx: row?.idx_scan ?? 0n };
  };
  await withTransaction(t.system, async (ctx) => {
    const before = await scans(ctx);
    expect(await forgetAnswers(ctx)).toBe(300);
    const after = await scans(ctx);
    expect(after.seq - before.seq).toBe(0n);
    expect(after.idx - before.idx).toBe(1n);
  });
});
