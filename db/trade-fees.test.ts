import { expect, it } from "vitest";
import type { TradeFee } from "./schema/types";
import { packFees, unpackFees } from "./trade-fees";

const fee = (leg: string, amount: string): TradeFee => ({
  leg,
  version: "019a0000-0000-7000-8000-000000000001",
  party: "019a0000-0000-7000-8000-000000000002",
  period: "2026-11",
  volume: "9007199254740993",
  count: 41,
  charged: "-12",
  base: "10000",
  amount,
});

it("what a trade keeps of its fees is read as it was written", () => {
  const fees = [fee("fee.commission", "30"), fee("fee.channel", "-6")];
  const packed = packFees(fees);
  expect(packed).not.toContain("\n");
  expect(unpackFees(packed)).toEqual(fees);
});

it("a trade without fees keeps nothing", () => {
  expect(packFees(null)).toBeNull();
  expect(unpackFees(null)).toBeNull();
});
