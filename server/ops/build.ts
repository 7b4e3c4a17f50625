import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { memoryHere } from "@/db/embedded-host";
import { withFileLock } from "@/db/locks";
import type { Say } from "./say";

/** MB of room for the young, in each of two halves: of the memory there is a 64th, which V8 takes as a power of two. */
const YOUNG = Math.max(16, Math.min(128, 2 ** Math.floor(Math.log2(memoryHere() / 64))));
/**
 * How node serves the portal. A batch of redemptions is alive for a tenth of a second and then garbage: with room for
 * that among the young, it is dropped there, and not copied twice and collected among the old. The more room, the
 * rarer the pauses; each is as long as what is alive, however large the room.
 */
export const SERVER_FLAGS = [`--max-semi-space-size=${YOUNG}`, `--min-semi-space-size=${YOUNG}`];
/** The worker's long jobs stream, and little of what they make lives long: room for it would only be memory. */
export const WORKER_FLAGS = ["--max-semi-space-size=4"]; // MB

const STAMP = ".next/kaqing-sources";
const FOLDERS = ["app", "components", "server", "db", "public"];
/** Below these nothing is part of the built application. */
const APART = ["server/ops", "server/testing", "server/jobs", "db/seed"];

/** Builds the portal unless the last build was made of the same sources. */
export async function buildIfNeeded(say: Say, env: NodeJS.ProcessEnv, stopped?: AbortSignal): Promise<void> {
  fs.mkdirSync(".next", { recursive: true });
  const lock = ".next/kaqing-build.lock";
  const waiting = () => say("Another process is building: waiting for it.");
  await withFileLock(lock, () => build(say, env, stopped), { waiting, timeoutMs: 15 * 60_000 });
}

async function build(say: Say, env: NodeJS.ProcessEnv, stopped?: AbortSignal): Promise<void> {
  const sources = hashOfSources();
  if (fs.existsSync(".next/BUILD_ID") && readText(STAMP) === sources) return;
  say("Building the portal …");
  fs.rmSync(STAMP, { force: true });
  const next = path.resolve("node_modules/next/dist/bin/next");
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, [next, "build"], { env, stdio: ["ignore", 2, 2], signal: stopped });
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code !== 0) throw new Error("The build failed: see above.");
  fs.writeFileSync(STAMP, sources);
}

function hashOfSources(): string {
  const hash = createHash("sha256");
  const rootFiles = fs
    .readdirSync(".", { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs|css|json)$/.test(entry.name))
    .map((entry) => entry.name)
    .filter((name) => !/^(vitest|playwright|drizzle)\.config|^biome|^next-env|^package\.json$/.test(name));
  const files = [...rootFiles, ...FOLDERS.flatMap(filesUnder)].sort();
  for (const file of files) {
    hash.update(`${file}\0`);
    hash.update(createHash("sha256").update(fs.readFileSync(file)).digest());
  }
  return hash.digest("hex");
}

function filesUnder(folder: string): string[] {
  if (APART.includes(folder) || !fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesUnder(file);
    return entry.isFile() && !/\.test\.tsx?$/.test(entry.name) ? [file] : [];
  });
}

function readText(file: string): string | null {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
