import type { Invariant } from "./checks";
import { ruledLegs } from "./ruled-legs";

/** The ledger by itself: balance, conservation, reversals. */
export const money: readonly Invariant[] = [
  {
    id: "1",
    name: "Accounts sum to their transfers, debits to credits, per currency",
    async check(sql, { id }) {
      const rows = await sql<
        { checked: bigint; currency: string; debits: bigint; credits: bigint; amount: bigint }[]
      >`
        with sides as (
          select debit_account_id as account_id, currency, sum(amount) as debits, 0::numeric as credits, count(*) as n
          from transfers where tenant_id = ${id} group by 1, 2
          union all
          select credit_account_id, currency, 0, sum(amount), 0 from transfers where tenant_id = ${id} group by 1, 2),
        accounts_of as (
          select a.currency, sum(s.debits) as debits, sum(s.credits) as credits
          from sides s join accounts a on a.tenant_id = ${id} and a.id = s.account_id and a.currency = s.currency group by 1),
        books as (select currency, sum(amount) as amount, count(*) as n from transfers where tenant_id = ${id} group by 1)
        select b.n as checked, b.currency, coalesce(a.debits, 0)::bigint as debits, coalesce(a.credits, 0)::bigint as credits,
          b.amount::bigint as amount
        from books b left join accounts_of a using (currency)`;
      return {
        checked: rows.reduce((sum, row) => sum + Number(row.checked), 0),
        offenders: rows.filter((row) => row.debits !== row.amount || row.credits !== row.amount),
      };
    },
  },
  {
    id: "2",
    name: "A redemption collects what was paid, draws what the card gave, and subsidises no more than the discount",
    async check(sql, { id }) {
      const [count] = await sql<{ n: bigint }[]>`
        select count(*) as n from trades where tenant_id = ${id} and kind in ('redemption', 'stored_value')`;
      const offenders = await sql`
        with ruled as (${ruledLegs(sql, id)}),
        legs as (
          select t.trade_id,
            sum(t.amount) filter (where d.kind = 'channel_receivable' and coalesce(r.source, 'payer') = 'payer') as collected,
            sum(t.amount) filter (where d.kind = 'stored_value') as drawn,
            sum(t.amount) filter (where c.kind = 'stored_value') as loaded,
            sum(t.amount) filter (where coalesce(r.kind = 'funding', t.leg like 'subsidy.%')) as subsidised
          from transfers t
          join accounts d on d.tenant_id = ${id} and d.id = t.debit_account_id
          join accounts c on c.tenant_id = ${id} and c.id = t.credit_account_id
          left join ruled r on r.version = t.rule_version_id and r.leg = t.leg
          where t.tenant_id = ${id} group by t.trade_id)
        select r.id as trade, r.kind, r.gross, r.discount, r.paid, l.collected::bigint as collected, l.drawn::bigint as drawn,
          l.loaded::bigint as loaded, l.subsidised::bigint as subsidised
        from trades r left join legs l on l.trade_id = r.id
        where r.tenant_id = ${id} and (
          r.kind = 'redemption' and (
            r.gross < r.discount + r.paid or r.discount < 0 or r.paid < 0
            or r.channel_id is not null and coalesce(l.collected, 0) <> case r.collected_by when 'platform' then r.paid else 0 end
            or coalesce(l.drawn, 0) <> r.gross - r.discount - r.paid
            or r.funding is null and coalesce(l.subsidised, 0) > r.discount)
          or r.kind = 'stored_value' and (
            coalesce(l.loaded, 0) <> r.gross or r.channel_id is not null and coalesce(l.collected, 0) <> r.paid))
        limit 20`;
      return { checked: Number(count?.n ?? 0), offenders };
    },
  },
  {
    id: "3a",
    name: "Reversals mirror their trade and never exceed it, leg by leg",
    async check(sql, { id }) {
      const [count] = await sql<{ n: bigint }[]>`
        select count(*) as n from transfers where tenant_id = ${id} and reverses_id is not null`;
      const offenders = await sql`
        with back as (
          select reverses_id, sum(amount) as amount, count(*) as n,
            min(debit_account_id::text) as debit, max(debit_account_id::text) as debit_too,
            min(credit_account_id::text) as credit, max(credit_account_id::text) as credit_too
          from transfers where tenant_id = ${id} and reverses_id is not null group by 1)
        select b.reverses_id as transfer, o.leg, o.amount, b.amount::bigint as reversed
        from back b left join transfers o on o.tenant_id = ${id} and o.id = b.reverses_id
        where o.id is null or b.amount > o.amount or o.reverses_id is not null
          or (b.debit, b.debit_too, b.credit, b.credit_too) is distinct from
            (o.credit_account_id::text, o.credit_account_id::text, o.debit_account_id::text, o.debit_account_id::text)
        limit 20`;
      return { checked: Number(count?.n ?? 0), offenders };
    },
  },
  {
    id: "3b",
    name: "A trade reversed whole nets to zero, but for fees its channel keeps",
    async check(sql, { id }) {
      const rows = await sql<{ trade: string; wrong: boolean }[]>`
        with back as (
          select reverses_id as trade, sum(discount - gross) as given_back, count(*) as n
          from trades where tenant_id = ${id} and kind = 'reversal' group by 1),
        whole as (
          select b.trade from back b join trades o on o.tenant_id = ${id} and o.id = b.trade
          where o.gross - o.discount = b.given_back),
        undone as (
          select b.reverses_id as trade, r.reverses_id as transfer, sum(r.amount) as amount
          from transfers r join trades b on b.tenant_id = ${id} and b.id = r.trade_id
          where r.tenant_id = ${id} and r.reverses_id is not null group by 1, 2),
        legs as (
          select w.trade, t.amount, c.kind as credited, coalesce(u.amount, 0) as reversed
          from whole w join transfers t on t.tenant_id = ${id} and t.trade_id = w.trade
          join accounts c on c.tenant_id = ${id} and c.id = t.credit_account_id
          left join undone u on u.trade = w.trade and u.transfer = t.id)
        select trade, bool_or(reversed <> amount and not (credited = 'channel_receivable' and reversed = 0)) as wrong
        from legs group by trade`;
      return { checked: rows.length, offenders: rows.filter((row) => row.wrong).slice(0, 20) };
    },
  },
  {
    id: "3c",
    name: "A reversal gives back no more than the customer gave",
    async check(sql, { id }) {
      const [count] = await sql<{ n: bigint }[]>`
        select count(*) as n from trades where tenant_id = ${id} and kind = 'reversal'`;
      const offenders = await sql`
        select o.id as trade, o.gross - o.discount as given, b.given_back::bigint as given_back
        from (select reverses_id, sum(discount - gross) as given_back, sum(-discount) as discount
          from trades where tenant_id = ${id} and kind = 'reversal' group by 1) b
        left join trades o on o.tenant_id = ${id} and o.id = b.reverses_id
        where o.id is null or b.given_back > o.gross - o.discount or b.discount > o.discount or o.kind = 'reversal'
        limit 20`;
      return { checked: Number(count?.n ?? 0), offenders };
    },
  },
  {
    id: "8",
    name: "Strict balances are the sums of their transfers and above their floor",
    async check(sql, { id }) {
      const rows = await sql<Record<string, unknown>[]>`
        with strict as (select id, floor, kind from accounts where tenant_id = ${id} and strict),
        sums as (
          select account_id, sum(debits)::bigint as debits, sum(credits)::bigint as credits from (
            select t.debit_account_id as account_id, t.amount as debits, 0::bigint as credits
            from transfers t join strict s on s.id = t.debit_account_id where t.tenant_id = ${id}
            union all
            select t.credit_account_id, 0, t.amount
            from transfers t join strict s on s.id = t.credit_account_id where t.tenant_id = ${id}) sides
          group by 1)
        select s.id as account, s.kind, s.floor, b.debits as kept_debits, b.credits as kept_credits, m.debits, m.credits,
          (coalesce(b.debits, 0), coalesce(b.credits, 0)) is distinct from (coalesce(m.debits, 0), coalesce(m.credits, 0))
            or coalesce(b.credits, 0) - coalesce(b.debits, 0) < s.floor as wrong
        from strict s left join account_balances b on b.tenant_id = ${id} and b.account_id = s.id
        left join sums m on m.account_id = s.id`;
      return { checked: rows.length, offenders: rows.filter((row) => row.wrong) };
    },
  },
  {
    id: "P",
    name: "Transfers, trades and accounts belong to one another",
    async check(sql, { id }) {
      const [count] = await sql<{ n: bigint }[]>`select count(*) as n from accounts where tenant_id = ${id}`;
      const offenders = await sql`
        (select 'transfer without its trade' as fault, t.id from transfers t
          left join trades d on d.tenant_id = ${id} and d.id = t.trade_id and d.currency = t.currency and d.traded_at = t.traded_at
          where t.tenant_id = ${id} and d.id is null limit 5)
        union all
        (select 'transfer without its account', t.id from transfers t
          left join accounts d on d.tenant_id = ${id} and d.id = t.debit_account_id and d.currency = t.currency
          left join accounts c on c.tenant_id = ${id} and c.id = t.credit_account_id and c.currency = t.currency
          where t.tenant_id = ${id} and (d.id is null or c.id is null) limit 5)
        union all
        (select 'trade of an unknown rule version', d.id from trades d
          left join split_rule_versions v on v.tenant_id = ${id} and v.id = d.rule_version_id
          where d.tenant_id = ${id} and d.rule_version_id is not null and v.id is null limit 5)
        union all
        (select 'trade of an unknown voucher', d.id from trades d
          left join vouchers v on v.tenant_id = ${id} and v.id = d.voucher_id
          where d.tenant_id = ${id} and d.voucher_id is not null and v.id is null limit 5)
        union all
        (select 'trade without a leg', d.id from trades d
          where d.tenant_id = ${id} and d.kind in ('payout', 'stored_value')
            and not exists (select from transfers t where t.tenant_id = ${id} and t.trade_id = d.id) limit 5)`;
      return { checked: Number(count?.n ?? 0), offenders };
    },
  },
];
