import { type BusinessCalendar, NO_CALENDAR } from "./business-days";
import type { SettlementCycle } from "./schemas";
import { nextMonth, thisMonth, weekdayOf, type Zone, zoneOf } from "./zone";

/**
 * When money falls due. Pure. A cycle cuts time into windows; a window begins at a local midnight (or noon) and ends
 * where the next one begins, so that a day of daylight saving is one day however long it lasts.
 */

/**
 * The instant at which a trade's money falls due. Never before the trade; after it unless the cycle is immediate.
 * @throws DomainError CALENDAR_YEAR_MISSING business days of a year without data
 */
export function dueAt(
  cycle: SettlementCycle,
  tradedAt: Date,
  timeZone: string,
  calendar: BusinessCalendar = NO_CALENDAR,
): Date {
  if (cycle.kind === "immediate") return tradedAt;
  const delay = cycle.kind === "windows" ? cycle.delay : 1;
  return new Date(startAfter(cycle, tradedAt.getTime(), delay, zoneOf(timeZone), calendar));
}

/**
 * `dueAt` of a trade posted when the books are closed through `closedThrough`: never at or before that instant. A
 * late posting falls due in the next window; an immediate one in the millisecond after.
 */
export function dueAtAfter(
  cycle: SettlementCycle,
  tradedAt: Date,
  closedThrough: Date | null,
  timeZone: string,
  calendar: BusinessCalendar = NO_CALENDAR,
): Date {
  const due = dueAt(cycle, tradedAt, timeZone, calendar);
  return closedThrough === null || due > closedThrough
    ? due
    : nextWindowStart(cycle, closedThrough, timeZone, calendar);
}

/** The first window start later than `after`. Of an immediate cycle: the millisecond after. */
export function nextWindowStart(
  cycle: SettlementCycle,
  after: Date,
  timeZone: string,
  calendar: BusinessCalendar = NO_CALENDAR,
): Date {
  if (cycle.kind === "immediate") return new Date(after.getTime() + 1);
  return new Date(startAfter(cycle, after.getTime(), 1, zoneOf(timeZone), calendar));
}

/** The latest window start at or before an instant: through when a closing at that instant closes. Of an immediate cycle: the instant. */
export function latestWindowStart(
  cycle: SettlementCycle,
  at: Date,
  timeZone: string,
  calendar: BusinessCalendar = NO_CALENDAR,
): Date {
  const zone = zoneOf(timeZone);
  const instant = at.getTime();
  const day = zone.dayOf(instant);
  switch (cycle.kind) {
    case "immediate":
      return at;
    case "weekly":
      return new Date(zone.startOfDay(day - daysIntoWeek(day, cycle.weekStart)));
    case "monthly":
      return new Date(zone.startOfDay(thisMonth(day)));
    case "windows": {
      let landed = day;
      while (cycle.dayCount === "business" && !calendar.isBusinessDay(landed)) landed -= 1;
      const noon = zone.noonOfDay(landed);
      const inSecondHalf = cycle.windowsPerDay === 2 && instant >= noon;
      return new Date(inSecondHalf ? noon : zone.startOfDay(landed));
    }
  }
}

/** Start of the `count`-th window that begins after an instant. */
function startAfter(
  cycle: Exclude<SettlementCycle, { kind: "immediate" }>,
  instant: number,
  count: number,
  zone: Zone,
  calendar: BusinessCalendar,
): number {
  const day = zone.dayOf(instant);
  switch (cycle.kind) {
    case "weekly":
      return zone.startOfDay(day - daysIntoWeek(day, cycle.weekStart) + 7 * count);
    case "monthly":
      return zone.startOfDay(nextMonth(day)); // only ever asked for the next one
    case "windows": {
      const { windowsPerDay } = cycle;
      const half = windowsPerDay === 2 && instant >= zone.noonOfDay(day) ? 1 : 0;
      const landed =
        cycle.dayCount === "calendar"
          ? day * windowsPerDay + half + count
          : businessWindow(day, half, windowsPerDay, count, calendar);
      const landedDay = Math.floor(landed / windowsPerDay);
      return landed % windowsPerDay === 0 ? zone.startOfDay(landedDay) : zone.noonOfDay(landedDay);
    }
  }
}

/** Only windows of business days count: from Friday, and from the weekend behind it, the first is Monday's. */
function businessWindow(
  day: number,
  half: number,
  windowsPerDay: 1 | 2,
  count: number,
  calendar: BusinessCalendar,
): number {
  let left = count;
  let at = day;
  // windows left in this very day
  if (calendar.isBusinessDay(at)) {
    const ahead = windowsPerDay - 1 - half;
    if (left <= ahead) return at * windowsPerDay + half + left;
    left -= ahead;
  }
  for (;;) {
    at += 1;
    if (!calendar.isBusinessDay(at)) continue;
    if (left <= windowsPerDay) return at * windowsPerDay + left - 1;
    left -= windowsPerDay;
  }
}

function daysIntoWeek(day: number, weekStart: number): number {
  return (weekdayOf(day) - weekStart + 7) % 7;
}
