import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { newId } from "@/server/core/ids";
import type { Floor } from "./floor";

/** Clients that do nothing but take available keys of a product, one a transaction, without waiting for each other. */
export async function skipLockedFloor(
  url: string,
  tenantId: string,
  productId: string,
  { clients, seconds }: { clients: number; seconds: number },
): Promise<Floor> {
  const text = `with k as (
      select id from card_keys where tenant_id = '${tenantId}' and product_id = '${productId}' and state = 0
      order by expires_at, id limit 1 for update skip locked)
    update card_keys c set state = 2, order_line_id = '${newId()}', changed_at = now()
    from k where c.tenant_id = '${tenantId}' and c.id = k.id`;
  const version = spawnSync("pgbench", ["--version"], { encoding: "utf8" });
  if (version.status === 0) return withPgbench(url, text, clients, seconds, version.stdout.trim());
  return withClients(url, text, clients, seconds);
}

function withPgbench(url: string, text: string, clients: number, seconds: number, version: string): Floor {
  const script = path.join(os.tmpdir(), `kaqing-keys-${process.pid}.sql`);
  fs.writeFileSync(script, `${text.replaceAll(/\s+/g, " ")};\n`);
  try {
    const args = [
      "-n",
      "-M",
      "prepared",
      "-c",
      `${clients}`,
      "-j",
      "2",
      "-T",
      `${seconds}`,
      "-f",
      script,
      url,
    ];
    const run = spawnSync("pgbench", args, { encoding: "utf8" });
    const tps = /tps = ([\d.]+)/.exec(run.stdout)?.[1];
    if (run.status !== 0 || !tps) throw new Error(`pgbench: ${run.stderr || run.stdout}`);
    return { perSecond: Number(tps), by: `${version}, -M prepared, ${clients} clients` };
  } finally {
    fs.rmSync(script, { force: true });
  }
}

async function withClients(url: string, text: string, clients: number, duration: number): Promise<Floor> {
  const until = Date.now() + duration * 1_000;
  const began = process.hrtime.bigint();
  let taken = 0;
  const client = async () => {
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    while (Date.now() < until) {
      await sql.unsafe(text, [], { prepare: true });
      taken += 1;
    }
    await sql.end();
  };
  await Promise.all(Array.from({ length: clients }, client));
  const elapsed = Number(process.hrtime.bigint() - began) / 1e9;
  return { perSecond: taken / elapsed, by: `postgres.js, ${clients} clients (pgbench is not installed)` };
}
