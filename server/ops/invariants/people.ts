import type { Invariant } from "./checks";

/** The audit chain, and who belongs to whom. */
export const people: readonly Invariant[] = [
  {
    id: "A",
    name: "The audit chain is whole",
    async check(sql) {
      const [row] = await sql<{ checked: bigint; broken_at: bigint | null }[]>`select * from audit_verify()`;
      const broken = row && row.broken_at !== null;
      return { checked: Number(row?.checked ?? 0), offenders: broken ? [{ brokenAt: row.broken_at }] : [] };
    },
  },
  {
    id: "U",
    name: "Accounts, users and campaigns belong to parties that fit them",
    async check(sql, { id }) {
      const [count] = await sql<{ n: bigint }[]>`select count(*) as n from parties where tenant_id = ${id}`;
      const offenders = await sql`
        (select 'campaign of what is no brand' as fault, c.number from campaigns c
          left join parties p on p.tenant_id = ${id} and p.id = c.brand_id
          where c.tenant_id = ${id} and c.brand_id is not null and p.kind is distinct from 'brand' limit 5)
        union all
        (select 'user in a party that does not fit', u.email from users u
          join parties p on p.tenant_id = ${id} and p.id = u.party_id
          where u.tenant_id = ${id} and p.kind <> case u.role when 'merchant' then 'merchant' when 'distributor' then 'distributor'
            when 'brand' then 'brand' when 'supplier' then 'supplier' else 'platform' end limit 5)
        union all
        (select 'sign-in name of nobody', s.email from sign_in_names s
          left join users u on u.tenant_id = ${id} and u.id = s.user_id and lower(u.email) = s.email
          where s.tenant_id = ${id} and u.id is null limit 5)`;
      return { checked: Number(count?.n ?? 0), offenders };
    },
  },
];
