import { DomainError } from "@/server/core/errors";
import { dayNumber, weekdayOf, yearOf } from "./zone";

/** Business days of a tenant. A year without data is an error to fix, not a guess. */
export interface BusinessCalendar {
  /** `day`: days since 1970-01-01. Throws CALENDAR_YEAR_MISSING. */
  isBusinessDay(day: number): boolean;
}

/** A day that differs from the plain week: a holiday, or a working day made up for one (调休). */
export interface CalendarDay {
  /** "2026-10-01" */
  day: string;
  working: boolean;
}

/** Monday to Friday, but for the `days` that differ, in the `years` there is data for. */
export function businessCalendar(years: Iterable<number>, days: Iterable<CalendarDay>): BusinessCalendar {
  const known = new Set(years);
  const different = new Map<number, boolean>();
  for (const { day, working } of days) different.set(dayNumber(day), working);
  return {
    isBusinessDay(day) {
      const year = yearOf(day);
      if (!known.has(year)) throw new DomainError("CALENDAR_YEAR_MISSING", { year });
      return different.get(day) ?? weekdayOf(day) <= 5;
    },
  };
}

/** A calendar without data: for tenants whose cycles count calendar days only. */
export const NO_CALENDAR: BusinessCalendar = businessCalendar([], []);
