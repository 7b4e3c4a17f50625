import { expect, it } from "vitest";
import { waterfallRows } from "./waterfall";

it("hangs each change on the level before it", () => {
  const rows = waterfallRows(
    [
      { id: "gross", label: "gross", amount: 10_000n, kind: "start" },
      { id: "discount", label: "discount", amount: -2_000n, kind: "change" },
      { id: "subsidy", label: "subsidy", amount: 1_600n, kind: "change" },
      { id: "refund", label: "refund", amount: -12_000n, kind: "change" },
      { id: "net", label: "net", amount: -2_400n, kind: "total" },
    ],
    (amount, signed) => `${signed && amount > 0n ? "+" : ""}${amount}`,
  );
  expect(rows.map(({ low, high, tone, text }) => [low, high, tone, text])).toEqual([
    [0n, 10_000n, "total", "10000"],
    [8_000n, 10_000n, "loss", "-2000"],
    [8_000n, 9_600n, "gain", "+1600"],
    [-2_400n, 9_600n, "loss", "-12000"],
    [-2_400n, 0n, "total", "-2400"],
  ]);
});
