import { z } from "zod";

/**
 * When a party's money falls due (结算周期). Safe in the browser.
 * - `immediate`: at once (T+0).
 * - `windows`: the day is cut into 1 or 2 windows in the tenant's time zone; a trade in window w falls due at the
 *   start of window w + delay. T+1 is 1 window and delay 1; T+0.5 is 2 windows and delay 1. `business` counts and
 *   lands on business days.
 * - `weekly`: at the start of the next week; `weekStart` 1 is Monday, 7 is Sunday.
 * - `monthly`: at the start of the next month.
 */
export const settlementCycle = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("immediate") }),
  z.strictObject({
    kind: z.literal("windows"),
    windowsPerDay: z.union([z.literal(1), z.literal(2)]),
    delay: z.number().int().min(1).max(366),
    dayCount: z.enum(["calendar", "business"]),
  }),
  z.strictObject({ kind: z.literal("weekly"), weekStart: z.number().int().min(1).max(7) }),
  z.strictObject({ kind: z.literal("monthly") }),
]);
export type SettlementCycle = z.output<typeof settlementCycle>;

export const T_PLUS_0: SettlementCycle = { kind: "immediate" };
export const T_PLUS_1: SettlementCycle = {
  kind: "windows",
  windowsPerDay: 1,
  delay: 1,
  dayCount: "calendar",
};

/** IANA name the runtime knows, e.g. "Asia/Shanghai". */
export const timeZone = z.string().refine(isTimeZone, { message: "TIME_ZONE_UNKNOWN" });

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return /^[A-Z]/.test(name);
  } catch {
    return false;
  }
}

/** "2026-11-21", a day that exists. */
export const localDate = z.iso.date();
