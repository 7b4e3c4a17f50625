import { expect, test } from "vitest";
import { type LegSum, NOTHING, waterfallOf } from "./figures";

const leg = (code: string, amount: bigint, reversed = 0n): LegSum => ({
  kind: "payable",
  leg: code,
  credits: amount > 0n ? amount : 0n,
  debits: amount < 0n ? -amount : 0n,
  reversed,
});
const sold = { ...NOTHING, trades: 1, gross: 100_00n, discount: 20_00n, paid: 80_00n };

test("the worked voucher, collected by the platform", () => {
  const legs = [
    leg("sale.collected", 80_00n),
    leg("subsidy.brand", 10_00n),
    leg("subsidy.platform", 6_00n),
    leg("fee.commission", -1_92n),
  ];
  expect(waterfallOf(sold, legs)).toEqual({
    gross: 100_00n,
    discounts: [
      { funder: "subsidy.brand", amount: 10_00n },
      { funder: "subsidy.platform", amount: 6_00n },
      { funder: "merchant", amount: 4_00n },
    ],
    paid: 80_00n,
    subsidies: 16_00n,
    atTheTill: 0n,
    legs: [{ leg: "fee.commission", amount: -1_92n }],
    refunds: 0n,
    net: 94_08n,
  });
});

test("the same, collected at the merchant's till: due 14.08", () => {
  const legs = [leg("subsidy.brand", 10_00n), leg("subsidy.platform", 6_00n), leg("fee.commission", -1_92n)];
  expect(waterfallOf(sold, legs)).toMatchObject({ paid: 80_00n, atTheTill: 80_00n, net: 14_08n });
});

test("a whole reversal takes the net back, and payments are no part of it", () => {
  const reversed = {
    ...NOTHING,
    trades: 1,
    reversals: 1,
    reversedGross: -100_00n,
    reversedDiscount: -20_00n,
  };
  const both = (code: string, amount: bigint): LegSum => ({
    kind: "payable",
    leg: code,
    credits: amount < 0n ? -amount : amount,
    debits: amount < 0n ? -amount : amount,
    reversed: -amount,
  });
  const legs = [
    both("sale.collected", 80_00n),
    both("subsidy.brand", 10_00n),
    both("fee.commission", -1_92n),
    leg("payout", -88_08n),
    { ...leg("subsidy.brand", -10_00n), kind: "receivable" },
  ];
  const w = waterfallOf(reversed, legs);
  expect(w).toMatchObject({ gross: 100_00n, paid: 80_00n, refunds: -88_08n, net: 0n });
  const level =
    w.paid + w.subsidies - w.atTheTill + w.legs.reduce((sum, l) => sum + l.amount, 0n) + w.refunds;
  expect(level).toBe(w.net);
});
