import { type RawSql, rawSql } from "@/db/client";
import { type Ctx, requirePermission } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";

/**
 * States every settled account with something due in the run's time: one statement each, lines by leg code. What
 * is due up to the watermark never changes, so the result is the same whenever, wherever and however often this
 * runs: ids and numbers follow from the run too. Returns how many statements the run has.
 */
export async function stateRun(ctx: Ctx, runId: string): Promise<{ statements: number }> {
  requirePermission(ctx, "settlement:close");
  return withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const tenantId = ctx.tenant.id;
    const [run] = await sql<
      { number: string; due_after: string; due_through: string; state: string; statements: number }[]
    >`select number, due_after, due_through, state, statements from settlement_runs
      where tenant_id = ${tenantId} and id = ${runId} for update`;
    if (!run) throw new DomainError("NOT_FOUND", { noun: "settlement_run" });
    if (run.state === "stated") return { statements: run.statements };
    const most = await mostFallsDue(sql, tenantId, run.due_after, run.due_through);
    const state = () => sql`
      with falling as materialized (${fallingDue(sql, tenantId, run.due_after, run.due_through, { most })}),
      totals as (
        select account_id, sum(transfers)::bigint as transfers, sum(amount)::bigint as total from falling group by account_id),
      numbered as (
        select t.*, a.party_id, a.kind, a.currency,
          row_number() over (order by p.number, a.currency, a.kind, a.ref)::text as place
        from totals t
        join accounts a on a.tenant_id = ${tenantId} and a.id = t.account_id
        join parties p on p.tenant_id = ${tenantId} and p.id = a.party_id),
      stated as (
        insert into statements (tenant_id, id, number, run_id, party_id, account_id, currency, due_after, due_through,
          state, total, transfer_count, created_at)
        select ${tenantId}, ${statementId(sql, runId)},
          ${run.number.replace(/^CL/, "ST")} || '-' || lpad(n.place, greatest(4, length(n.place)), '0'),
          ${runId}, n.party_id, n.account_id, n.currency, r.due_after, r.due_through,
          case when (n.kind = 'payable' and n.total > 0) or (n.kind = 'receivable' and n.total < 0) then 'draft' else 'carried' end,
          n.total, n.transfers, r.created_at
        from numbered n join settlement_runs r on r.tenant_id = ${tenantId} and r.id = ${runId}
        returning id, account_id)
      insert into statement_lines (tenant_id, statement_id, leg, count, amount)
      select ${tenantId}, s.id, f.leg, f.transfers, f.amount from falling f join stated s on s.account_id = f.account_id`;
    await (most ? readingTables(sql, state) : state());
    const [done] = await sql<{ statements: number }[]>`
      update settlement_runs set state = 'stated', stated_at = ${ctx.clock.now().toISOString()}::timestamptz,
        statements = (select count(*) from statements where tenant_id = ${tenantId} and run_id = ${runId})
      where tenant_id = ${tenantId} and id = ${runId} returning statements`;
    const statements = done?.statements ?? 0;
    await record(ctx, {
      action: "settlement.stated",
      subject: { kind: "settlement_run", id: runId },
      data: { number: run.number, statements },
    });
    return { statements };
  });
}

/**
 * The sides of transfers that fall due in `(after, through]`, summed by account and leg, signed for the party:
 * credits are what it is due, debits what it owes. `most`: of all transfers there are, see `mostFallsDue`.
 */
export function fallingDue(
  sql: RawSql,
  tenantId: string,
  after: string,
  through: string,
  { most = false }: { most?: boolean } = {},
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

/**
 * In the shape of a UUIDv7: the run's moment, the statement's place counted down (so that the latest first by id is
 * the first by number within a run), a hash of run and account.
 */
function statementId(sql: RawSql, runId: string) {
  const place = sql`lpad(to_hex(16777215 - n.place::int), 6, '0')`;
  return sql`(left(${runId}::text, 14) || '7' || left(${place}, 3) || '-8' || right(${place}, 3) || '-'
    || left(md5(${runId}::text || n.account_id::text), 12))::uuid`;
}
