import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { roundDiv } from "@/server/core/money";
import {
  bandAt,
  compileSchedule,
  exactFee,
  exactText,
  type FeePlan,
  type FeePosition,
  feeOfMonth,
  feeOfTrade,
  MONTH_BEGINS,
  slicesBetween,
  trueUp,
  walkBack,
} from "./schedule";
import type { FeeScheduleDefinition } from "./schemas";

const EVERYONE = { everyone: true, tiers: [], parties: [] };
const plan = (definition: Omit<FeeScheduleDefinition, "appliesTo">): FeePlan =>
  compileSchedule({ ...definition, appliesTo: EVERYONE });
const GRADUATED = plan({
  method: "graduated",
  bands: [
    { from: "0", rate: "0.003" },
    { from: "10000000", rate: "0.002" },
    { from: "50000000", rate: "0.0005" },
  ],
});
const VOLUME = plan({
  method: "volume",
  bands: [
    { from: "0", rate: "0.006" },
    { from: "10000000", rate: "0.005" },
  ],
});
const at = (volume: bigint): FeePosition => ({ volume, count: 0, charged: 0n });

/** Charges trades one after the other. */
function month(of: FeePlan, bases: readonly bigint[]): { fees: bigint[]; end: FeePosition } {
  let end = MONTH_BEGINS;
  const fees = bases.map((base) => {
    const { amount, after } = feeOfTrade(of, end, base);
    end = after;
    return amount;
  });
  return { fees, end };
}

describe("worked numbers of the design", () => {
  it("charges a graduated trade over a band's edge by slice: 12.50", () => {
    const before = 49_500_000n;
    expect(feeOfTrade(GRADUATED, at(before), 1_000_000n).amount).toBe(1250n);
    expect(
      slicesBetween(GRADUATED, before, before + 1_000_000n).map(({ band, amount }) => [band.rate, amount]),
    ).toEqual([
      ["0.002", 500_000n],
      ["0.0005", 500_000n],
    ]);
  });

  it("charges volume provisionally and trues it up: 360.00, 234.00, 105.00, then −99.00", () => {
    const { fees, end } = month(VOLUME, [6_000_000n, 3_900_000n, 2_100_000n]);
    expect(fees).toEqual([36_000n, 23_400n, 10_500n]);
    expect(feeOfMonth(VOLUME, end)).toBe(60_000n);
    expect(trueUp(VOLUME, end)).toBe(-9_900n);
  });
});

describe("bands", () => {
  it("are half-open: the edge belongs to the band it begins", () => {
    expect(bandAt(VOLUME, 9_999_999n).rate).toBe("0.006");
    expect(bandAt(VOLUME, 10_000_000n).rate).toBe("0.005");
    expect(exactText(exactFee(GRADUATED, 10_000_000n))).toBe("30000");
    expect(exactText(exactFee(GRADUATED, 10_000_001n))).toBe("30000.002");
  });
});

describe("parts and bounds", () => {
  it("adds a fixed part to each trade, and bounds the fee of each by one rate", () => {
    const flat = plan({
      method: "flat",
      bands: [{ from: "0", rate: "0.006" }],
      fixed: "10",
      min: "50",
      max: "1000",
    });
    expect(month(flat, [10_000n, 1_000n, 1_000_000n, 0n]).fees).toEqual([70n, 50n, 1_000n, 0n]);
    expect(trueUp(flat, month(flat, [10_000n]).end)).toBe(0n);
  });

  it("caps a graduated month, and charges what it lacks of its minimum when it is over", () => {
    const capped = plan({
      method: "graduated",
      bands: [{ from: "0", rate: "0.01" }],
      max: "150",
      min: "120",
    });
    expect(month(capped, [10_000n, 10_000n, 10_000n]).fees).toEqual([100n, 50n, 0n]);
    expect(trueUp(capped, month(capped, [10_000n]).end)).toBe(20n);
    expect(trueUp(capped, MONTH_BEGINS)).toBe(0n);
  });

  it("never charges a volume month more than its cap so far", () => {
    const capped = plan({ method: "volume", bands: [{ from: "0", rate: "0.01" }], max: "150" });
    const { fees, end } = month(capped, [10_000n, 10_000n, 10_000n]);
    expect(fees).toEqual([100n, 50n, 0n]);
    expect(trueUp(capped, end)).toBe(0n);
  });
});

// ── properties ──

const anyRate = fc.integer({ min: 0, max: 99_999 }).map((n) => `0.${n.toString().padStart(6, "0")}`);
const anyBands = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 10_000_000 }), { maxLength: 5 }),
    fc.array(anyRate, { minLength: 6, maxLength: 6 }),
  )
  .map(([edges, rates]) =>
    [0, ...edges.sort((a, b) => a - b)].map((from, i) => ({ from: `${from}`, rate: rates[i] ?? "0" })),
  );
const rounding = fc.constantFrom("half_up", "half_even", "down", "up" as const);
const money = (max: number) => fc.integer({ min: 0, max }).map(String);
const anyGraduated = fc
  .record({
    bands: anyBands,
    rounding,
    fixed: fc.option(money(500), { nil: undefined }),
    max: fc.option(money(5_000_000), { nil: undefined }),
  })
  .map((parts) => plan({ method: "graduated", ...parts }));
const anyVolume = fc
  .record({ bands: anyBands, rounding, fixed: fc.option(money(500), { nil: undefined }) })
  .map((parts) => plan({ method: "volume", ...parts }));
const bases = fc.array(fc.bigInt({ min: 1n, max: 5_000_000n }), { minLength: 1, maxLength: 30 });

describe("a month's fees", () => {
  it("sum to the fee of its volume, for any order and splitting", () => {
    fc.assert(
      fc.property(anyGraduated, bases, fc.infiniteStream(fc.nat()), (of, trades, random) => {
        const shuffled = [...trades]
          .map((base) => ({ base, key: random.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ base }) => base);
        const one = month(of, trades);
        const other = month(of, shuffled);
        expect(other.end).toEqual(one.end);
        expect(one.end.charged).toBe(feeOfMonth(of, one.end));
      }),
    );
  });

  it("sum to it however one trade is split, where no fixed part counts the trades", () => {
    fc.assert(
      fc.property(anyBands, rounding, bases, (bands, mode, trades) => {
        const of = plan({ method: "graduated", bands, rounding: mode });
        const whole = trades.reduce((sum, base) => sum + base, 0n);
        expect(month(of, trades).end.charged).toBe(feeOfTrade(of, MONTH_BEGINS, whole).amount);
        expect(month(of, trades).end.charged).toBe(roundDiv(exactFee(of, whole), 1_000_000n, mode));
      }),
    );
  });

  it("never fall below zero, one by one", () => {
    fc.assert(
      fc.property(fc.oneof(anyGraduated, anyVolume), bases, (of, trades) => {
        for (const fee of month(of, trades).fees) expect(fee >= 0n).toBe(true);
      }),
    );
  });

  it("of a volume schedule are true once trued up", () => {
    fc.assert(
      fc.property(anyVolume, bases, (of, trades) => {
        const { end } = month(of, trades);
        expect(end.charged + trueUp(of, end)).toBe(feeOfMonth(of, end));
      }),
    );
  });

  it("walk back with refunds, whole and in parts, in any order", () => {
    const refunds = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 100 })), { maxLength: 20 });
    fc.assert(
      fc.property(anyGraduated, bases, refunds, (of, trades, given) => {
        let { end } = month(of, trades);
        const { fees } = month(of, trades);
        const left = trades.map((base, i) => ({ base, fee: fees[i] ?? 0n }));
        for (const [which, percent] of given) {
          const trade = left[which % left.length];
          if (!trade || trade.base === 0n) continue;
          const whole = percent > 80;
          const base = whole ? trade.base : (trade.base * BigInt(percent)) / 100n;
          const mirrored = whole ? trade.fee : (trade.fee * BigInt(percent)) / 100n;
          if (!whole && base === trade.base) continue;
          trade.base -= base;
          trade.fee -= mirrored;
          const walked = walkBack(of, end, { base, mirrored, whole });
          expect(walked.after.charged).toBe(end.charged - mirrored - walked.besides);
          end = walked.after;
        }
        expect(end.volume).toBe(left.reduce((sum, { base }) => sum + base, 0n));
        expect(end.charged).toBe(feeOfMonth(of, end));
      }),
    );
  });
});
