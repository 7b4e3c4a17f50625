import { parseArgs } from "node:util";
import { connect } from "@/db/client";
import { openDatabase } from "./database";
import { checkInvariants, type InvariantResult } from "./invariants/checks";
import { migrate } from "./migrate";
import { askOracleOfAll, type OracleAnswer } from "./oracle/oracle";
import { say } from "./say";
import { table } from "./table";

/**
 * npm run invariants [-- --json]: checks the books of a running or stopped database. Ends with 1, and shows the
 * offenders, if they do not hold.
 * npm run invariants -- --oracle MONTH [--json]: clears the trades of a month ("2026-10", or "all") anew in SQL, and
 * compares every leg with what was posted.
 */
const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, oracle: { type: "string" } },
});
const { json, oracle } = values;
if (oracle !== undefined && oracle !== "all" && !/^\d{4}-(0[1-9]|1[0-2])$/.test(oracle)) {
  say(`Which month? npm run invariants -- --oracle 2026-10, or --oracle all; not "${oracle}".`);
  process.exit(2);
}
const database = await openDatabase(say);
let broken = false;
try {
  await migrate(database.url);
  const owner = connect(database.url, { as: "owner", max: 2 });
  try {
    const results =
      oracle === undefined
        ? await checkInvariants(owner)
        : resultsOf(await askOracleOfAll(owner, oracle === "all" ? null : oracle), oracle);
    broken = results.some((result) => result.offenders.length > 0);
    process.stdout.write(`${json ? asJson(results) : asTable(results)}\n`);
  } finally {
    await owner.close();
  }
} finally {
  await database.release();
}
process.exit(broken ? 1 : 0);

/** An answer for each tenant, in the shape of the invariants' results. */
function resultsOf(
  answers: readonly ({ tenant: string } & OracleAnswer)[],
  month: string,
): InvariantResult[] {
  return answers.map(({ tenant, trades, transfers, months, offenders }) => ({
    id: "O",
    name: `${tenant}, ${month}: ${trades} trades and ${months} months of fees, cleared anew, come to the transfers that were posted`,
    checked: transfers,
    ok: offenders.length === 0,
    offenders,
  }));
}

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
