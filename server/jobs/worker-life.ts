import postgres from "postgres";
import { logger } from "@/server/core/logger";

/**
 * Tells the jobs of living workers from those that a killed one left locked, which the queue itself would hold back
 * for hours: a worker holds an advisory lock for each job at work, and the database lets go of it with the
 * connection.
 */
const GRACE_SECONDS = 10;

export class WorkerLife {
  readonly #sql: postgres.Sql;
  constructor(url: string) {
    this.#sql = postgres(url, { max: 1, idle_timeout: 0, max_lifetime: null, onnotice: () => {} });
  }

  /** Runs a job while holding its lock. Throws if another worker is still at it. */
  async holding<T>(jobId: string, work: () => Promise<T>): Promise<T> {
    const [held] = await this.#sql`select pg_try_advisory_lock(${key(this.#sql, jobId)}) as ok`;
    if (!held?.ok) throw new Error(`another worker is at job ${jobId}`);
    try {
      return await work();
    } finally {
      await this.#sql`select pg_advisory_unlock(${key(this.#sql, jobId)})`.catch(() => {});
    }
  }

  /** Gives the jobs of dead workers back to the queue. */
  async release(): Promise<void> {
    const rows = await this.#sql<{ locked_by: string }[]>`
      select distinct locked_by from (
        select locked_by, pg_try_advisory_xact_lock(${key(this.#sql, this.#sql`id::text`)}) as is_free
        from graphile_worker._private_jobs
        where locked_by is not null and locked_at < now() - make_interval(secs => ${GRACE_SECONDS})) jobs
      where is_free`;
    if (rows.length === 0) return;
    const workers = rows.map((row) => row.locked_by);
    await this.#sql`select graphile_worker.force_unlock_workers(${workers}::text[])`;
    logger.warn({ workers }, "took over the jobs of workers that have died");
  }

  async end(): Promise<void> {
    await this.#sql.end({ timeout: 2 });
  }
}

function key(sql: postgres.Sql, jobId: string | ReturnType<postgres.Sql>) {
  return sql`hashtextextended('kaqing.job/' || ${jobId}, 0)`;
}
