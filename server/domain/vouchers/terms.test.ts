import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyRate } from "@/server/core/money";
import { discountFor, type Order } from "./terms";
import { type VoucherTerms, type VoucherTermsInput, voucherTerms } from "./terms-schemas";

const terms = (input: VoucherTermsInput) => voucherTerms.parse(input);
const given = (input: VoucherTermsInput, amount: bigint, more: Partial<Order> = {}) =>
  discountFor(terms(input), { amount, ...more });
const gives = (discount: bigint, paid: bigint) => ({ ok: true, discount, storedValue: 0n, paid });

describe("fixed", () => {
  it("takes X off, at most the order", () => {
    expect(given({ type: "fixed", amount: "2000" }, 10000n)).toEqual(gives(2000n, 8000n));
    expect(given({ type: "fixed", amount: "2000" }, 1500n)).toEqual(gives(1500n, 0n));
  });
});

describe("threshold", () => {
  const full100off20: VoucherTermsInput = { type: "threshold", threshold: "10000", amount: "2000" };
  it("满 100 减 20", () => {
    expect(given(full100off20, 10000n)).toEqual(gives(2000n, 8000n));
    expect(given(full100off20, 35000n)).toEqual(gives(2000n, 33000n));
    expect(given(full100off20, 9999n)).toEqual({
      ok: false,
      code: "VOUCHER_BELOW_THRESHOLD",
      params: { threshold: "10000", missing: "1" },
    });
  });
  it("每满 100 减 20, with a ceiling", () => {
    expect(given({ ...full100off20, every: true }, 35000n)).toEqual(gives(6000n, 29000n));
    expect(given({ ...full100off20, every: true, ceiling: "5000" }, 35000n)).toEqual(gives(5000n, 30000n));
  });
  it("refuses terms that give more than they ask for", () => {
    expect(voucherTerms.safeParse({ ...full100off20, amount: "10001" }).success).toBe(false);
    expect(voucherTerms.safeParse({ ...full100off20, ceiling: "1999" }).success).toBe(false);
  });
});

describe("percent", () => {
  it("takes a part off, rounded once, up to the ceiling", () => {
    expect(given({ type: "percent", off: "0.2" }, 9999n)).toEqual(gives(2000n, 7999n));
    expect(given({ type: "percent", off: "0.2", rounding: "down" }, 9999n)).toEqual(gives(1999n, 8000n));
    expect(given({ type: "percent", off: "0.2", ceiling: "1500" }, 9999n)).toEqual(gives(1500n, 8499n));
    expect(given({ type: "percent", off: "1" }, 9999n)).toEqual(gives(9999n, 0n));
    expect(given({ type: "percent", off: "0.2", minimum: "10000" }, 9000n)).toMatchObject({
      code: "VOUCHER_BELOW_THRESHOLD",
      params: { missing: "1000" },
    });
  });
  it("is more than nothing and at most everything", () => {
    expect(voucherTerms.safeParse({ type: "percent", off: "0" }).success).toBe(false);
    expect(voucherTerms.safeParse({ type: "percent", off: "1.01" }).success).toBe(false);
  });
});

describe("exchange", () => {
  const coffee: VoucherTermsInput = { type: "exchange", productCodes: ["LATTE", "MOCHA"] };
  it("gives one piece free, the dearest of those that fit", () => {
    const lines = [
      { productCode: "LATTE", amount: 5001n, quantity: 2 },
      { productCode: "MOCHA", amount: 2800n },
      { productCode: "CAKE", amount: 9000n },
    ];
    expect(given(coffee, 16801n, { lines })).toEqual(gives(2800n, 14001n));
    expect(given(coffee, 16801n, { lines: lines.slice(0, 1) })).toEqual(gives(2500n, 14301n));
    expect(given({ ...coffee, ceiling: "2000" }, 16801n, { lines })).toEqual(gives(2000n, 14801n));
    expect(given(coffee, 3000n, { productCode: "LATTE" })).toEqual(gives(3000n, 0n));
  });
  it("refuses other products", () => {
    const refused = { ok: false, code: "VOUCHER_WRONG_PRODUCT", params: { products: "LATTE, MOCHA" } };
    expect(given(coffee, 9000n, { lines: [{ productCode: "CAKE", amount: 9000n }] })).toEqual(refused);
    expect(given(coffee, 9000n)).toEqual(refused);
  });
});

describe("gift card", () => {
  const card = terms({ type: "gift_card", balance: "5000" });
  it("is used in parts", () => {
    const draw = (amount: bigint, balance: bigint, use?: bigint) =>
      discountFor(card, { amount }, { balance, use });
    expect(draw(3000n, 5000n)).toEqual({ ok: true, discount: 0n, storedValue: 3000n, paid: 0n });
    expect(draw(8000n, 5000n)).toEqual({ ok: true, discount: 0n, storedValue: 5000n, paid: 3000n });
    expect(draw(8000n, 5000n, 1000n)).toEqual({ ok: true, discount: 0n, storedValue: 1000n, paid: 7000n });
    expect(draw(8000n, 5000n, 5001n)).toMatchObject({
      code: "VOUCHER_BALANCE_TOO_LOW",
      params: { balance: "5000", asked: "5001" },
    });
    expect(draw(8000n, 0n)).toMatchObject({ code: "VOUCHER_BALANCE_TOO_LOW" });
    expect(draw(800n, 5000n, 900n)).toMatchObject({ code: "DISCOUNT_EXCEEDS_ORDER" });
  });
});

describe("any terms on any order", () => {
  const money = fc.bigInt({ min: 1n, max: 10n ** 12n });
  const text = money.map(String);
  const kinds: fc.Arbitrary<VoucherTerms>[] = [
    fc.record({ type: fc.constant("fixed" as const), amount: text }),
    fc
      .tuple(money, fc.nat(100), fc.boolean(), fc.option(money, { nil: undefined }))
      .map(([threshold, part, every, more]): VoucherTerms => {
        const amount = (threshold * BigInt(part)) / 100n || 1n;
        const ceiling = more === undefined ? undefined : `${amount + more}`;
        return { type: "threshold", threshold: `${threshold}`, amount: `${amount}`, every, ceiling };
      }),
    fc.record({
      type: fc.constant("percent" as const),
      off: fc
        .integer({ min: 1, max: 1_000_000 })
        .map((n) => (n === 1e6 ? "1" : `0.${String(n).padStart(6, "0")}`)),
      ceiling: fc.option(text, { nil: undefined }),
      minimum: fc.option(text, { nil: undefined }),
      rounding: fc.constantFrom("half_up" as const, "half_even" as const, "down" as const, "up" as const),
    }),
    fc.record({ type: fc.constant("exchange" as const), productCodes: fc.constant<string[]>(["A"]) }),
    fc.record({ type: fc.constant("gift_card" as const), balance: text }),
  ];
  const anyTerms = fc.oneof(...kinds);
  const lines = fc.array(
    fc.record({
      productCode: fc.constantFrom("A", "B"),
      amount: money,
      quantity: fc.integer({ min: 1, max: 9 }),
    }),
    { maxLength: 4 },
  );

  it("gives between nothing and the order, and what is left is paid", () => {
    fc.assert(
      fc.property(anyTerms, money, lines, money, (t, amount, l, balance) => {
        expect(voucherTerms.safeParse(t).success).toBe(true);
        const result = discountFor(t, { amount, lines: l }, { balance });
        if (!result.ok) return;
        expect(result.discount >= 0n && result.discount <= amount).toBe(true);
        expect(result.storedValue >= 0n && result.storedValue <= balance).toBe(true);
        expect(result.paid >= 0n).toBe(true);
        expect(result.paid + result.discount + result.storedValue).toBe(amount);
        if (t.type === "percent" && t.ceiling === undefined) {
          expect(result.discount).toBe(applyRate(amount, t.off, t.rounding));
        }
      }),
    );
  });
});
