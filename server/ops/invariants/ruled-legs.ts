import type { RawSql } from "@/db/client";

/**
 * What a rule says of its legs, by version and code: who pays (`source`) and how the amount is found (`kind`). A leg may
 * be called anything, and a channel may owe more than it collected, so neither name nor account tells this.
 */
export function ruledLegs(sql: RawSql, tenantId: string) {
  return sql`
    select v.id as version, l ->> 'code' as leg, l ->> 'from' as source, l -> 'amount' ->> 'kind' as kind
    from split_rule_versions v cross join jsonb_array_elements(v.definition -> 'legs') l
    where v.tenant_id = ${tenantId} and v.state = 'scheduled'`;
}
