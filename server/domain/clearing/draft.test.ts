import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cornerProblems } from "./corners";
import { differenceOf } from "./difference";
import { definitionOfDraft, draftOfDefinition, draftProblems } from "./draft";
import { clearTrade, compileRule, type TradeFacts } from "./engine";
import {
  AMOUNT_KINDS,
  BASES,
  type DraftDefinition,
  type SplitRuleDefinition,
  type TradeKind,
} from "./schemas";
import { cardSaleRule, redemptionRule, storedValueRule } from "./standard";

const RANGE = { from: "100", to: "10000000", share: "1" };
const base = redemptionRule({
  commissionRate: "0.02",
  funding: [
    { party: "brand", share: "0.5" },
    { party: "merchant", share: "0.5" },
  ],
});

describe("a draft", () => {
  it.each([
    ["redemption", base],
    ["card_sale", cardSaleRule({ commissionRate: "0.01", uplineRates: ["0.002"] })],
    ["stored_value", storedValueRule()],
  ] as const)("of a finished %s rule is that rule", (kind, definition) => {
    const draft = draftOfDefinition(definition);
    expect(draftProblems(draft, kind)).toEqual([]);
    expect(definitionOfDraft(draft, kind)).toEqual(definition);
    expect(JSON.parse(JSON.stringify(draft))).toEqual(draft);
  });

  it("tells what is not filled in yet, each at its field", () => {
    const draft = draftOfDefinition(base);
    draft.legs.push({ code: "", from: "", to: "", amount: { kind: "rate", rate: null }, base: "gross" });
    draft.funding.push({ party: "", share: null });
    expect(draftProblems(draft, "redemption").map(({ code, path }) => `${code} ${path.join(".")}`)).toEqual([
      "VALUE_MISSING funding.2.party",
      "VALUE_MISSING funding.2.share",
      "VALUE_MISSING legs.6.code",
      "VALUE_MISSING legs.6.from",
      "VALUE_MISSING legs.6.to",
      "VALUE_MISSING legs.6.amount.rate",
    ]);
    expect(definitionOfDraft(draft, "redemption")).toBeNull();
  });
});

describe("corners", () => {
  it("let the standard rules pass for any discount, any cost up to the price's room", () => {
    expect(cornerProblems(base, "redemption", RANGE, "CNY")).toEqual([]);
    const card = cardSaleRule({ commissionRate: "0.01", uplineRates: ["0.002"] });
    expect(cornerProblems(card, "card_sale", { ...RANGE, share: "0.95" }, "CNY")).toEqual([]);
    expect(cornerProblems(card, "card_sale", { ...RANGE, share: "0.99" }, "CNY")).toMatchObject([
      { code: "NEGATIVE_RESULT", path: ["legs", 4, "amount"] },
    ]);
    expect(cornerProblems(storedValueRule(), "stored_value", RANGE, "CNY")).toEqual([]);
  });

  it("find a minimum that the smallest order cannot bear", () => {
    const legs = base.legs.map((leg) => (leg.code === "fee.commission" ? { ...leg, min: "200" } : leg));
    const definition = { ...base, currency: "CNY", legs };
    expect(cornerProblems(definition, "redemption", RANGE, "CNY")).toMatchObject([
      { code: "NEGATIVE_RESULT", path: ["legs"], params: { order: "100" } },
    ]);
    const large = { ...RANGE, from: "20000", share: "0.5" };
    expect(cornerProblems(definition, "redemption", large, "CNY")).toEqual([]);
  });

  it("refuse a range that is none", () => {
    expect(cornerProblems(base, "redemption", { ...RANGE, from: "2", to: "1" }, "CNY")).toMatchObject([
      { code: "RANGE_INVALID" },
    ]);
    expect(cornerProblems(base, "redemption", { ...RANGE, share: "1.1" }, "CNY")).toMatchObject([
      { code: "RANGE_INVALID" },
    ]);
  });
});

describe("any rule that the editor lets pass", () => {
  const party = fc.constantFrom("platform", "merchant", "brand", "distributor", "supplier", "upline:1");
  const leg = fc.record({
    from: fc.oneof(fc.constant("payer"), fc.constantFrom("programme", "fee_bearer"), party),
    to: fc.oneof(party, fc.constantFrom("programme", "channel")),
    kind: fc.constantFrom(...AMOUNT_KINDS),
    rate: fc.integer({ min: 0, max: 300_000 }).map((n) => `0.${String(n).padStart(6, "0")}`),
    base: fc.option(fc.constantFrom(...BASES, "funding:brand" as const), { nil: undefined }),
    max: fc.option(fc.nat(5000).map(String), { nil: undefined }),
  });
  /** A standard rule with a few legs changed, added or moved: some of them pass, many do not. */
  const edited = fc
    .record({
      kind: fc.constantFrom<TradeKind>("redemption", "card_sale"),
      more: fc.array(leg, { maxLength: 3 }),
      at: fc.nat(6),
      bearer: fc.constantFrom(
        "platform" as const,
        "merchant" as const,
        "distributor" as const,
        "proportional" as const,
      ),
    })
    .map(({ kind, more, at, bearer }) => {
      const start =
        kind === "redemption" ? base : cardSaleRule({ commissionRate: "0.01", uplineRates: ["0.002"] });
      const draft: DraftDefinition = { ...draftOfDefinition(start), currency: "CNY", feeBearer: bearer };
      more.forEach(({ from, to, kind, rate, base, max }, i) => {
        if (from === "payer" && to === "channel") return; // the channel keeps it: no transfer
        const rates = kind === "rate";
        draft.legs.splice(Math.min(at, draft.legs.length - 1), 0, {
          code: `more.m${i}`,
          from,
          to,
          amount: { kind, ...(rates && { rate }), ...(kind === "fixed" && { amount: "3" }) },
          ...(rates && { base: base ?? "gross" }),
          ...(rates && max !== undefined && { max }),
        });
      });
      return { kind, draft };
    });
  const trade = fc.record({
    amount: fc.bigInt({ min: 100n, max: 10_000_000n }),
    percent: fc.bigInt({ min: 0n, max: 50n }),
    platform: fc.boolean(),
    funder: fc.constantFrom("brand", "platform", "merchant"),
  });

  it("conserves the money, and never leaves a merchant or the remainder below nothing", () => {
    let passed = 0;
    const range = { from: "100", to: "10000000", share: "0.5" };
    fc.assert(
      fc.property(edited, trade, ({ kind, draft }, { amount, percent, platform, funder }) => {
        const definition = definitionOfDraft(draft, kind);
        if (!definition || cornerProblems(definition, kind, range, "CNY").length > 0) return;
        passed += 1;
        const part = (amount * percent) / 100n;
        const facts: TradeFacts = {
          kind,
          currency: "CNY",
          gross: amount,
          discount: kind === "redemption" ? part : 0n,
          paid: kind === "redemption" ? amount - part : amount,
          face: amount,
          supplierCost: kind === "card_sale" ? part : null,
          collectedBy: platform || kind === "card_sale" ? "platform" : "merchant",
          parties: {
            platform: "platform",
            merchant: "merchant",
            brand: "brand",
            channel: "channel",
            supplier: "supplier",
            distributor: "distributor",
            uplines: ["upline:1"],
          },
          channelFeeRate: "0.006",
          funding: kind === "redemption" ? { shares: [{ party: funder, share: "1" }] } : null,
        };
        const { legs } = clearTrade(compileRule(definition), facts);
        let merchant = facts.collectedBy === "merchant" ? facts.paid : 0n;
        let channel = 0n;
        let fee = 0n;
        for (const { code, debit, credit, amount } of legs) {
          expect(amount > 0n).toBe(true);
          if (credit.partyId === "merchant") merchant += amount;
          if (debit.partyId === "merchant") merchant -= amount;
          if (debit.kind === "channel_receivable" && code !== "fee.channel") channel += amount;
          if (credit.kind === "channel_receivable" && code !== "fee.channel") fee += amount;
        }
        if (kind === "redemption") expect(merchant >= 0n).toBe(true);
        const ofPayer = legs.filter(
          ({ code }) => definition.legs.find((l) => l.code === code)?.from === "payer",
        );
        const collected = ofPayer.reduce((sum, { amount }) => sum + amount, 0n);
        if (facts.collectedBy === "platform") expect(collected).toBe(facts.paid);
        expect(channel >= collected - fee || facts.collectedBy === "merchant").toBe(true);
      }),
      { numRuns: 1500 },
    );
    expect(passed).toBeGreaterThan(100);
  });
});

describe("the difference between two versions", () => {
  const names = (locale: "zh-CN" | "en") => ({
    locale,
    legName: (code: string) =>
      ({
        "zh-CN": { "fee.commission": "平台佣金", "fee.handling": "核销服务费" },
        en: { "fee.commission": "Platform commission", "fee.handling": "Handling fee" },
      })[locale][code as "fee.commission"] ?? code,
    partyName: (ref: string) =>
      ({
        "zh-CN": { brand: "品牌方", merchant: "商户" },
        en: { brand: "the brand", merchant: "the merchant" },
      })[locale][ref as "brand"] ?? ref,
    baseName: (of: string) =>
      ({ "zh-CN": { gross: "订单金额" }, en: { gross: "order amount" } })[locale][of as "gross"] ?? "…",
  });
  const said = (after: SplitRuleDefinition, locale: "zh-CN" | "en" = "en") =>
    differenceOf(base, after, names(locale));
  const commission = (change: object): SplitRuleDefinition => ({
    ...base,
    legs: base.legs.map((leg) => (leg.code === "fee.commission" ? { ...leg, ...change } : leg)),
  });

  it("is nothing between the same", () => expect(said(structuredClone(base))).toEqual([]));

  it("tells a rate, in both languages", () => {
    const after = commission({ amount: { kind: "rate", rate: "0.018" } });
    expect(said(after)).toEqual(["Platform commission 2% → 1.8%"]);
    expect(said(after, "zh-CN")).toEqual(["平台佣金 2% → 1.8%"]);
  });

  it("tells shares, bounds, rounding, bases and bearers", () => {
    const funding = [
      { party: "brand", share: "0.7" },
      { party: "merchant", share: "0.3" },
    ];
    expect(said({ ...base, funding })).toEqual([
      "Part of the discount borne by the brand: 50% → 70%",
      "Part of the discount borne by the merchant: 50% → 30%",
    ]);
    expect(said({ ...base, funding }, "zh-CN")).toEqual([
      "品牌方承担的优惠 50% → 70%",
      "商户承担的优惠 50% → 30%",
    ]);
    const after = { ...commission({ base: "gross", rounding: "down", max: "5000" }), currency: "CNY" };
    expect(said({ ...after, feeBearer: "merchant" })).toEqual([
      "Currency any → CNY",
      "Platform commission, taken of: … → order amount",
      "Platform commission, at most: none → ¥50.00",
      "Platform commission, rounding: half up → down",
      "The channel's fee is borne by the platform → the merchant",
    ]);
    expect(said({ ...after, feeBearer: "merchant" }, "zh-CN")).toEqual([
      "币种 不限 → CNY",
      "平台佣金计算基数 … → 订单金额",
      "平台佣金上限 无 → ¥50.00",
      "平台佣金舍入 四舍五入 → 舍去尾数",
      "渠道手续费承担方 平台 → 商户",
    ]);
  });

  it("tells legs that come, go, and change places", () => {
    const handling = redemptionRule({
      commissionRate: "0.02",
      funding: base.funding,
      handling: { amount: "100", currency: "CNY" },
    });
    expect(said(handling)).toEqual([
      "Currency any → CNY",
      "New: Handling fee. The brand pays the merchant ¥1.00 per trade.",
    ]);
    expect(differenceOf(handling, base, names("zh-CN"))).toEqual(["币种 CNY → 不限", "取消核销服务费"]);
    const [first, second, ...rest] = base.legs;
    if (!first || !second) throw new Error("legs");
    expect(said({ ...base, legs: [second, first, ...rest] })).toEqual([
      "New order: stored_value.redeemed · sale.collected · subsidy.brand · subsidy.platform · Platform commission · fee.channel",
    ]);
  });

  it("says something of any two that differ, and nothing else", () => {
    const rate = fc.constantFrom("0.01", "0.02", "0.03");
    fc.assert(
      fc.property(rate, rate, (a, b) => {
        const one = redemptionRule({ commissionRate: a });
        const two = redemptionRule({ commissionRate: b });
        expect(differenceOf(one, two, names("en")).length > 0).toBe(a !== b);
      }),
    );
  });
});
