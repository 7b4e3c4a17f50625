import type { RawSql } from "@/db/client";
import type { Invariant } from "./checks";

/**
 * Settled sides of transfers up to the watermark, each under the run in whose time it falls. Runs follow one
 * another without gaps (checked as 4a), so the place of a due date among their ends names the run.
 */
function dueSides(sql: RawSql, id: string) {
  return sql`
    runs as (
      select id, state, due_after, due_through, row_number() over (order by due_through) - 1 as place
      from settlement_runs where tenant_id = ${id}),
    ends as (select coalesce(array_agg(due_through order by due_through), '{}') as all_ends, max(due_through) as last from runs),
    sides as (
      select t.credit_account_id as account_id, t.leg, t.credit_due_at as due_at, t.amount from transfers t, ends
      where t.tenant_id = ${id} and t.credit_due_at <= ends.last
      union all
      select t.debit_account_id, t.leg, t.debit_due_at, -t.amount from transfers t, ends
      where t.tenant_id = ${id} and t.debit_due_at <= ends.last),
    due as materialized (
      select account_id, leg, width_bucket(due_at - interval '1 microsecond', (select all_ends from ends)) as place,
        count(*) as transfers, sum(amount)::bigint as amount
      from sides group by 1, 2, 3)`;
}

/** Statements, their lines, and what was paid on them. */
export const settled: readonly Invariant[] = [
  {
    id: "4a",
    name: "Closings follow one another without a gap, up to the watermark",
    async check(sql, { id }) {
      const rows = await sql<
        { run: string; due_after: string; before: string; closed_through: string; wrong: boolean }[]
      >`
        select number as run, due_after, before, closed_through,
          due_after <> before or due_through <= due_after or is_last and due_through <> closed_through as wrong
        from (
          select r.number, r.due_after, r.due_through, b.closed_through,
            coalesce(lag(r.due_through) over (order by r.due_through), r.due_after) as before,
            lead(r.id) over (order by r.due_through) is null as is_last
          from settlement_runs r join books b on b.tenant_id = ${id} where r.tenant_id = ${id}) chain`;
      return { checked: rows.length, offenders: rows.filter((row) => row.wrong) };
    },
  },
  {
    id: "4b",
    name: "Every due side stands in exactly one statement, line by line",
    async check(sql, { id }) {
      const [row] = await sql<{ checked: bigint | null; offenders: Record<string, unknown>[] | null }[]>`
        with ${dueSides(sql, id)},
        wanted as (
          select d.account_id, r.id as run_id, d.leg, d.transfers, d.amount from due d join runs r on r.place = d.place
          where r.state = 'stated'),
        stated as (
          select s.account_id, s.run_id, l.leg, l.count as transfers, l.amount, s.number
          from statements s join statement_lines l on l.tenant_id = ${id} and l.statement_id = s.id where s.tenant_id = ${id}),
        wrong as (
          select coalesce(w.account_id, s.account_id) as account, s.number as statement, coalesce(w.leg, s.leg) as leg,
            w.transfers as due_transfers, s.transfers as stated_transfers, w.amount as due_amount, s.amount as stated_amount
          from wanted w full join stated s on s.account_id = w.account_id and s.run_id = w.run_id and s.leg = w.leg
          where (w.transfers, w.amount) is distinct from (s.transfers, s.amount) limit 20)
        select (select sum(transfers)::bigint from wanted) as checked, (select json_agg(wrong) from wrong) as offenders`;
      return { checked: Number(row?.checked ?? 0), offenders: row?.offenders ?? [] };
    },
  },
  {
    id: "4c",
    name: "A statement's total and count are those of its lines",
    async check(sql, { id }) {
      const [count] = await sql<
        { n: bigint }[]
      >`select count(*) as n from statements where tenant_id = ${id}`;
      const offenders = await sql`
        select s.number as statement, s.total, l.amount::bigint as lines, s.transfer_count, l.transfers::bigint as transfers
        from statements s
        left join (select statement_id, sum(amount) as amount, sum(count) as transfers from statement_lines
          where tenant_id = ${id} group by 1) l on l.statement_id = s.id
        join settlement_runs r on r.tenant_id = ${id} and r.id = s.run_id
        join accounts a on a.tenant_id = ${id} and a.id = s.account_id
        where s.tenant_id = ${id} and (s.total is distinct from l.amount or s.transfer_count is distinct from l.transfers
          or s.due_after <> r.due_after or s.due_through <> r.due_through or s.party_id <> a.party_id or s.currency <> a.currency
          or a.kind not in ('payable', 'receivable') or r.state <> 'stated')
        limit 20`;
      return { checked: Number(count?.n ?? 0), offenders };
    },
  },
  {
    id: "4d",
    name: "Settled sides have a due date, others and payments have none",
    async check(sql, { id }) {
      const [count] = await sql<{ n: bigint }[]>`select count(*) as n from transfers where tenant_id = ${id}`;
      const offenders = await sql`
        select t.id as transfer, t.leg, d.kind as debit, t.debit_due_at, c.kind as credit, t.credit_due_at
        from transfers t
        join trades o on o.tenant_id = ${id} and o.id = t.trade_id
        join accounts d on d.tenant_id = ${id} and d.id = t.debit_account_id
        join accounts c on c.tenant_id = ${id} and c.id = t.credit_account_id
        where t.tenant_id = ${id} and (
          (t.debit_due_at is not null) <> (d.kind in ('payable', 'receivable') and o.kind <> 'payout')
          or (t.credit_due_at is not null) <> (c.kind in ('payable', 'receivable') and o.kind <> 'payout')) limit 20`;
      return { checked: Number(count?.n ?? 0), offenders };
    },
  },
  {
    id: "5a",
    name: "Each paid statement has its payment, each payment its statement",
    async check(sql, { id }) {
      const [count] = await sql<{ n: bigint }[]>`
        select count(*) as n from statements where tenant_id = ${id} and state = 'paid'`;
      const offenders = await sql`
        with payments as (
          select t.trade_id, count(*) as legs, min(a.id::text)::uuid as account_id,
            sum(case when t.debit_account_id = a.id then t.amount else -t.amount end) as settles
          from trades d
          join transfers t on t.tenant_id = ${id} and t.trade_id = d.id
          join accounts a on a.tenant_id = ${id} and a.id in (t.debit_account_id, t.credit_account_id) and a.kind in ('payable', 'receivable')
          where d.tenant_id = ${id} and d.kind = 'payout' group by 1)
        select s.number as statement, s.state, s.total, p.trade_id as payment, p.settles::bigint as settles
        from (select * from statements where tenant_id = ${id} and (state = 'paid' or payout_trade_id is not null)) s
        full join payments p on p.trade_id = s.payout_trade_id
        where s.id is null or p.trade_id is null or s.state <> 'paid' or s.paid_at is null or p.legs <> 1
          or p.account_id <> s.account_id or p.settles <> s.total
        limit 20`;
      return { checked: Number(count?.n ?? 0), offenders };
    },
  },
  {
    id: "5b",
    name: "A settled account's balance is what is not stated yet, unpaid and carried",
    async check(sql, { id }) {
      const rows = await sql<Record<string, unknown>[]>`
        with settled_accounts as (select id from accounts where tenant_id = ${id} and kind in ('payable', 'receivable')),
        unstated as (
          select coalesce(max(due_through) filter (where state = 'stated'), '-infinity') as through,
            coalesce(bool_or(state = 'closed'), false) as behind from settlement_runs where tenant_id = ${id}),
        moves as (
          select account_id, sum(amount) as balance, sum(amount) filter (where due_at > (select through from unstated)) as to_come
          from (
            select t.credit_account_id as account_id, t.credit_due_at as due_at, t.amount from transfers t where t.tenant_id = ${id}
            union all
            select t.debit_account_id, t.debit_due_at, -t.amount from transfers t where t.tenant_id = ${id}) sides
          where account_id in (select id from settled_accounts) group by 1),
        open as (
          select account_id, sum(total) as total from statements where tenant_id = ${id} and state <> 'paid' group by 1)
        select m.account_id as account, m.balance::bigint as balance, coalesce(m.to_come, 0)::bigint as to_come,
          coalesce(o.total, 0)::bigint as unpaid,
          not (select behind from unstated) and m.balance <> coalesce(m.to_come, 0) + coalesce(o.total, 0) as wrong
        from moves m left join open o on o.account_id = m.account_id`;
      return { checked: rows.length, offenders: rows.filter((row) => row.wrong) };
    },
  },
];
