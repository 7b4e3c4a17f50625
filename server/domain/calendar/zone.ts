/**
 * Days of a time zone, with its daylight saving. Pure; Intl is asked once per day and zone and the answer kept, so
 * that the hot path costs a map look-up. A day is counted from 1970-01-01 (day 0); instants are milliseconds.
 */
const DAY_MS = 86_400_000;
const HALF_DAY_MS = DAY_MS / 2;

export interface Zone {
  name: string;
  /** Number of the local day an instant lies in. */
  dayOf(instant: number): number;
  /** First instant of a local day; where midnight is skipped, the moment the clock springs over it. */
  startOfDay(day: number): number;
  /** First instant of the day's second half, 12:00 local. */
  noonOfDay(day: number): number;
}

const zones = new Map<string, Zone>();

/** Throws RangeError for a name the runtime does not know. */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = makeZone(name);
    zones.set(name, zone);
  }
  return zone;
}

const KEPT_DAYS = 20_000;

function makeZone(name: string): Zone {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    calendar: "gregory",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  /** Local wall-clock time of an instant, as if it were UTC. */
  const wallOf = (instant: number): number => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) + (((instant % 1000) + 1000) % 1000);
  };

  /** The first instant at which the local clock shows `wall`, or, where it is skipped, springs past it. */
  const firstAt = (wall: number): number => {
    const early = wallOf(wall - DAY_MS) - (wall - DAY_MS);
    const late = wallOf(wall + DAY_MS) - (wall + DAY_MS);
    const candidates =
      early === late ? [wall - early] : [wall - Math.max(early, late), wall - Math.min(early, late)];
    for (const candidate of candidates) if (wallOf(candidate) === wall) return candidate;
    // skipped: near by lies the one moment at which the clock springs past it
    let before = wall - 2 * DAY_MS;
    let after = wall + 2 * DAY_MS;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (wallOf(middle) >= wall) after = middle;
      else before = middle;
    }
    return after;
  };

  const starts = new Map<number, number>();
  const noons = new Map<number, number>();
  const keep = (kept: Map<number, number>, day: number, wall: number): number => {
    let instant = kept.get(day);
    if (instant === undefined) {
      instant = firstAt(wall);
      if (kept.size > KEPT_DAYS) kept.clear();
      kept.set(day, instant);
    }
    return instant;
  };
  const startOfDay = (day: number) => keep(starts, day, day * DAY_MS);

  let lastOffset = wallOf(0);
  return {
    name,
    startOfDay,
    noonOfDay: (day) => keep(noons, day, day * DAY_MS + HALF_DAY_MS),
    dayOf(instant) {
      let day = Math.floor((instant + lastOffset) / DAY_MS);
      while (instant < startOfDay(day)) day -= 1;
      while (instant >= startOfDay(day + 1)) day += 1;
      lastOffset = day * DAY_MS - startOfDay(day);
      return day;
    },
  };
}

// ── days and dates ──────────────────────────────────────────────────────────────────────────────────────

/** "2026-11-21" → its number. */
export function dayNumber(isoDate: string): number {
  return Math.round(Date.parse(`${isoDate}T00:00:00Z`) / DAY_MS);
}
/** The number of a day → "2026-11-21". */
export function isoDate(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
/** 1 Monday … 7 Sunday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1; // day 0 was a Thursday
}
export function yearOf(day: number): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}
/** First day of the month after that of `day`. */
export function nextMonth(day: number): number {
  const date = new Date(day * DAY_MS);
  return Math.round(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / DAY_MS);
}
/** First day of the month of `day`. */
export function thisMonth(day: number): number {
  const date = new Date(day * DAY_MS);
  return Math.round(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY_MS);
}

/** The local date of an instant. */
export function localDateOf(instant: Date, zone: string): string {
  return isoDate(zoneOf(zone).dayOf(instant.getTime()));
}
/** First instant of a local date. */
export function startOfLocalDate(date: string, zone: string): Date {
  return new Date(zoneOf(zone).startOfDay(dayNumber(date)));
}
/** First instant after a local date: where "until the end of that day" ends. */
export function endOfLocalDate(date: string, zone: string): Date {
  return new Date(zoneOf(zone).startOfDay(dayNumber(date) + 1));
}

const months = new Map<number, string>();

/** The local month of an instant: "2026-11". */
export function monthOf(instant: Date, zone: string): string {
  const day = zoneOf(zone).dayOf(instant.getTime());
  let month = months.get(day);
  if (month === undefined) {
    month = isoDate(day).slice(0, 7);
    if (months.size > KEPT_DAYS) months.clear();
    months.set(day, month);
  }
  return month;
}
/** First instant of a local month. */
export function startOfMonth(month: string, zone: string): Date {
  return startOfLocalDate(`${month}-01`, zone);
}
/** First instant after a local month. */
export function endOfMonth(month: string, zone: string): Date {
  return new Date(zoneOf(zone).startOfDay(nextMonth(dayNumber(`${month}-01`))));
}
