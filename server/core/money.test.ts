import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CURRENCY_EXPONENTS } from "./currencies";
import { isDomainError } from "./errors";
import {
  allocate,
  applyRate,
  currencyExponent,
  displayAmount,
  exactProduct,
  formatAmount,
  isCurrency,
  MAX_AMOUNT,
  parseAmount,
  parseRate,
  type Rate,
  ROUNDING_MODES,
  type RoundingMode,
  rateParts,
  readAmountInput,
  roundDiv,
} from "./money";

const amount = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
const weight = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 1_000_000n }));
const weights = fc.array(weight, { minLength: 1, maxLength: 12 }).filter((w) => w.some((x) => x > 0n));
const rate = fc
  .tuple(fc.nat(99), fc.nat(999_999))
  .map(([whole, places]): Rate => parseRate(`${whole}.${String(places).padStart(6, "0")}`));
const currency = fc.constantFrom(...CURRENCY_EXPONENTS.keys());

function sum(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => a + b, 0n);
}
function codeOf(work: () => unknown): { code: string; params: unknown } | "no error" {
  try {
    work();
    return "no error";
  } catch (error) {
    if (isDomainError(error)) return { code: error.code, params: error.params };
    throw error;
  }
}

describe("allocate", () => {
  it.each([
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
    [5n, [50n, 30n, 20n], [3n, 1n, 1n]],
    [1n, [0n, 1n, 1n], [0n, 1n, 0n]],
    [2000n, [50n, 30n, 20n], [1000n, 600n, 400n]],
    [999n, [50n, 30n, 20n], [499n, 300n, 200n]],
  ])("the design's allocate(%s, %s) = %s", (total, by, shares) => {
    expect(allocate(total, by)).toEqual(shares);
  });

  it("gives ties to the lower priority, then to the smaller id", () => {
    expect(allocate(1n, [1n, 1n], [{ priority: 2 }, { priority: 1 }])).toEqual([0n, 1n]);
    expect(allocate(1n, [1n, 1n], [{ id: "b" }, { id: "a" }])).toEqual([0n, 1n]);
    expect(
      allocate(
        1n,
        [1n, 1n],
        [
          { priority: 1, id: "b" },
          { priority: 2, id: "a" },
        ],
      ),
    ).toEqual([1n, 0n]);
  });

  it("refuses what cannot be shared", () => {
    expect(() => allocate(1n, [0n, 0n])).toThrow(RangeError);
    expect(() => allocate(1n, [])).toThrow(RangeError);
    expect(() => allocate(1n, [2n, -1n])).toThrow(RangeError);
    expect(allocate(0n, [0n, 0n])).toEqual([0n, 0n]);
  });

  it("always sums to the total, mirrors negatives, leaves zero weights empty, stays within one unit", () => {
    fc.assert(
      fc.property(amount, weights, (total, by) => {
        const shares = allocate(total, by);
        expect(sum(shares)).toBe(total);
        expect(allocate(-total, by)).toEqual(shares.map((s) => (s === 0n ? 0n : -s)));
        const whole = sum(by);
        by.forEach((w, i) => {
          const share = shares[i] ?? 0n;
          if (w === 0n) expect(share).toBe(0n);
          const off = share * whole - total * w;
          expect(off < whole && off > -whole).toBe(true);
        });
      }),
    );
  });

  it("does not depend on the order in which parties are listed", () => {
    fc.assert(
      fc.property(amount, weights, fc.infiniteStream(fc.nat()), (total, by, random) => {
        const entries = by.map((w, i) => ({ w, order: { id: `p${String(i).padStart(3, "0")}` } }));
        const shuffled = entries
          .map((entry) => ({ entry, key: random.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ entry }) => entry);
        const byId = (list: typeof entries) => {
          const shares = allocate(
            total,
            list.map((e) => e.w),
            list.map((e) => e.order),
          );
          return new Map(list.map((e, i) => [e.order.id, shares[i]]));
        };
        const straight = byId(entries);
        for (const [id, share] of byId(shuffled)) expect(straight.get(id)).toBe(share);
      }),
    );
  });
});

describe("rounding", () => {
  it.each<[bigint, RoundingMode, bigint]>([
    [25n, "half_up", 3n],
    [25n, "half_even", 2n],
    [35n, "half_even", 4n],
    [25n, "down", 2n],
    [21n, "up", 3n],
    [-25n, "half_up", -3n],
    [-25n, "half_even", -2n],
    [-25n, "down", -2n],
    [-21n, "up", -3n],
    [20n, "up", 2n],
  ])("%s tenths, %s → %s", (tenths, mode, whole) => {
    expect(roundDiv(tenths, 10n, mode)).toBe(whole);
  });

  it("agrees with an oracle that searches the nearest whole numbers", () => {
    const divisor = fc.bigInt({ min: 1n, max: 10n ** 9n });
    fc.assert(
      fc.property(amount, divisor, fc.constantFrom(...ROUNDING_MODES), (numerator, denominator, mode) => {
        expect(roundDiv(numerator, denominator, mode)).toBe(oracle(numerator, denominator, mode));
        expect(roundDiv(-numerator, -denominator, mode)).toBe(oracle(numerator, denominator, mode));
      }),
    );
    fc.assert(
      // many exact halves
      fc.property(amount, fc.constantFrom(...ROUNDING_MODES), (numerator, mode) => {
        expect(roundDiv(numerator, 2n, mode)).toBe(oracle(numerator, 2n, mode));
      }),
    );
  });

  it("refuses to divide by zero", () => {
    expect(() => roundDiv(1n, 0n, "half_up")).toThrow(RangeError);
  });

  /** Picks among the whole numbers around the quotient by distance alone. */
  function oracle(numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
    const abs = (x: bigint) => (x < 0n ? -x : x);
    const near = numerator / denominator;
    const candidates = [near - 1n, near, near + 1n].filter(
      (c) => abs(c * denominator - numerator) < denominator,
    );
    const distance = (c: bigint) => abs(c * denominator - numerator);
    const sorted = [...candidates].sort((a, b) => {
      if (mode === "down") return Number(abs(a) - abs(b));
      if (mode === "up") return Number(abs(b) - abs(a));
      const d = distance(a) - distance(b);
      if (d !== 0n) return d < 0n ? -1 : 1;
      return mode === "half_up" ? Number(abs(b) - abs(a)) : a % 2n === 0n ? -1 : 1;
    });
    const exact = candidates.find((c) => distance(c) === 0n);
    return exact ?? sorted[0] ?? near;
  }
});

describe("rates", () => {
  it("are canonical decimals of at most six places", () => {
    expect(parseRate("0.0060")).toBe("0.006");
    expect(parseRate("1")).toBe("1");
    expect(parseRate("00.5")).toBe("0.5");
    for (const bad of ["", "-0.1", "0.1234567", "1e3", " 1", ".5", "5.", "NaN", "1,5"]) {
      expect(codeOf(() => parseRate(bad))).toEqual({ code: "RATE_INVALID", params: { value: bad } });
    }
    expect(rateParts("0.006")).toEqual({ numerator: 6n, denominator: 1000n });
  });

  it("round once: the design's card-key fees", () => {
    expect(applyRate(9850n, "0.01")).toBe(99n);
    expect(applyRate(9850n, "0.002")).toBe(20n);
    expect(applyRate(9850n, "0.006")).toBe(59n);
    expect(exactProduct(9850n, "0.01")).toBe("98.5");
    expect(exactProduct(9850n, "0.002")).toBe("19.7");
    expect(exactProduct(9850n, "0.006")).toBe("59.1");
    expect(exactProduct(-5n, "0.01")).toBe("-0.05");
    expect(exactProduct(100n, "0.5")).toBe("50");
  });

  it("mirror negative amounts and keep the exact product within one unit", () => {
    fc.assert(
      fc.property(amount, rate, fc.constantFrom(...ROUNDING_MODES), (a, r, mode) => {
        expect(applyRate(-a, r, mode)).toBe(-applyRate(a, r, mode));
        const { numerator, denominator } = rateParts(r);
        const off = applyRate(a, r, mode) * denominator - a * numerator;
        expect(off < denominator && off > -denominator).toBe(true);
      }),
    );
  });
});

describe("text to amount", () => {
  it("reads the design's example", () => {
    expect(parseAmount("12.34", "CNY")).toBe(1234n);
  });

  it.each(["12.345", "1e3", "NaN", " 12", "12,34", "", "12.", ".5", "+1", "--1", "0x10", "１２", "1 ", "∞"])(
    "names the value it refuses: %j",
    (text) => {
      expect(codeOf(() => parseAmount(text, "CNY"))).toEqual({
        code: "AMOUNT_INVALID",
        params: { value: text, currency: "CNY" },
      });
    },
  );

  it("knows each currency's places and bounds", () => {
    expect(parseAmount("12", "JPY")).toBe(12n);
    expect(codeOf(() => parseAmount("12.0", "JPY"))).toMatchObject({ code: "AMOUNT_INVALID" });
    expect(parseAmount("1.234", "KWD")).toBe(1234n);
    expect(parseAmount("1.5", "USDT")).toBe(1_500_000n);
    expect(parseAmount("-0", "CNY")).toBe(0n);
    expect(parseAmount("92233720368547758.07", "CNY")).toBe(MAX_AMOUNT);
    expect(codeOf(() => parseAmount("92233720368547758.08", "CNY"))).toMatchObject({
      code: "AMOUNT_INVALID",
    });
    expect(codeOf(() => parseAmount("9".repeat(5000), "CNY"))).toMatchObject({ code: "AMOUNT_INVALID" });
    expect(codeOf(() => parseAmount("1", "XYZ"))).toEqual({
      code: "CURRENCY_UNKNOWN",
      params: { currency: "XYZ" },
    });
    expect(isCurrency("CNY")).toBe(true);
    expect(isCurrency("cny")).toBe(false);
    expect(currencyExponent("USDT")).toBe(6);
    expect(CURRENCY_EXPONENTS.has("")).toBe(false);
  });

  it("reads back what it wrote", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -MAX_AMOUNT, max: MAX_AMOUNT }), currency, (a, c) => {
        expect(parseAmount(formatAmount(a, c), c)).toBe(a);
        expect(readAmountInput(formatAmount(a, c), c)).toBe(a);
      }),
    );
  });

  it("never misreads arbitrary text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        const outcome = codeOf(() => parseAmount(text, "CNY"));
        if (outcome !== "no error") expect(outcome.code).toBe("AMOUNT_INVALID");
        else expect(text).toMatch(/^-?[0-9]+(\.[0-9]{1,2})?$/);
        readAmountInput(text, "CNY");
      }),
    );
  });
});

describe("what people type", () => {
  it.each<[string, bigint | null]>([
    ["1,234.50", 123450n],
    ["￥1,234.50", 123450n],
    ["¥ 1,234.50", 123450n],
    ["１，２３４．５０", 123450n],
    ["１２３４。５", 123450n],
    ["1234.5元", 123450n],
    ["RMB 12", 1200n],
    ["CNY12", 1200n],
    ["12 cny", 1200n],
    ["1 234.50", 123450n],
    ["1,234,567", 123456700n],
    [" 12 ", 1200n],
    ["-5", -500n],
    ["−¥5", -500n],
    [".5", 50n],
    ["5.", 500n],
    ["1.2000", 120n],
    ["0", 0n],
    ["12,34", null],
    ["1,2345", null],
    ["1,234 567", null],
    ["1.2.3", null],
    ["1.234", null],
    ["$12", null],
    ["1e3", null],
    ["12 x", null],
    ["", null],
    [".", null],
    ["-", null],
    ["¥", null],
    ["9".repeat(30), null],
  ])("%j → %s", (text, read) => {
    expect(readAmountInput(text, "CNY")).toBe(read);
  });

  it("knows the signs of other currencies", () => {
    expect(readAmountInput("$1,000.5", "USD")).toBe(100050n);
    expect(readAmountInput("€ 3", "EUR")).toBe(300n);
    expect(readAmountInput("USDT 0.000001", "USDT")).toBe(1n);
    expect(readAmountInput("USDT -0.000001", "USDT")).toBe(-1n);
    expect(readAmountInput("-JPY -1", "JPY")).toBe(null);
  });

  it("reads back what it displays", () => {
    fc.assert(
      fc.property(amount, currency, fc.constantFrom("zh-CN", "en"), (a, c, locale) => {
        expect(readAmountInput(displayAmount(a, c, locale), c)).toBe(a);
      }),
    );
  });
});

describe("amount to text", () => {
  it("is exact and plain", () => {
    expect(formatAmount(123450n, "CNY")).toBe("1234.50");
    expect(formatAmount(-5n, "CNY")).toBe("-0.05");
    expect(formatAmount(0n, "CNY")).toBe("0.00");
    expect(formatAmount(-12n, "JPY")).toBe("-12");
    expect(formatAmount(1n, "USDT")).toBe("0.000001");
  });

  it("is grouped for people, exact at any size", () => {
    expect(displayAmount(123450n, "CNY", "zh-CN")).toBe("¥1,234.50");
    expect(displayAmount(123450n, "CNY", "en")).toBe("¥1,234.50");
    expect(displayAmount(-5n, "CNY", "zh-CN")).toBe("-¥0.05");
    expect(displayAmount(MAX_AMOUNT, "CNY", "zh-CN")).toBe("¥92,233,720,368,547,758.07");
    expect(displayAmount(107339n, "USD", "en")).toBe("$1,073.39");
    expect(displayAmount(1200n, "JPY", "en")).toBe("JPY\u00a01,200");
    expect(displayAmount(1_500_000n, "USDT", "en")).toBe("USDT\u00a01.500000");
  });
});
