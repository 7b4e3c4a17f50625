import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Database, type RawSql, rawSql } from "@/db/client";
import { tellStory } from "@/db/seed/story";
import { testDatabase } from "@/server/testing/database";
import { completeJourney } from "../scenarios/complete-journey";
import { askOracle, askOracleOfAll, type OracleAnswer } from "./oracle";

const REAL = path.resolve("../shared/data/complete-journey/sales.csv");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kaqing-oracle-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

let owner: Database;
let db: Database;
let demo: string;

beforeAll(async () => {
  ({ owner, db } = await testDatabase());
  // The demo, its two weeks around the end of a month.
  const story = await tellStory(owner, {
    slug: "demo",
    name: "卡清演示",
    days: 14,
    perDay: 28,
    merchants: 40,
    cardOrders: 8,
    sandboxFolder: folder,
    password: "Kaqing-2026-yanshi",
    now: new Date("2026-11-06T07:30:00Z"),
  });
  demo = story.tenantId;
}, 120_000);

describe("the demo", () => {
  it("was cleared as the oracle says, month by month", async () => {
    const [october] = await askOracleOfAll(owner, "2026-10");
    const [november] = await askOracleOfAll(owner, "2026-11");
    const [all] = await askOracleOfAll(owner, null);
    expect(october).toMatchObject({ tenant: "demo", offenders: [] });
    expect(november).toMatchObject({ offenders: [] });
    expect(all).toMatchObject({ offenders: [] });
    expect(october?.trades).toBeGreaterThan(100);
    expect(november?.trades).toBeGreaterThan(60);
    expect(all?.trades).toBe((october?.trades ?? 0) + (november?.trades ?? 0));
    expect(all?.transfers).toBeGreaterThan(3 * (all?.trades ?? 0));
    const [books] = await owner.sql`
      select count(*) as n from transfers t join trades d on d.tenant_id = t.tenant_id and d.id = t.trade_id
      where d.tenant_id = ${demo} and d.kind not in ('payout', 'top_up')`;
    expect(books?.n).toBe(BigInt(all?.transfers ?? 0));
  });

  it("has trades of every kind, with refunds, before and after a rule was changed", async () => {
    const [seen] = await owner.sql`
      select count(*) filter (where kind = 'redemption') as redemptions, count(*) filter (where kind = 'card_sale') as cards,
        count(*) filter (where kind = 'stored_value') as loads, count(*) filter (where kind = 'reversal') as reversals,
        count(distinct rule_version_id) as versions, count(distinct collected_by) as collectors
      from trades where tenant_id = ${demo}`;
    for (const [what, n] of Object.entries(seen ?? {}))
      expect(n, what).toBeGreaterThan(what === "collectors" ? 1n : 2n);
  });
});

describe("the oracle notices", () => {
  class Undone extends Error {}

  /** What it says of books that were tampered with; they are put right again. */
  async function afterTampering(
    tamper: (sql: RawSql) => Promise<unknown>,
  ): Promise<OracleAnswer["offenders"]> {
    let answer: OracleAnswer | undefined;
    await owner.orm
      .transaction(async (tx) => {
        const sql = rawSql(tx);
        // What is done to the books here, nobody may do.
        for (const table of ["transfers", "trades", "split_rule_versions"])
          await sql.unsafe(`alter table ${table} disable trigger user`);
        await tamper(sql);
        answer = await askOracle(sql, demo);
        throw new Undone();
      })
      .catch((error) => {
        if (!(error instanceof Undone)) throw error;
      });
    return answer?.offenders ?? [];
  }
  const faults = (offenders: OracleAnswer["offenders"]) => offenders.map(({ fault }) => fault).sort();
  /** A posted leg, the largest of its code; of a kind of trade. */
  const leg = (sql: RawSql, code: string, kind: string) => sql`(
    select t.id from transfers t join trades d on d.tenant_id = t.tenant_id and d.id = t.trade_id
    where t.tenant_id = ${demo} and t.leg = ${code} and d.kind = ${kind}
      -- one that no refund hangs on: it would be missed there, too
      and not exists (select from transfers r where r.tenant_id = t.tenant_id and r.reverses_id = t.id)
    order by t.amount desc, t.id limit 1)`;

  it.each([
    ["fee.commission", "redemption"],
    ["subsidy.brand", "redemption"],
    ["fee.channel", "redemption"],
    ["stored_value.issued", "stored_value"],
    ["card.supplier", "card_sale"],
    ["card.margin", "card_sale"],
    ["card.commission", "card_sale"],
    ["sale.collected", "reversal"],
  ])("a cent in %s of a %s", async (code, kind) => {
    const offenders = await afterTampering(
      (sql) =>
        sql`update transfers set amount = amount + 1 where tenant_id = ${demo} and id = ${leg(sql, code, kind)}`,
    );
    expect(faults(offenders)).toEqual(["not posted", "not to be posted"]);
    expect(offenders.every((one) => one.leg === code)).toBe(true);
  });

  it("a leg that is missing, and one that stands twice", async () => {
    const missing = await afterTampering(
      (sql) =>
        sql`delete from transfers where tenant_id = ${demo} and id = ${leg(sql, "fee.commission", "redemption")}`,
    );
    expect(faults(missing)).toEqual(["not posted"]);
    const twice = await afterTampering(
      (sql) => sql`
        insert into transfers select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid()))).*
        from transfers t where tenant_id = ${demo} and id = ${leg(sql, "fee.commission", "redemption")}`,
    );
    expect(faults(twice)).toEqual(["not to be posted"]);
  });

  it("another account, and another party", async () => {
    const account = await afterTampering(
      (sql) => sql`
        update transfers t set credit_account_id = (
          select a.id from accounts a join accounts c on c.tenant_id = a.tenant_id and c.id = t.credit_account_id
          where a.tenant_id = ${demo} and a.kind = 'payable' and a.party_id <> c.party_id and a.currency = c.currency limit 1)
        where tenant_id = ${demo} and id = ${leg(sql, "subsidy.brand", "redemption")}`,
    );
    expect(faults(account)).toEqual(["not posted", "not to be posted"]);
    const party = await afterTampering(
      (sql) => sql`update transfers set party_id = (select platform_party_id from tenants where id = ${demo})
        where tenant_id = ${demo} and id = ${leg(sql, "subsidy.brand", "redemption")}`,
    );
    expect(faults(party)).toEqual(["not posted", "not to be posted"]);
  });

  it("another version of the rule, and a version that says something else", async () => {
    const version = await afterTampering(async (sql) => {
      const [trade] = await sql<{ id: string }[]>`
        select d.id from trades d where d.tenant_id = ${demo} and d.kind = 'redemption'
          and not exists (select from trades r where r.tenant_id = d.tenant_id and r.reverses_id = d.id) order by d.id limit 1`;
      const id = trade?.id ?? "";
      const other = sql`(select v.id from split_rule_versions v where v.tenant_id = ${demo}
        and v.id <> (select rule_version_id from trades where tenant_id = ${demo} and id = ${id}) order by v.id limit 1)`;
      await sql`update transfers set rule_version_id = ${other} where tenant_id = ${demo} and trade_id = ${id}`;
      await sql`update trades set rule_version_id = ${other} where tenant_id = ${demo} and id = ${id}`;
    });
    expect(new Set(faults(version))).toEqual(new Set(["another version", "not posted", "not to be posted"]));
    const text = await afterTampering(
      (
        sql,
      ) => sql`update split_rule_versions set definition = replace(definition::text, '"net_of_merchant_discount"', '"gross"')::jsonb
        where tenant_id = ${demo}`,
    );
    expect(faults(text)).toContain("not posted");
  });

  it("a fact of the trade that changed after it was cleared", async () => {
    const offenders = await afterTampering(
      (sql) => sql`update trades set channel_fee_rate = '0.0061' where tenant_id = ${demo} and id = (
        select t.trade_id from transfers t where t.tenant_id = ${demo} and t.id = ${leg(sql, "fee.channel", "redemption")})`,
    );
    expect(faults(offenders)).toEqual(["not posted", "not to be posted"]);
    expect(offenders.every((one) => one.leg === "fee.channel")).toBe(true);
  });
});

it.skipIf(!fs.existsSync(REAL))(
  "the real sales of complete-journey were cleared as the oracle says (needs ../shared/data)",
  async () => {
    await completeJourney({ owner, db, say: () => {} }, REAL);
    const answers = await askOracleOfAll(owner, null);
    expect(answers.find(({ tenant }) => tenant === "complete-journey")).toMatchObject({
      trades: 966,
      offenders: [],
    });
    const [march] = await askOracleOfAll(owner, "2017-03");
    expect(march).toMatchObject({ tenant: "complete-journey", offenders: [] });
    expect(march?.trades).toBeGreaterThan(20);
  },
  60_000,
);
