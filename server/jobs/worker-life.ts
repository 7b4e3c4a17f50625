import postgres from "postgres";
import { logger } from "@/server/core/logger";

/**
 * Tells living workers from killed ones, whose jobs the queue itself would hold back for hours: a worker holds an
 * advisory lock for as long as it lives, and the database lets go of it with the connection.
 */
/** Between a worker's first job and its lock. */
const GRACE_SECONDS = 3;
/** The queue is told of a job's end within this time, or not at all. */
const SETTLE_MS = 10_000;

export class WorkerLife {
  readonly #sql: postgres.Sql;
  /** Worker → the connection that holds its lock. */
  readonly #alive = new Map<string, number>();
  /** Jobs at work in this process. */
  readonly #atWork = new Set<string>();

  constructor(url: string) {
    this.#sql = postgres(url, { max: 1, max_lifetime: null, onnotice: () => {} });
  }

  begin(worker: string): void {
    this.#alive.set(worker, 0);
    this.beat().catch((error) => logger.warn({ err: error }, "the database does not answer"));
  }

  async finish(worker: string): Promise<void> {
    this.#alive.delete(worker);
    await this.#sql`select pg_advisory_unlock(${key(this.#sql, worker)})`.catch(() => {});
  }

  async doing<T>(jobId: string, work: () => Promise<T>): Promise<T> {
    this.#atWork.add(jobId);
    try {
      return await work();
    } finally {
      setTimeout(() => this.#atWork.delete(jobId), SETTLE_MS).unref();
    }
  }

  /** Makes sure that the own locks are held, and gives the jobs of dead workers back to the queue. */
  async beat(): Promise<void> {
    const sql = this.#sql;
    const [connection] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
    for (const [worker, pid] of this.#alive) {
      if (pid === connection?.pid) continue;
      const [lock] = await sql<{ ok: boolean; pid: number }[]>`
        select pg_try_advisory_lock(${key(sql, worker)}) as ok, pg_backend_pid() as pid`;
      if (lock?.ok) this.#alive.set(worker, lock.pid);
    }
    await this.#releaseForgotten();
    const rows = await sql<{ locked_by: string }[]>`
      select locked_by from (
        select distinct locked_by from graphile_worker._private_jobs
        where locked_at < now() - make_interval(secs => ${GRACE_SECONDS}) and not locked_by = any(${[...this.#alive.keys()]}::text[])
      ) workers where pg_try_advisory_xact_lock(${key(sql, sql`locked_by`)})`;
    if (rows.length === 0) return;
    const workers = rows.map((row) => row.locked_by);
    await sql`select graphile_worker.force_unlock_workers(${workers}::text[])`;
    logger.warn({ workers }, "took over the jobs of workers that have died");
  }

  /** Jobs that ended while the database was away, so that it was not told. */
  async #releaseForgotten(): Promise<void> {
    await this.#sql`
      update graphile_worker._private_jobs set locked_by = null, locked_at = null
      where locked_by = any(${[...this.#alive.keys()]}::text[]) and not id::text = any(${[...this.#atWork]}::text[])
        and locked_at < now() - make_interval(secs => ${GRACE_SECONDS})`;
  }

  async end(): Promise<void> {
    await this.#sql.end({ timeout: 2 });
  }
}

function key(sql: postgres.Sql, worker: string | ReturnType<postgres.Sql>) {
  return sql`hashtextextended('kaqing.worker/' || ${worker}, 0)`;
}
