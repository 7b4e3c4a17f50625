import { zoneOf } from "../calendar";

const DAY_MS = 86_400_000;
const HALF_DAY_MS = DAY_MS / 2;
const DATE =
  /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))/;
const TIME = /^(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?(Z|[+-]\d{2}:\d{2})?$/;
/** At which clocks may have been changed already. */
const AFTER_CHANGE_MS = 3 * 3_600_000;

/**
 * A strict reader of expiries as suppliers write them: a date (the key is good until that day ends in the time
 * zone), a local time, or ISO 8601 with an offset. Null for what is none. Remembers what it read: most are alike.
 */
export function expiryReader(timeZone: string): (text: string) => Date | null {
  const known = new Map<string, Date | null>();
  return (text) => {
    let found = known.get(text);
    if (found === undefined) {
      found = read(text, timeZone);
      if (known.size > 10_000) known.clear();
      known.set(text, found);
    }
    return found;
  };
}

function read(text: string, timeZone: string): Date | null {
  const date = DATE.exec(text);
  const time = date && TIME.exec(text.slice(date[0].length));
  if (!date || !time) return null;
  const [year = 0, month = 0, day = 0] = date
    .slice(1)
    .filter((part) => part !== undefined)
    .map(Number);
  const utc = Date.UTC(year, month - 1, day);
  const real = new Date(utc);
  if (year < 1970 || real.getUTCMonth() !== month - 1 || real.getUTCDate() !== day) return null;
  const [, h, m, s = "0", offset] = time;
  if (h === undefined)
    return offset === undefined ? new Date(zoneOf(timeZone).startOfDay(utc / DAY_MS + 1)) : null;
  if (Number(h) > 23 || Number(m) > 59 || Number(s) > 59) return null;
  const inDay = ((Number(h) * 60 + Number(m)) * 60 + Number(s)) * 1_000;
  if (offset !== undefined) return atOffset(utc + inDay, offset);
  const zone = zoneOf(timeZone);
  return inDay < AFTER_CHANGE_MS
    ? new Date(zone.startOfDay(utc / DAY_MS) + inDay)
    : new Date(zone.noonOfDay(utc / DAY_MS) + inDay - HALF_DAY_MS);
}

function atOffset(local: number, offset: string): Date | null {
  if (offset === "Z") return new Date(local);
  const [hours = 0, minutes = 0] = offset.slice(1).split(":").map(Number);
  if (hours > 14 || minutes > 59) return null;
  const minutesAhead = (hours * 60 + minutes) * (offset[0] === "-" ? -1 : 1);
  return new Date(local - minutesAhead * 60_000);
}
