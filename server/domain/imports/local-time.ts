/** How a file writes the moment of a sale. Safe in the browser. */
export const TIME_FORMATS = [
  "yyyy-MM-dd HH:mm:ss",
  "yyyy-MM-dd HH:mm",
  "yyyy-MM-dd",
  "yyyy/MM/dd HH:mm:ss",
  "yyyy/MM/dd HH:mm",
  "yyyy/MM/dd",
  "MM/dd/yyyy HH:mm:ss",
  "MM/dd/yyyy HH:mm",
  "MM/dd/yyyy",
  "dd/MM/yyyy HH:mm:ss",
  "dd/MM/yyyy HH:mm",
  "dd/MM/yyyy",
  "yyyyMMddHHmmss",
  "yyyyMMdd",
  /** ISO 8601 with an offset or Z. */
  "iso",
  /** Seconds since 1970. */
  "unix",
] as const;
export type TimeFormat = (typeof TIME_FORMATS)[number];

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * A strict reader of times in one format and zone. Null for what is not one. A local time that a change to summer
 * time leaves out is read as the moment that long after the change; one that happens twice as the first.
 */
export function timeReader(format: TimeFormat, timeZone: string): (text: string) => Date | null {
  if (format === "iso") return readIso;
  if (format === "unix") {
    return (text) => (/^\d{9,11}$/.test(text) ? new Date(Number(text) * 1_000) : null);
  }
  const pattern = new RegExp(
    `^${format
      .replaceAll("/", "\\/")
      .replace("yyyy", "(?<y>\\d{4})")
      .replace("MM", format.includes("/") ? "(?<M>\\d{1,2})" : "(?<M>\\d{2})")
      .replace("dd", format.includes("/") ? "(?<d>\\d{1,2})" : "(?<d>\\d{2})")
      .replace("HH", format.includes("/") ? "(?<h>\\d{1,2})" : "(?<h>\\d{2})")
      .replace("mm", "(?<m>\\d{2})")
      .replace("ss", "(?<s>\\d{2})")}$`,
  );
  const zone = zoneReader(timeZone);
  return (text) => {
    const parts = pattern.exec(text)?.groups;
    if (!parts) return null;
    const [y, M, d] = [Number(parts.y), Number(parts.M), Number(parts.d)];
    const [h, m, s] = [Number(parts.h ?? 0), Number(parts.m ?? 0), Number(parts.s ?? 0)];
    if (y < 1970 || h > 23 || m > 59 || s > 59) return null;
    const local = new Date(Date.UTC(y, M - 1, d, h, m, s));
    if (local.getUTCMonth() !== M - 1 || local.getUTCDate() !== d) return null;
    return zone(local.getTime());
  };
}

function readIso(text: string): Date | null {
  if (!ISO.test(text)) return null;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return null;
  // Date takes the 30th of February for a day in March
  const [, M, d] = text.slice(0, 10).split("-").map(Number);
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return day.getUTCMonth() + 1 === M && day.getUTCDate() === d ? time : null;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** From a local time, written as if it were UTC, to the moment. */
function zoneReader(timeZone: string): (local: number) => Date {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const offsets = new Map<number, number>();
  /** Local time minus UTC at a moment, remembered by quarter of an hour: no zone changes within one. */
  const offsetAt = (moment: number): number => {
    const slot = Math.floor(moment / 900_000);
    let offset = offsets.get(slot);
    if (offset === undefined) {
      const at = slot * 900_000;
      const p: Record<string, number> = {};
      for (const part of parts.formatToParts(at)) p[part.type] = Number(part.value);
      offset =
        Date.UTC(p.year ?? 0, (p.month ?? 1) - 1, p.day ?? 1, p.hour ?? 0, p.minute ?? 0, p.second ?? 0) - at;
      if (offsets.size > 50_000) offsets.clear();
      offsets.set(slot, offset);
    }
    return offset;
  };
  return (local) => {
    const before = offsetAt(local - 86_400_000);
    const after = offsetAt(local + 86_400_000);
    if (before === after) return new Date(local - before);
    // Of the two readings the one that is true; the earlier one of two, and in a gap the one by the old offset.
    const first = local - before;
    if (offsetAt(first) === before) return new Date(first);
    const second = local - after;
    return new Date(offsetAt(second) === after ? second : first);
  };
}
