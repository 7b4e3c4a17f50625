import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { type Database, type RawSql, rawSql, SNAPSHOT } from "@/db/client";

/** What the oracle found of one tenant. */
export interface OracleAnswer {
  /** Trades that were cleared anew. */
  trades: number;
  /** Posted transfers they were compared with. */
  transfers: number;
  /** Months of parties that fee schedules count. */
  months: number;
  /** Legs that should have been posted, legs that should not, versions that were not in force: at most 20 of each. */
  offenders: { fault: string; trade: string; [fact: string]: unknown }[];
}

const STATEMENT = fs.readFileSync(fileURLToPath(new URL("./oracle.sql", import.meta.url)), "utf8");

/**
 * Clears the trades of a month ("2026-10", of the tenant's zone; null: all there are) anew in SQL, and compares with
 * what was posted. The caller's transaction is the owner's, and is one snapshot.
 */
export async function askOracle(
  sql: RawSql,
  tenantId: string,
  month: string | null = null,
): Promise<OracleAnswer> {
  const [time] = await sql<{ since: string; until: string }[]>`
    select coalesce((${month}::text || '-01')::timestamp at time zone timezone, '-infinity')::text as since,
      coalesce(((${month}::text || '-01')::timestamp + interval '1 month') at time zone timezone, 'infinity')::text as until
    from tenants where id = ${tenantId}`;
  if (!time) throw new Error(`there is no tenant ${tenantId}`);
  // Whole tables are compared: row by row, as fresh tables without statistics may be planned, takes for ever.
  await sql`select set_config('enable_nestloop', 'off', true)`;
  const [answer] = await sql.unsafe<
    { trades: bigint; transfers: bigint; months: bigint; offenders: OracleAnswer["offenders"] }[]
  >(STATEMENT, [tenantId, time.since, time.until, month]);
  if (!answer) throw new Error("the oracle is silent");
  return {
    trades: Number(answer.trades),
    transfers: Number(answer.transfers),
    months: Number(answer.months),
    offenders: answer.offenders,
  };
}

/** Asks for every tenant. `owner` is the database owner's connection. */
export async function askOracleOfAll(
  owner: Database,
  month: string | null,
): Promise<({ tenant: string } & OracleAnswer)[]> {
  const tenants = await owner.sql<{ id: string; slug: string }[]>`select id, slug from tenants order by slug`;
  const answers: ({ tenant: string } & OracleAnswer)[] = [];
  for (const { id, slug } of tenants) {
    const answer = await owner.orm.transaction((tx) => askOracle(rawSql(tx), id, month), SNAPSHOT);
    answers.push({ tenant: slug, ...answer });
  }
  return answers;
}
