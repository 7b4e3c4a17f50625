import { createLoader, parseAsString } from "nuqs/server";
import { addDays, dateIn } from "@/components/format/format";

/** The date range of the address; the last 30 days if it holds none. */
export const rangeParsers = { from: parseAsString, to: parseAsString, currency: parseAsString };
export const loadRange = createLoader(rangeParsers);

export interface RangeValues {
  from: string | null;
  to: string | null;
  currency: string | null;
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const MOST_DAYS = 731;

/** What the server is asked. An address may hold anything: what is no range is the usual one. */
export function overviewQuery({ from, to, currency }: RangeValues, timeZone: string, now: Date = new Date()) {
  const today = dateIn(now, timeZone);
  const asked = currency && /^[A-Z]{3,10}$/.test(currency) ? { currency } : {};
  const end = isDay(to) ? to : today;
  const start = isDay(from) ? from : addDays(end, -29);
  const valid = start <= end && addDays(start, MOST_DAYS - 1) >= end;
  return valid ? { from: start, to: end, ...asked } : { from: addDays(today, -29), to: today, ...asked };
}

function isDay(text: string | null): text is string {
  return (
    text !== null &&
    DAY.test(text) &&
    !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) &&
    addDays(text, 0) === text
  );
}
