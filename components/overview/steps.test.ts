import { expect, test } from "vitest";
import { waterfallRows } from "@/components/charts/waterfall";
import { waterfallSteps } from "./steps";

const labels = {
  gross: "gross",
  merchantDiscount: "own",
  discountOf: (leg: string) => leg,
  paid: "paid",
  subsidies: "subsidies",
  atTheTill: "till",
  leg: (leg: string) => leg,
  refunds: "refunds",
  net: "net",
};

test("each total stands where the changes before it lead", () => {
  const steps = waterfallSteps(
    {
      gross: 100_00n,
      discounts: [
        { funder: "subsidy.brand", amount: 10_00n },
        { funder: "merchant", amount: 10_00n },
      ],
      paid: 80_00n,
      subsidies: 10_00n,
      atTheTill: 30_00n,
      legs: [{ leg: "fee.commission", amount: -2_00n }],
      refunds: -8_00n,
      net: 50_00n,
    },
    labels,
    { trades: "/t", reversals: "/r", statements: "/s" },
  );
  let level = 0n;
  for (const step of steps) {
    if (step.kind === "total") expect(level).toBe(step.amount);
    level = step.kind === "change" ? level + step.amount : step.amount;
  }
  expect(steps.map((s) => s.id)).toEqual([
    "gross",
    "discount subsidy.brand",
    "discount merchant",
    "paid",
    "subsidies",
    "till",
    "fee.commission",
    "refunds",
    "net",
  ]);
  expect(waterfallRows(steps, String)).toHaveLength(steps.length);
});
