import { z } from "zod";

const day = z.iso.date();

/** A range of local days of the tenant, both included. */
export const overviewInput = z
  .object({ from: day, to: day, currency: z.string().max(10).optional() })
  .refine(({ from, to }) => from <= to && daysBetween(from, to) <= MAX_DAYS, { path: ["to"] });
export type OverviewInput = z.output<typeof overviewInput>;

export const partyOverviewInput = z
  .object({ from: day, to: day, currency: z.string().max(10).optional(), partyId: z.uuid().optional() })
  .refine(({ from, to }) => from <= to && daysBetween(from, to) <= MAX_DAYS, { path: ["to"] });
export type PartyOverviewInput = z.output<typeof partyOverviewInput>;

/** What a distributor gets of card sales: for its own, for those of its recruits, its own mark-up, and what corrects a month's commission. */
export const SHARE_KINDS = ["commission", "upline", "markup", "true_up", "other"] as const;
export type ShareKind = (typeof SHARE_KINDS)[number];
export const commissionFilters = z.object({
  /** Whose: needed from the house's own people; a distributor's are its own. */
  partyId: z.uuid().optional(),
  kind: z.enum(SHARE_KINDS).optional(),
  /** Local days of the tenant, both included; of the sale, or of what takes it back. */
  from: day.optional(),
  to: day.optional(),
});
export type CommissionFilters = z.output<typeof commissionFilters>;
export const listCommissionsInput = commissionFilters.extend({
  cursor: z.string().max(500).nullish(),
  limit: z.number().int().min(1).max(500).default(50),
});

/** Two years and a day: what a chart can show. */
export const MAX_DAYS = 731;

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
}
