import { spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildIfNeeded, SERVER_FLAGS } from "@/server/ops/build";
import type { BenchSetting } from "./bench";

export interface Portal {
  port: number;
  stop(): Promise<void>;
}

/** The production build, served as `npm run up` serves it, on a free port. KAQING_BENCH_PROFILE=folder profiles it. */
export async function startPortal(setting: BenchSetting): Promise<Portal> {
  const port = await freePort();
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    DATABASE_URL: setting.url,
    NEXTAUTH_URL: `http://localhost:${port}`,
    NEXTAUTH_SECRET: "bench",
    KAQING_SERVICE: "server",
    KAQING_API_RATE: "0",
    LOG_LEVEL: "warn",
  };
  await buildIfNeeded(setting.say, env);
  const profile = process.env.KAQING_BENCH_PROFILE;
  const flags = profile ? ["--cpu-prof", `--cpu-prof-dir=${profile}`] : [];
  const next = path.resolve("node_modules/next/dist/bin/next");
  const logFile = path.join(os.tmpdir(), `kaqing-bench-${process.pid}-${port}.log`);
  const log = fs.openSync(logFile, "w");
  const child = spawn(process.execPath, [...SERVER_FLAGS, ...flags, next, "start", "-p", String(port)], {
    env,
    stdio: ["ignore", log, log],
  });
  fs.closeSync(log);
  let ended = false;
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => {
      ended = true;
      resolve();
    });
  });
  for (let waited = 0; ; waited += 100) {
    if (ended || waited > 60_000)
      throw new Error(`The server does not start:\n${fs.readFileSync(logFile, "utf8")}`);
    if (await answers(port)) break;
    await sleep(100);
  }
  return {
    port,
    async stop() {
      child.kill("SIGTERM");
      await Promise.race([exited, sleep(10_000).then(() => child.kill("SIGKILL"))]);
      fs.rmSync(logFile, { force: true });
    },
  };
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/api/v1/ping`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address() as net.AddressInfo;
      probe.close(() => resolve(address.port));
    });
  });
}
