import { localIn } from "@/components/format/format";

/**
 * The last moment of a validity, for people: an end is exclusive, and "until the 23rd, 00:00" reads as if the 23rd
 * were a part of it. An end at midnight is shown as the minute before.
 */
export function lastMoment(end: Date, timeZone: string): Date {
  return localIn(end, timeZone).endsWith("T00:00") ? new Date(end.getTime() - 60_000) : end;
}
