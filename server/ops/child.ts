import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { Say } from "./say";

/** A process that is kept running: started again when it dies, each time a little later. */
export interface KeptChild {
  /** Ends it: politely, and after ten seconds not. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  name: string;
  /** Arguments of Node. */
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Where its output goes; absent: to ours. */
  logFile?: string;
  say: Say;
}

const TETHER = path.resolve("server/ops/tether.mjs");

export function keepChild(options: ChildOptions): KeptChild {
  let stopping = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let child = launch();

  function launch(): ChildProcess {
    const began = Date.now();
    const out = options.logFile ? openLog(options.logFile) : null;
    const started = spawn(process.execPath, ["--import", TETHER, ...options.args], {
      env: { ...options.env, KAQING_TETHERED: "1" },
      // In a group of its own, so that Ctrl-C reaches us alone and we end things in order.
      detached: process.platform !== "win32",
      stdio: ["ignore", out ?? "inherit", out ?? "inherit", "ipc"],
    });
    if (out !== null) fs.closeSync(out);
    started.on("error", () => {});
    started.once("exit", (code, signal) => {
      if (stopping) return;
      failures = Date.now() - began > 60_000 ? 1 : failures + 1;
      const wait = Math.min(30, 2 ** (failures - 1));
      const hint = options.logFile ? ` Its log: ${path.relative(".", options.logFile)}` : "";
      options.say(
        `The ${options.name} has ended (${signal ?? code}): starting it again in ${wait} s.${hint}`,
      );
      timer = setTimeout(() => {
        child = launch();
      }, wait * 1000);
    });
    return started;
  }

  return {
    async stop() {
      stopping = true;
      clearTimeout(timer);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const hard = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await gone;
      clearTimeout(hard);
    },
  };
}

/** Appends; begins anew when the old log is long. */
function openLog(file: string): number {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const length = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (length > 8 * 1024 * 1024) fs.renameSync(file, `${file}.old`);
  return fs.openSync(file, "a", 0o600);
}
