import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeRule, percent } from "./describe";
import { type RuleCandidate, ruleSet, type ScopeFacts, selectRule } from "./rules";
import type { RuleScope, SplitRuleDefinition } from "./schemas";
import { redemptionRule, storedValueRule } from "./standard";

const on = (day: string) => new Date(`2026-${day}T00:00:00Z`);
const candidate = (
  id: string,
  scope: Partial<RuleScope>,
  more: Partial<RuleCandidate> = {},
): RuleCandidate => ({
  id,
  ruleId: id,
  scope: { tradeKind: "redemption", ...scope },
  priority: 0,
  effectiveFrom: on("01-01"),
  ...more,
});
const facts: ScopeFacts = { tradeKind: "redemption", campaignId: "c", merchantId: "m", channelId: "w" };
const choose = (candidates: readonly RuleCandidate[], at = on("06-01"), of = facts) => {
  const choice = selectRule(candidates, of, at);
  expect(ruleSet(candidates).find(of, at)).toBe(choice.version);
  return { id: choice.version?.id ?? null, because: choice.because, choice };
};

describe("which rule clears a trade", () => {
  const general = candidate("general", {});

  it("the most specific one", () => {
    expect(choose([general])).toMatchObject({ id: "general", because: "only" });
    const merchant = candidate("merchant", { merchantId: "m" });
    const both = candidate("both", { merchantId: "m", campaignId: "c" });
    expect(choose([general, merchant])).toMatchObject({ id: "merchant", because: "most_specific" });
    expect(choose([both, general, merchant])).toMatchObject({ id: "both", because: "most_specific" });
    expect(choose([both, merchant]).choice.names).toEqual(["campaignId", "merchantId"]);
    const loud = candidate("loud", {}, { priority: 100 });
    expect(choose([merchant, loud])).toMatchObject({ id: "merchant", because: "most_specific" });
  });

  it("then the higher priority, then the newest", () => {
    const campaign = candidate("campaign", { campaignId: "c" });
    const merchant = candidate("merchant", { merchantId: "m" }, { priority: 1 });
    expect(choose([campaign, merchant])).toMatchObject({ id: "merchant", because: "priority" });
    const newer = candidate("newer", { channelId: "w" }, { effectiveFrom: on("02-01") });
    expect(choose([campaign, newer])).toMatchObject({ id: "newer", because: "newest" });
  });

  it("never one of another trade kind, campaign, merchant …", () => {
    const other = candidate("other", { merchantId: "someone else" });
    const cards = candidate("cards", { tradeKind: "card_sale" });
    expect(choose([other, cards])).toMatchObject({ id: null, because: "none" });
    expect(choose([other, general, cards]).choice.considered).toEqual([
      { version: other, outcome: "does_not_apply", field: "merchantId" },
      { version: general, outcome: "chosen" },
      { version: cards, outcome: "does_not_apply", field: "tradeKind" },
    ]);
    expect(choose([candidate("tier", { tier: "gold" })]).id).toBeNull();
  });

  it("in the version in force when it was traded", () => {
    const v1 = candidate("v1", {}, { ruleId: "r" });
    const v2 = candidate("v2", {}, { ruleId: "r", effectiveFrom: on("03-01") });
    const v3 = candidate("v3", {}, { ruleId: "r", effectiveFrom: on("09-01"), effectiveTo: on("10-01") });
    const versions = [v2, v3, v1];
    expect(choose(versions, on("02-28")).id).toBe("v1");
    expect(choose(versions, on("03-01"))).toMatchObject({ id: "v2", because: "only" });
    expect(choose(versions, on("09-30")).id).toBe("v3");
    expect(choose(versions, on("10-01")).id).toBeNull(); // the rule has ended; no version comes back
    expect(choose(versions, new Date("2025-12-31")).id).toBeNull();
    expect(choose(versions, on("04-01")).choice.considered.map((c) => [c.version.id, c.outcome])).toEqual([
      ["v3", "not_yet"],
      ["v2", "chosen"],
      ["v1", "superseded"],
    ]);
  });

  it("is the same whatever the order in which they are listed", () => {
    const field = fc.constantFrom(undefined, "x", "y");
    const scope = fc.record({ campaignId: field, merchantId: field, channelId: field });
    const list = fc.array(
      fc.record({ scope, priority: fc.nat(2), day: fc.integer({ min: 1, max: 9 }), rule: fc.nat(5) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(list, scope, fc.integer({ min: 1, max: 9 }), (entries, of, day) => {
        const candidates = entries.map(({ scope, priority, day, rule }, i) =>
          candidate(`v${i}`, scope, { priority, ruleId: `r${rule}`, effectiveFrom: on(`0${day}-01`) }),
        );
        const trade = { tradeKind: "redemption" as const, ...of };
        const chosen = choose(candidates, on(`0${day}-02`), trade).id;
        expect(choose([...candidates].reverse(), on(`0${day}-02`), trade).id).toBe(chosen);
      }),
    );
  });
});

describe("a rule in plain words", () => {
  const rule = redemptionRule({
    commissionRate: "0.006",
    funding: [
      { party: "brand", share: "0.5" },
      { party: "0198c0de-0000-7000-8000-000000000001", share: "0.5" },
    ],
    handling: { amount: "8", currency: "USD" },
  });

  it("in English", () => {
    expect(describeRule(rule, "en", () => "Acme")).toEqual([
      "Unless the campaign says otherwise, the discount is borne by the brand 50%, Acme 50%.",
      "What the customer pays is the merchant's; if the platform collects it, the platform owes it to the merchant.",
      "What is paid from a gift card's balance goes from its programme to the merchant.",
      "The brand pays the merchant its part of the discount.",
      "The platform pays the merchant its part of the discount.",
      "The brand pays the merchant $0.08 per trade.",
      "The merchant pays the platform 0.6% of the order amount less the merchant's own part of the discount.",
      "Where a payment channel collects, it keeps its fee.",
      "The platform bears the channel's fee.",
    ]);
  });

  it("in Chinese", () => {
    expect(describeRule(rule, "zh-CN", () => "甲公司")).toEqual([
      "活动未另行约定时，优惠由品牌方 50%、甲公司 50% 分担。",
      "顾客实付归商户；由平台代收时，平台应付给商户。",
      "用礼品卡余额支付的部分，从礼品卡储值付给商户。",
      "品牌方付给商户：其承担的优惠。",
      "平台付给商户：其承担的优惠。",
      "品牌方付给商户：每笔 US$0.08。",
      "商户付给平台：订单金额减去商户自担优惠后的金额的 0.6%。",
      "支付渠道代收时，渠道扣取手续费。",
      "渠道手续费由平台承担。",
    ]);
  });

  it("with one bracket for all that there is to note of an amount", () => {
    const commission = { code: "fee.commission", from: "merchant", to: "platform", base: "gross" } as const;
    const noted: SplitRuleDefinition = {
      currency: "CNY",
      funding: [],
      feeBearer: "platform",
      legs: [
        {
          ...commission,
          amount: { kind: "rate", rate: "0.02", agreed: true },
          min: "10",
          max: "5000",
          rounding: "down",
        },
        { ...commission, amount: { kind: "rate", rate: "0.02" }, max: "5000" },
        { ...commission, amount: { kind: "fee_schedule", rate: "0.02", agreed: true } },
        { ...commission, amount: { kind: "fee_schedule", rate: "0.02" } },
        {
          code: "fee.channel",
          from: "fee_bearer",
          to: "channel",
          amount: { kind: "channel_fee" },
          min: "1",
          rounding: "up",
        },
      ],
    };
    expect(describeRule(noted, "zh-CN").slice(0, 5)).toEqual([
      "商户付给平台：订单金额的 2%（另有约定费率的从其约定；最低 ¥0.10、最高 ¥50.00；舍去尾数）。",
      "商户付给平台：订单金额的 2%（最高 ¥50.00）。",
      "商户付给平台：订单金额按费率方案计（无方案时 2%；另有约定费率的从其约定）。",
      "商户付给平台：订单金额按费率方案计（无方案时 2%）。",
      "支付渠道代收时，渠道扣取手续费（最低 ¥0.01；进一）。",
    ]);
    expect(describeRule(noted, "en").slice(0, 5)).toEqual([
      "The merchant pays the platform 2% of the order amount (or the rate agreed with it; at least ¥0.10, at most ¥50.00; rounded down).",
      "The merchant pays the platform 2% of the order amount (at most ¥50.00).",
      "The merchant pays the platform what the fee schedule says of the order amount (2% without one; or the rate agreed with it).",
      "The merchant pays the platform what the fee schedule says of the order amount (2% without one).",
      "Where a payment channel collects, it keeps its fee (at least ¥0.01; rounded up).",
    ]);
  });

  it("with rates as percent, exactly", () => {
    expect(["0.006", "1", "0.00005", "0", "1.5", "0.000001"].map(percent)).toEqual([
      "0.6%",
      "100%",
      "0.005%",
      "0%",
      "150%",
      "0.0001%",
    ]);
  });

  it("has words for every standard rule", () => {
    for (const locale of ["en", "zh-CN"] as const) {
      expect(describeRule(storedValueRule(), locale).join(" ")).not.toMatch(/undefined|payer|fee_bearer/);
    }
  });
});
