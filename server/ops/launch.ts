import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "@/db/client";
import { dataFolder } from "@/db/data-folder";
import { authSecret } from "@/server/core/secrets";
import { buildIfNeeded, SERVER_FLAGS, WORKER_FLAGS } from "./build";
import { keepChild } from "./child";
import { type OpenedDatabase, openDatabase } from "./database";
import { recreateDatabase } from "./databases";
import { migrate } from "./migrate";
import { SANDBOX_PROGRAM, sandboxEnvironment, wantsSandbox } from "./sandbox-part";
import { say } from "./say";
import { isHalfSeeded, type SignIn, seedIfEmpty } from "./seed";

/** Starts the whole house — database, portal, worker — and keeps it running until it is told to stop. */
export async function launch(mode: "start" | "dev", options: LaunchOptions = {}): Promise<void> {
  const stop = new AbortController();
  const stopAsked = stopSignal();
  const running: Part[] = [];
  const stopAll = async () => {
    stop.abort();
    for (const part of running.reverse()) await part.stop();
  };
  try {
    const outcome = await Promise.race([bringUp(mode, options, running, stop.signal), stopAsked]);
    if (outcome !== "stop") await stopAsked;
    say("Stopping …");
    await stopAll();
    process.exit(0);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    if (process.env.LOG_LEVEL === "debug" && error instanceof Error && error.stack) say(error.stack);
    await stopAll().catch(() => {});
    process.exit(1);
  }
}

export interface LaunchOptions {
  /** Called before the ready line. */
  onReady?(signIns: readonly SignIn[]): void;
}

interface Part {
  stop(): Promise<void>;
}

/** Adds to `running` what has to be stopped again, in the order of its start. */
async function bringUp(
  mode: "start" | "dev",
  options: LaunchOptions,
  running: Part[],
  stopped: AbortSignal,
): Promise<void> {
  const port = Number(process.env.PORT || 3000);
  const folder = dataFolder();
  await requireFreePort(port);

  const database = await openDatabase(say);
  running.push({ stop: () => database.release() });
  stopped.throwIfAborted();
  const signIns = await prepareDatabase(database);
  stopped.throwIfAborted();
  database.keepRunning();
  if (!database.embedded && !process.env.KAQING_MASTER_KEY)
    say(`KAQING_MASTER_KEY is not set: using the key in ${folder}. All servers of a database need the same.`);

  const env = childEnvironment(mode, port, folder, database.url);
  if (mode === "start") await buildIfNeeded(say, env, stopped);
  stopped.throwIfAborted();

  const address = `http://localhost:${port}`;
  const keep = (name: string, args: string[]): void => {
    const toTerminal = mode === "dev" || process.env.KAQING_LOG === "stdout";
    const logFile = toTerminal ? undefined : path.join(folder, "log", `${name}.log`);
    running.push(keepChild({ name, args, env: { ...env, KAQING_SERVICE: name }, logFile, say }));
  };
  // Stopped in the opposite order: the portal first, which takes no more requests, then the worker, then the sandbox.
  if (wantsSandbox(database.embedded)) {
    Object.assign(env, await sandboxEnvironment(folder, env.NEXTAUTH_URL ?? address));
    keep("sandbox", ["--import", "tsx", SANDBOX_PROGRAM]);
  }
  const worker = "server/jobs/worker.ts";
  if (fs.existsSync(worker)) keep("worker", [...WORKER_FLAGS, "--import", "tsx", worker]);
  const next = path.resolve("node_modules/next/dist/bin/next");
  const host = process.env.KAQING_HOST ? ["-H", process.env.KAQING_HOST] : [];
  keep("server", [...SERVER_FLAGS, next, mode, "-p", String(port), ...host]);

  await answers(`http://${process.env.KAQING_HOST || "127.0.0.1"}:${port}/api/health`, folder);
  options.onReady?.(signIns);
  printSignIns(signIns);
  process.stdout.write(`ready ${address}\n`);
}

/** Migrates and seeds. A seeding that was interrupted is begun anew. */
async function prepareDatabase(database: OpenedDatabase): Promise<readonly SignIn[]> {
  await migrate(database.url);
  let owner = connect(database.url, { as: "owner", max: 4 });
  try {
    if (await isHalfSeeded(owner)) {
      if (!database.embedded)
        throw new Error("Loading the demo data was interrupted. Empty the database and start again.");
      say("Loading the demo data was interrupted: beginning anew.");
      await owner.close();
      await recreateDatabase(database.url, new URL(database.url).pathname.slice(1));
      await migrate(database.url);
      owner = connect(database.url, { as: "owner", max: 4 });
    }
    return await seedIfEmpty(owner, say);
  } finally {
    await owner.close();
  }
}

function childEnvironment(mode: "start" | "dev", port: number, folder: string, url: string) {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: mode === "dev" ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    PORT: String(port),
    KAQING_DATA_DIR: folder,
    DATABASE_URL: url,
    NEXTAUTH_URL: process.env.NEXTAUTH_URL || `http://localhost:${port}`,
    NEXTAUTH_SECRET: authSecret(),
  };
  delete env.NODE_CHANNEL_FD;
  return env;
}

/** A server of ours whose starter was killed takes a moment to notice: so asked more than once. */
async function requireFreePort(port: number): Promise<void> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`PORT is a number from 1 to 65535, not "${process.env.PORT}".`);
  for (let attempt = 0; attempt < 15; attempt++) {
    if (await isFree(port)) return;
    await sleep(200);
  }
  const another = port === 3000 ? 3001 : 3000;
  throw new Error(
    `Port ${port} is taken by another process (another Kaqing?). Stop it, or choose another: PORT=${another} npm run up`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, process.env.KAQING_HOST, () => probe.close(() => resolve(true)));
  });
}

async function answers(health: string, folder: string): Promise<void> {
  const until = Date.now() + 120_000;
  while (Date.now() < until) {
    try {
      const response = await fetch(health, { signal: AbortSignal.timeout(5000) });
      if (response.ok) return;
    } catch {
      // not yet
    }
    await sleep(50);
  }
  throw new Error(`The server does not answer at ${health}. Its log: ${path.join(folder, "log/server.log")}`);
}

function printSignIns(signIns: readonly SignIn[]): void {
  const shown = signIns.filter((one, i) => signIns.findIndex((other) => other.role === one.role) === i);
  if (shown.length === 0) return;
  const width = Math.max(...shown.map((one) => one.email.length));
  const lines = shown.map((one) => `  ${one.role.padEnd(12)} ${one.email.padEnd(width)}  ${one.password}`);
  process.stdout.write(`Sign in as\n${lines.join("\n")}\n`);
}

/** Resolves at the first Ctrl-C, SIGTERM, closed terminal, or when whoever started us is gone. */
function stopSignal(): Promise<"stop"> {
  return new Promise((resolve) => {
    const stop = () => resolve("stop");
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
    if (process.connected) {
      process.on("disconnect", stop);
      process.channel?.unref();
    }
  });
}
