import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { isAlive } from "@/db/locks";
import { keepChild } from "./child";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kaqing-child-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Notes its number in a file, and lives until it is told to end. */
const living = (file: string) =>
  `require("fs").appendFileSync(${JSON.stringify(file)}, process.pid + "\\n"); setInterval(() => {}, 1000)`;
const pids = (file: string) =>
  fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n").map(Number) : [];

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 150 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(condition()).toBe(true);
}

test("a killed child is started again; a stopped one is not", async () => {
  const file = path.join(folder, "kept");
  const said: string[] = [];
  const child = keepChild({
    name: "server",
    args: ["-e", living(file)],
    env: process.env,
    logFile: path.join(folder, "log/server.log"),
    say: (line) => said.push(line),
  });
  await until(() => pids(file).length === 1);
  process.kill(pids(file)[0] ?? 0, "SIGKILL");
  await until(() => pids(file).length === 2);
  expect(said.join()).toContain("The server has ended (SIGKILL)");
  await child.stop();
  expect(isAlive(pids(file)[1] ?? 0)).toBe(false);
  expect(fs.statSync(path.join(folder, "log/server.log")).mode & 0o777).toBe(0o600);
}, 30_000);

test("a child ends when its starter is killed without a word", async () => {
  const file = path.join(folder, "tethered");
  const starter = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      "-e",
      `import("@/server/ops/child").then(({ keepChild }) => keepChild({
        name: "server", args: ["-e", ${JSON.stringify(living(file))}], env: process.env, logFile: ${JSON.stringify(path.join(folder, "tethered.log"))}, say() {} }))`,
    ],
    { stdio: "inherit" },
  );
  await until(() => pids(file).length === 1);
  starter.kill("SIGKILL");
  await until(() => !isAlive(pids(file)[0] ?? 0));
}, 30_000);
