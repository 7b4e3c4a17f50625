import { connect } from "@/db/client";
import { openDatabase } from "./database";
import { checkInvariants, type InvariantResult } from "./invariants/checks";
import { migrate } from "./migrate";
import { say } from "./say";
import { table } from "./table";

/**
 * npm run invariants [-- --json]: checks the books of a running or stopped database. Ends with 1, and shows the
 * offenders, if they do not hold.
 */
const json = process.argv.includes("--json");
const database = await openDatabase(say);
let broken = false;
try {
  await migrate(database.url);
  const owner = connect(database.url, { as: "owner", max: 2 });
  try {
    const results = await checkInvariants(owner);
    broken = results.some((result) => result.offenders.length > 0);
    process.stdout.write(`${json ? asJson(results) : asTable(results)}\n`);
  } finally {
    await owner.close();
  }
} finally {
  await database.release();
}
process.exit(broken ? 1 : 0);

function asTable(results: readonly InvariantResult[]): string {
  const rows = results.map((result) => [
    result.id,
    result.name,
    String(result.checked),
    result.offenders.length === 0 ? "holds" : `BROKEN (${result.offenders.length})`,
  ]);
  const broken = results.filter((result) => result.offenders.length > 0);
  const details = broken.flatMap((result) => [
    "",
    `${result.id}. ${result.name}`,
    ...result.offenders.slice(0, 20).map((offender) => `   ${text(offender)}`),
  ]);
  return [table(["#", "invariant", "checked", "result"], rows), ...details].join("\n");
}

function asJson(results: readonly InvariantResult[]): string {
  return JSON.stringify(results, plain, 2);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, plain);
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
