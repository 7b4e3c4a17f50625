import { type Database, type RawSql, rawSql, SNAPSHOT } from "@/db/client";
import { checkRollups } from "@/server/domain/reports";
import { cards } from "./cards";
import { fees } from "./fees";
import { money } from "./money";
import { people } from "./people";
import { settled } from "./settled";
import { vouchers } from "./vouchers";

/**
 * The invariants of the books, by SQL of their own: nothing here uses what it checks. Each looks at one tenant in
 * one snapshot, so that a house in full work can be checked.
 */
export interface Invariant {
  /** As the design numbers them; letters for what it takes for granted. */
  id: string;
  name: string;
  /** One statement for `count` (what was looked at) and one for offenders, as few rows as tell the fault. */
  check(sql: RawSql, tenant: CheckedTenant): Promise<Found>;
}
export interface CheckedTenant {
  id: string;
  slug: string;
  timezone: string;
}
export interface Found {
  checked: number;
  offenders: readonly Record<string, unknown>[];
}

export interface InvariantResult {
  id: string;
  name: string;
  checked: number;
  ok: boolean;
  /** What breaks it: at most `MOST_OFFENDERS` a tenant. */
  offenders: Record<string, unknown>[];
}

export const MOST_OFFENDERS = 20;

const rollups: Invariant = {
  id: "R",
  name: "Roll-ups equal the books",
  async check(sql, tenant) {
    const tables = await checkRollups(sql, tenant);
    return { checked: tables.length, offenders: tables.filter((t) => t.rows > 0).map((t) => ({ ...t })) };
  },
};

export const INVARIANTS: readonly Invariant[] = [
  ...money,
  ...settled,
  ...vouchers,
  ...cards,
  ...fees,
  ...people,
  rollups,
];

/** Checks one tenant, or all. `owner` is the database owner's connection. */
export async function checkInvariants(owner: Database, tenantId?: string): Promise<InvariantResult[]> {
  const tenants = await owner.sql<CheckedTenant[]>`
    select id, slug, timezone from tenants ${tenantId ? owner.sql`where id = ${tenantId}` : owner.sql``} order by slug`;
  const results = INVARIANTS.map(({ id, name }) => ({
    id,
    name,
    checked: 0,
    ok: true,
    offenders: [] as Record<string, unknown>[],
  }));
  for (const tenant of tenants) {
    await owner.orm.transaction(async (tx) => {
      const sql = rawSql(tx);
      await sql`select set_config('kaqing.tenant_id', ${tenant.id}, true)`;
      // Whole tables are compared: row by row, as fresh tables without statistics may be planned, takes for ever.
      await sql`select set_config('enable_nestloop', 'off', true)`;
      for (const [i, invariant] of INVARIANTS.entries()) {
        const result = results[i];
        if (!result) continue;
        const found = await invariant.check(sql, tenant);
        result.checked += found.checked;
        for (const offender of found.offenders.slice(0, MOST_OFFENDERS)) {
          result.ok = false;
          result.offenders.push({ tenant: tenant.slug, ...offender });
        }
      }
    }, SNAPSHOT);
  }
  return results;
}
