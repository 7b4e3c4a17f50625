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

/** Two years and a day: what a chart can show. */
export const MAX_DAYS = 731;

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
}
