import { beforeAll, expect, test } from "vitest";
import { rawSql } from "@/db/client";
import { withTransaction } from "@/server/core/transaction";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import {
  cardSaleRule,
  createFeeSchedule,
  createRule,
  ownFeeProgress,
  ownTerms,
  redemptionRule,
  tryTerms,
} from ".";

type Party = Awaited<ReturnType<typeof makeParty>>;
let t: TestTenant;
let merchant: Party;
let rival: Party;
let distributor: Party;

beforeAll(async () => {
  const { owner, db } = await testDatabase();
  t = await makeTenant(owner, db);
  merchant = await makeParty(t, "merchant");
  rival = await makeParty(t, "merchant");
  distributor = await makeParty(t, "distributor");
  await withTransaction(t.system, async (ctx) => {
    const at = t.clock.now().toISOString();
    await rawSql(ctx.tx)`insert into tiers (tenant_id, code, name, rank, min_volume, currency, created_at)
      values (${t.tenant.id}, 'gold', 'Gold', 1, 0, 'CNY', ${at}::timestamptz)`;
    await rawSql(
      ctx.tx,
    )`insert into distributors (tenant_id, party_id, tier, commission_rate, created_at, updated_at)
      values (${t.tenant.id}, ${distributor.id}, 'gold', '0.03', ${at}::timestamptz, ${at}::timestamptz)`;
  });
  const operator = t.as("operator");
  const funding = [
    { party: "brand", share: "0.5" },
    { party: "platform", share: "0.3" },
    { party: "merchant", share: "0.2" },
  ];
  await createRule(operator, {
    name: "General",
    scope: { tradeKind: "redemption" },
    definition: redemptionRule({ commissionRate: "0.02", funding }),
  });
  await createRule(operator, {
    name: "The rival's secret terms",
    scope: { tradeKind: "redemption", merchantId: rival.id },
    definition: redemptionRule({ commissionRate: "0.001" }),
  });
  await createRule(operator, {
    name: "To come",
    scope: { tradeKind: "redemption", merchantId: merchant.id },
    definition: redemptionRule({ commissionRate: "0.015" }),
    effectiveFrom: "2026-12-01",
  });
  await createRule(operator, {
    name: "Of the same scope, and always behind",
    scope: { tradeKind: "redemption" },
    priority: -1,
    definition: redemptionRule({ commissionRate: "0.09" }),
  });
  await createRule(operator, {
    name: "Cards",
    scope: { tradeKind: "card_sale" },
    definition: cardSaleRule({ commissionRate: "0.01", uplineRates: ["0.002"] }),
  });
});

test("a merchant reads the rules that concern it: no rival's, no part of others", async () => {
  const terms = await ownTerms(t.as("merchant", merchant));
  expect(terms.rules.map(({ number, inForce, scope }) => [number, inForce, scope.own])).toEqual([
    ["SR-0003", false, true],
    ["SR-0001", true, false],
  ]);
  const general = terms.rules[1]?.definition;
  expect(general?.funding).toEqual([{ party: "merchant", share: "0.2" }]);
  expect(general?.legs.map(({ code }) => code)).toEqual([
    "sale.collected",
    "stored_value.redeemed",
    "subsidy.brand",
    "subsidy.platform",
    "fee.commission",
  ]);
  expect(JSON.stringify(terms)).not.toContain("0.001");
});

test("a merchant's calculation is what clearing would give it, told in its own legs alone", async () => {
  const tried = await tryTerms(t.as("merchant", merchant), { amount: "10000", discount: "2000" });
  // collected at the till: 10.00 of the brand, 6.00 of the platform, less 1.92 commission
  expect([tried.net, tried.collected, tried.rule.number]).toEqual([1_408n, 8_000n, "SR-0001"]);
  expect(tried.trace.funding.map(({ party, amount }) => [party, amount])).toEqual([["merchant", "400"]]);
  expect((await tryTerms(t.as("merchant", rival), { amount: "10000" })).net).toBe(-10n);
});

test("a distributor sees its commission at its own rate, and neither cost nor margin", async () => {
  const self = t.as("distributor", distributor);
  const terms = await ownTerms(self);
  expect([terms.tier?.name, terms.ownRate]).toEqual(["Gold", "0.03"]);
  expect(terms.rules.map(({ definition }) => definition.legs.map(({ code }) => code))).toEqual([
    ["card.markup", "card.commission", "card.upline"],
  ]);
  const tried = await tryTerms(self, { amount: "10000", markup: "500" });
  expect(tried.net).toBe(500n + 300n);
  expect(tried.trace.legs.map(({ code, amount }) => [code, amount])).toEqual([
    ["card.markup", "500"],
    ["card.commission", "300"],
  ]);
});

test("others have no terms to read", async () => {
  for (const role of ["operator", "brand", "supplier", "auditor"] as const) {
    await expect(ownTerms(t.as(role))).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  }
});

test("a rate of its own goes before a schedule that does not name it, and then no month is told", async () => {
  const operator = t.as("operator");
  const self = t.as("distributor", distributor);
  await createRule(operator, {
    name: "Cards by schedule",
    scope: { tradeKind: "card_sale" },
    priority: 5,
    definition: cardSaleRule({ commissionRate: "0.01", bySchedule: true, uplineRates: [] }),
  });
  const schedule = (parties: string[]) =>
    createFeeSchedule(operator, {
      name: "Volume",
      scope: { role: "distributor", leg: "card.commission", currency: "CNY" },
      definition: {
        method: "volume",
        bands: [
          { from: "0", rate: "0.02" },
          { from: "100000", rate: "0.04" },
        ],
        appliesTo: { everyone: parties.length === 0, tiers: [], parties },
      },
    });
  await schedule([]);
  expect((await ownTerms(self)).schedules).toEqual([]);
  expect(await ownFeeProgress(self)).toEqual([]);
  expect((await tryTerms(self, { amount: "10000" })).net).toBe(300n);
  await schedule([distributor.id]);
  expect((await ownTerms(self)).schedules).toMatchObject([{ because: "party" }]);
  expect(await ownFeeProgress(self)).toMatchObject([
    { pays: false, next: { from: 100_000n, gain: 2_000n, per: null } },
  ]);
  expect((await tryTerms(self, { amount: "10000" })).net).toBe(200n);
});
