import { z } from "zod";
import { localDate } from "./schemas";

/** What the calendar's page sends. Safe in the browser. */
const year = z.number().int().min(2000).max(2100);

export const yearInput = z.object({ year });
export const addYearInput = z.object({
  year,
  /** Take the published days of China, or begin with the plain week. */
  from: z.enum(["chinese-days", "plain"]),
});
export const saveDayInput = z.object({
  day: localDate,
  working: z.boolean(),
  name: z.string().trim().min(1).max(60),
});
export const removeDayInput = z.object({ day: localDate });
