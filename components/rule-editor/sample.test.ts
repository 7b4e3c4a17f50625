import { expect, it } from "vitest";
import { clearTrade, compileRule } from "@/server/domain/clearing/engine";
import { compileSchedule } from "@/server/domain/clearing/fees/schedule";
import type { ScheduleInForce } from "@/server/domain/clearing/fees/select";
import { cardSaleRule, redemptionRule } from "@/server/domain/clearing/standard";
import { factsOfSample, netsOf, type SampleFees, sampleOf, usualSample } from "./sample";

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

it("prices a leg by the chosen schedule and the volume typed, and without one at the rule's rate", () => {
  const rule = {
    ...voucher,
    legs: voucher.legs.map((leg) =>
      leg.code === "fee.commission"
        ? { ...leg, amount: { kind: "fee_schedule" as const, rate: "0.02" } }
        : leg,
    ),
  };
  const schedule: ScheduleInForce = {
    id: "v1",
    scheduleId: "s1",
    number: "FS-1",
    name: "阶梯",
    version: 1,
    role: "merchant",
    leg: "fee.commission",
    currency: "CNY",
    effectiveFrom: new Date(0),
    appliesTo: { everyone: true, tiers: [], parties: [] },
    plan: compileSchedule({
      method: "graduated",
      bands: [
        { from: "0", rate: "0.03" },
        { from: "1000000", rate: "0.01" },
      ],
      appliesTo: { everyone: true, tiers: [], parties: [] },
    }),
  };
  const input = usualSample("redemption", "CNY");
  const commission = (fees?: SampleFees) => {
    const sample = sampleOf(rule, input, "CNY", {}, fees);
    if (!sample.ok) throw new Error(sample.code);
    return sample.trace.legs.find(({ code }) => code === "fee.commission");
  };
  const of = (volume: bigint): SampleFees =>
    new Map([["fee.commission", { schedule, because: null, period: "2026-11", volume }]]);
  expect(commission()?.amount).toBe("192"); // 2 % of 96.00
  expect(commission(of(0n))?.amount).toBe("288");
  const over = commission(of(1_000_000n));
  expect([over?.amount, over?.fee?.volumeBefore, over?.fee?.slices.map(({ rate }) => rate)]).toEqual([
    "96",
    "1000000",
    ["0.01"],
  ]);
});

it("tells the engine's refusal instead of a number", () => {
  const input = { ...usualSample("card_sale", "CNY"), cost: 9_900n };
  expect(sampleOf(cardSaleRule({ commissionRate: "0.01" }), input, "CNY", {})).toMatchObject({
    ok: false,
    code: "RULE_NEGATIVE_RESULT",
  });
});
