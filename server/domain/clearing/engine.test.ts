import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDomainError } from "@/server/core/errors";
import { applyRate } from "@/server/core/money";
import type { AccountRef } from "@/server/domain/ledger";
import { type ClearedLeg, clearTrade, compileRule, type TradeFacts } from "./engine";
import { compileSchedule, MONTH_BEGINS } from "./fees/schedule";
import type { ScheduleInForce } from "./fees/select";
import { type SplitRuleInput, splitRuleDefinition, type TradeKind, validateDefinition } from "./schemas";
import { cardSaleRule, redemptionRule, storedValueRule } from "./standard";
import { traceTrade } from "./trace";

/** Party ids stand for themselves, so that a leg reads like the design's tables. */
const PARTIES = {
  platform: "platform",
  merchant: "merchant",
  brand: "brand",
  channel: "wechat",
  supplier: "supplier",
  distributor: "distributor",
  uplines: ["upline"],
};
const account = ({ partyId, kind, ref }: AccountRef) => `${kind} ${partyId}${ref ? `/${ref}` : ""}`;
const rows = (legs: readonly ClearedLeg[]) =>
  legs.map((leg) => [leg.code, account(leg.debit), account(leg.credit), leg.amount]);
const clear = (rule: SplitRuleInput, facts: TradeFacts) => clearTrade(compileRule(rule), facts).legs;

function refusal(work: () => unknown): { code: string; params: Record<string, unknown> } | null {
  try {
    work();
    return null;
  } catch (error) {
    if (isDomainError(error)) return { code: error.code, params: error.params };
    throw error;
  }
}

/** What each party has of a trade: credits less debits of its accounts. */
function net(legs: readonly ClearedLeg[], matches: (account: AccountRef) => boolean): bigint {
  let sum = 0n;
  for (const { debit, credit, amount } of legs) {
    if (matches(credit)) sum += amount;
    if (matches(debit)) sum -= amount;
  }
  return sum;
}
const of = (partyId: string) => (a: AccountRef) => a.partyId === partyId;

describe("worked: a voucher, money collected by the platform", () => {
  const rule: SplitRuleInput = {
    funding: [
      { party: "brand", share: "0.5" },
      { party: "platform", share: "0.3" },
      { party: "merchant", share: "0.2" },
    ],
    legs: [
      { code: "sale.collected", from: "payer", to: "merchant", amount: { kind: "paid" } },
      { code: "subsidy.brand", from: "brand", to: "merchant", amount: { kind: "funding" } },
      { code: "subsidy.platform", from: "platform", to: "merchant", amount: { kind: "funding" } },
      {
        code: "fee.commission",
        from: "merchant",
        to: "platform",
        amount: { kind: "rate", rate: "0.02" },
        base: "net_of_merchant_discount",
      },
      { code: "fee.channel", from: "fee_bearer", to: "channel", amount: { kind: "channel_fee" } },
    ],
    feeBearer: "platform",
  };
  const facts: TradeFacts = {
    kind: "redemption",
    currency: "CNY",
    gross: 10000n,
    discount: 2000n,
    paid: 8000n,
    collectedBy: "platform",
    parties: PARTIES,
    channelFeeRate: "0.006",
  };

  it("is a rule without a fault", () => {
    expect(validateDefinition(rule, "redemption")).toEqual([]);
  });

  it("gives the design's legs", () => {
    const legs = clear(rule, facts);
    expect(rows(legs)).toEqual([
      ["sale.collected", "channel_receivable wechat", "payable merchant", 8000n],
      ["subsidy.brand", "receivable brand", "payable merchant", 1000n],
      ["subsidy.platform", "marketing_expense platform", "payable merchant", 600n],
      ["fee.commission", "payable merchant", "commission_revenue platform", 192n],
      ["fee.channel", "channel_fee platform/wechat", "channel_receivable wechat", 48n],
    ]);
    expect(net(legs, of("merchant"))).toBe(9408n);
    expect(net(legs, of("brand"))).toBe(-1000n);
    expect(net(legs, of("wechat"))).toBe(-7952n);
    expect(net(legs, of("platform"))).toBe(-456n);
    expect(legs.map((leg) => leg.partyId)).toEqual([
      "merchant",
      "merchant",
      "merchant",
      "merchant",
      "wechat",
    ]);
  });

  it("lets the first and last legs fall away where the merchant collected", () => {
    const legs = clear(rule, { ...facts, collectedBy: "merchant" });
    expect(legs.map((leg) => leg.code)).toEqual(["subsidy.brand", "subsidy.platform", "fee.commission"]);
    expect(net(legs, of("merchant"))).toBe(1408n);
    const { legs: traced } = traceTrade(compileRule(rule), { ...facts, collectedBy: "merchant" });
    expect(traced.map((leg) => leg.note)).toEqual([
      "collected_by_merchant",
      null,
      null,
      null,
      "collected_by_merchant",
    ]);
  });

  it("explains every number", () => {
    const trace = traceTrade(compileRule(rule), facts);
    expect(JSON.parse(JSON.stringify(trace))).toEqual(trace);
    expect(trace.fundingSource).toBe("rule");
    expect(trace.funding.map((f) => [f.party, f.share, f.amount, f.moves])).toEqual([
      ["brand", "0.5", "1000", true],
      ["platform", "0.3", "600", true],
      ["merchant", "0.2", "400", false],
    ]);
    expect(trace.legs[3]).toEqual({
      code: "fee.commission",
      from: "merchant",
      to: "platform",
      kind: "rate",
      base: { name: "net_of_merchant_discount", amount: "9600" },
      rate: "0.02",
      fixed: null,
      fee: null,
      exact: "192",
      rounding: "half_up",
      rounded: "192",
      limit: null,
      remainderUnits: "0",
      amount: "192",
      partyId: "merchant",
      debit: { partyId: "merchant", kind: "payable" },
      credit: { partyId: "platform", kind: "commission_revenue" },
      note: null,
    });
    expect(trace.legs[4]).toMatchObject({
      base: { name: "paid", amount: "8000" },
      rate: "0.006",
      exact: "48",
    });
  });

  it("takes the campaign's shares before its own, and a trade's amounts before both", () => {
    const shares = [{ party: "brand", share: "1" }];
    const ofCampaign = clear(rule, { ...facts, funding: { shares } });
    expect(ofCampaign.find((leg) => leg.code === "subsidy.brand")?.amount).toBe(2000n);
    expect(ofCampaign.find((leg) => leg.code === "fee.commission")?.amount).toBe(200n);
    expect(clear(rule, { ...facts, funding: { shares: [] } })).toEqual(clear(rule, facts));
    const given = {
      amounts: [
        { partyId: "brand", amount: 1500n },
        { partyId: "merchant", amount: 500n },
      ],
    };
    expect(net(clear(rule, { ...facts, funding: given }), of("brand"))).toBe(-1500n);
  });

  it("hands the units of a share that does not come out even to the largest fractions", () => {
    const trace = traceTrade(compileRule(rule), { ...facts, discount: 999n, paid: 9001n });
    expect(trace.funding.map((f) => [f.exact, f.amount, f.remainderUnits])).toEqual([
      ["499.5", "499", "0"],
      ["299.7", "300", "1"],
      ["199.8", "200", "1"],
    ]);
  });

  it("is what the standard rule says too", () => {
    const standard = redemptionRule({
      commissionRate: "0.02",
      funding: splitRuleDefinition.parse(rule).funding,
    });
    expect(clear(standard, facts)).toEqual(clear(rule, facts));
  });

  it("lets the merchant bear the channel's fee", () => {
    const legs = clear({ ...rule, feeBearer: "merchant" }, facts);
    expect(rows(legs).at(-1)).toEqual(["fee.channel", "payable merchant", "channel_receivable wechat", 48n]);
    expect(legs.at(-1)?.partyId).toBe("merchant");
    expect(net(legs, of("merchant"))).toBe(9360n);
  });

  it("or everyone by what he keeps of the customer's money", () => {
    const legs = clear({ ...rule, feeBearer: "proportional" }, facts);
    // 78.08 the merchant's, 1.92 the platform's: 0.46848 and 0.01152 of the fee of 0.48
    expect(rows(legs).slice(4)).toEqual([
      ["fee.channel", "payable merchant", "channel_receivable wechat", 47n],
      ["fee.channel", "channel_fee platform/wechat", "channel_receivable wechat", 1n],
    ]);
  });

  it("which what the channel pays of its own is no part of", () => {
    const bonus = { code: "bonus.channel", from: "channel", to: "merchant" } as const;
    const [collected, ...others] = rule.legs;
    const legs = clear(
      {
        ...rule,
        feeBearer: "proportional",
        legs: [
          ...(collected ? [collected] : []),
          { ...bonus, amount: { kind: "fixed", amount: "4000" } },
          ...others,
        ],
      },
      facts,
    );
    expect(rows(legs).filter(([code]) => code === "fee.channel")).toEqual([
      ["fee.channel", "payable merchant", "channel_receivable wechat", 47n],
      ["fee.channel", "channel_fee platform/wechat", "channel_receivable wechat", 1n],
    ]);
  });
});

describe("worked: a card-key", () => {
  const rule: SplitRuleInput = {
    legs: [
      { code: "card.supplier", from: "payer", to: "supplier", amount: { kind: "supplier_cost" } },
      {
        code: "card.commission",
        from: "payer",
        to: "distributor",
        amount: { kind: "rate", rate: "0.01" },
        base: "paid",
      },
      {
        code: "card.upline",
        from: "payer",
        to: "upline:1",
        amount: { kind: "rate", rate: "0.002" },
        base: "paid",
      },
      { code: "card.margin", from: "payer", to: "platform", amount: { kind: "remainder" } },
      { code: "fee.channel", from: "fee_bearer", to: "channel", amount: { kind: "channel_fee" } },
    ],
  };
  const facts: TradeFacts = {
    kind: "card_sale",
    currency: "CNY",
    gross: 9850n,
    discount: 0n,
    paid: 9850n,
    face: 10000n,
    collectedBy: "platform",
    parties: { ...PARTIES, channel: "alipay", merchant: null, brand: null },
    channelFeeRate: "0.006",
    supplierCost: 9500n,
  };

  it("gives the design's legs, which sum to what was paid", () => {
    expect(validateDefinition(rule, "card_sale")).toEqual([]);
    expect(rows(clear(rule, facts))).toEqual([
      ["card.supplier", "channel_receivable alipay", "payable supplier", 9500n],
      ["card.commission", "channel_receivable alipay", "payable distributor", 99n],
      ["card.upline", "channel_receivable alipay", "payable upline", 20n],
      ["card.margin", "channel_receivable alipay", "margin platform", 231n],
      ["fee.channel", "channel_fee platform/alipay", "channel_receivable alipay", 59n],
    ]);
  });

  it("takes the money from the wallet of a distributor that buys from it", () => {
    const legs = clear(rule, { ...facts, collectedBy: "wallet" });
    expect(rows(legs)[0]).toEqual(["card.supplier", "wallet distributor", "payable supplier", 9500n]);
    expect(net(legs, (a) => a.kind === "wallet")).toBe(-9850n);
    expect(legs.map((leg) => leg.code)).not.toContain("fee.channel");
  });

  it("leaves an absent upline's part to the margin", () => {
    const legs = clear(rule, { ...facts, parties: { ...facts.parties, uplines: [] } });
    expect(rows(legs)[2]).toEqual(["card.margin", "channel_receivable alipay", "margin platform", 251n]);
  });

  it("refuses a card sold for less than it costs", () => {
    expect(refusal(() => clear(rule, { ...facts, supplierCost: 9800n }))).toEqual({
      code: "RULE_NEGATIVE_RESULT",
      params: { leg: "card.margin", amount: "-69" },
    });
    expect(refusal(() => clear(rule, { ...facts, supplierCost: null }))).toEqual({
      code: "INPUT_INVALID",
      params: { field: "supplierCost" },
    });
  });
});

describe("a sale of the complete journey: merchant collects, amounts given", () => {
  const rule: SplitRuleInput = {
    currency: "USD",
    legs: [
      { code: "sale.collected", from: "payer", to: "merchant", amount: { kind: "paid" } },
      { code: "funding.brand", from: "brand", to: "merchant", amount: { kind: "funding" } },
      { code: "fee.handling", from: "brand", to: "merchant", amount: { kind: "fixed", amount: "8" } },
      {
        code: "fee.commission",
        from: "merchant",
        to: "platform",
        amount: { kind: "rate", rate: "0.01" },
        base: "funding:brand",
        rounding: "half_up",
      },
    ],
  };
  /** Line of 3.50 with 1.00 off from the manufacturer, and 0.50 from the store on top. */
  const facts: TradeFacts = {
    kind: "redemption",
    currency: "USD",
    gross: 400n,
    discount: 150n,
    paid: 250n,
    collectedBy: "merchant",
    parties: { platform: "platform", merchant: "store", brand: "manufacturer" },
    funding: {
      amounts: [
        { partyId: "manufacturer", amount: 100n },
        { partyId: "store", amount: 50n },
      ],
    },
  };

  it("lets the brand owe its coupon and the handling, and the merchant one percent of the coupon", () => {
    expect(validateDefinition(rule, "redemption")).toEqual([]);
    expect(rows(clear(rule, facts))).toEqual([
      ["funding.brand", "receivable manufacturer", "payable store", 100n],
      ["fee.handling", "receivable manufacturer", "payable store", 8n],
      ["fee.commission", "payable store", "commission_revenue platform", 1n],
    ]);
    const half = { amounts: [{ partyId: "manufacturer", amount: 150n }] };
    expect(rows(clear(rule, { ...facts, funding: half })).at(-1)?.[3]).toBe(2n); // 1.5, half up
  });

  it("refuses a coupon above the order, and a funder nobody names", () => {
    expect(refusal(() => clear(rule, { ...facts, gross: 140n, paid: -10n }))).toEqual({
      code: "DISCOUNT_EXCEEDS_ORDER",
      params: { discount: "150", order: "140" },
    });
    const unnamed = {
      amounts: [
        { partyId: null, amount: 100n },
        { partyId: "store", amount: 50n },
      ],
    };
    expect(refusal(() => clear(rule, { ...facts, funding: unnamed }))?.code).toBe("FUNDER_UNKNOWN");
    const short = { amounts: [{ partyId: "manufacturer", amount: 100n }] };
    expect(refusal(() => clear(rule, { ...facts, funding: short }))).toEqual({
      code: "FUNDING_INVALID",
      params: { funding: "100", discount: "150" },
    });
    expect(refusal(() => clear(rule, { ...facts, currency: "CNY" }))?.code).toBe("CURRENCY_MISMATCH");
  });
});

describe("gift cards", () => {
  const loading: TradeFacts = {
    kind: "stored_value",
    currency: "CNY",
    gross: 10000n,
    discount: 0n,
    paid: 10000n,
    collectedBy: "platform",
    parties: PARTIES,
    storedValue: { amount: 0n, programmeId: "programme" },
    channelFeeRate: "0.006",
  };

  it("become the programme's liability when they are sold or given", () => {
    expect(validateDefinition(storedValueRule(), "stored_value")).toEqual([]);
    expect(rows(clear(storedValueRule(), loading))).toEqual([
      ["stored_value.issued", "channel_receivable wechat", "stored_value platform/programme", 10000n],
      ["fee.channel", "channel_fee platform/wechat", "channel_receivable wechat", 60n],
    ]);
    const given = clear(storedValueRule(), {
      ...loading,
      discount: 4000n,
      paid: 6000n,
      funding: {
        shares: [
          { party: "brand", share: "0.75" },
          { party: "platform", share: "0.25" },
        ],
      },
    });
    expect(rows(given).slice(0, 3)).toEqual([
      ["stored_value.issued", "channel_receivable wechat", "stored_value platform/programme", 6000n],
      ["stored_value.granted_brand", "receivable brand", "stored_value platform/programme", 3000n],
      [
        "stored_value.granted_platform",
        "marketing_expense platform",
        "stored_value platform/programme",
        1000n,
      ],
    ]);
  });

  it("move it to the merchant when they are used, beside what the till takes", () => {
    const rule = redemptionRule({ commissionRate: "0.02" });
    const legs = clear(rule, {
      kind: "redemption",
      currency: "CNY",
      gross: 8000n,
      discount: 0n,
      paid: 3000n,
      collectedBy: "merchant",
      parties: PARTIES,
      storedValue: { amount: 5000n, programmeId: "programme" },
    });
    expect(rows(legs)).toEqual([
      ["stored_value.redeemed", "stored_value platform/programme", "payable merchant", 5000n],
      ["fee.commission", "payable merchant", "commission_revenue platform", 160n],
    ]);
  });

  it("need a rule that knows them", () => {
    const rule: SplitRuleInput = {
      legs: [{ code: "sale.collected", from: "payer", to: "merchant", amount: { kind: "paid" } }],
    };
    const facts: TradeFacts = {
      ...loading,
      kind: "redemption",
      paid: 9000n,
      storedValue: { amount: 1000n, programmeId: "programme" },
    };
    expect(refusal(() => clear(rule, facts))).toMatchObject({
      code: "RULE_INVALID",
      params: { problem: "STORED_VALUE_NOT_CARRIED" },
    });
  });
});

describe("limits and refusals", () => {
  const rule = (leg: Partial<SplitRuleInput["legs"][number]>): SplitRuleInput => ({
    currency: "CNY",
    funding: [{ party: "platform", share: "1" }],
    legs: [
      { code: "sale.collected", from: "payer", to: "merchant", amount: { kind: "paid" } },
      { code: "subsidy.platform", from: "platform", to: "merchant", amount: { kind: "funding" } },
      {
        code: "fee.commission",
        from: "merchant",
        to: "platform",
        amount: { kind: "rate", rate: "0.006" },
        base: "gross",
        ...leg,
      },
    ],
  });
  const sale = (gross: bigint): TradeFacts => ({
    kind: "redemption",
    currency: "CNY",
    gross,
    discount: 0n,
    paid: gross,
    collectedBy: "merchant",
    parties: PARTIES,
  });
  const fee = (leg: Partial<SplitRuleInput["legs"][number]>, gross: bigint) =>
    clear(rule(leg), sale(gross)).find(({ code }) => code === "fee.commission")?.amount ?? 0n;

  it("holds a rate between min and max; a base of nothing owes nothing", () => {
    expect(fee({ min: "10" }, 1000n)).toBe(10n);
    expect(fee({ max: "50" }, 100000n)).toBe(50n);
    expect(fee({ min: "10", max: "50" }, 5000n)).toBe(30n);
    expect(fee({ min: "10" }, 0n)).toBe(0n);
    const trace = traceTrade(compileRule(rule({ min: "10" })), sale(1000n));
    expect(trace.legs[2]).toMatchObject({
      exact: "6",
      rounded: "6",
      limit: { kind: "min", amount: "10" },
      amount: "10",
    });
  });

  it("rounds as the rule says", () => {
    expect(fee({ rounding: "half_up" }, 9750n)).toBe(59n); // 58.5
    expect(fee({ rounding: "half_even" }, 9750n)).toBe(58n);
    expect(fee({ rounding: "down" }, 9750n)).toBe(58n);
    expect(fee({ rounding: "up" }, 9710n)).toBe(59n); // 58.26
  });

  it("refuses to leave the merchant with less than nothing", () => {
    expect(refusal(() => clear(rule({ min: "2000" }), sale(1000n)))).toEqual({
      code: "RULE_NEGATIVE_RESULT",
      params: { party: "merchant", amount: "-1000" },
    });
  });

  it("refuses facts that contradict each other", () => {
    const facts = sale(1000n);
    expect(refusal(() => clear(rule({}), { ...facts, paid: 999n }))?.params).toEqual({ field: "paid" });
    expect(refusal(() => clear(rule({}), { ...facts, gross: -1n }))?.params).toEqual({ field: "gross" });
    expect(refusal(() => clear(rule({}), { ...facts, discount: -1n }))?.params).toEqual({
      field: "discount",
    });
    const platform = {
      ...facts,
      collectedBy: "platform" as const,
      parties: { platform: "p", merchant: "m" },
    };
    expect(refusal(() => clear(rule({}), platform))?.params).toEqual({ field: "parties.channel" });
    const noMerchant = {
      ...facts,
      collectedBy: "platform" as const,
      parties: { platform: "p", channel: "c" },
    };
    expect(refusal(() => clear(rule({}), noMerchant))?.params).toEqual({ field: "parties.merchant" });
  });

  it("refuses a discount that nobody bears, or that a rule does not carry", () => {
    const facts = { ...sale(1000n), discount: 100n, paid: 900n };
    expect(refusal(() => clear({ ...rule({}), funding: [] }, facts))?.code).toBe("FUNDING_INVALID");
    const brand = { shares: [{ party: "brand", share: "1" }] };
    expect(refusal(() => clear(rule({}), { ...facts, funding: brand }))).toMatchObject({
      code: "RULE_INVALID",
      params: { problem: "FUNDING_LEG_MISSING", amount: "100" },
    });
    const absent = { platform: "platform", merchant: "merchant" };
    expect(refusal(() => clear(rule({}), { ...facts, funding: brand, parties: absent }))).toEqual({
      code: "FUNDER_UNKNOWN",
      params: { party: "brand" },
    });
    const short = { shares: [{ party: "platform", share: "0.9" }] };
    expect(refusal(() => clear(rule({}), { ...facts, funding: short }))?.code).toBe("FUNDING_INVALID");
  });

  it("knows a funder named by id as the role it plays", () => {
    const facts = { ...sale(1000n), discount: 100n, paid: 900n };
    const id = "0198c0de-0000-7000-8000-000000000001";
    const parties = { ...PARTIES, merchant: id };
    const half = {
      shares: [
        { party: id, share: "0.5" },
        { party: "platform", share: "0.5" },
      ],
    };
    const legs = clear(rule({ amount: { kind: "rate", rate: "0" } }), { ...facts, parties, funding: half });
    expect(rows(legs)).toEqual([["subsidy.platform", "marketing_expense platform", `payable ${id}`, 50n]]);
  });

  it("refuses definitions that are none", () => {
    expect(refusal(() => compileRule({ legs: [] }))?.code).toBe("RULE_INVALID");
  });
});

describe("validateDefinition", () => {
  const leg = (code: string, more: object = {}) => ({
    code,
    from: "merchant",
    to: "platform",
    amount: { kind: "rate", rate: "0.01" },
    base: "gross",
    ...more,
  });
  const paid = { code: "sale.collected", from: "payer", to: "merchant", amount: { kind: "paid" } };
  const codes = (definition: unknown, kind: TradeKind = "redemption") =>
    validateDefinition(definition, kind).map(({ code, path }) => `${code} ${path.join(".")}`);

  it.each<[string, unknown, string[]]>([
    [
      "a fee schedule between brand and merchant",
      {
        legs: [
          paid,
          leg("f", {
            from: "brand",
            to: "merchant",
            amount: { kind: "fee_schedule", rate: "0.006" },
            base: "gross",
          }),
        ],
      },
      ["SCHEDULE_WITHOUT_PARTY legs.1.amount"],
    ],
    ["an unknown party", { legs: [paid, leg("f", { to: "nobody" })] }, ["PARTY_INVALID legs.1.to"]],
    ["a code twice", { legs: [paid, leg("f"), leg("f")] }, ["LEG_CODE_DUPLICATE legs.2.code"]],
    [
      "shares that do not sum to 1",
      { funding: [{ party: "merchant", share: "0.9" }], legs: [paid] },
      ["SHARES_NOT_ONE funding"],
    ],
    [
      "a share twice",
      {
        funding: [
          { party: "merchant", share: "0.5" },
          { party: "merchant", share: "0.5" },
        ],
        legs: [paid],
      },
      ["SHARE_DUPLICATE funding.1.party"],
    ],
    ["a rate of nothing", { legs: [paid, leg("f", { base: undefined })] }, ["BASE_MISSING legs.1.base"]],
    [
      "a base of a fixed amount",
      { currency: "CNY", legs: [paid, leg("f", { amount: { kind: "fixed", amount: "1" } })] },
      ["BASE_NOT_ALLOWED legs.1.base"],
    ],
    [
      "an amount without a currency",
      { legs: [paid, leg("f", { min: "1" })] },
      ["CURRENCY_REQUIRED legs.1.min"],
    ],
    [
      "min above max",
      { currency: "CNY", legs: [paid, leg("f", { min: "2", max: "1" })] },
      ["MIN_ABOVE_MAX legs.1.min"],
    ],
    [
      "money from a party to itself",
      { legs: [paid, leg("f", { to: "merchant" })] },
      ["SAME_PARTY legs.1.to"],
    ],
    [
      "a funder without a leg",
      { funding: [{ party: "brand", share: "1" }], legs: [paid] },
      ["FUNDING_LEG_MISSING funding.0.party"],
    ],
    [
      "a leg of the merchant's own part",
      { legs: [paid, leg("f", { amount: { kind: "funding" }, base: undefined })] },
      ["FUNDING_LEG_OF_MERCHANT legs.1.from"],
    ],
    ["collected money that goes nowhere", { legs: [leg("f")] }, ["COLLECTED_NOT_CARRIED legs"]],
    [
      "collected money spent twice",
      { legs: [paid, leg("f", { from: "payer" })] },
      ["COLLECTED_CARRIED_TWICE legs.1.amount"],
    ],
    [
      "a remainder before the others",
      { legs: [{ ...paid, amount: { kind: "remainder" } }, leg("f", { from: "payer" })] },
      ["REMAINDER_NOT_LAST legs.0"],
    ],
    [
      "a supplier in a redemption",
      {
        legs: [
          leg("f", { from: "payer", to: "supplier", amount: { kind: "supplier_cost" }, base: undefined }),
          { ...paid, amount: { kind: "remainder" } },
        ],
      },
      ["SUPPLIER_COST_NOT_ALLOWED legs.0.amount"],
    ],
    [
      "a channel fee before other legs",
      {
        legs: [
          { code: "fee.channel", from: "fee_bearer", to: "channel", amount: { kind: "channel_fee" } },
          paid,
        ],
      },
      ["CHANNEL_FEE_NOT_LAST legs.0"],
    ],
    [
      "a rate from nowhere",
      { legs: [paid, leg("f", { from: "fee_bearer" })] },
      ["SOURCE_MISMATCH legs.1.from"],
    ],
    ["no legs", { legs: [] }, ["SHAPE_INVALID legs"]],
    ["something else", "hello", ["SHAPE_INVALID "]],
  ])("refuses %s", (_, definition, problems) => {
    expect(codes(definition)).toEqual(problems);
  });

  it("asks card sales for a remainder", () => {
    expect(codes({ legs: [{ ...paid, to: "platform" }] }, "card_sale")).toEqual([
      "COLLECTED_NOT_CARRIED legs",
    ]);
  });
});

describe("any valid rule on any trade", () => {
  const rate = fc.integer({ min: 0, max: 200_000 }).map((n) => `0.${String(n).padStart(6, "0")}`);
  const money = fc.bigInt({ min: 0n, max: 10n ** 9n });
  const rounding = fc.constantFrom("half_up" as const, "half_even" as const, "down" as const, "up" as const);
  const shares = fc.tuple(fc.nat(100), fc.nat(100)).map(([a, b]) => {
    const [low, high] = a < b ? [a, b] : [b, a];
    const part = (n: number) => (n === 100 ? "1" : `0.${String(n).padStart(2, "0")}`);
    return [
      { party: "brand", share: part(low) },
      { party: "platform", share: part(high - low) },
      { party: "merchant", share: part(100 - high) },
    ];
  });
  const bases = ["gross", "paid", "discount", "net_of_merchant_discount", "funding:brand"] as const;
  const rule = fc
    .record({
      funding: shares,
      feeBearer: fc.constantFrom("platform" as const, "merchant" as const, "proportional" as const),
      fees: fc.array(
        fc.record({
          from: fc.constantFrom("merchant", "brand", "platform"),
          to: fc.constantFrom("merchant", "platform", "distributor", "upline:2"),
          rate,
          base: fc.constantFrom(...bases),
          rounding,
          fixed: fc.option(fc.integer({ min: 0, max: 500 })),
          max: fc.option(fc.integer({ min: 1, max: 5000 })),
        }),
        { maxLength: 5 },
      ),
      splits: fc.option(
        fc.array(fc.record({ to: fc.constantFrom("platform", "distributor"), rate }), { maxLength: 3 }),
      ),
    })
    .map(({ funding, feeBearer, fees, splits }): SplitRuleInput => {
      const collected = splits
        ? [
            ...splits.map(({ to, rate }, i) => ({
              code: `split.s${i}`,
              from: "payer" as const,
              to,
              amount: { kind: "rate" as const, rate },
              base: "paid" as const,
            })),
            {
              code: "sale.rest",
              from: "payer" as const,
              to: "merchant",
              amount: { kind: "remainder" as const },
            },
          ]
        : [
            {
              code: "sale.collected",
              from: "payer" as const,
              to: "merchant",
              amount: { kind: "paid" as const },
            },
          ];
      return {
        currency: "CNY",
        funding,
        feeBearer,
        legs: [
          ...collected,
          {
            code: "stored_value.redeemed",
            from: "programme",
            to: "merchant",
            amount: { kind: "stored_value" },
          },
          { code: "subsidy.brand", from: "brand", to: "merchant", amount: { kind: "funding" } },
          { code: "subsidy.platform", from: "platform", to: "merchant", amount: { kind: "funding" } },
          ...fees
            .filter(({ from, to }) => from !== to)
            .map(({ from, to, rate, base, rounding, fixed, max }, i) =>
              fixed === null
                ? {
                    code: `fee.f${i}`,
                    from,
                    to,
                    amount: { kind: "rate" as const, rate },
                    base,
                    rounding,
                    ...(max === null ? {} : { max: `${max}` }),
                  }
                : { code: `fee.f${i}`, from, to, amount: { kind: "fixed" as const, amount: `${fixed}` } },
            ),
          { code: "fee.channel", from: "fee_bearer", to: "channel", amount: { kind: "channel_fee" } },
        ],
      };
    });
  const facts = fc
    .record({
      discount: money,
      paid: money,
      stored: fc.oneof(fc.constant(0n), money),
      collected: fc.boolean(),
      rate,
    })
    .map(
      ({ discount, paid, stored, collected, rate }): TradeFacts => ({
        kind: "redemption",
        currency: "CNY",
        gross: discount + paid + stored,
        discount,
        paid,
        collectedBy: collected ? "platform" : "merchant",
        parties: PARTIES,
        channelFeeRate: rate,
        storedValue: { amount: stored, programmeId: "programme" },
      }),
    );

  it("conserves the money: what was paid, owed and drawn is what parties, channel and platform have", () => {
    let cleared = 0;
    fc.assert(
      fc.property(rule, facts, (definition, trade) => {
        expect(validateDefinition(definition, "redemption")).toEqual([]);
        const refused = refusal(() => clear(definition, trade));
        if (refused) {
          expect(refused.code).toBe("RULE_NEGATIVE_RESULT");
          return;
        }
        cleared += 1;
        const legs = clear(definition, trade);
        for (const leg of legs) {
          expect(leg.amount > 0n).toBe(true);
          expect(account(leg.debit)).not.toBe(account(leg.credit));
        }
        expect(net(legs, () => true)).toBe(0n);
        // what the channel holds for the platform, less its fee
        const collected = trade.collectedBy === "platform" ? trade.paid : 0n;
        const fee = applyRate(collected, trade.channelFeeRate ?? "0");
        expect(net(legs, (a) => a.kind === "channel_receivable")).toBe(fee - collected);
        expect(net(legs, (a) => a.kind === "stored_value")).toBe(-(trade.storedValue?.amount ?? 0n));
        // the discount is borne in full: by funders through legs, by the merchant in goods
        const trace = traceTrade(compileRule(definition), trade);
        const borne = trace.funding.reduce((sum, f) => sum + BigInt(f.amount), 0n);
        expect(borne).toBe(trade.discount);
        // the trace says what was posted
        const posted = trace.legs.filter((leg) => leg.note === null);
        expect(posted.map((leg) => [leg.code, leg.amount])).toEqual(
          legs.map((leg) => [leg.code, `${leg.amount}`]),
        );
        for (const leg of trace.legs) if (leg.note !== null) expect(leg.amount).toBe("0");
        // the merchant never pays for the privilege
        const till = trade.collectedBy === "merchant" ? trade.paid : 0n;
        expect(till + net(legs, of("merchant")) >= 0n).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(cleared).toBeGreaterThan(100);
  });

  it("clears the same trade the same way, always", () => {
    fc.assert(
      fc.property(rule, facts, (definition, trade) => {
        const once = refusal(() => clear(definition, trade));
        if (once) expect(refusal(() => clear(definition, trade))).toEqual(once);
        else expect(clear(definition, trade)).toEqual(clear(structuredClone(definition), trade));
      }),
    );
  });
});

describe("a rate of a distributor's own", () => {
  const plan = compileRule(cardSaleRule({ commissionRate: "0.01", bySchedule: true }));
  const commission = (because: "party" | "everyone" | null) => {
    const schedule = {
      plan: compileSchedule({
        method: "flat",
        bands: [{ from: "0", rate: "0.02" }],
        appliesTo: { everyone: true, tiers: [], parties: [] },
      }),
    } as ScheduleInForce;
    const { legs } = clearTrade(plan, {
      kind: "card_sale",
      currency: "CNY",
      gross: 10_000n,
      discount: 0n,
      paid: 10_000n,
      face: 10_000n,
      supplierCost: 9_000n,
      collectedBy: "platform",
      parties: { platform: "platform", channel: "channel", supplier: "supplier", distributor: "distributor" },
      rates: { distributor: "0.03" },
      fees: () => ({ schedule, because, period: "2026-11", before: MONTH_BEGINS }),
    });
    return legs.find(({ code }) => code === "card.commission")?.amount;
  };
  it("goes before a schedule that does not name it, whoever asks", () => {
    expect(commission("everyone")).toBe(300n);
    expect(commission("party")).toBe(200n);
    expect(commission(null)).toBe(200n);
  });
});
