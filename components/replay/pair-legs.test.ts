import { expect, it } from "vitest";
import { compileRule, type TradeFacts } from "@/server/domain/clearing/engine";
import { redemptionRule } from "@/server/domain/clearing/standard";
import { traceTrade } from "@/server/domain/clearing/trace";
import { moves, pairLegs } from "./pair-legs";

const facts: TradeFacts = {
  kind: "redemption",
  currency: "CNY",
  gross: 10_000n,
  discount: 0n,
  paid: 10_000n,
  collectedBy: "platform",
  parties: { platform: "house", merchant: "m", channel: "wechat" },
  channelFeeRate: "0.006",
};
const trace = (options: Parameters<typeof redemptionRule>[0]) =>
  traceTrade(compileRule(redemptionRule(options)), facts).legs;

it("puts legs of the same code side by side, and those that only one has alone", () => {
  const plain = trace({ commissionRate: "0.02" });
  const handled = trace({ commissionRate: "0.018", handling: { amount: "30", currency: "CNY" } });
  const pairs = pairLegs(plain, handled);
  expect(pairs).toHaveLength(handled.length);
  const of = (code: string) => pairs.find(({ after }) => after?.code === code);
  expect([of("fee.commission")?.before?.amount, of("fee.commission")?.after?.amount]).toEqual(["200", "180"]);
  expect(of("fee.handling")?.before).toBeNull();
  expect(pairLegs(handled, plain).filter(({ after }) => after === null)).toHaveLength(1);
});

it("knows the pairs that move something in one world at least", () => {
  const free = trace({ commissionRate: "0" });
  const pairs = pairLegs(free, trace({ commissionRate: "0.02" }));
  const commission = (of: ReturnType<typeof pairLegs>) =>
    of.find(({ before, after }) => (after ?? before)?.code === "fee.commission");
  expect(commission(pairs.filter(moves))).toBeDefined();
  expect(commission(pairLegs(free, free))).toBeDefined();
  expect(commission(pairLegs(free, free).filter(moves))).toBeUndefined();
});
