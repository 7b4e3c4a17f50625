import { beforeAll, describe, expect, it } from "vitest";
import { type RawSql, rawSql } from "@/db/client";
import { trueUpFees } from "@/server/domain/clearing";
import { bandsOf, EVERYONE, type FeeWorld, makeFeeWorld } from "@/server/domain/clearing/fees/fees.fixture";
import { askOracle, type OracleAnswer } from "./oracle";

/** What the oracle knows of fee schedules: two months of a merchant and its channel, refunded in part and trued up. */
let owner: FeeWorld["owner"];
let t: FeeWorld["t"];

beforeAll(async () => {
  const world = await makeFeeWorld("2026-11-10T04:00:00.000Z", { channelRefundsFee: true });
  ({ owner, t } = world);
  const { merchant, sale, post, reverse, publish } = world;
  const bands = bandsOf({ 0: "0.003", 100000: "0.002" });
  await publish({ method: "flat", bands: bands.slice(0, 1), appliesTo: EVERYONE });
  await publish({
    method: "graduated",
    bands,
    appliesTo: { ...EVERYONE, everyone: false, parties: [merchant.id] },
  });
  await publish({ method: "volume", bands, appliesTo: EVERYONE }, "channel");
  const [first, , third] = await post([60_001n, 59_999n, 33_333n].map((gross) => sale(gross)));
  t.clock.advance({ days: 22 });
  await post([40_000n, 80_000n].map((gross) => sale(gross)));
  await reverse(first?.trade.id ?? "", 20_000n);
  await reverse(third?.trade.id ?? "");
  await trueUpFees(t.system);
  t.clock.advance({ days: 30 });
  await trueUpFees(t.system);
});

const ask = () => owner.orm.transaction((tx) => askOracle(rawSql(tx), t.tenant.id));

it("prices the same legs, walks the same refunds back, and trues up the same months", async () => {
  expect(await ask()).toMatchObject({ months: 4, offenders: [] });
  const [seen] = await owner.sql`
    select count(*) filter (where leg = 'fee.walk_back') as walks, count(*) filter (where leg = 'fee.true_up') as true_ups
    from transfers where tenant_id = ${t.tenant.id}`;
  expect(seen?.walks).toBeGreaterThan(0n);
  expect(seen?.true_ups).toBe(2n);
});

describe("notices", () => {
  class Undone extends Error {}

  async function faultsAfter(tamper: (sql: RawSql) => Promise<unknown>): Promise<string[]> {
    let answer: OracleAnswer | undefined;
    await owner.orm
      .transaction(async (tx) => {
        const sql = rawSql(tx);
        // What is done to the books here, nobody may do.
        for (const table of ["transfers", "trades", "fee_schedule_versions"])
          await sql.unsafe(`alter table ${table} disable trigger user`);
        await tamper(sql);
        answer = await askOracle(sql, t.tenant.id);
        throw new Undone();
      })
      .catch((error) => {
        if (!(error instanceof Undone)) throw error;
      });
    return [...new Set(answer?.offenders.map(({ fault }) => fault))].sort();
  }
  const one = (sql: RawSql, leg: string) =>
    sql`(select id from transfers where tenant_id = ${t.tenant.id} and leg = ${leg} order by id limit 1)`;

  it.each(["fee.commission", "fee.walk_back", "fee.true_up"])("a cent in %s", async (leg) => {
    const faults = await faultsAfter(
      (sql) =>
        sql`update transfers set amount = amount + 1 where tenant_id = ${t.tenant.id} and id = ${one(sql, leg)}`,
    );
    expect(faults).toEqual(expect.arrayContaining(["not posted", "not to be posted"]));
  });

  it.each(["fee.walk_back", "fee.true_up"])("%s that is missing", async (leg) => {
    const faults = await faultsAfter(
      (sql) => sql`delete from transfers where tenant_id = ${t.tenant.id} and id = ${one(sql, leg)}`,
    );
    expect(faults).toEqual(["not posted"]);
  });

  it("a month that counts what was not sold", async () => {
    for (const field of ["volume", "count", "charged"]) {
      const faults = await faultsAfter((sql) =>
        sql.unsafe(`update fee_counters set ${field} = ${field} + 1 where period = '2026-11' and pays`),
      );
      expect(faults, field).toEqual(["a month that does not follow from its trades"]);
    }
  });

  it("a month that is over and was not trued up", async () => {
    const faults = await faultsAfter(async (sql) => {
      // the true-up, the trade that carries it and what the month says of it, all gone without a trace
      const [gone] = await sql<{ id: string; amount: bigint; party: string }[]>`
        select d.id, f.amount, f.party from trades d, trade_fees(d.fees) f
        where d.tenant_id = ${t.tenant.id} and d.kind = 'adjustment' and f.period = '2026-12'`;
      await sql`delete from transfers where tenant_id = ${t.tenant.id} and trade_id = ${gone?.id ?? ""}`;
      await sql`delete from trades where tenant_id = ${t.tenant.id} and id = ${gone?.id ?? ""}`;
      await sql`update fee_counters set charged = charged - ${gone?.amount ?? 0n}
        where tenant_id = ${t.tenant.id} and period = '2026-12' and party_id = ${gone?.party ?? ""}`;
    });
    expect(faults).toEqual(["a month that does not follow from its trades"]);
  });

  it("what a trade keeps of its fee, changed", async () => {
    for (const [field, place] of [
      ["base", "7"],
      ["amount", "8"],
      ["volume", "4"],
      ["charged", "6"],
    ] as const) {
      const faults = await faultsAfter(
        (sql) => sql`
          update trades set fees = jsonb_set(fees::jsonb, ${sql.array(["0", place])}, to_jsonb((((fees::jsonb #>> ${sql.array(["0", place])})::bigint + 1)::text)))::text
          where tenant_id = ${t.tenant.id} and id = (
            select id from trades where tenant_id = ${t.tenant.id} and kind = 'redemption' order by id limit 1)`,
      );
      expect(faults.length, field).toBeGreaterThan(0);
    }
  });

  it("another schedule, and a band that says something else", async () => {
    const other = await faultsAfter(
      (sql) => sql`
        update fee_schedule_versions set definition = jsonb_set(definition, '{appliesTo,parties}', '["00000000-0000-0000-0000-000000000000"]')
        where tenant_id = ${t.tenant.id} and definition ->> 'method' = 'graduated'`,
    );
    expect(other).toEqual(expect.arrayContaining(["fee not to be kept", "not posted"]));
    const rate = await faultsAfter(
      (sql) => sql`
        update fee_schedule_versions set definition = jsonb_set(definition, '{bands,1,rate}', '"0.0021"')
        where tenant_id = ${t.tenant.id} and definition ->> 'method' = 'graduated'`,
    );
    expect(rate).toEqual(expect.arrayContaining(["fee not kept", "not posted"]));
  });
});
