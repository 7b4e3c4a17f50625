import { type RawSql, rawSql } from "@/db/client";
import { type Ctx, requirePermission } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { withFallingDue } from "./falling-due";

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
    await withFallingDue(
      sql,
      tenantId,
      run.due_after,
      run.due_through,
      (falling) => sql`
      with falling as materialized (${falling}),
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
      select ${tenantId}, s.id, f.leg, f.transfers, f.amount from falling f join stated s on s.account_id = f.account_id`,
    );
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
 * In the shape of a UUIDv7: the run's moment, the statement's place counted down (so that the latest first by id is
 * the first by number within a run), a hash of run and account.
 */
function statementId(sql: RawSql, runId: string) {
  const place = sql`lpad(to_hex(16777215 - n.place::int), 6, '0')`;
  return sql`(left(${runId}::text, 14) || '7' || left(${place}, 3) || '-8' || right(${place}, 3) || '-'
    || left(md5(${runId}::text || n.account_id::text), 12))::uuid`;
}
