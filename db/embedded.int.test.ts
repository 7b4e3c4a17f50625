import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "./client";
import { type Cluster, openCluster } from "./embedded";
import { isAlive } from "./locks";

let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "kaqing-test-"));
  fs.chmodSync(folder, 0o711);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const open = () => openCluster({ folder, durable: false });
const pidFile = () => path.join(folder, "postgres/postmaster.pid");
const postmaster = () => Number(fs.readFileSync(pidFile(), "utf8").split("\n")[0]);

async function ask(cluster: Cluster, text: string): Promise<postgres.RowList<postgres.Row[]>> {
  const sql = postgres(cluster.url("books"), { max: 1 });
  try {
    return await sql.unsafe(text);
  } finally {
    await sql.end();
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("it did not come to pass");
}

test("the first opens it, others share it, the last stops it; only its owner can read its passwords", async () => {
  const [first, second] = await Promise.all([open(), open()]);
  expect(second.port).toBe(first.port);
  await first.ensureDatabase("books");
  await ask(first, "create table lines (n int)");
  const pid = postmaster();
  await first.release();
  expect(isAlive(pid)).toBe(true);
  await ask(second, "insert into lines values (1)");
  await second.release();
  expect(isAlive(pid)).toBe(false);
  expect(fs.statSync(path.join(folder, "postgres.json")).mode & 0o777).toBe(0o600);
}, 60_000);

test("a killed server is started again, at once where asked and else by the next to open it", async () => {
  const cluster = await open();
  const port = cluster.port;
  cluster.keepRunning();
  const pid = postmaster();
  process.kill(pid, "SIGKILL");
  await until(async () => {
    try {
      return (await ask(cluster, "select n from lines")).length === 1;
    } catch {
      return false;
    }
  });
  expect(postmaster()).not.toBe(pid);
  expect(cluster.port).toBe(port);
  await cluster.release();

  const careless = await open();
  process.kill(postmaster(), "SIGKILL");
  const next = await open();
  expect(await ask(next, "select n from lines")).toHaveLength(1);
  await Promise.all([careless.release(), next.release()]);
}, 60_000);

test("a server whose starter was killed is taken over", async () => {
  const starter = spawnStarter();
  await new Promise((resolve) => starter.stdout?.once("data", resolve));
  const pid = postmaster();
  starter.kill("SIGKILL");
  await new Promise((resolve) => starter.once("exit", resolve));
  expect(isAlive(pid)).toBe(true);
  const cluster = await open();
  expect(postmaster()).toBe(pid);
  expect(await ask(cluster, "select n from lines")).toHaveLength(1);
  await cluster.release();
  expect(isAlive(pid)).toBe(false);
}, 60_000);

function spawnStarter(): ChildProcess {
  const script = `import("@/db/embedded").then(async (m) => {
    await m.openCluster({ folder: ${JSON.stringify(folder)}, durable: false });
    process.stdout.write("open");
    setInterval(() => {}, 1000);
  })`;
  return spawn(process.execPath, ["--import", "tsx", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
}

test("the file of a dead server that names a living stranger is no hindrance", async () => {
  const text = `${process.pid}\n${folder}/postgres\n1700000000\n5432\n\n127.0.0.1\n  1 1\nready\n`;
  fs.writeFileSync(pidFile(), text);
  const cluster = await open();
  expect(await ask(cluster, "select n from lines")).toHaveLength(1);
  await cluster.release();
}, 60_000);

test("lost passwords are set anew", async () => {
  fs.rmSync(path.join(folder, "postgres.json"));
  const cluster = await open();
  expect(await ask(cluster, "select n from lines")).toHaveLength(1);
  await cluster.release();
}, 60_000);

test("an interrupted making is begun anew", async () => {
  const other = path.join(folder, "other");
  fs.mkdirSync(path.join(other, "postgres.partial/base"), { recursive: true });
  fs.chmodSync(other, 0o711);
  const cluster = await openCluster({ folder: other, durable: false });
  const db = connect(cluster.url("postgres"), { as: "owner", max: 1 });
  expect((await db.sql`select current_user as name`)[0]?.name).toBe("kaqing");
  await db.close();
  await cluster.release();
}, 60_000);
