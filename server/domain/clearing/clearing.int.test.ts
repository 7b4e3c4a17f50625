import { beforeAll, describe, expect, it } from "vitest";
import { rawSql } from "@/db/client";
import type { Ctx } from "@/server/core/context";
import { isDomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import { openBooks } from "../ledger";
import {
  type Cleared,
  clearTrades,
  createRule,
  createRuleVersion,
  explainTrade,
  listRules,
  postCleared,
  redemptionRule,
  reverseTrade,
  type TradeToClear,
} from ".";

type Party = Awaited<ReturnType<typeof makeParty>>;

let t: TestTenant;
let merchant: Party;
let other: Party;
let brand: Party;
let wechat: Party;

const FUNDING = [
  { party: "brand", share: "0.5" },
  { party: "platform", share: "0.3" },
  { party: "merchant", share: "0.2" },
];

beforeAll(async () => {
  const { owner, db } = await testDatabase();
  t = await makeTenant(owner, db);
  merchant = await makeParty(t, "merchant", { name: "海底捞" });
  other = await makeParty(t, "merchant");
  brand = await makeParty(t, "brand", { cycle: { kind: "monthly" } });
  wechat = await makeParty(t, "channel", { channelFeeRate: "0.006" });
  await createRule(t.as("operator"), {
    name: "General",
    scope: { tradeKind: "redemption" },
    definition: redemptionRule({ commissionRate: "0.02", funding: FUNDING }),
    effectiveFrom: t.clock.now(),
  });
});

/** The worked voucher of the design: order 100.00, 20 off, collected by the platform through WeChat Pay. */
function worked(over: Partial<TradeToClear> = {}): TradeToClear {
  return {
    kind: "redemption",
    tradedAt: t.clock.now(),
    currency: "CNY",
    gross: 10_000n,
    discount: 2_000n,
    paid: 8_000n,
    merchantId: merchant.id,
    brandId: brand.id,
    campaignId: null,
    voucherId: null,
    collectedBy: "platform",
    channelId: wechat.id,
    ...over,
  };
}

async function postOne(ctx: Ctx, trade: TradeToClear): Promise<Cleared> {
  return withTransaction(ctx, async (ctx) => {
    const books = await openBooks(ctx);
    const [cleared] = await clearTrades(ctx, books, [trade]);
    if (!cleared || isDomainError(cleared)) throw cleared ?? new Error("nothing cleared");
    await postCleared(ctx, books, [cleared]);
    return cleared;
  });
}

async function legsOf(tradeId: string): Promise<Record<string, bigint>> {
  const rows = await withTransaction(
    t.system,
    ({ tx }) =>
      rawSql(tx)<{ leg: string; amount: bigint }[]>`
      select leg, amount from transfers where tenant_id = ${t.tenant.id} and trade_id = ${tradeId}`,
  );
  return Object.fromEntries(rows.map((row) => [row.leg, row.amount]));
}

async function balance(partyId: string, kind: string): Promise<bigint> {
  const rows = await withTransaction(
    t.system,
    ({ tx }) =>
      rawSql(tx)<{ net: bigint }[]>`
      select coalesce(sum(case when x.credit_account_id = a.id then x.amount else -x.amount end), 0)::bigint as net
      from accounts a join transfers x on x.tenant_id = a.tenant_id and a.id in (x.credit_account_id, x.debit_account_id)
      where a.tenant_id = ${t.tenant.id} and a.party_id = ${partyId} and a.kind = ${kind}`,
  );
  return rows[0]?.net ?? 0n;
}

describe("the worked voucher", () => {
  it("posts the legs of the design when the platform collects", async () => {
    const { trade, merchantDue } = await postOne(t.system, worked());
    expect(await legsOf(trade.id)).toEqual({
      "sale.collected": 8_000n,
      "subsidy.brand": 1_000n,
      "subsidy.platform": 600n,
      "fee.commission": 192n,
      "fee.channel": 48n,
    });
    expect(merchantDue).toBe(9_408n);
    expect(await balance(merchant.id, "payable")).toBe(9_408n);
    expect(await balance(brand.id, "receivable")).toBe(-1_000n);
    expect(await balance(wechat.id, "channel_receivable")).toBe(-7_952n);
    await withTransaction(t.system, (ctx) => reverseTrade(ctx, { tradeId: trade.id, reason: "test" }));
  });

  it("falls away on the first and last leg when the merchant collects", async () => {
    const { trade, merchantDue } = await postOne(
      t.system,
      worked({ collectedBy: "merchant", channelId: null }),
    );
    expect(await legsOf(trade.id)).toEqual({
      "subsidy.brand": 1_000n,
      "subsidy.platform": 600n,
      "fee.commission": 192n,
    });
    expect(merchantDue).toBe(1_408n);
  });

  it("gives each side of a leg the due date of its own party", async () => {
    t.clock.set("2026-11-18T04:00:00Z"); // noon in Shanghai
    const { transfers } = await postOne(t.system, worked());
    const subsidy = transfers.find((x) => x.leg === "subsidy.brand");
    expect(subsidy?.creditDueAt?.toISOString()).toBe("2026-11-18T16:00:00.000Z"); // T+1: midnight in Shanghai
    expect(subsidy?.debitDueAt?.toISOString()).toBe("2026-11-30T16:00:00.000Z"); // monthly: the first of December
  });

  it("clears each trade by itself: one that fails does not fail the others", async () => {
    const results = await withTransaction(t.system, async (ctx) =>
      clearTrades(ctx, await openBooks(ctx), [
        worked(),
        worked({ brandId: null }),
        worked({ tradedAt: new Date("2020-01-01T00:00:00Z") }),
        worked({ paid: 7_000n }),
      ]),
    );
    expect(results.map((r) => (isDomainError(r) ? r.code : "ok"))).toEqual([
      "ok",
      "FUNDER_UNKNOWN",
      "RULE_NOT_FOUND",
      "INPUT_INVALID",
    ]);
  });
});

describe("reversal", () => {
  it("nets every leg to zero in parts, except the fee the channel keeps", async () => {
    const { trade } = await postOne(t.system, worked());
    const parts = [3_333n, 1n, 2_000n];
    for (const amount of parts) {
      const { whole } = await withTransaction(t.system, (ctx) =>
        reverseTrade(ctx, { tradeId: trade.id, amount, reason: "part" }),
      );
      expect(whole).toBe(false);
    }
    const last = await withTransaction(t.system, (ctx) =>
      reverseTrade(ctx, { tradeId: trade.id, reason: "rest" }),
    );
    expect(last).toMatchObject({ whole: true, amount: 8_000n - 5_334n });
    const rows = await withTransaction(
      t.system,
      ({ tx }) =>
        rawSql(tx)<{ leg: string; posted: bigint; back: bigint }[]>`
        select o.leg, o.amount as posted, coalesce(sum(r.amount), 0)::bigint as back
        from transfers o left join transfers r on r.tenant_id = o.tenant_id and r.reverses_id = o.id
        where o.tenant_id = ${t.tenant.id} and o.trade_id = ${trade.id} group by o.leg, o.amount`,
    );
    for (const { leg, posted, back } of rows)
      expect([leg, back]).toEqual([leg, leg === "fee.channel" ? 0n : posted]);
    const [sums] = await withTransaction(
      t.system,
      ({ tx }) =>
        rawSql(tx)<{ gross: bigint; discount: bigint; paid: bigint }[]>`
        select sum(gross)::bigint as gross, sum(discount)::bigint as discount, sum(paid)::bigint as paid
        from trades where tenant_id = ${t.tenant.id} and ${trade.id} in (id, reverses_id)`,
    );
    expect(sums).toEqual({ gross: 0n, discount: 0n, paid: 0n });
  });

  it("never gives back more than the trade, whoever asks at once", async () => {
    const { trade } = await postOne(t.system, worked());
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        withTransaction(t.system, (ctx) =>
          reverseTrade(ctx, { tradeId: trade.id, amount: 3_000n, reason: "race" }),
        ),
      ),
    );
    expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(2);
    for (const r of results) {
      if (r.status === "rejected") expect(r.reason).toMatchObject({ code: "REVERSAL_EXCEEDS_TRADE" });
    }
  });
});

describe("explaining", () => {
  it("computes the legs again and finds them in the books", async () => {
    const { trade } = await postOne(t.system, worked());
    const explained = await explainTrade(t.as("operator"), trade.id);
    expect(explained.agrees).toBe(true);
    expect(explained.rule).toMatchObject({ number: "SR-0001", version: 1 });
    expect(explained.trace?.funding.map((f) => [f.party, f.amount, f.moves])).toEqual([
      ["brand", "1000", true],
      ["platform", "600", true],
      ["merchant", "400", false],
    ]);
    const commission = explained.trace?.legs.find((leg) => leg.code === "fee.commission");
    expect(commission).toMatchObject({
      base: { name: "net_of_merchant_discount", amount: "9600" },
      rate: "0.02",
      exact: "192",
    });
  });

  it("shows a party its own legs, and others nothing", async () => {
    const { trade } = await postOne(t.system, worked());
    const own = await explainTrade(t.as("merchant", merchant), trade.id);
    expect(own.transfers.map((x) => x.leg).sort()).toEqual([
      "fee.commission",
      "sale.collected",
      "subsidy.brand",
      "subsidy.platform",
    ]);
    expect(own.trace?.funding.map((f) => f.party)).toEqual(["merchant"]);
    const brands = await explainTrade(t.as("brand", brand), trade.id);
    expect(brands.transfers.map((x) => x.leg)).toEqual(["subsidy.brand"]);
    // A rule's name may tell what was agreed with the merchant, whose rule it is.
    expect(own.rule?.name).toEqual(expect.any(String));
    expect(brands.rule).toMatchObject({ number: "SR-0001", name: null, version: 1 });
    await expect(explainTrade(t.as("merchant", other), trade.id)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("versions", () => {
  it("clear each trade by what was in force at its time, also when posted late", async () => {
    const [rule] = await listRules(t.as("operator"));
    const change = new Date(t.clock.now().getTime() + 86_400_000);
    await createRuleVersion(t.as("operator"), {
      ruleId: rule?.id ?? "",
      expectedVersion: 1,
      definition: redemptionRule({ commissionRate: "0.018", funding: FUNDING }),
      effectiveFrom: change,
    });
    const early = t.clock.now();
    t.clock.advance({ days: 2 });
    const late = await postOne(t.system, worked({ tradedAt: early }));
    const now = await postOne(t.system, worked());
    expect((await legsOf(late.trade.id))["fee.commission"]).toBe(192n);
    expect((await legsOf(now.trade.id))["fee.commission"]).toBe(173n); // 96.00 × 1.8 % = 1.728
    const [after] = await listRules(t.as("auditor"));
    expect(after?.versions.map((v) => v.status)).toEqual(["in_force", "superseded"]);
  });

  it("are seen at once, also after a change of configuration that was rolled back", async () => {
    const [rule] = await listRules(t.as("operator"));
    // what a dry run does: opens a party, clears by what it sees then, and takes it all back
    await withTransaction(t.system, async (ctx) => {
      await rawSql(ctx.tx)`update parties set updated_at = updated_at where id = ${other.id}`;
      await clearTrades(ctx, await openBooks(ctx), [worked()]);
      throw new Error("taken back");
    }).catch(() => {});
    await createRuleVersion(t.as("operator"), {
      ruleId: rule?.id ?? "",
      definition: redemptionRule({ commissionRate: "0.05", funding: FUNDING }),
    });
    t.clock.advance({ seconds: 1 });
    const { trade } = await postOne(t.system, worked());
    expect((await legsOf(trade.id))["fee.commission"]).toBe(480n);
  });

  it("refuses what is not a rule, what is past, and who may not", async () => {
    const definition = redemptionRule({ commissionRate: "0.02", funding: FUNDING });
    const at = new Date(t.clock.now().getTime() + 1_000);
    const base = { name: "X", scope: { tradeKind: "redemption" as const }, effectiveFrom: at };
    await expect(createRule(t.as("support"), { ...base, definition })).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
    await expect(
      createRule(t.as("operator"), {
        ...base,
        definition: { ...definition, legs: definition.legs.slice(1) },
      }),
    ).rejects.toMatchObject({ code: "RULE_INVALID" });
    const [first, ...rest] = definition.legs;
    await expect(
      createRule(t.as("operator"), {
        ...base,
        definition: { ...definition, legs: first ? [{ ...first, code: "payout" }, ...rest] : [] },
      }),
    ).rejects.toMatchObject({ name: "ZodError" });
    await expect(
      createRule(t.as("operator"), { ...base, definition, effectiveFrom: new Date("2026-11-01T00:00:00Z") }),
    ).rejects.toMatchObject({ code: "RULE_INVALID", params: { problem: "EFFECTIVE_IN_PAST" } });
  });
});

describe("what was posted", () => {
  it("is never changed or deleted, not by the owner either", async () => {
    const { owner, db } = await testDatabase();
    for (const statement of [
      "update transfers set amount = 1",
      "delete from transfers",
      "truncate trades cascade",
      "delete from audit_log",
    ]) {
      await expect(owner.sql.unsafe(statement)).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:23001|0A000)$/),
      });
      await expect(db.sql.unsafe(statement)).rejects.toMatchObject({ code: "42501" });
    }
  });

  it("is not seen without a tenant, nor by another one", async () => {
    const { owner, db } = await testDatabase();
    const [count] = await db.sql<{ n: bigint }[]>`select count(*) as n from transfers`;
    expect(count?.n).toBe(0n);
    const stranger = await makeTenant(owner, db);
    const rows = await withTransaction(
      stranger.system,
      ({ tx }) => rawSql(tx)<{ n: bigint }[]>`select count(*) as n from transfers`,
    );
    expect(rows[0]?.n).toBe(0n);
  });
});
