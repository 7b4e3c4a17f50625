import type { Database } from "@/db/client";

/** Until a transaction awaits another one's end; in a test's own database, so it is one of the test's. Its statement. */
export async function someoneWaits(owner: Database): Promise<string> {
  for (;;) {
    const [waiting] = await owner.sql<{ query: string }[]>`
      select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' limit 1`;
    if (waiting) return waiting.query;
  }
}
