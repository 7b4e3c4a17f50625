import { beforeEach, expect, test } from "vitest";
import { rawSql } from "@/db/client";
import { isDomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import {
  checkRuleDraft,
  clearTrades,
  createRule,
  postCleared,
  redemptionRule,
  reverseTrade,
  type SplitRuleDefinition,
  type TradeKind,
  type TradeToClear,
} from "@/server/domain/clearing";
import { draftOfDefinition } from "@/server/domain/clearing/draft";
import { openBooks } from "@/server/domain/ledger";
import { rollUp } from "@/server/domain/reports";
import { closeDue } from "@/server/domain/settlement";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import { askOracle } from "../oracle/oracle";
import { checkInvariants } from "./checks";

/** A channel that bears a part of the discount, or pays for being used: it owes more than it collected. */
let owner: Awaited<ReturnType<typeof testDatabase>>["owner"];
let t: TestTenant;
let ids: Record<"merchant" | "brand" | "channel" | "supplier" | "distributor", string>;

beforeEach(async () => {
  const base = await testDatabase();
  owner = base.owner;
  t = await makeTenant(owner, base.db);
  ids = {
    merchant: (await makeParty(t, "merchant")).id,
    brand: (await makeParty(t, "brand")).id,
    channel: (await makeParty(t, "channel", { channelFeeRate: "0.006" })).id,
    supplier: (await makeParty(t, "supplier")).id,
    distributor: (await makeParty(t, "distributor")).id,
  };
});

const draftOf = (tradeKind: TradeKind, definition: SplitRuleDefinition) => ({
  name: "Paid by the channel, too",
  scope: { tradeKind },
  priority: 0,
  definition: draftOfDefinition(definition),
  effectiveFrom: null,
  checked: { from: "100", to: "10000000", share: "0.8" },
});

/** A rule that the editor finds nothing wrong with, in force. */
async function publish(tradeKind: TradeKind, definition: SplitRuleDefinition): Promise<void> {
  expect(await checkRuleDraft(t.as("operator"), draftOf(tradeKind, definition))).toEqual([]);
  await createRule(t.as("operator"), { name: tradeKind, scope: { tradeKind }, definition });
}

function trade(over: Partial<TradeToClear> = {}): TradeToClear {
  return {
    kind: "redemption",
    tradedAt: t.clock.now(),
    currency: "CNY",
    gross: 10_000n,
    discount: 2_000n,
    paid: 8_000n,
    merchantId: ids.merchant,
    brandId: ids.brand,
    campaignId: null,
    voucherId: null,
    collectedBy: "platform",
    channelId: ids.channel,
    ...over,
  };
}

const post = (one: TradeToClear) =>
  withTransaction(t.system, async (ctx) => {
    const books = await openBooks(ctx);
    const [cleared] = await clearTrades(ctx, books, [one]);
    if (!cleared || isDomainError(cleared)) throw cleared ?? new Error("nothing cleared");
    await postCleared(ctx, books, [cleared]);
    return cleared;
  });
const legsOf = ({ transfers }: Awaited<ReturnType<typeof post>>) =>
  Object.fromEntries(transfers.map(({ leg, amount, debit }) => [leg, `${debit.kind} ${amount}`]));

/** About gift cards and card-keys, which nobody has been given here: this looks at the money alone. */
const LEFT_OUT = ["6c", "6f"];

/** Refunds in part and whole, closes, and looks: what the books break, and what the oracle would have posted. */
async function audit(tradeIds: readonly string[]) {
  for (const tradeId of tradeIds)
    for (const amount of [50n, 3_333n, undefined])
      await withTransaction(t.system, (ctx) => reverseTrade(ctx, { tradeId, amount, reason: "test" }));
  t.clock.advance({ days: 2 });
  await closeDue(t.system);
  await rollUp(t.system);
  const results = await checkInvariants(owner, t.tenant.id);
  const oracle = await owner.orm.transaction((tx) => askOracle(rawSql(tx), t.tenant.id));
  return {
    broken: results
      .filter(({ id, ok }) => !ok && !LEFT_OUT.includes(id))
      .map(({ id, offenders }) => ({ id, offenders })),
    oracle: oracle.offenders,
  };
}

test("redemptions that a channel subsidises, whoever collects", async () => {
  const usual = redemptionRule({ commissionRate: "0.02" });
  await publish("redemption", {
    ...usual,
    funding: [
      { party: "platform", share: "0.6" },
      { party: "channel", share: "0.4" },
    ],
    legs: [
      ...usual.legs.slice(0, -1),
      { code: "subsidy.channel", from: "channel", to: "merchant", amount: { kind: "funding" } },
      // A name is a name: this one is no part of the discount.
      {
        code: "subsidy.bonus",
        from: "channel",
        to: "merchant",
        amount: { kind: "rate", rate: "0.25" },
        base: "gross",
      },
      ...usual.legs.slice(-1),
    ],
  });
  const collected = await post(trade());
  expect(legsOf(collected)).toMatchObject({
    "sale.collected": "channel_receivable 8000",
    "subsidy.channel": "channel_receivable 800",
    "subsidy.bonus": "channel_receivable 2500",
    "subsidy.platform": "marketing_expense 1200",
  });
  const atTill = await post(trade({ collectedBy: "merchant" }));
  expect(legsOf(atTill)["subsidy.channel"]).toBe("channel_receivable 800");
  await post(trade());
  expect(await audit([collected.trade.id, atTill.trade.id])).toEqual({ broken: [], oracle: [] });
});

test("gift cards that a channel fills up", async () => {
  await publish("stored_value", {
    funding: [{ party: "channel", share: "1" }],
    legs: [
      { code: "stored_value.issued", from: "payer", to: "programme", amount: { kind: "paid" } },
      { code: "gift", from: "channel", to: "programme", amount: { kind: "funding" } },
    ],
    feeBearer: "platform",
  });
  const loaded = await post(trade({ kind: "stored_value", merchantId: null, campaignId: newId() }));
  expect(legsOf(loaded)).toEqual({
    "stored_value.issued": "channel_receivable 8000",
    gift: "channel_receivable 2000",
  });
  expect(await audit([])).toEqual({ broken: [], oracle: [] });
});

test("card sales that a channel pays for, with legs of other names", async () => {
  await publish("card_sale", {
    funding: [],
    legs: [
      { code: "cost", from: "payer", to: "supplier", amount: { kind: "supplier_cost" } },
      { code: "own", from: "payer", to: "distributor", amount: { kind: "markup" } },
      { code: "rest", from: "payer", to: "platform", amount: { kind: "remainder" } },
      {
        code: "rebate",
        from: "channel",
        to: "platform",
        amount: { kind: "rate", rate: "0.002" },
        base: "paid",
      },
    ],
    feeBearer: "platform",
  });
  const { trade: sale } = await post(
    trade({
      kind: "card_sale",
      gross: 10_000n,
      discount: 0n,
      paid: 10_000n,
      merchantId: null,
      brandId: null,
      card: {
        productId: newId(),
        supplierId: ids.supplier,
        distributorId: ids.distributor,
        orderId: newId(),
        terms: {
          face: "10000",
          cost: "9500",
          markup: "150",
          tier: "gold",
          uplines: [],
          supplierTerms: "credit",
        },
      },
    }),
  );
  expect(await audit([sale.id])).toEqual({ broken: [], oracle: [] });
  // Of each refund goes back, of the customer's money, what was refunded: to the cent, before it is whole, too.
  const back = await owner.sql<{ paid: bigint; passed_back: bigint }[]>`
    select r.paid, sum(t.amount)::bigint as passed_back from trades r
    join transfers t on t.tenant_id = r.tenant_id and t.trade_id = r.id and t.leg in ('cost', 'own', 'rest')
    where r.reverses_id = ${sale.id} group by r.id, r.paid order by r.id`;
  expect(back.map(({ paid, passed_back }) => [paid, passed_back])).toEqual(
    [50n, 3_333n, 6_617n].map((amount) => [-amount, amount]),
  );
});

test("what stays with the channel that collected is its fee, and no leg of its own", async () => {
  const rule = (to: string): SplitRuleDefinition => ({
    funding: [],
    legs: [
      {
        code: "kept",
        from: "payer",
        to,
        amount: { kind: "rate", rate: "0.01" },
        base: "paid",
      },
      { code: "rest", from: "payer", to: "merchant", amount: { kind: "remainder" } },
    ],
    feeBearer: "platform",
  });
  for (const to of ["channel", ids.channel]) {
    const [problem] = await checkRuleDraft(t.as("operator"), draftOf("redemption", rule(to)));
    expect(problem).toMatchObject({ code: "SAME_PARTY", path: ["legs", 0, "to"] });
  }
});
