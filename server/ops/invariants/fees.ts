import type { Invariant } from "./checks";

/** Fee schedules: months are what their trades make of them, and what they charged stands in the books. */
export const fees: readonly Invariant[] = [
  {
    id: "F",
    name: "A party's month under a fee schedule is the sum of what its trades kept",
    async check(sql, { id }) {
      const rows = await sql<Record<string, unknown>[]>`
        with kept as (
          select v.schedule_id, f.party, f.period, sum(f.base) as volume, sum(f.amount) as charged
          from trades t
          cross join lateral trade_fees(t.fees) as f
          join fee_schedule_versions v on v.tenant_id = t.tenant_id and v.id = f.version
          where t.tenant_id = ${id} and t.fees is not null group by 1, 2, 3)
        select coalesce(c.schedule_id, k.schedule_id) as schedule, coalesce(c.party_id, k.party) as party,
          coalesce(c.period, k.period) as period, c.volume, k.volume::bigint as kept_volume, c.charged,
          k.charged::bigint as kept_charged,
          (c.volume, c.charged) is distinct from (coalesce(k.volume, 0)::bigint, coalesce(k.charged, 0)::bigint) as wrong
        from (select * from fee_counters where tenant_id = ${id}) c
        full join kept k on k.schedule_id = c.schedule_id and k.party = c.party_id and k.period = c.period`;
      return { checked: rows.length, offenders: rows.filter((row) => row.wrong).slice(0, 20) };
    },
  },
  {
    id: "Fb",
    name: "What a fee schedule charged is what was posted, walked back and trued up included",
    async check(sql, { id }) {
      const rows = await sql<Record<string, unknown>[]>`
        with kept as (
          select t.id, t.kind, f.leg, f.party, sum(f.amount) as amount
          from trades t cross join lateral trade_fees(t.fees) as f
          where t.tenant_id = ${id} and t.fees is not null group by 1, 2, 3, 4),
        posted as (
          select k.id, k.leg, k.party, coalesce(sum(case
              when x.leg = k.leg and k.kind <> 'reversal' then x.amount
              when x.leg = k.leg then -x.amount
              -- Beside the legs: more for the party to pay, or to be paid, is a larger fee.
              when (d.party_id = k.party) = m.pays then x.amount else -x.amount end), 0) as amount
          from kept k
          join lateral (
            select c.pays from trades t
            cross join lateral trade_fees(t.fees) as f
            join fee_schedule_versions v on v.tenant_id = t.tenant_id and v.id = f.version
            join fee_counters c on c.tenant_id = t.tenant_id and c.schedule_id = v.schedule_id and c.party_id = f.party
              and c.period = f.period
            where t.tenant_id = ${id} and t.id = k.id and f.leg = k.leg and f.party = k.party limit 1) m on true
          left join transfers x on x.tenant_id = ${id} and x.trade_id = k.id
            and (x.leg = k.leg or (x.leg in ('fee.walk_back', 'fee.true_up') and x.party_id = k.party))
          left join accounts d on d.tenant_id = ${id} and d.id = x.debit_account_id
          group by 1, 2, 3)
        select k.id as trade, k.kind, k.leg, k.party, k.amount::bigint as kept, p.amount::bigint as posted,
          k.amount <> p.amount as wrong
        from kept k join posted p on p.id = k.id and p.leg = k.leg and p.party = k.party`;
      return { checked: rows.length, offenders: rows.filter((row) => row.wrong).slice(0, 20) };
    },
  },
];
