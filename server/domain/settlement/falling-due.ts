import type { RawSql } from "@/db/client";

/**
 * Does `work` with a query of what falls due in `(after, through]`: columns account_id, leg, transfers, amount (in
 * minor units, signed for the party: credits are what it is due, debits what it owes).
 */
export async function withFallingDue<T>(
  sql: RawSql,
  tenantId: string,
  after: string,
  through: string,
  work: (falling: Fragment) => PromiseLike<T>,
): Promise<T> {
  const most = await mostFallsDue(sql, tenantId, after, through);
  const query = () => work(fallingDue(sql, tenantId, after, through, { most }));
  return most ? readingTables(sql, query) : query();
}
type Fragment = ReturnType<typeof fallingDue>;

/** The query. `most`: of all transfers there are, see `mostFallsDue`. Both ways give the same. */
export function fallingDue(
  sql: RawSql,
  tenantId: string,
  after: string,
  through: string,
  { most }: { most: boolean },
) {
  const side = (name: "credit" | "debit") => {
    const [account, due] = [sql(`${name}_account_id`), sql(`${name}_due_at`)];
    const range = sql`t.${due} > ${after}::timestamptz and t.${due} <= ${through}::timestamptz`;
    const sums = sql`t.${account} as account_id, t.leg, count(*) as transfers,
      ${name === "credit" ? sql`sum(t.amount)` : sql`-sum(t.amount)`} as amount`;
    // Only settled accounts have due dates (an invariant), so they need be named only where they lead to the transfers.
    return most
      ? sql`select ${sums} from transfers t where t.tenant_id = ${tenantId} and ${range} group by 1, 2`
      : sql`select ${sums} from accounts a join transfers t on t.tenant_id = ${tenantId} and t.${account} = a.id and ${range}
          where a.tenant_id = ${tenantId} and a.kind in ('payable', 'receivable') group by 1, 2`;
  };
  return sql`
    select account_id, leg, sum(transfers)::bigint as transfers, sum(amount)::bigint as amount
    from (${side("credit")} union all ${side("debit")}) sides
    group by account_id, leg`;
}

/** From this part of the table on, reading all of it is quicker than finding each transfer through an index. */
const MOST = 1 / 20;
/** A table of fewer rows is read in a moment one way or the other, and may be unknown to the planner. */
const MANY = 100_000;

/**
 * Whether a good part of the table falls due, as the planner estimates it. Left to itself it reads an index from end to
 * end then, and the rows one by one, as its costs lie close together.
 */
async function mostFallsDue(sql: RawSql, tenantId: string, after: string, through: string): Promise<boolean> {
  const [explained, table] = await Promise.all([
    sql<{ "QUERY PLAN": { Plan: { "Plan Rows": number } }[] }[]>`
      explain (format json) select from transfers t where t.tenant_id = ${tenantId}
        and t.credit_due_at > ${after}::timestamptz and t.credit_due_at <= ${through}::timestamptz`.execute(),
    sql<{ rows: number }[]>`
      select reltuples::float8 as rows from pg_class where oid = 'transfers'::regclass`.execute(),
  ]);
  const due = explained[0]?.["QUERY PLAN"][0]?.Plan["Plan Rows"] ?? 0;
  const all = table[0]?.rows ?? 0;
  return all >= MANY && due > MOST * all;
}

/** While `work` runs, the planner reads tables, not indexes. */
async function readingTables<T>(sql: RawSql, work: () => PromiseLike<T>): Promise<T> {
  const indexes = (use: "on" | "off") =>
    sql`select set_config('enable_indexscan', ${use}, true), set_config('enable_bitmapscan', ${use}, true)`;
  await indexes("off");
  const result = await work();
  await indexes("on");
  return result;
}
