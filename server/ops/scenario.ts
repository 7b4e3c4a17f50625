import fs from "node:fs";
import { parseArgs } from "node:util";
import { connect, type Database } from "@/db/client";
import { openDatabase } from "./database";
import { migrate } from "./migrate";
import { type Say, say } from "./say";

/**
 * npm run scenario -- NAME [--data DIR] [--json]: loads server/ops/scenarios/<name>.ts into a tenant of its own.
 * With --json, standard output is one JSON document.
 */
export interface ScenarioSetting {
  /** Connected as the application. */
  db: Database;
  /** Connected as the owner, who alone makes tenants. */
  owner: Database;
  /** Folder of the scenario's files. */
  data?: string;
  say: Say;
}

export interface ScenarioOutcome {
  /** For machines: amounts in minor units. */
  json: unknown;
  /** For people. */
  text: string;
}

/** What a scenario exports as its default. */
export type Scenario = (setting: ScenarioSetting) => Promise<ScenarioOutcome>;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: "string" }, json: { type: "boolean", default: false } },
});
const [name = ""] = positionals;
const folder = "server/ops/scenarios";
const known = fs.existsSync(folder)
  ? fs.readdirSync(folder).flatMap((file) => /^([a-z-]+)\.ts$/.exec(file)?.[1] ?? [])
  : [];
if (!known.includes(name)) {
  say(`Usage: npm run scenario -- NAME [--data DIR] [--json], where NAME is one of: ${known.join(", ")}`);
  process.exit(2);
}
if (values.data !== undefined && !fs.existsSync(values.data)) {
  say(`There is no folder ${values.data}.`);
  process.exit(2);
}

const database = await openDatabase(say);
try {
  await migrate(database.url);
  process.env.DATABASE_URL = database.url;
  const owner = connect(database.url, { as: "owner", max: 4 });
  const db = connect(database.url);
  try {
    const { default: run } = (await import(`./scenarios/${name}`)) as { default: Scenario };
    const outcome = await run({ db, owner, data: values.data, say });
    process.stdout.write(values.json ? `${JSON.stringify(outcome.json, plain, 2)}\n` : `${outcome.text}\n`);
  } finally {
    await Promise.all([db.close(), owner.close()]);
  }
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
} finally {
  await database.release();
}
process.exit();

/** An amount beyond what a JSON number holds exactly is an error, not a rounded amount. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Error(`${value} does not fit a JSON number`);
  return number;
}
