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
