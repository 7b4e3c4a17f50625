import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { connect, inTenant } from "@/db/client";
import { parties } from "@/db/schema";
import { newId } from "@/server/core/ids";
import { createProduct, startKeyImport, storeKeyFile } from "@/server/domain/cards";
import { createTenant, systemCtx } from "@/server/domain/parties";
import { WORKER_FLAGS } from "@/server/ops/build";
import { type Benchmark, rounded, seconds } from "./support/bench";
import type { ImportDone, ImportTask } from "./support/import-process";

const GOAL = 20_000;
const MEMORY_GOAL_MB = 300;

/** A file of keys as the worker imports it, sealed and checked for duplicates, beside the COPY of the very rows it made. */
const bench: Benchmark = async (setting) => {
  const count = Math.max(50_000, Math.round(1_000_000 * setting.scale));
  const owner = connect(setting.url, { as: "owner", max: 2 });
  const app = connect(setting.url, { max: 4 });
  const floorSide = connect(setting.url, { as: "owner", max: 1 });
  const file = path.join(os.tmpdir(), `kaqing-keys-${process.pid}`);
  try {
    const tenant = await createTenant(owner, {
      slug: `bench-${newId().slice(-10)}`,
      name: "Bench",
      currency: "CNY",
      timezone: "Asia/Shanghai",
    });
    const ctx = systemCtx(app, tenant, "bench");
    const supplierId = newId();
    await inTenant(app, tenant.id, (tx) =>
      tx.insert(parties).values({
        tenantId: tenant.id,
        id: supplierId,
        number: "S-0001",
        kind: "supplier",
        name: "Supplier",
        cycle: { kind: "immediate" },
        createdAt: new Date(),
        updatedAt: new Date(),
      }),
    );
    const { id: productId } = await createProduct(ctx, { supplierId, name: "Keys", face: 10_000n });
    setting.say(`Uploading ${count.toLocaleString("en")} keys …`);
    const stored = await storeKeyFile(ctx, { name: "keys.csv", content: fileOf(count) });
    const { jobId } = await startKeyImport(ctx, { fileId: stored.id, productId, cost: 9_500n });
    await owner.sql.unsafe("checkpoint");
    setting.say("Importing …");
    const done = await importIn({ url: setting.url, tenantId: tenant.id, jobId });
    const perSecond = count / done.seconds;

    setting.say("Floor: COPY of the same rows …");
    await owner.sql.unsafe("create table card_keys_floor (like card_keys including all)");
    const rows = `select * from card_keys where product_id = '${productId}' order by id`;
    await pipeline(
      await owner.sql.unsafe(`copy (${rows}) to stdout with (format binary)`).readable(),
      fs.createWriteStream(file),
    );
    // A connection that has streamed a COPY out may not take the next statement (postgres.js 3.4.9): go on with another.
    const { sql } = floorSide;
    const [made] = await sql`select count(*)::int as n from card_keys where product_id = ${productId}`;
    if (made?.n !== count) throw new Error(`${made?.n} of ${count} keys went in`);
    await sql.unsafe("checkpoint");
    const copying = process.hrtime.bigint();
    await pipeline(
      fs.createReadStream(file, { highWaterMark: 1 << 20 }),
      await sql.unsafe("copy card_keys_floor from stdin with (format binary)").writable(),
    );
    const floor = count / seconds(copying);
    return [
      {
        name: "import-keys",
        value: Math.round(perSecond),
        unit: "keys/s",
        floor: Math.round(floor),
        ratio: rounded(perSecond / floor),
        goal: `≥ ${GOAL.toLocaleString("en")}`,
        met: perSecond >= GOAL,
        note: `floor: binary COPY of the same ${count.toLocaleString("en")} rows into a table with the same indexes`,
      },
      {
        name: "import-keys memory",
        value: Math.round(done.peak),
        unit: "MB",
        floor: null,
        ratio: null,
        goal: `< ${MEMORY_GOAL_MB}`,
        met: done.peak < MEMORY_GOAL_MB,
        note: `peak of the process's resident memory while it imports; before it ${Math.round(done.before)} MB`,
      },
    ];
  } finally {
    fs.rmSync(file, { force: true });
    await Promise.all([app.close(), floorSide.close(), owner.close()]);
  }
};

export default bench;

async function* fileOf(count: number): AsyncGenerator<Uint8Array> {
  const PIECE = 2_000;
  for (let from = 0; from < count; from += PIECE) {
    const random = randomBytes(PIECE * 12).toString("hex");
    let text = from === 0 ? "number,secret,expiry\n" : "";
    for (let n = from; n < Math.min(count, from + PIECE); n++) {
      const at = (n - from) * 24;
      text += `6001${String(n).padStart(12, "0")},${random.slice(at, at + 16)},2099-12-31\n`;
    }
    yield Buffer.from(text);
  }
}

/** In a process of its own, as a worker does it: what this one holds does not count. */
async function importIn(task: ImportTask): Promise<ImportDone> {
  const script = fileURLToPath(new URL("./support/import-process.ts", import.meta.url));
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [
    ...WORKER_FLAGS,
    "--import",
    "tsx",
    script,
    JSON.stringify(task),
  ]);
  return JSON.parse(stdout.slice(stdout.lastIndexOf("{"))) as ImportDone;
}
