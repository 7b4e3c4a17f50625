export { type BusinessCalendar, businessCalendar, type CalendarDay, NO_CALENDAR } from "./business-days";
export { CHINESE_SOURCE, CHINESE_YEARS, chineseDays } from "./chinese";
export { dueAt, dueAtAfter, latestWindowStart, nextWindowStart } from "./cycles";
export { loadCalendar } from "./load";
export {
  addYear,
  type CalendarYear,
  getYear,
  listYears,
  removeDay,
  saveDay,
  seedChineseCalendar,
  type YearDay,
} from "./manage";
export type { SettlementCycle } from "./schemas";
export {
  dayNumber,
  endOfLocalDate,
  endOfMonth,
  isoDate,
  localDateOf,
  monthOf,
  startOfLocalDate,
  startOfMonth,
  weekdayOf,
  type Zone,
  zoneOf,
} from "./zone";
