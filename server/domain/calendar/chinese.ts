import published from "chinese-days/dist/chinese-days.json" with { type: "json" };

/** Where the days of China come from: the State Council's notices, as `chinese-days` collects them. */
export const CHINESE_SOURCE = "chinese-days";

export interface ChineseDay {
  day: string;
  working: boolean;
  /** 元旦 */
  name: string;
}

const DAYS: ChineseDay[] = [
  ...Object.entries(published.holidays).map(([day, text]) => ({ day, working: false, name: nameOf(text) })),
  ...Object.entries(published.workdays).map(([day, text]) => ({ day, working: true, name: nameOf(text) })),
].sort((a, b) => (a.day < b.day ? -1 : 1));

/** Years that were published; next year's arrangement comes out in November or later, and is not guessed. */
export const CHINESE_YEARS: readonly number[] = [...new Set(DAYS.map(({ day }) => Number(day.slice(0, 4))))];

/** The days of a published year that differ from the plain week; null for a year that was not published. */
export function chineseDays(year: number): ChineseDay[] | null {
  return CHINESE_YEARS.includes(year) ? DAYS.filter(({ day }) => day.startsWith(`${year}-`)) : null;
}

/** "New Year's Day,元旦,1" → 元旦 */
function nameOf(text: string): string {
  return text.split(",")[1] ?? text;
}
