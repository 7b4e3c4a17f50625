import { describe, expect, it } from "vitest";
import { cardSaleRule, cardSaleTermsOf } from "@/server/domain/clearing/standard";
import { validateDefinition } from "@/server/domain/clearing/validate";
import { cardSaleDefinition, cardSaleValues, fitsCardSaleForm } from "./card-sale-form";

describe("the plain form of a card sale's split", () => {
  it.each([
    { commissionRate: null },
    { commissionRate: "0.01" },
    { commissionRate: "0.01", uplineRates: ["0.002"], feeBearer: "distributor" as const },
    { commissionRate: "0", uplineRates: ["0.002", "0.001", "0.0005"], feeBearer: "proportional" as const },
  ])("says again what it read: %o", (terms) => {
    const definition = cardSaleRule(terms);
    const read = cardSaleTermsOf(definition);
    if (!read) throw new Error("not read");
    expect(fitsCardSaleForm(read)).toBe(true);
    expect(cardSaleDefinition(cardSaleValues(read))).toEqual(definition);
    expect(validateDefinition(definition, "card_sale")).toEqual([]);
  });

  it("gives an empty level below one that earns nothing, and no level above the last", () => {
    const values = { ...cardSaleValues(null), uplineRates: [null, "0.001", null] };
    const definition = cardSaleDefinition(values);
    expect(definition && cardSaleTermsOf(definition)?.uplineRates).toEqual(["0", "0.001"]);
    expect(definition && validateDefinition(definition, "card_sale")).toEqual([]);
  });

  it("makes no rule of what cannot be read", () => {
    expect(cardSaleDefinition({ ...cardSaleValues(null), commissionRate: "wrong" })).toBeNull();
    expect(cardSaleDefinition({ ...cardSaleValues(null), uplineRates: ["wrong"] })).toBeNull();
  });
});
