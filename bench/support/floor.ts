import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { VOUCHER_PREFIX, type World } from "./world";

export interface Floor {
  perSecond: number;
  /** What measured it. */
  by: string;
}

/** Spreads counted vouchers over the whole table; prime, so that no voucher comes twice. */
const STRIDE = 2_654_435_761;
const CLIENTS = 8;
/** How often it can be measured in one world. */
const TIMES = 4;

/** Which vouchers: half of them, from the `first` of a client's on. */
interface Share {
  half: number;
  first: number;
}

/**
 * One hand-written transaction a redemption on the very tables of the product, as their owner: 1 update, 1 insert,
 * 3 inserts, prepared, 8 clients. Takes the vouchers with even numbers, those of the `nth` time behind those before.
 */
export async function redeemFloor(
  world: World,
  url: string,
  durationSeconds: number,
  nth = 0,
): Promise<Floor> {
  const half = Math.floor(world.vouchers / 2);
  const first = Math.floor(((half / CLIENTS) * nth) / TIMES);
  const version = spawnSync("pgbench", ["--version"], { encoding: "utf8" });
  if (version.status === 0)
    return withPgbench(world, url, durationSeconds, { half, first }, version.stdout.trim());
  return withClients(world, url, durationSeconds, { half, first });
}

function withPgbench(
  world: World,
  url: string,
  durationSeconds: number,
  { half, first }: Share,
  version: string,
): Floor {
  const script = path.join(os.tmpdir(), `kaqing-floor-${process.pid}.sql`);
  const text = `\\set k :k + 1
\\set seq :k * ${CLIENTS} + :client_id
\\set n (:seq * ${STRIDE} % ${half}) * 2
\\set m random(0, ${world.merchants - 1})
${statements(world, {
  voucher: `('${VOUCHER_PREFIX}' || lpad(to_hex(:n::bigint), 12, '0'))::uuid`,
  seq: ":seq",
  merchant: ":m",
})
  .map((statement) => `${statement.replaceAll(/\s+/g, " ")};`)
  .join("\n")}
`;
  fs.writeFileSync(script, text);
  try {
    const args = [
      "-n",
      "-M",
      "prepared",
      "-c",
      String(CLIENTS),
      "-j",
      "2",
      "-D",
      `k=${first}`,
      "-T",
      String(durationSeconds),
    ];
    const run = spawnSync("pgbench", [...args, "-f", script, url], { encoding: "utf8" });
    const tps = /tps = ([\d.]+)/.exec(run.stdout)?.[1];
    const failed = /number of failed transactions: (\d+)/.exec(run.stdout)?.[1] ?? "0";
    if (run.status !== 0 || !tps || failed !== "0") throw new Error(`pgbench: ${run.stderr || run.stdout}`);
    return { perSecond: Number(tps), by: `${version}, -M prepared, ${CLIENTS} clients` };
  } finally {
    fs.rmSync(script, { force: true });
  }
}

/** The same statements through postgres.js, where pgbench is not installed. */
async function withClients(
  world: World,
  url: string,
  durationSeconds: number,
  { half, first }: Share,
): Promise<Floor> {
  const until = Date.now() + durationSeconds * 1_000;
  const began = process.hrtime.bigint();
  let done = 0;
  const client = async (clientId: number) => {
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    for (let k = first + 1; Date.now() < until; k++) {
      const seq = k * CLIENTS + clientId;
      const n = Number((BigInt(seq) * BigInt(STRIDE)) % BigInt(half)) * 2;
      const voucher = world.voucherId(n);
      const merchant = Math.floor(Math.random() * world.merchants);
      const texts = statements(world, { voucher: "$1::uuid", seq: "$2::bigint", merchant: "$3::int" });
      await sql.begin((tx) =>
        Promise.all(
          texts.slice(1, -1).map((text) => {
            const used = ["$1", "$2", "$3"].filter((p) => text.includes(p));
            const values = used.map((p) => ({ $1: voucher, $2: seq, $3: merchant })[p] ?? null);
            const renumbered = used.reduce((t, p, i) => t.replaceAll(p, `$\u0000${i + 1}`), text);
            return tx.unsafe(renumbered.replaceAll("\u0000", ""), values, { prepare: true });
          }),
        ),
      );
      done += 1;
    }
    await sql.end();
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, i) => client(i)));
  const elapsed = Number(process.hrtime.bigint() - began) / 1e9;
  return { perSecond: done / elapsed, by: `postgres.js, ${CLIENTS} clients (pgbench is not installed)` };
}

/** The least that leaves the same books: no checks, three of the five legs. */
function statements(world: World, v: { voucher: string; seq: string; merchant: string }): string[] {
  const t = `'${world.tenant.id}'`;
  const counted = (kind: string, n: string) =>
    `('019a0000-${kind}-7000-8000-' || lpad(to_hex((${n})::bigint), 12, '0'))::uuid`;
  const trade = counted("1000", v.seq);
  const merchant = counted("0001", v.merchant);
  const payable = counted("0005", v.merchant);
  const due = "date_trunc('day', now()) + interval '1 day'";
  const transfer = (
    leg: string,
    n: number,
    debit: string,
    credit: string,
    amount: number,
    dueSides: string[],
  ) => `
    insert into transfers (tenant_id, id, trade_id, leg, debit_account_id, credit_account_id, amount, currency, party_id,
      traded_at, posted_at, ${dueSides.join()})
    values (${t}, ${counted(`200${n}`, v.seq)}, ${trade}, '${leg}', ${debit}, ${credit}, ${amount}, 'CNY', ${merchant},
      now(), now(), ${dueSides.map(() => due).join()})`;
  const id = (text: string) => `'${text}'::uuid`;
  return [
    "begin",
    `update vouchers set state = 3, uses_left = uses_left - 1, redeemed_at = now(), redeemed_by = ${merchant},
      last_trade_id = ${trade} where tenant_id = ${t} and id = ${v.voucher} and uses_left > 0`,
    `insert into trades (tenant_id, id, kind, traded_at, posted_at, currency, gross, discount, paid, merchant_id,
      brand_id, campaign_id, voucher_id, channel_id, collected_by)
    values (${t}, ${trade}, 'redemption', now(), now(), 'CNY', 10000, 2000, 8000, ${merchant},
      ${id(world.brandId)}, ${id(world.campaignId)}, ${v.voucher}, ${id(world.channelId)}, 'platform')`,
    transfer("sale.collected", 1, id(world.accountIds.channelReceivable), payable, 8000, ["credit_due_at"]),
    transfer("subsidy.brand", 2, id(world.accountIds.brandReceivable), payable, 1000, [
      "debit_due_at",
      "credit_due_at",
    ]),
    transfer("fee.commission", 3, payable, id(world.accountIds.commission), 192, ["debit_due_at"]),
    "end",
  ];
}
