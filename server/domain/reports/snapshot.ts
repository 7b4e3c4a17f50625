import { type RawSql, rawSql, SNAPSHOT } from "@/db/client";
import type { Ctx, Tenant } from "@/server/core/context";
import { salesOf, sidesOf } from "./rollup";

/** The books at one moment: roll-ups by `sql`, and the trades they have not taken in yet. */
export interface Snapshot {
  sql: RawSql;
  tenant: Tenant;
  currency: string;
  /** The first transaction that the roll-ups have not taken in. */
  since: string;
  newSales: readonly NewSales[];
  newSides: readonly NewSides[];
}

/** Sales not rolled up yet, by day, merchant and campaign; in the columns of `trade_days`. */
export interface NewSales {
  day: string;
  merchant_id: string;
  campaign_id: string;
  trades: bigint;
  reversals: bigint;
  gross: bigint;
  discount: bigint;
  paid: bigint;
  reversed_gross: bigint;
  reversed_discount: bigint;
}

/** Sides of transfers not rolled up yet: of the party's settled accounts by campaign, or of all by account kind. */
export interface NewSides {
  kind: string;
  leg: string;
  day: string;
  due_day: string;
  campaign_id: string | null;
  transfers: bigint;
  debits: bigint;
  credits: bigint;
  reversed: bigint;
}

/**
 * Reads everything of an overview in one snapshot, so that its numbers agree with one another and a roll-up at the
 * same time makes no trade count twice. A transaction of its own: nothing uncommitted is reported.
 */
export async function withBookSnapshot<T>(
  ctx: Ctx,
  scope: { currency: string; partyId: string | null },
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const { tenant } = ctx;
  const { currency, partyId } = scope;
  return ctx.db.orm.transaction(async (tx) => {
    const sql = rawSql(tx);
    const tenantSet = sql`
        select set_config('kaqing.tenant_id', ${tenant.id}, true), set_config('TimeZone', ${tenant.timezone}, true)`.execute();
    const [, [mark]] = await Promise.all([
      tenantSet,
      sql<{ xid: bigint }[]>`select xid from rollup_marks where tenant_id = ${tenant.id}`,
    ]);
    // As a value, not a sub-select: the planner then sees that few trades are meant.
    const since = (mark?.xid ?? 0n).toString();
    const isNew = sql`d.xid >= ${since}::text::xid8`;
    const [newSales, newSides] = await Promise.all([
      sql<NewSales[]>`
          select day::text as day, merchant_id, campaign_id, sum(trades)::bigint as trades, sum(reversals)::bigint as reversals,
            sum(gross)::bigint as gross, sum(discount)::bigint as discount, sum(paid)::bigint as paid,
            sum(reversed_gross)::bigint as reversed_gross, sum(reversed_discount)::bigint as reversed_discount
          from (${salesOf(sql, tenant, isNew)}) s where currency = ${currency} group by s.day, merchant_id, campaign_id`,
      sql<NewSides[]>`
          select a.kind, s.leg, s.day::text as day, s.due_day::text as due_day, ${partyId ? sql`s.campaign_id` : sql`null::uuid as campaign_id`},
            count(*) as transfers, sum(s.debits)::bigint as debits, sum(s.credits)::bigint as credits, sum(s.reversed)::bigint as reversed
          from (${sidesOf(sql, tenant, isNew)}) s join accounts a on a.tenant_id = ${tenant.id} and a.id = s.account_id
          where a.currency = ${currency} ${partyId ? sql`and a.party_id = ${partyId} and a.kind in ('payable', 'receivable')` : sql``}
          group by a.kind, s.leg, s.day, s.due_day, 5`,
    ]);
    return work({ sql, tenant, currency, since, newSales, newSides });
  }, SNAPSHOT);
}
