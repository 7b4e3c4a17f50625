import type { Locale } from "@/components/i18n/config";
import { displayAmount } from "@/server/core/money";

/**
 * Numbers and times for people. Pure, and the same on the server and in every browser: nothing is left to the
 * time zone of the machine or to the punctuation of its Intl data, or hydration would differ.
 */

export type InstantStyle = "full" | "minute" | "second" | "date" | "time";

interface Wall {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
}

const wallFormats = new Map<string, Intl.DateTimeFormat>();

export function wallClock(at: Date, timeZone: string): Wall {
  let format = wallFormats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    wallFormats.set(timeZone, format);
  }
  const found: Record<string, string> = {};
  for (const part of format.formatToParts(at)) found[part.type] = part.value;
  const { year = "", month = "", day = "", hour = "", minute = "", second = "" } = found;
  return { year: year.padStart(4, "0"), month, day, hour, minute, second };
}

/** "2026-11-21" of an instant in a zone. */
export function dateIn(at: Date, timeZone: string): string {
  const wall = wallClock(at, timeZone);
  return `${wall.year}-${wall.month}-${wall.day}`;
}

const MONTHS_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A business date ("2026-11-21") for people: 2026-11-21 · 21 Nov 2026. */
export function formatDay(day: string, locale: Locale): string {
  const match = /^(\d{4,})-(\d{2})-(\d{2})/.exec(day);
  if (!match) return day;
  const [, year = "", month = "", date = ""] = match;
  if (locale === "zh-CN") return `${year}-${month}-${date}`;
  return `${Number(date)} ${MONTHS_EN[Number(month) - 1] ?? month} ${year}`;
}

/** A month ("2026-11") for people: 2026年11月 · Nov 2026. */
export function formatMonth(month: string, locale: Locale): string {
  const match = /^(\d{4,})-(\d{2})$/.exec(month);
  if (!match) return month;
  const [, year = "", number = ""] = match;
  if (locale === "zh-CN") return `${year}年${Number(number)}月`;
  return `${MONTHS_EN[Number(number) - 1] ?? number} ${year}`;
}

/** A day on an axis or in a dense list: 11-21 · 21 Nov. */
export function formatDayShort(day: string, locale: Locale): string {
  const match = /^\d{4,}-(\d{2})-(\d{2})/.exec(day);
  if (!match) return day;
  const [, month = "", date = ""] = match;
  if (locale === "zh-CN") return `${month}-${date}`;
  return `${Number(date)} ${MONTHS_EN[Number(month) - 1] ?? month}`;
}

export function formatInstant(
  at: Date | string,
  options: { locale: Locale; timeZone: string; style?: InstantStyle },
): string {
  const date = typeof at === "string" ? new Date(at) : at;
  if (Number.isNaN(date.getTime())) return "–";
  const { locale, timeZone, style = "minute" } = options;
  const wall = wallClock(date, timeZone);
  const day = formatDay(`${wall.year}-${wall.month}-${wall.day}`, locale);
  const gap = locale === "zh-CN" ? " " : ", ";
  switch (style) {
    case "date":
      return day;
    case "time":
      return `${wall.hour}:${wall.minute}:${wall.second}`;
    case "minute":
      return `${day}${gap}${wall.hour}:${wall.minute}`;
    case "second":
      return `${day}${gap}${wall.hour}:${wall.minute}:${wall.second}`;
    case "full":
      return `${day}${gap}${wall.hour}:${wall.minute}:${wall.second}${bracketed(zoneName(timeZone, date, locale), locale)}`;
  }
}

/** "Asia/Shanghai, UTC+8": the zone as people know it, and its distance at that moment. */
export function zoneName(timeZone: string, at: Date, locale: Locale): string {
  const offset = zoneOffset(timeZone, at);
  return timeZone === "UTC" ? "UTC" : `${timeZone}${locale === "zh-CN" ? "，" : ", "}${offset}`;
}

const bracketed = (text: string, locale: Locale) => (locale === "zh-CN" ? `（${text}）` : ` (${text})`);

export function zoneOffset(timeZone: string, at: Date): string {
  const whole = Math.floor(at.getTime() / 1000) * 1000;
  const minutes = Math.round((wallMillis(at, timeZone) - whole) / 60_000);
  const sign = minutes < 0 ? "−" : "+";
  const size = Math.abs(minutes);
  const rest = size % 60;
  return `UTC${sign}${Math.floor(size / 60)}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
}

/** Adds days to a business date, by the calendar alone. */
export function addDays(day: string, days: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10);
}

/** The instant at which a day begins in a zone. */
export function startOfDayIn(day: string, timeZone: string): Date {
  return instantIn(`${day}T00:00`, timeZone);
}

/** The instant of a wall-clock time ("2026-11-21T09:30") in a zone; of two at the end of summer time, the first. */
export function instantIn(local: string, timeZone: string): Date {
  const wanted = Date.parse(`${local}${local.length === 16 ? ":00" : ""}Z`);
  // Two steps settle it also where the distance changes between the guess and the answer.
  let at = wanted;
  for (let step = 0; step < 2; step++) at += wanted - wallMillis(new Date(at), timeZone);
  return new Date(at);
}

/** The wall-clock time of an instant, as `DateTimeInput` takes it. */
export function localIn(at: Date, timeZone: string): string {
  const wall = wallClock(at, timeZone);
  return `${wall.year}-${wall.month}-${wall.day}T${wall.hour}:${wall.minute}`;
}

/** What the clock on the wall shows, read as if it were UTC. */
function wallMillis(at: Date, timeZone: string): number {
  const wall = wallClock(at, timeZone);
  return Date.parse(`${wall.year}-${wall.month}-${wall.day}T${wall.hour}:${wall.minute}:${wall.second}Z`);
}

const countFormat = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A whole number with its thousands parted; both languages write it alike. */
export function formatCount(count: number | bigint): string {
  return countFormat.format(count);
}

/** An exact rate as a percentage: "0.006" → "0.6%". Moves the point; nothing is computed. */
export function formatRate(rate: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(rate);
  if (!match) return rate;
  const [, sign = "", whole = "0", places = ""] = match;
  const padded = places.padEnd(2, "0");
  const left = `${whole}${padded.slice(0, 2)}`.replace(/^0+(?=\d)/, "");
  const right = padded.slice(2).replace(/0+$/, "");
  return `${sign}${left}${right ? `.${right}` : ""}%`;
}

/** Millionths as an exact rate: 6000n → "0.006". */
export function rateOfMillionths(millionths: bigint): string {
  const digits = millionths.toString().padStart(7, "0");
  const places = digits.slice(-6).replace(/0+$/, "");
  return `${digits.slice(0, -6)}${places ? `.${places}` : ""}`;
}

/** Minus signs that screen readers read and that are as wide as a figure. */
export function formatMoney(amount: bigint, currency: string, locale: Locale): string {
  return displayAmount(amount, currency, locale).replace(/^-/, "−");
}

/**
 * For an axis: few characters, rounded down, never for a figure that counts. 12345678n CNY → "12.3万" · "123K".
 */
export function formatMoneyShort(amount: bigint, exponent: number, locale: Locale): string {
  const negative = amount < 0n;
  const major = (negative ? -amount : amount) / 10n ** BigInt(exponent);
  const steps: readonly (readonly [bigint, string])[] =
    locale === "zh-CN"
      ? [
          [100_000_000n, "亿"],
          [10_000n, "万"],
        ]
      : [
          [1_000_000_000n, "B"],
          [1_000_000n, "M"],
          [1_000n, "K"],
        ];
  const step = steps.find(([size]) => major >= size);
  let text: string;
  if (!step) text = countFormat.format(major);
  else {
    // Two places where they say it exactly, as of the tick at 22,500.
    const exact = (major * 100n) % step[0] === 0n;
    const whole = major / step[0];
    const rest = `${((major % step[0]) * 100n) / step[0]}`.padStart(2, "0");
    const places = (exact ? rest : whole >= 100n ? "" : rest.slice(0, 1)).replace(/0+$/, "");
    text = `${countFormat.format(whole)}${places && `.${places}`}${step[1]}`;
  }
  return negative ? `−${text}` : text;
}
