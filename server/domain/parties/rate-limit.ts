import { createHash } from "node:crypto";
import type { Database } from "@/db/client";
import { DomainError } from "@/server/core/errors";

/** At most `limit` in each window of `seconds`, counted for all servers together. */
export interface Limit {
  /** What is counted, e.g. `sign-in.account`. */
  name: string;
  limit: number;
  seconds: number;
}

/**
 * Counts an attempt before it is made, so that many at once are counted too. Throws RATE_LIMITED with the seconds
 * to wait. `forgive` takes one back (or all) when it turned out well.
 */
export async function countAttempt(
  db: Database,
  what: Limit,
  whose: string,
  now: Date,
): Promise<{ forgive(all?: boolean): Promise<void> }> {
  const length = what.seconds * 1_000;
  const start = Math.floor(now.getTime() / length) * length;
  const window = new Date(start).toISOString();
  const key = `${what.name}:${createHash("sha256").update(whose).digest("base64url").slice(0, 27)}`;
  const rows = await db.sql<{ hits: number }[]>`
    insert into rate_limits as r (key, window_start, hits) values (${key}, ${window}::timestamptz, 1)
    on conflict (key, window_start) do update set hits = least(r.hits + 1, 1000000) returning hits`;
  if ((rows[0]?.hits ?? 0) > what.limit) {
    throw new DomainError("RATE_LIMITED", {
      seconds: Math.max(1, Math.ceil((start + length - now.getTime()) / 1_000)),
    });
  }
  if (Math.random() < 0.01) await forgetOldAttempts(db, now);
  return {
    async forgive(all = false) {
      await db.sql`update rate_limits set hits = case when ${all} then 0 else greatest(hits - 1, 0) end
        where key = ${key} and window_start = ${window}::timestamptz`;
    },
  };
}

export async function forgetOldAttempts(db: Database, now: Date): Promise<void> {
  const before = new Date(now.getTime() - 86_400_000).toISOString();
  await db.sql`delete from rate_limits where window_start < ${before}::timestamptz`;
}
