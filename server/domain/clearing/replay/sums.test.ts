import { expect, test } from "vitest";
import { compileRule, evaluate, type TradeFacts } from "../engine";
import { redemptionRule } from "../standard";
import { Sums } from "./sums";
import { Top } from "./top";

const SIZES = { overall: 2, perParty: 1, inAll: 1_000 };
const figures = (id: string) => () => ({
  id,
  kind: "redemption",
  tradedAt: new Date(0),
  currency: "CNY",
  gross: 0n,
  months: null,
});
const cheap = compileRule(redemptionRule({ commissionRate: "0.018" }));
const dear = compileRule(redemptionRule({ commissionRate: "0.02" }));
const facts = (gross: bigint, collectedBy: "platform" | "merchant" = "platform"): TradeFacts => ({
  kind: "redemption",
  currency: "CNY",
  gross,
  discount: 0n,
  paid: gross,
  collectedBy,
  parties: { platform: "house", merchant: "m", channel: "wechat" },
  channelFeeRate: "0.006",
});
const told = (sums: Sums) =>
  Object.fromEntries(
    sums
      .parties()
      .map(({ partyId, before, after, trades, changed }) => [partyId, [before, after, trades, changed]]),
  );

test("each has what its accounts are credited less debited; what a channel only holds is not its own", () => {
  const sums = new Sums(SIZES);
  sums.add("CNY", evaluate(dear, facts(10_000n)).legs, evaluate(cheap, facts(10_000n)).legs, figures("a"));
  // 100.00 less 2 %, then 1.8 %; the platform bears the channel's 0.6 %
  expect(told(sums)).toEqual({
    m: [9_800n, 9_820n, 1, 1],
    house: [140n, 120n, 1, 1],
    wechat: [60n, 60n, 1, 0],
  });
  expect(sums.kept()).toEqual([
    expect.objectContaining({
      id: "a",
      moved: 20n,
      shares: expect.arrayContaining([
        { partyId: "m", before: 9_800n, after: 9_820n },
        { partyId: "house", before: 140n, after: 120n },
      ]),
    }),
  ]);
});

test("at a till the merchant owes the commission; a trade that stays the same counts on both sides", () => {
  const sums = new Sums(SIZES);
  sums.add("CNY", evaluate(dear, facts(5_000n, "merchant")).legs, null, figures("a"));
  expect(told(sums)).toEqual({ m: [-100n, -100n, 1, 0], house: [100n, 100n, 1, 0] });
  expect([sums.trades, sums.changed, sums.kept()]).toEqual([1, 0, []]);
});

test("keeps the largest overall and of each party, and adds what is beside trades", () => {
  const sums = new Sums(SIZES);
  for (const [i, gross] of [10_000n, 50_000n, 20_000n, 50_000n].entries()) {
    sums.add("CNY", evaluate(dear, facts(gross)).legs, evaluate(cheap, facts(gross)).legs, figures(`t${i}`));
  }
  expect(sums.kept().map(({ id, moved }) => [id, moved])).toEqual([
    ["t1", 100n],
    ["t3", 100n],
  ]);
  sums.addBeside("CNY", "m", 0n, 7n);
  expect(told(sums).m).toEqual([127_400n, 127_667n, 4, 4]);
});

test("the largest of many, of equal ones those that came first", () => {
  const top = new Top<number>(5);
  const keys = Array.from({ length: 200 }, (_, i) => BigInt((i * 7919) % 101));
  for (const [i, key] of keys.entries()) if (top.takes(key)) top.add(key, i);
  const sorted = keys.map((key, i) => ({ key, i })).sort((a, b) => Number(b.key - a.key) || a.i - b.i);
  expect(top.items()).toEqual(sorted.slice(0, 5).map(({ i }) => i));
});
