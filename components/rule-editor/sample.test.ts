import { expect, it } from "vitest";
import { clearTrade, compileRule } from "@/server/domain/clearing/engine";
import { cardSaleRule, redemptionRule } from "@/server/domain/clearing/standard";
import { factsOfSample, netsOf, sampleOf, usualSample } from "./sample";

const voucher = redemptionRule({
  commissionRate: "0.02",
  funding: [
    { party: "brand", share: "0.5" },
    { party: "platform", share: "0.3" },
    { party: "merchant", share: "0.2" },
  ],
});

it("shows the design's worked voucher, and what the engine posts", () => {
  const input = usualSample("redemption", "CNY");
  const sample = sampleOf(voucher, input, "CNY", {});
  if (!sample.ok) throw new Error(sample.code);
  expect(Object.fromEntries(netsOf(sample.trace))).toEqual({
    merchant: 9408n,
    brand: -1000n,
    channel: -7952n,
    platform: -456n,
  });
  const posted = clearTrade(compileRule(voucher), factsOfSample(input, "CNY", {}, true)).legs;
  expect(
    sample.trace.legs.filter(({ note }) => note === null).map(({ code, amount }) => [code, amount]),
  ).toEqual(posted.map(({ code, amount }) => [code, `${amount}`]));
});

it("shows the design's worked card", () => {
  const rule = cardSaleRule({ commissionRate: "0.01", uplineRates: ["0.002"] });
  const sample = sampleOf(rule, usualSample("card_sale", "CNY"), "CNY", {});
  if (!sample.ok) throw new Error(sample.code);
  const nets = Object.fromEntries(netsOf(sample.trace));
  expect([nets.supplier, nets.distributor, nets["upline:1"], nets.platform]).toEqual([
    9500n,
    99n,
    20n,
    231n - 59n,
  ]);
});

it("tells the engine's refusal instead of a number", () => {
  const input = { ...usualSample("card_sale", "CNY"), cost: 9_900n };
  expect(sampleOf(cardSaleRule({ commissionRate: "0.01" }), input, "CNY", {})).toMatchObject({
    ok: false,
    code: "RULE_NEGATIVE_RESULT",
  });
});
