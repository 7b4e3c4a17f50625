import { dayNumber, isoDate } from "../calendar";

/** Lengths of the spans that `sales_spans` sums over, in days; each whole times the one before. */
export const SPAN_DAYS = [1, 4, 16, 64] as const;
/** Spans are counted from here, in the roll-up too. */
export const FIRST_DAY = "0001-01-01";

export interface Span {
  /** How many. */
  days: number;
  firstDay: string;
}

/** The fewest spans that make up a range of local days, both included: some 7 for a month, 30 for two years. */
export function spansOf({ from, to }: { from: string; to: string }): Span[] {
  const origin = dayNumber(FIRST_DAY);
  const last = dayNumber(to) - origin;
  const spans: Span[] = [];
  for (let first = dayNumber(from) - origin; first <= last; ) {
    const days = SPAN_DAYS.findLast((n) => first % n === 0 && first + n - 1 <= last) ?? 1;
    spans.push({ days, firstDay: isoDate(first + origin) });
    first += days;
  }
  return spans;
}
