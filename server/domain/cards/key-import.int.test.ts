import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { inTenant, rawSql } from "@/db/client";
import { importKeys } from "@/server/jobs/handlers/import-keys";
import { runJob } from "@/server/jobs/run-job";
import { testDatabase } from "@/server/testing/database";
import { TestClock } from "@/server/testing/factories";
import { cancelJob, getJob } from "../outbox";
import {
  eachKeyReject,
  expireCards,
  getBatch,
  getKeyImport,
  inspectKeyFile,
  listKeys,
  openKeys,
  runKeyImport,
  startKeyImport,
  storeKeyFile,
  sweepKeyFiles,
} from ".";
import { makeStore, type Store } from "./cards.fixture";
import type { StartKeyImportInput } from "./schemas";

let store: Store;
beforeAll(async () => {
  // Other processes live by the real time.
  store = await makeStore(new TestClock(new Date()));
});

const operator = () => store.t.as("operator");
const sql = <T extends object>(text: (sql: ReturnType<typeof rawSql>) => PromiseLike<readonly T[]>) =>
  inTenant(store.t.system.db, store.t.tenant.id, async (tx) => [...(await text(rawSql(tx)))]);

async function* bytes(content: string | Buffer) {
  yield Buffer.from(content);
}
async function upload(content: string | Buffer, name = "keys.csv") {
  return storeKeyFile(operator(), { name, content: bytes(content) });
}
async function start(content: string | Buffer, options: Partial<StartKeyImportInput> = {}) {
  const productId = options.productId ?? (await store.product());
  const { id: fileId } = await upload(content);
  const started = await startKeyImport(operator(), { fileId, cost: 9_500n, ...options, productId });
  return { ...started, productId, fileId };
}
async function bring(content: string | Buffer, options?: Partial<StartKeyImportInput>) {
  const started = await start(content, options);
  await runJob(store.t.system, started.jobId, { "import-keys": importKeys });
  return { ...started, row: await getKeyImport(operator(), { id: started.importId }) };
}
async function rejectsOf(importId: string) {
  const rejects: string[] = [];
  for await (const { line, code } of eachKeyReject(operator(), importId)) rejects.push(`${line} ${code}`);
  return rejects;
}
const piecesLeft = async (fileId: string) =>
  (await sql((sql) => sql`select 1 as x from file_chunks where file_id = ${fileId}`)).length;

describe("an import", () => {
  test("takes good lines in and reports the others by line, without what stood in them", async () => {
    const { row, importId, batchId, fileId, jobId } = await bring(
      "\uFEFF卡号,卡密,有效期\r\n1,hush-a\r\n2,hush-b,2099-12-31\r\n\r\n3,hush-c,2020-01-01\r\n1,hush-d\r\n4,hush-e,soon\r\nhush\r\n5,\r\n6,hush-f",
    );
    expect(row).toMatchObject({
      state: "done",
      layout: "pair",
      encoding: "utf-8",
      lines: 10,
      skipped: 2,
      accepted: 3,
      rejected: 5,
      total: 10,
      reasons: { EXPIRED: 1, DUPLICATE_IN_FILE: 1, EXPIRY_INVALID: 1, MALFORMED: 1, SECRET_MISSING: 1 },
    });
    expect(await rejectsOf(importId)).toEqual([
      "5 EXPIRED",
      "6 DUPLICATE_IN_FILE",
      "7 EXPIRY_INVALID",
      "8 MALFORMED",
      "9 SECRET_MISSING",
    ]);
    expect(await getBatch(operator(), { id: batchId })).toMatchObject({
      available: 3,
      imported: 3,
      importId,
    });
    const { items } = await listKeys(operator(), { batchId });
    const opened = await inTenant(store.t.system.db, store.t.tenant.id, (tx) =>
      openKeys(
        { ...store.t.system, tx },
        items.map((key) => key.id),
      ),
    );
    expect([...opened.values()].map((key) => `${key.number} ${key.secret}`).sort()).toEqual([
      "1 hush-a",
      "2 hush-b",
      "6 hush-f",
    ]);
    expect(await piecesLeft(fileId)).toBe(0);
    // Nothing secret is left anywhere that people or exports read.
    const kept = await sql<{ text: string }>(
      (sql) => sql`
        select a::text as text from audit_log a union all select j::text from job_runs j where j.id = ${jobId}
        union all select r::text from card_import_rejects r union all select i::text from card_imports i`,
    );
    expect(kept.filter(({ text }) => text.includes("hush"))).toEqual([]);
  });

  test("of the same file, or an overlapping one, adds what is new alone", async () => {
    const productId = await store.product();
    const file = "1,a\n2,b\n3,c\n";
    expect((await bring(file, { productId })).row).toMatchObject({ accepted: 3, rejected: 0 });
    const again = await bring(file, { productId });
    expect(again.row).toMatchObject({ accepted: 0, rejected: 3, reasons: { DUPLICATE_IN_STOCK: 3 } });
    const more = await bring("3,c\n4,d\n4,d\n", { productId });
    expect(more.row.reasons).toEqual({ DUPLICATE_IN_STOCK: 1, DUPLICATE_IN_FILE: 1 });
    expect(await store.states(productId)).toEqual({ available: 4 });
    expect((await bring(file)).row).toMatchObject({ accepted: 3 });
  });

  test("reads GBK", async () => {
    const content = Buffer.concat([
      Buffer.from([0xbf, 0xa8, 0xba, 0xc5]), // 卡号
      Buffer.from(","),
      Buffer.from([0xbf, 0xa8, 0xc3, 0xdc]), // 卡密
      Buffer.from("\nA1,"),
      Buffer.from([0xbf, 0xa8]),
      Buffer.from("x\n"),
    ]);
    const { row, batchId } = await bring(content);
    expect(row).toMatchObject({ encoding: "gb18030", accepted: 1, skipped: 1, rejected: 0 });
    const { items } = await listKeys(operator(), { batchId });
    const opened = await inTenant(store.t.system.db, store.t.tenant.id, (tx) =>
      openKeys({ ...store.t.system, tx }, [items[0]?.id ?? ""]),
    );
    expect([...opened.values()]).toEqual([{ number: "A1", secret: "卡x", expiresAt: null }]);
  });

  test("of secrets alone; those without expiry take the batch's", async () => {
    const expiresAt = new Date(store.t.clock.now().getTime() + 86_400_000);
    const { row, batchId } = await bring("aaa\nbbb\nccc,ddd\n", { expiresAt });
    expect(row).toMatchObject({ layout: "secret", accepted: 2, reasons: { MALFORMED: 1 } });
    const { items } = await listKeys(operator(), { batchId });
    expect(items.map((key) => key.expiresAt)).toEqual([expiresAt, expiresAt]);
    const verbatim = await bring("aaa\nccc,ddd\n", { layout: "line" });
    expect(verbatim.row).toMatchObject({ layout: "line", accepted: 2 });
  });

  test("is looked at before it starts, started once, and kept sealed until it has ended", async () => {
    const file = await upload("number,secret\n1,topsecret\n2,x,2099-01-01\n2,\n");
    const seen = await inspectKeyFile(operator(), { fileId: file.id });
    expect(seen).toEqual({
      file,
      layout: "pair",
      delimiter: ",",
      hasHeader: true,
      hasExpiry: true,
      sample: { lines: 3, good: 2, rejected: { SECRET_MISSING: 1 } },
    });
    const [piece] = await sql<{ content: Buffer }>(
      (sql) => sql`select content from file_chunks where file_id = ${file.id}`,
    );
    expect(piece?.content.includes("topsecret")).toBe(false);
    const productId = await store.product();
    const given = { fileId: file.id, productId, cost: 1n };
    const first = await startKeyImport(operator(), given);
    expect(await startKeyImport(operator(), given)).toEqual(first);
    await cancelJob(operator(), first.jobId);
    await runJob(store.t.system, first.jobId, { "import-keys": importKeys });
    expect(await piecesLeft(file.id)).toBe(1);
    expect(await sweepKeyFiles(store.t.system)).toBe(1);
    expect(await piecesLeft(file.id)).toBe(0);
    expect(await getKeyImport(operator(), { id: first.importId })).toMatchObject({
      state: "cancelled",
      accepted: 0,
    });
  });

  test("stops on demand; what went in stays, and its file goes", async () => {
    const content = Array.from({ length: 25_000 }, (_, n) => `${n},s${n}`).join("\n");
    const started = await start(content);
    let steps = 0;
    await runJob(store.t.system, started.jobId, {
      "import-keys": (job) =>
        importKeys({
          ...job,
          checkpoint: async (progress, ...rest) => {
            steps += 1;
            if (steps === 2) await cancelJob(operator(), started.jobId);
            await job.checkpoint(progress, ...rest);
          },
        }),
    });
    const row = await getKeyImport(operator(), { id: started.importId });
    expect(row.state).toBe("cancelled");
    expect(row.accepted).toBe(row.lines);
    expect(row.lines).toBeLessThan(25_000);
    expect(await store.states(started.productId)).toEqual({ available: row.accepted });
    expect(await piecesLeft(started.fileId)).toBe(0);
  });

  test("of a million bytes without a line feed, of nothing, and for nobody but operators", async () => {
    const { row } = await bring(Buffer.alloc(1_000_000, "x"));
    expect(row).toMatchObject({ accepted: 0, rejected: 1, reasons: { TOO_LONG: 1 } });
    await expect(upload("")).rejects.toMatchObject({ code: "FILE_EMPTY" });
    for (const role of ["support", "finance", "auditor", "supplier", "distributor"] as const) {
      await expect(
        storeKeyFile(store.t.as(role), { name: "x", content: bytes("1,a") }),
      ).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
    }
  });
});

describe("from several processes", { timeout: 120_000 }, () => {
  const SCRIPT = fileURLToPath(new URL("./test-key-import-process.ts", import.meta.url));
  async function process_(importId: string): Promise<ChildProcess> {
    const { url } = await testDatabase();
    const task = JSON.stringify({ url, tenantId: store.t.tenant.id, importId });
    return spawn(process.execPath, ["--import", "tsx", SCRIPT, task], {
      stdio: ["ignore", "pipe", "inherit"],
    });
  }
  const LINES = 4_000;
  const content = Array.from({ length: LINES }, (_, n) => `${n % 3_900},secret${n}`).join("\n");

  test("killed at any moment, it goes on without a gap and without a key twice", async () => {
    const { importId, productId, jobId } = await start(content);
    for (let round = 0; round < 3; round++) {
      const child = await process_(importId);
      let steps = 0;
      child.stdout?.on("data", (text: Buffer) => {
        steps += text.toString().split("\n").length - 1;
        if (steps >= 6) child.kill("SIGKILL");
      });
      await once(child, "exit");
    }
    const between = await getKeyImport(operator(), { id: importId });
    expect(between.lines).toBeGreaterThan(0);
    expect(between.lines).toBeLessThan(LINES);
    await runJob(store.t.system, jobId, { "import-keys": importKeys });
    expect(await getKeyImport(operator(), { id: importId })).toMatchObject({
      lines: LINES,
      accepted: 3_900,
      rejected: 100,
      reasons: { DUPLICATE_IN_FILE: 100 },
    });
    expect(await store.states(productId)).toEqual({ available: 3_900 });
    expect((await rejectsOf(importId))[0]).toBe("3901 DUPLICATE_IN_FILE");
    expect((await getJob(operator(), jobId)).state).toBe("done");
  });

  test("two files with the same keys, in opposite orders, at the same time: each key goes in once", async () => {
    const productId = await store.product();
    const lines = Array.from({ length: 3_000 }, (_, n) => `k${n},s${n}`);
    const [a, b] = [
      await start(lines.join("\n"), { productId }),
      await start(lines.toReversed().join("\n"), { productId }),
    ];
    const [one, other] = await Promise.all(
      [a, b].map(({ importId }) => runKeyImport(store.t.system, importId, undefined, 500)),
    );
    expect((one?.accepted ?? 0) + (other?.accepted ?? 0)).toBe(3_000);
    expect((one?.rejected ?? 0) + (other?.rejected ?? 0)).toBe(3_000);
    expect(await store.states(productId)).toEqual({ available: 3_000 });
  });
});

test("keys whose time is over expire, and files that nobody imported go", async () => {
  const soon = new Date(store.t.clock.now().getTime() + 3_600_000);
  const { productId } = await bring("1,a\n2,b,2099-01-01\n", { expiresAt: soon });
  const { id } = await upload("1,a");
  expect(await expireCards(store.t.system)).toBe(0);
  store.t.clock.advance({ hours: 25 });
  expect(await expireCards(store.t.system)).toBeGreaterThanOrEqual(1);
  expect(await store.states(productId)).toEqual({ available: 1, expired: 1 });
  expect(await sweepKeyFiles(store.t.system)).toBe(1);
  expect(await piecesLeft(id)).toBe(0);
});
