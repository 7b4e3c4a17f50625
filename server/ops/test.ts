import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildIfNeeded } from "./build";
import { say } from "./say";

/**
 * npm test [part …] [filter …]: types, lint, unit, integration, build, browser. Ends with `N passed, N failed`:
 * tests are counted one by one; a part that fails without a failing test counts as one failure.
 */
interface Count {
  passed: number;
  failed: number;
}
type Part = () => Promise<Count>;

const bin = (name: string) => path.resolve("node_modules/.bin", name);
const reports = fs.mkdtempSync(path.join(os.tmpdir(), "kaqing-reports-"));
const env: NodeJS.ProcessEnv = {
  ...process.env,
  NEXT_TELEMETRY_DISABLED: "1",
  FORCE_COLOR: process.env.FORCE_COLOR,
};
// The tests have databases, keys and addresses of their own.
for (const name of [
  "DATABASE_URL",
  "KAQING_MASTER_KEY",
  "KAQING_DATA_DIR",
  "NEXTAUTH_URL",
  "NODE_CHANNEL_FD",
])
  delete env[name];

const PARTS: Record<string, Part> = {
  types: async () => {
    // The types of routes, which a build would write; without them a fresh clone has type errors.
    const generated = await succeeds(bin("next"), ["typegen"]);
    return asCount(generated && (await succeeds(bin("tsc"), ["--noEmit"])));
  },
  lint: async () => asCount(await succeeds(bin("biome"), ["check", "."])),
  unit: () => vitest("unit"),
  integration: () => vitest("integration"),
  build: async () => {
    try {
      await buildIfNeeded(say, { ...env, NODE_ENV: "production" }, stop.signal);
      return { passed: 0, failed: 0 };
    } catch (error) {
      say(String(error));
      return { passed: 0, failed: 1 };
    }
  },
  e2e: playwright,
};

const args = process.argv.slice(2);
const named = args.filter((arg) => arg in PARTS);
const filters = args.filter((arg) => !(arg in PARTS));
const stop = new AbortController();
let child: ChildProcess | undefined;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    stop.abort();
    child?.kill(signal === "SIGHUP" ? "SIGTERM" : signal);
  });
}

const total: Count = { passed: 0, failed: 0 };
const summary: string[] = [];
for (const name of named.length > 0 ? named : Object.keys(PARTS)) {
  if (stop.signal.aborted) break;
  say(`\n━━ ${name}`);
  const began = Date.now();
  const count = (await PARTS[name]?.()) ?? { passed: 0, failed: 1 };
  total.passed += count.passed;
  total.failed += count.failed;
  const took = `${((Date.now() - began) / 1000).toFixed(1)} s`;
  const counted = count.passed > 0 ? `${count.passed} passed` : "";
  const verdict = count.failed > 0 ? `${count.failed} failed` : counted ? "" : "good";
  summary.push(`${name.padEnd(12)} ${[counted, verdict].filter(Boolean).join(", ")}  (${took})`);
}
fs.rmSync(reports, { recursive: true, force: true });
if (stop.signal.aborted) {
  say("Interrupted.");
  total.failed += 1;
}
process.stdout.write(`\n${summary.join("\n")}\n\n${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed > 0 ? 1 : 0);

// ── parts ──

async function vitest(project: string): Promise<Count> {
  const report = path.join(reports, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const good = await succeeds(bin("vitest"), [
    "run",
    "--project",
    project,
    "--passWithNoTests",
    ...reporters,
    ...filters,
  ]);
  const result = readJson(report) as { numPassedTests?: number; numFailedTests?: number } | null;
  return judged(good, result?.numPassedTests, result?.numFailedTests);
}

async function playwright(): Promise<Count> {
  const report = path.join(reports, "e2e.json");
  const settings = { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: report, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  const reporter = ["--reporter=list,json", "--pass-with-no-tests"];
  const good = await succeeds(bin("playwright"), ["test", ...reporter, ...filters], settings);
  const result = readJson(report) as {
    stats?: { expected: number; flaky: number; unexpected: number };
  } | null;
  const { expected = 0, flaky = 0, unexpected = 0 } = result?.stats ?? {};
  return judged(good, expected + flaky, unexpected);
}

/** What broke outside of any test counts too. */
function judged(good: boolean, passed = 0, failed = 0): Count {
  return { passed, failed: good ? failed : Math.max(1, failed) };
}

function asCount(good: boolean): Count {
  return { passed: 0, failed: good ? 0 : 1 };
}

// ── running them ──

/** Our own programs are scripts of Node: run by the Node we run on, whatever the machine's is. */
async function succeeds(program: string, programArgs: string[], environment = env): Promise<boolean> {
  const script = fs.realpathSync(program);
  const isScript = fs.readFileSync(script, { encoding: "latin1" }).slice(0, 64).includes("node");
  const command = isScript ? process.execPath : script;
  const commandArgs = isScript ? [script, ...programArgs] : programArgs;
  return new Promise((resolve) => {
    child = spawn(command, commandArgs, { env: environment, stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", (error) => {
      say(String(error));
      resolve(false);
    });
    child.once("exit", (code) => resolve(code === 0));
  });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
