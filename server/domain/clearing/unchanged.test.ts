import { describe, expect, it } from "vitest";
import { cardSaleRule, redemptionRule } from "./standard";
import { type PublishedVersion, sameInForce, sameTerms } from "./unchanged";

const commission = (rate: string) => redemptionRule({ commissionRate: rate });
const on = (day: string) => new Date(`2026-11-${day}T00:00:00Z`);

let made = 0;
function version(day: string, definition: unknown, effectiveTo: Date | null = null): PublishedVersion {
  made += 1;
  return { id: `v${made}`, version: made, effectiveFrom: on(day), effectiveTo, definition };
}

describe("what holds already", () => {
  const first = version("01", commission("0.02"));
  const second = version("10", commission("0.03"));
  const same = (rate: string, day: string, published: readonly PublishedVersion[] = [second, first]) =>
    sameInForce(published, commission(rate), on(day))?.version;

  it("is compared with the version that would be in force at the beginning", () => {
    expect(same("0.02", "05")).toBe(first.version);
    expect(same("0.03", "05")).toBeUndefined();
    expect(same("0.03", "15")).toBe(second.version);
    // back to what was, behind the version between
    expect(same("0.02", "15")).toBeUndefined();
  });

  it("is none before the first begins", () => {
    expect(sameInForce([second, first], commission("0.02"), new Date("2026-10-01"))).toBeUndefined();
    expect(same("0.02", "05", [])).toBeUndefined();
  });

  it("is, of versions that begin together, the one made last", () => {
    const instead = version("10", commission("0.04"));
    expect(same("0.03", "10", [first, instead, second])).toBeUndefined();
    expect(same("0.04", "10", [first, instead, second])).toBe(instead.version);
    // what takes its place on the same day is a change, though it says what held the day before
    expect(same("0.02", "10", [first, instead, second])).toBeUndefined();
  });

  it("is no version that ends", () => {
    expect(same("0.02", "05", [version("01", commission("0.02"), on("20"))])).toBeUndefined();
  });
});

describe("the same terms", () => {
  it("are told from others whatever differs", () => {
    const definition = cardSaleRule({ commissionRate: "0.01", uplineRates: ["0.002"] });
    expect(sameTerms(definition, structuredClone(definition))).toBe(true);
    expect(sameTerms(definition, { ...definition, feeBearer: "proportional" })).toBe(false);
    expect(sameTerms(definition, { ...definition, legs: [...definition.legs].reverse() })).toBe(false);
    expect(sameTerms(definition, { ...definition, currency: "CNY" })).toBe(false);
    const [leg, ...rest] = definition.legs;
    expect(sameTerms(definition, { ...definition, legs: [{ ...leg, min: "0" }, ...rest] })).toBe(false);
  });

  it("may be written in another order, and with what goes without saying", () => {
    expect(sameTerms({ a: 1, b: { c: "x", d: "y" } }, { b: { d: "y", c: "x" }, a: 1 })).toBe(true);
    expect(sameTerms({ rate: "0.1" }, { rate: "0.1", rounding: "half_up", min: undefined })).toBe(true);
    expect(sameTerms({ rate: "0.1" }, { rate: "0.1", rounding: "down" })).toBe(false);
    expect(sameTerms({ party: "brand" }, { party: "brand", priority: 0 })).toBe(true);
    expect(sameTerms({ parties: ["x", "y"] }, { parties: ["y", "x"] })).toBe(true);
    expect(sameTerms({ parties: ["x", "y"] }, { parties: ["x"] })).toBe(false);
  });
});
