/** Shapes of jsonb columns; their zod schemas stand in the domain modules. */
export type Cycle =
  | { kind: "immediate" }
  | { kind: "windows"; windowsPerDay: 1 | 2; delay: number; dayCount: "calendar" | "business" }
  | { kind: "weekly"; weekStart: number }
  | { kind: "monthly" };

/** Who bears a discount: the share of a role ("merchant", "brand" …) or of a party by id, as an exact decimal; the shares sum to 1. */
export type FundingShare = { party: string; share: string };
/** Who bears how much of one trade's discount, in minor units as text. Given by imports, where amounts come from outside. */
export type FundingAmount = { partyId: string; amount: string };
/** Facts of one card sale, kept so that its legs are computed again at any time. Amounts in minor units as text. */
export type TradeTerms = {
  /** Value printed on the card. */
  face: string;
  /** What the supplier is owed. */
  cost: string;
  /** Of what was paid, the distributor's mark-up. */
  markup: string;
  /** The distributor's tier. */
  tier: string;
  /** Its recruiter, the recruiter's recruiter … */
  uplines: string[];
  /** Commission rates that were agreed with single parties, by party id. */
  rates?: Record<string, string>;
  /** Prepaid: the cost is taken from what the supplier was paid before. */
  supplierTerms: "credit" | "prepaid";
  /** The channel's own bearer of its fee, which wins over the rule's; bounds of the fee. */
  feeBearer?: "platform" | "distributor" | "proportional";
  feeMin?: string;
  feeMax?: string;
};
/**
 * What one fee schedule came to in a trade (or in its reversal, or a true-up: then base and amount are what is taken
 * off or put on). Volume, count and charged: where the party's month stood before. Amounts in minor units as text.
 * Stands in its column as `packFees` writes it.
 */
export type TradeFee = {
  /** The leg it priced; "fee.walk_back" and "fee.true_up" are posted beside it. */
  leg: string;
  /** Version of the schedule. */
  version: string;
  party: string;
  /** Month of the tenant's zone: "2026-11". */
  period: string;
  volume: string;
  count: number;
  charged: string;
  base: string;
  amount: string;
};
