import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { channelFeeOf } from "../clearing";
import { type Candidate, route } from "./route";

const channel = (name: string, changes: Partial<Candidate> = {}): Candidate => ({
  channelId: name,
  name,
  enabled: true,
  feeRate: "0.006",
  feeMin: null,
  feeMax: null,
  minAmount: null,
  maxAmount: null,
  currency: "CNY",
  ...changes,
});

describe("the fee of a channel", () => {
  it("is rate × amount, rounded half up once, within its bounds", () => {
    const fee = (amount: bigint, changes: Partial<Candidate> = {}) =>
      channelFeeOf(amount, channel("a", changes));
    expect(fee(9_850n)).toBe(59n); // 59.1
    expect(fee(1_250n)).toBe(8n); // 7.5
    expect(fee(1_249n)).toBe(7n); // 7.494
    expect(fee(100n, { feeMin: 10n })).toBe(10n);
    expect(fee(1_000_000n, { feeMax: 2_500n })).toBe(2_500n);
    expect(fee(9_223_372_036_854_775_807n, { feeRate: "0.000001" })).toBe(9_223_372_036_855n);
  });
});

describe("the router", () => {
  it("takes the cheapest that fits, and says why each other lost", () => {
    const { channelId, considered } = route(100_000n, "CNY", [
      channel("Cheap but off", { feeRate: "0", enabled: false }),
      channel("Dear", { feeRate: "0.01" }),
      channel("Capped", { feeMax: 500n }),
      channel("Same as capped", { feeRate: "0.005" }),
      channel("Small only", { maxAmount: 99_999n, feeRate: "0.001" }),
      channel("Large only", { minAmount: 100_001n, feeRate: "0.001" }),
      channel("Dollars", { currency: "USD", feeRate: "0.001" }),
    ]);
    expect(channelId).toBe("Capped");
    expect(considered.map((c) => [c.name, c.verdict, c.fee, c.bound])).toEqual([
      ["Capped", "chosen", "500", "max"],
      ["Same as capped", "same_fee", "500", null],
      ["Dear", "dearer", "1000", null],
      ["Cheap but off", "off", "0", null],
      ["Dollars", "other_currency", "100", null],
      ["Large only", "below_min", "100", null],
      ["Small only", "above_max", "100", null],
    ]);
  });

  it("changes its mind with the amount", () => {
    const flat = channel("Flat", { feeRate: "0", feeMin: 50n });
    const rate = channel("Rate", { feeRate: "0.006" });
    const choice = (amount: bigint) => route(amount, "CNY", [flat, rate]).channelId;
    expect(choice(8_249n)).toBe("Rate"); // 49.49
    expect(choice(8_333n)).toBe("Flat"); // 50 and 50: by name
    expect(choice(8_417n)).toBe("Flat"); // 51
  });

  it("has nothing to choose when none fits", () => {
    expect(route(1n, "CNY", [])).toEqual({ channelId: null, considered: [] });
    expect(route(1n, "CNY", [channel("a", { enabled: false })]).channelId).toBeNull();
  });

  const bound = fc.option(fc.bigInt(0n, 100_000n), { nil: null });
  const candidates = fc.array(
    fc.record({
      channelId: fc.uuid(),
      name: fc.constantFrom("a", "b", "c"),
      enabled: fc.boolean(),
      feeRate: fc.integer({ min: 0, max: 20_000 }).map((n) => `0.${String(n).padStart(6, "0")}`),
      feeMin: bound,
      feeMax: bound,
      minAmount: bound,
      maxAmount: bound,
      currency: fc.constantFrom("CNY", "CNY", "USD"),
    }),
    { maxLength: 8 },
  );

  it("never chooses one that does not fit, nor a dearer one, whatever the order they come in", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10_000_000n), candidates, (amount, list) => {
        const { channelId, considered } = route(amount, "CNY", list);
        expect(route(amount, "CNY", [...list].reverse()).considered).toEqual(considered);
        expect(considered).toHaveLength(list.length);
        const fits = list.filter(
          (c) =>
            c.enabled &&
            c.currency === "CNY" &&
            (c.minAmount === null || c.minAmount <= amount) &&
            (c.maxAmount === null || c.maxAmount >= amount),
        );
        expect(considered.filter((c) => c.verdict === "chosen").map((c) => c.channelId)).toEqual(
          channelId === null ? [] : [channelId],
        );
        if (channelId === null) {
          expect(fits).toEqual([]);
          return;
        }
        const chosen = fits.find((c) => c.channelId === channelId);
        if (!chosen) throw new Error("it does not fit");
        for (const other of fits) {
          const [mine, theirs] = [channelFeeOf(amount, chosen), channelFeeOf(amount, other)];
          expect(mine <= theirs).toBe(true);
          if (mine === theirs) expect(chosen.name <= other.name).toBe(true);
        }
      }),
    );
  });
});
