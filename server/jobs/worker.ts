import { EventEmitter } from "node:events";
import { Logger, makeWorkerUtils, type Runner, run, type TaskList, type WorkerEvents } from "graphile-worker";
import { connect } from "@/db/client";
import { clockOf } from "@/server/core/clock";
import { logger } from "@/server/core/logger";
import { SYSTEM_ACTORS } from "@/server/core/system-words";
import { allTenantIds, loadTenant, systemCtx } from "@/server/domain/parties";
import { TASKS } from "./registry";
import { crontab, forEachTenant, REGULAR } from "./schedule";
import { WorkerLife } from "./worker-life";

/**
 * The worker: does what the queue holds, as the application's role, each task in the tenant of its payload. Runs
 * until it is told to stop. When the database dies under it, the queue may be beyond repair: the worker then ends
 * and its keeper (`npm run up`, or the service manager) starts it again; what it was at goes on from where it stands.
 */
const BEAT_MS = 2_000;
const RETRY_MS = 1_000;
/** After it was told to stop, what is at work has this long; the rest goes on from where it stands later. */
const FINISH_MS = 5_000;

const url = process.env.DATABASE_URL;
if (!url) throw new Error("DATABASE_URL is not set: start with `npm run up`");
const database = connect(url, { max: Number(process.env.KAQING_WORKER_CONNECTIONS ?? 8) });
const life = new WorkerLife(url);
const stopping = new AbortController();

const beat = setInterval(() => {
  life.beat().catch((error) => logger.warn({ err: error }, "the database does not answer"));
}, BEAT_MS);
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    stopping.abort();
    setTimeout(() => process.exit(0), FINISH_MS).unref();
  });
}
for (const fault of ["unhandledRejection", "uncaughtException"] as const) {
  process.on(fault, (error: unknown) => {
    logger.fatal({ err: error }, "the worker ends, to be started again");
    process.exit(1);
  });
}
await work(url);
clearInterval(beat);
await Promise.all([database.close(), life.end()]);
process.exit(0);

/** Begins again whenever the queue gives up, as it does when the database was away for long. */
async function work(url: string): Promise<void> {
  while (!stopping.signal.aborted) {
    const pools: string[] = [];
    try {
      const events: WorkerEvents = new EventEmitter();
      events.on("pool:create", ({ workerPool }) => {
        pools.push(workerPool.id);
        life.begin(workerPool.id);
      });
      const runner = await start(url, events);
      const stop = () => void runner.stop().catch(() => {});
      stopping.signal.addEventListener("abort", stop, { once: true });
      logger.info("worker at work");
      await runner.promise;
      stopping.signal.removeEventListener("abort", stop);
    } catch (error) {
      if (!stopping.signal.aborted) logger.warn({ err: error }, "the queue stopped: beginning again");
    }
    await Promise.all(pools.map((pool) => life.finish(pool)));
    if (!stopping.signal.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function start(url: string, events: WorkerEvents): Promise<Runner> {
  return run({
    connectionString: url,
    maxPoolSize: 6,
    concurrency: Number(process.env.KAQING_WORKER_CONCURRENCY ?? 4),
    pollInterval: 1_000,
    noHandleSignals: true,
    events,
    taskList: tasks(url),
    crontab: crontab(),
    logger: new Logger(({ label }) => (level, message) => {
      if (level === "error" || level === "warning") logger.warn({ label }, message);
      else logger.debug({ label }, message);
    }),
  });
}

function tasks(url: string): TaskList {
  const list: TaskList = {};
  for (const [name, handler] of Object.entries(TASKS)) {
    list[name] = (payload, { job }) =>
      life.doing(job.id, async () => {
        const given = payload as Record<string, unknown> & { tenantId: string };
        const tenant = await loadTenant(database, given.tenantId);
        const ctx = systemCtx(database, tenant, SYSTEM_ACTORS.worker, clockOf(tenant));
        await handler(ctx, given, { isLast: job.attempts >= job.max_attempts });
      });
  }
  for (const { task } of REGULAR) {
    list[forEachTenant(task)] = (_, { job }) => life.doing(job.id, () => leaveForEachTenant(url, task));
  }
  return list;
}

/** One task a tenant; one that still waits is not left twice. */
async function leaveForEachTenant(url: string, task: string): Promise<void> {
  const utils = await makeWorkerUtils({
    connectionString: url,
    maxPoolSize: 1,
    logger: new Logger(() => () => {}),
  });
  try {
    for (const tenantId of await allTenantIds(database)) {
      await utils.addJob(task, { tenantId }, { jobKey: `${task}/${tenantId}`, maxAttempts: 3 });
    }
  } finally {
    await utils.release();
  }
}
