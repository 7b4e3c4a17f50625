import fs from "node:fs";
import path from "node:path";
import type { Benchmark, Measurement } from "@/bench/support/bench";
import { connect } from "@/db/client";
import { dataFolder } from "@/db/data-folder";
import { openCluster } from "@/db/embedded";
import { withDatabase } from "./databases";
import { migrate } from "./migrate";
import { say } from "./say";
import { table } from "./table";

/**
 * npm run bench [name …] [-- --json]: each benchmark beside its floor, on a durable database of its own that is
 * dropped afterwards: in a cluster under the data folder, or on the server of DATABASE_URL.
 */
const args = process.argv.slice(2);
const json = args.includes("--json");
const available = fs
  .readdirSync("bench")
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => file.replace(/\.ts$/, ""))
  .sort();
const wanted = args.filter((arg) => !arg.startsWith("-"));
const unknown = wanted.filter((name) => !available.includes(name));
if (unknown.length > 0) {
  say(`No such benchmark: ${unknown.join(", ")}. There are: ${available.join(", ")}`);
  process.exit(2);
}

/**
 * What comes now and then comes to neither side of a measurement. A checkpoint makes the next change of every page write
 * the whole page; autovacuum looks once a minute, and takes an eighth of the machine from whatever is measured then.
 * Over a quarter of an hour that is little, in twenty seconds it would be most of what is told apart. Who loads a
 * database vacuums it.
 */
const NOW_AND_THEN = { max_wal_size: "16GB", checkpoint_timeout: "1h", autovacuum: "off" };
/**
 * A server that has run for a while writes its log over files that it had before. A new one has to make each file,
 * which writes it twice, while every commit waits; the more a benchmark writes, the more of its time that takes.
 */
const LOG_MB = 5 * 1024;

const cluster = process.env.DATABASE_URL
  ? null
  : await openCluster({
      folder: path.join(dataFolder(), "bench"),
      say,
      settings: { ...NOW_AND_THEN, min_wal_size: `${LOG_MB}MB` },
    });
let stopping = false;
const stop = async () => {
  if (stopping) return;
  stopping = true;
  await cluster?.release();
  process.exit(130);
};
process.on("SIGINT", stop);
process.on("SIGTERM", stop);

const measured: Measurement[] = [];
try {
  const server = cluster ? cluster.url("postgres") : (process.env.DATABASE_URL ?? "");
  if (cluster) await makeLog(server, path.join(dataFolder(), "bench"));
  for (const name of wanted.length > 0 ? wanted : available) {
    say(`— ${name}`);
    const { default: run } = (await import(`../../bench/${name}`)) as { default: Benchmark };
    const scale = Number(process.env.KAQING_BENCH_SCALE || 1);
    const rows = await withDatabase(server, `kaqing_bench_${name.replaceAll("-", "_")}`, async (url) => {
      await migrate(url);
      return run({ url, scale, say });
    });
    measured.push(...rows);
    if (!json) process.stdout.write(`${measurements(rows)}\n`);
  }
} finally {
  await cluster?.release();
}
if (json) process.stdout.write(`${JSON.stringify(measured, null, 2)}\n`);
else if (measured.length > 1) process.stdout.write(`${measurements(measured)}\n`);
process.exit(0);

/** Once for a cluster: files enough for the log of a benchmark, which the checkpoint leaves to be written over. */
async function makeLog(url: string, folder: string): Promise<void> {
  const made = path.join(folder, `log-of-${LOG_MB}-mb`);
  if (fs.existsSync(made)) return;
  say(`Making ${LOG_MB} MB of log files, once …`);
  const owner = connect(url, { as: "owner", max: 1 });
  try {
    for (let mb = 0; mb < LOG_MB; mb += 256) {
      await owner.sql`
        select count(pg_logical_emit_message(false, 'kaqing', repeat('-', 1024 * 1024)::bytea)) from generate_series(1, 256)`;
    }
    await owner.sql`checkpoint`;
  } finally {
    await owner.close();
  }
  fs.writeFileSync(made, "");
}

function measurements(rows: readonly Measurement[]): string {
  const number = (value: number | null) =>
    value === null ? "–" : value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 2 : 0 });
  const head = ["name", "value", "unit", "floor", "ratio", "goal", "met"];
  const cells = rows.map((row) => [
    row.name,
    number(row.value),
    row.unit,
    number(row.floor),
    row.ratio === null ? "–" : row.ratio.toFixed(2),
    row.goal,
    row.met ? "yes" : "no",
  ]);
  const notes = rows.flatMap((row) => (row.note ? [`${row.name}: ${row.note}`] : []));
  return [table(head, cells), ...notes].join("\n");
}
