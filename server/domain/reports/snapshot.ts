import type postgres from "postgres";
import { type RawSql, rawSql, SNAPSHOT } from "@/db/client";
import type { Ctx, Tenant } from "@/server/core/context";
import { salesOf } from "./rollup";

type Fragment = postgres.Fragment;

/** The books at one moment: roll-ups by `sql`, and the trades they have not taken in yet. */
export interface Snapshot {
  sql: RawSql;
  tenant: Tenant;
  currency: string;
  /** The first transaction that the roll-ups have not taken in. */
  since: string;
  /** On its way while other statements are sent. */
  newSides: Promise<readonly NewSides[]>;
}

/** Sides of transfers not rolled up yet: of the party's settled accounts by campaign, or of all by account kind. */
export interface NewSides {
  kind: string;
  leg: string;
  day: string;
  due_day: string;
  campaign_id: string | null;
  debits: bigint;
  credits: bigint;
  reversed: bigint;
}

/**
 * Reads everything of an overview in one snapshot, so that its numbers agree with one another and a roll-up at the
 * same time makes no trade count twice. A transaction of its own: nothing uncommitted is reported. Its statements
 * are planned once a connection, not for each call anew, which would cost a quarter of it; and none is worth the start
 * of parallel workers, which a plan for any values may ask for.
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
        select set_config('kaqing.tenant_id', ${tenant.id}, true), set_config('TimeZone', ${tenant.timezone}, true),
          set_config('plan_cache_mode', 'force_generic_plan', true), set_config('max_parallel_workers_per_gather', '0', true)`.execute();
    const [, [mark]] = await Promise.all([
      tenantSet,
      sql<{ xid: bigint }[]>`select xid from rollup_marks where tenant_id = ${tenant.id}`,
    ]);
    const books = { sql, tenant, currency, since: (mark?.xid ?? 0n).toString() };
    const newSides = newSidesOf(books, partyId);
    newSides.catch(() => {}); // its failure fails the transaction's other statements
    return work({ ...books, newSides });
  }, SNAPSHOT);
}

type Books = Omit<Snapshot, "newSides">;
const LAST_XID = "18446744073709551615";

/**
 * Of trades (`d`): those that the roll-ups have not taken in. Bounded above as well, though no trade lies there: of a
 * range the planner believes that it is small without knowing its ends.
 */
export function isNew({ sql, since }: Pick<Books, "sql" | "since">): Fragment {
  return sql`d.xid >= ${since}::text::xid8 and d.xid <= ${LAST_XID}::text::xid8`;
}

/** Sales that the roll-ups have not taken in, in the columns of `trade_days`; `day` is local. */
export function newSalesOf(books: Books): Fragment {
  return salesOf(books.sql, books.tenant, isNew(books));
}

/** Transfers are summed before they are taken apart into sides: most differ in nothing that is asked for. */
async function newSidesOf(
  { sql, tenant, currency, since }: Books,
  partyId: string | null,
): Promise<readonly NewSides[]> {
  const asked = (a: Fragment) => sql`${a}.tenant_id = ${tenant.id} and ${a}.currency = ${currency}
    ${partyId ? sql`and ${a}.party_id = ${partyId} and ${a}.kind in ('payable', 'receivable')` : sql``}`;
  return await sql<NewSides[]>`
    select s.kind, m.leg, m.day::text as day, s.due_day::text as due_day, m.campaign_id,
      sum(s.debits)::bigint as debits, sum(s.credits)::bigint as credits,
      sum(case when m.reversal then s.credits - s.debits else 0 end)::bigint as reversed
    from (
      select da.kind as debit_kind, ca.kind as credit_kind, t.leg, t.traded_at::date as day,
        coalesce(t.debit_due_at, t.traded_at)::date as debit_due, coalesce(t.credit_due_at, t.traded_at)::date as credit_due,
        d.kind = 'reversal' as reversal, ${partyId ? sql`d.campaign_id` : sql`null::uuid as campaign_id`}, sum(t.amount) as amount
      from trades d
      join transfers t on t.tenant_id = ${tenant.id} and t.trade_id = d.id
      left join accounts da on da.id = t.debit_account_id and ${asked(sql`da`)}
      left join accounts ca on ca.id = t.credit_account_id and ${asked(sql`ca`)}
      where d.tenant_id = ${tenant.id} and ${isNew({ sql, since })} and (da.id is not null or ca.id is not null)
      group by 1, 2, 3, 4, 5, 6, 7, 8) m
    cross join lateral (values
      (m.debit_kind, m.debit_due, m.amount, 0),
      (m.credit_kind, m.credit_due, 0, m.amount)) s (kind, due_day, debits, credits)
    where s.kind is not null
    group by s.kind, m.leg, m.day, s.due_day, m.campaign_id`;
}
