/** A year in which due dates fall, or soon will: without data, or with the plain week alone. */
export interface CalendarGap {
  year: number;
  kind: "missing" | "bare";
}

/** The arrangement of a year comes out in November of the year before, seldom earlier. */
const ANNOUNCED_FROM = 11;

/**
 * What is wanting of the year of `today` ("2026-11-22") and of the next. `ahead`: of the next from January on, else
 * only once it can be known.
 */
export function calendarGaps(
  known: readonly { year: number; holidays: number }[],
  today: string,
  { ahead }: { ahead: boolean },
): CalendarGap[] {
  const [year = 0, month = 0] = today.split("-").map(Number);
  const years = ahead || month >= ANNOUNCED_FROM ? [year, year + 1] : [year];
  return years.flatMap((year): CalendarGap[] => {
    const found = known.find((one) => one.year === year);
    if (!found) return [{ year, kind: "missing" }];
    return found.holidays === 0 ? [{ year, kind: "bare" }] : [];
  });
}
