import postgres from "postgres";
import { logger } from "@/server/core/logger";

/**
 * Tells living workers from killed ones, whose jobs the queue itself would hold back for hours: a worker holds an
 * advisory lock for as long as it lives, and the database lets go of it with the connection.
 */
/** Between a worker's first job and its lock. */
const GRACE_SECONDS = 3;

export class WorkerLife {
  readonly #sql: postgres.Sql;
  /** Worker → the connection that holds its lock. */
  readonly #alive = new Map<string, number>();

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

  async end(): Promise<void> {
    await this.#sql.end({ timeout: 2 });
  }
}

function key(sql: postgres.Sql, worker: string | ReturnType<postgres.Sql>) {
  return sql`hashtextextended('kaqing.worker/' || ${worker}, 0)`;
}
