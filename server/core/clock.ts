import fs from "node:fs";
import { type Clock, systemClock } from "./context";

/**
 * The time of a tenant: the machine's. Browser tests move that of a tenant of their own, to see what happens at a
 * date: KAQING_TEST_CLOCK then names a file that says by slug how many milliseconds it is ahead.
 */
export function clockOf({ slug }: { slug: string }): Clock {
  const file = process.env.KAQING_TEST_CLOCK;
  return file ? { now: () => new Date(Date.now() + aheadOf(file, slug)) } : systemClock;
}

function aheadOf(file: string, slug: string): number {
  if (!fs.existsSync(file)) return 0;
  return (JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, number>)[slug] ?? 0;
}
