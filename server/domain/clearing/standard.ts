import type { Rate } from "@/server/core/money";
import type { Base, FeeBearer, FundingShare, LegDefinition, SplitRuleDefinition } from "./schemas";

/**
 * Definitions to begin with: the plain form and the seeds fill in the numbers. Each passes `validateDefinition`.
 */

export interface RedemptionTerms {
  /** Commission of the platform, charged to the merchant. */
  commissionRate: Rate;
  /** The merchant's fee schedule comes first; the rate is for who has none. */
  bySchedule?: boolean;
  commissionBase?: Base;
  feeBearer?: FeeBearer;
  /** Who bears a discount where the campaign does not say. */
  funding?: readonly FundingShare[];
  /** A fixed amount a redemption that the brand pays the merchant, in minor units of `currency`. */
  handling?: { amount: string; currency: string };
}

/** Serves every voucher type, gift cards included, whoever collects and whoever of brand and platform funds. */
export function redemptionRule(terms: RedemptionTerms): SplitRuleDefinition {
  const legs: LegDefinition[] = [
    { code: "sale.collected", from: "payer", to: "merchant", amount: { kind: "paid" } },
    { code: "stored_value.redeemed", from: "programme", to: "merchant", amount: { kind: "stored_value" } },
    { code: "subsidy.brand", from: "brand", to: "merchant", amount: { kind: "funding" } },
    { code: "subsidy.platform", from: "platform", to: "merchant", amount: { kind: "funding" } },
  ];
  if (terms.handling) {
    const amount = { kind: "fixed" as const, amount: terms.handling.amount };
    legs.push({ code: "fee.handling", from: "brand", to: "merchant", amount });
  }
  legs.push(
    {
      code: "fee.commission",
      from: "merchant",
      to: "platform",
      amount: { kind: terms.bySchedule ? "fee_schedule" : "rate", rate: terms.commissionRate },
      base: terms.commissionBase ?? "net_of_merchant_discount",
    },
    { code: "fee.channel", from: "fee_bearer", to: "channel", amount: { kind: "channel_fee" } },
  );
  return {
    ...(terms.handling && { currency: terms.handling.currency }),
    funding: [...(terms.funding ?? [])],
    legs,
    feeBearer: terms.feeBearer ?? "platform",
  };
}

/** Loading a gift card: what the buyer paid and what funders give becomes the programme's liability. */
export function storedValueRule(
  terms: { feeBearer?: FeeBearer; funding?: readonly FundingShare[] } = {},
): SplitRuleDefinition {
  return {
    funding: [...(terms.funding ?? [])],
    legs: [
      { code: "stored_value.issued", from: "payer", to: "programme", amount: { kind: "paid" } },
      { code: "stored_value.granted_brand", from: "brand", to: "programme", amount: { kind: "funding" } },
      {
        code: "stored_value.granted_merchant",
        from: "merchant",
        to: "programme",
        amount: { kind: "funding" },
      },
      {
        code: "stored_value.granted_platform",
        from: "platform",
        to: "programme",
        amount: { kind: "funding" },
      },
      { code: "fee.channel", from: "fee_bearer", to: "channel", amount: { kind: "channel_fee" } },
    ],
    feeBearer: terms.feeBearer ?? "platform",
  };
}

export interface CardSaleTerms {
  /** Commission of the distributor that sold it, of what was paid less its mark-up; its own rate wins. Null: none. */
  commissionRate: Rate | null;
  /** A fee schedule comes first; its own rate goes before one that does not name it. */
  bySchedule?: boolean;
  /** Rates of the recruiters, nearest first; their own rates do not count here. */
  uplineRates?: readonly Rate[];
  feeBearer?: FeeBearer;
}

/** Serves every card sale: supplier cost, mark-up and commissions, and the rest is the platform's margin. */
export function cardSaleRule(terms: CardSaleTerms): SplitRuleDefinition {
  const legs: LegDefinition[] = [
    { code: "card.supplier", from: "payer", to: "supplier", amount: { kind: "supplier_cost" } },
    { code: "card.markup", from: "payer", to: "distributor", amount: { kind: "markup" } },
  ];
  if (terms.commissionRate !== null) {
    const kind = terms.bySchedule ? ("fee_schedule" as const) : ("rate" as const);
    const amount = { kind, rate: terms.commissionRate, agreed: true as const };
    legs.push({ code: "card.commission", from: "payer", to: "distributor", amount, base: "net_of_markup" });
  }
  terms.uplineRates?.forEach((rate, i) => {
    legs.push({
      code: i === 0 ? "card.upline" : `card.upline_${i + 1}`,
      from: "payer",
      to: `upline:${i + 1}`,
      amount: { kind: "rate", rate },
      base: "net_of_markup",
    });
  });
  legs.push(
    { code: "card.margin", from: "payer", to: "platform", amount: { kind: "remainder" } },
    { code: "fee.channel", from: "fee_bearer", to: "channel", amount: { kind: "channel_fee" } },
  );
  return { funding: [], legs, feeBearer: terms.feeBearer ?? "platform" };
}

/** The numbers of a definition that `cardSaleRule` made, or null for one that says more than the plain form can. */
export function cardSaleTermsOf(definition: SplitRuleDefinition): CardSaleTerms | null {
  const rateOf = (leg: LegDefinition) => (leg.amount.kind === "rate" ? leg.amount.rate : "0");
  const commission = definition.legs.find((leg) => leg.code === "card.commission");
  const terms: CardSaleTerms = {
    commissionRate: commission ? rateOf(commission) : null,
    uplineRates: definition.legs.filter((leg) => leg.code.startsWith("card.upline")).map(rateOf),
    feeBearer: definition.feeBearer,
  };
  return sameJson(cardSaleRule(terms), definition) ? terms : null;
}

/** The numbers of a definition that `redemptionRule` made, or null for one that says more than the plain form can. */
export function redemptionTermsOf(definition: SplitRuleDefinition): RedemptionTerms | null {
  const commission = definition.legs.find((leg) => leg.code === "fee.commission");
  const handling = definition.legs.find((leg) => leg.code === "fee.handling");
  if (commission?.amount.kind !== "rate") return null;
  const terms: RedemptionTerms = {
    commissionRate: commission.amount.rate,
    commissionBase: commission.base,
    feeBearer: definition.feeBearer,
    funding: definition.funding,
    ...(handling?.amount.kind === "fixed" &&
      definition.currency && { handling: { amount: handling.amount.amount, currency: definition.currency } }),
  };
  return sameJson(redemptionRule(terms), definition) ? terms : null;
}

/** Whether two values are the same data, whatever the order of their keys. */
function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([x], [y]) => (x < y ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
}
