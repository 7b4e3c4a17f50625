import type { Invariant } from "./checks";

/** Vouchers and gift cards against the trades that used them. */
export const vouchers: readonly Invariant[] = [
  {
    id: "6a",
    name: "A voucher is redeemed at most as often as it allows, and its uses left say so",
    async check(sql, { id }) {
      const [row] = await sql<{ checked: bigint; offenders: Record<string, unknown>[] | null }[]>`
        with back as (
          select reverses_id, sum(discount - gross) as given_back from trades
          where tenant_id = ${id} and kind = 'reversal' group by 1),
        used as (
          select d.voucher_id, count(*) as redeemed,
            count(*) filter (where b.reverses_id is not null and b.given_back = d.gross - d.discount) as undone
          from trades d left join back b on b.reverses_id = d.id
          where d.tenant_id = ${id} and d.kind = 'redemption' and d.voucher_id is not null group by 1),
        wrong as (
          select v.id as voucher, v.state, v.uses_left, c.uses_per_voucher, coalesce(u.redeemed, 0) as redeemed, coalesce(u.undone, 0) as undone
          from vouchers v
          join campaigns c on c.tenant_id = ${id} and c.id = v.campaign_id and c.type <> 'gift_card'
          left join used u on u.voucher_id = v.id
          where v.tenant_id = ${id} and (
            coalesce(u.redeemed - u.undone, 0) > c.uses_per_voucher
            or v.uses_left > c.uses_per_voucher - coalesce(u.redeemed - u.undone, 0)
            or v.uses_left < c.uses_per_voucher - coalesce(u.redeemed, 0)
            or v.state = 1 and v.uses_left = 0 or v.state = 3 and v.uses_left > 0)
          limit 20)
        select (select count(*) from vouchers where tenant_id = ${id}) as checked, (select json_agg(wrong) from wrong) as offenders`;
      return { checked: Number(row?.checked ?? 0), offenders: row?.offenders ?? [] };
    },
  },
  {
    id: "6b",
    name: "A gift card's balance is what it held less what its trades drew",
    async check(sql, { id }) {
      const [row] = await sql<{ checked: bigint; offenders: Record<string, unknown>[] | null }[]>`
        with drawn as (
          select d.voucher_id, sum(case a.id when t.debit_account_id then t.amount else -t.amount end) as amount
          from trades d
          join transfers t on t.tenant_id = ${id} and t.trade_id = d.id
          join accounts a on a.tenant_id = ${id} and a.kind = 'stored_value' and a.id in (t.debit_account_id, t.credit_account_id)
          where d.tenant_id = ${id} and d.voucher_id is not null and d.kind in ('redemption', 'reversal') group by 1),
        wrong as (
          select v.id as voucher, v.initial_balance, v.balance, d.amount::bigint as drawn
          from vouchers v left join drawn d on d.voucher_id = v.id
          where v.tenant_id = ${id} and (v.balance is not null and v.initial_balance - v.balance <> coalesce(d.amount, 0)
            or v.balance is null and d.voucher_id is not null) limit 20)
        select (select count(*) from vouchers where tenant_id = ${id} and balance is not null) as checked,
          (select json_agg(wrong) from wrong) as offenders`;
      return { checked: Number(row?.checked ?? 0), offenders: row?.offenders ?? [] };
    },
  },
  {
    id: "6c",
    name: "A gift-card programme owes what its cards hold",
    async check(sql, { id }) {
      const rows = await sql<Record<string, unknown>[]>`
        with cards as (
          select campaign_id::text as ref, sum(balance)::bigint as held from vouchers
          where tenant_id = ${id} and balance is not null group by 1),
        owed as (
          select a.ref, sum(case a.id when t.credit_account_id then t.amount else -t.amount end)::bigint as owed
          from accounts a join transfers t on t.tenant_id = ${id} and (t.debit_account_id = a.id or t.credit_account_id = a.id)
          where a.tenant_id = ${id} and a.kind = 'stored_value' group by 1)
        select coalesce(c.ref, o.ref) as campaign, coalesce(c.held, 0) as held, coalesce(o.owed, 0) as owed
        from cards c full join owed o using (ref)`;
      return { checked: rows.length, offenders: rows.filter((row) => row.held !== row.owed) };
    },
  },
  {
    id: "6d",
    name: "A campaign has issued as many vouchers as there are, within its quota",
    async check(sql, { id }) {
      const rows = await sql<{ campaign: string; issued: bigint; vouchers: bigint; quota: bigint | null }[]>`
        select c.number as campaign, c.issued, coalesce(v.n, 0) as vouchers, c.quota
        from campaigns c
        left join (select campaign_id, count(*) as n from vouchers where tenant_id = ${id} group by 1) v on v.campaign_id = c.id
        where c.tenant_id = ${id}`;
      const wrong = rows.filter((r) => r.issued !== r.vouchers || (r.quota !== null && r.issued > r.quota));
      return { checked: rows.length, offenders: wrong };
    },
  },
  {
    id: "6e",
    name: "Every voucher has its campaign, every customer what is counted",
    async check(sql, { id }) {
      const [count] = await sql<{ n: bigint }[]>`
        select count(*) as n from campaign_customers where tenant_id = ${id}`;
      const offenders = await sql`
        (select 'voucher without a campaign' as fault, v.campaign_id::text as of, min(v.id::text) as example from vouchers v
          left join campaigns c on c.tenant_id = ${id} and c.id = v.campaign_id
          where v.tenant_id = ${id} and c.id is null group by 2 limit 5)
        union all
        (select 'customer counted for more than it got', k.customer_id, k.campaign_id::text from campaign_customers k
          left join (select campaign_id, customer_id, count(*) as n from vouchers
            where tenant_id = ${id} and customer_id is not null group by 1, 2) v
            on v.campaign_id = k.campaign_id and v.customer_id = k.customer_id
          where k.tenant_id = ${id} and k.issued > coalesce(v.n, 0) limit 5)`;
      return { checked: Number(count?.n ?? 0), offenders };
    },
  },
];
