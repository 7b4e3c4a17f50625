import { Logger, makeWorkerUtils, type Runner, run, type TaskList } from "graphile-worker";
import { connect } from "@/db/client";
import { systemClock } from "@/server/core/context";
import { logger } from "@/server/core/logger";
import { allTenantIds, loadTenant, systemCtx } from "@/server/domain/parties";
import { TASKS } from "./registry";
import { crontab, forEachTenant, REGULAR } from "./schedule";
import { WorkerLife } from "./worker-life";

/**
 * The worker: does what the queue holds, as the application's role, each task in the tenant of its payload. Runs
 * until it is told to stop, through restarts of the database; what it was at goes on elsewhere or after its return.
 */
const RELEASE_EVERY_MS = 5_000;
const RETRY_MS = 1_000;

const url = process.env.DATABASE_URL;
if (!url) throw new Error("DATABASE_URL is not set: start with `npm run up`");
const database = connect(url, { max: Number(process.env.KAQING_WORKER_CONNECTIONS ?? 8) });
const life = new WorkerLife(url);
const stopping = new AbortController();

let releasing = Promise.resolve();
const release = setInterval(() => {
  releasing = life.release().catch((error) => logger.warn({ err: error }, "the database does not answer"));
}, RELEASE_EVERY_MS);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stopping.abort());
await work(url);
clearInterval(release);
await releasing;
await Promise.all([database.close(), life.end()]);

/** Begins again whenever the queue gives up, as it does when the database was away for long. */
async function work(url: string): Promise<void> {
  while (!stopping.signal.aborted) {
    try {
      const runner = await start(url);
      const stop = () => void runner.stop().catch(() => {});
      stopping.signal.addEventListener("abort", stop, { once: true });
      logger.info("worker at work");
      await runner.promise;
      stopping.signal.removeEventListener("abort", stop);
    } catch (error) {
      if (!stopping.signal.aborted) logger.warn({ err: error }, "the queue stopped: beginning again");
    }
    if (!stopping.signal.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function start(url: string): Promise<Runner> {
  return run({
    connectionString: url,
    maxPoolSize: 6,
    concurrency: Number(process.env.KAQING_WORKER_CONCURRENCY ?? 4),
    pollInterval: 1_000,
    noHandleSignals: true,
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
    list[name] = async (payload, { job }) => {
      const given = payload as Record<string, unknown> & { tenantId: string };
      const tenant = await loadTenant(database, given.tenantId);
      const ctx = systemCtx(database, tenant, "worker", systemClock);
      await life.holding(job.id, () => handler(ctx, given));
    };
  }
  for (const { task } of REGULAR) list[forEachTenant(task)] = () => leaveForEachTenant(url, task);
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
