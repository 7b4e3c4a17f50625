import type postgres from "postgres";
import { type RawSql, rawSql } from "@/db/client";
import type { Ctx, Tenant, TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { FIRST_DAY, SPAN_DAYS } from "./spans";

/**
 * Roll-ups: what the overviews read instead of the books. Trades are taken in by the transaction that posted them:
 * each roll-up takes those below the oldest transaction still open, from where the last one ended. So a slow
 * posting is never missed, and none is counted twice; the overviews add what is not yet taken.
 */

/** In `trade_days`: every merchant, or every campaign. */
export const ALL = "ffffffff-ffff-ffff-ffff-ffffffffffff";
/** In `trade_days`: no merchant, or no campaign. */
export const NONE = "00000000-0000-0000-0000-000000000000";

export interface RolledUp {
  /** Trades of transactions below this one are in the roll-ups. */
  upTo: bigint;
  moved: boolean;
}

/** Takes in what was posted since. Does nothing if nothing was. Roll-ups of one tenant wait for one another. */
export async function rollUp(ctx: Ctx): Promise<RolledUp> {
  requireSystem(ctx);
  return withTransaction(ctx, async (ctx) => {
    const mark = await lockMark(ctx);
    const upTo = await horizon(ctx);
    // A restored database counts transactions anew: its marks are another server's.
    if (upTo < mark) return rebuild(ctx, upTo);
    if (!(await anyBetween(ctx, mark, upTo))) return { upTo: mark, moved: false };
    await take(ctx, mark, upTo);
    await setMark(ctx, upTo);
    return { upTo, moved: true };
  });
}

/** Makes the roll-ups anew from the books. */
export async function rebuildRollups(ctx: Ctx): Promise<RolledUp> {
  requireSystem(ctx);
  return withTransaction(ctx, async (ctx) => {
    await lockMark(ctx);
    return rebuild(ctx, await horizon(ctx));
  });
}

async function rebuild(ctx: TxCtx, upTo: bigint): Promise<RolledUp> {
  const sql = rawSql(ctx.tx);
  for (const table of [
    "trade_days",
    "sales_spans",
    "distributor_days",
    "leg_days",
    "house_days",
    "campaign_days",
  ]) {
    await sql`delete from ${sql(table)} where tenant_id = ${ctx.tenant.id}`;
  }
  await take(ctx, 0n, upTo);
  await setMark(ctx, upTo);
  return { upTo, moved: true };
}

function requireSystem(ctx: Ctx): void {
  if (ctx.actor.kind !== "system") throw new DomainError("PERMISSION_DENIED", { permission: "job:read" });
}

async function lockMark(ctx: TxCtx): Promise<bigint> {
  const now = ctx.clock.now().toISOString();
  const [row] = await rawSql(ctx.tx)<{ xid: bigint }[]>`
    insert into rollup_marks as m (tenant_id, xid, updated_at) values (${ctx.tenant.id}, 0, ${now}::timestamptz)
    on conflict (tenant_id) do update set xid = m.xid returning xid`;
  return row?.xid ?? 0n;
}

async function setMark(ctx: TxCtx, xid: bigint): Promise<void> {
  await rawSql(ctx.tx)`
    update rollup_marks set xid = ${xid.toString()}::bigint, updated_at = ${ctx.clock.now().toISOString()}::timestamptz
    where tenant_id = ${ctx.tenant.id}`;
}

/** Every transaction below it has ended: a later statement sees what it posted. */
async function horizon(ctx: TxCtx): Promise<bigint> {
  const [row] = await rawSql(ctx.tx)<{ xmin: bigint }[]>`
    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xmin`;
  return row?.xmin ?? 0n;
}

async function anyBetween(ctx: TxCtx, from: bigint, to: bigint): Promise<boolean> {
  const [row] = await rawSql(ctx.tx)<{ any: boolean }[]>`
    select exists (select from trades where tenant_id = ${ctx.tenant.id}
      and xid >= ${from.toString()}::text::xid8 and xid < ${to.toString()}::text::xid8) as any`;
  return row?.any ?? false;
}

async function take(ctx: TxCtx, from: bigint, to: bigint): Promise<void> {
  const sql = rawSql(ctx.tx);
  const { tenant } = ctx;
  await setLocalDays(sql, tenant.timezone);
  const between = sql`d.xid >= ${from.toString()}::text::xid8 and d.xid < ${to.toString()}::text::xid8`;
  await sql`
    with fresh as materialized (${tradeCube(sql, tenant, between)}),
    spans as (
      insert into sales_spans as old (tenant_id, currency, seller, days, first_day, seller_id, trades, gross)
      ${salesSpansOf(sql)}
      on conflict (tenant_id, currency, seller, days, first_day, seller_id) do update set
        trades = old.trades + excluded.trades, gross = old.gross + excluded.gross)
    insert into trade_days as old (tenant_id, day, currency, merchant_id, campaign_id, trades, reversals, gross, discount, paid,
      reversed_gross, reversed_discount)
    select * from fresh
    on conflict (tenant_id, day, currency, merchant_id, campaign_id) do update set
      trades = old.trades + excluded.trades, reversals = old.reversals + excluded.reversals,
      gross = old.gross + excluded.gross, discount = old.discount + excluded.discount, paid = old.paid + excluded.paid,
      reversed_gross = old.reversed_gross + excluded.reversed_gross,
      reversed_discount = old.reversed_discount + excluded.reversed_discount`;
  await sql`
    insert into distributor_days as old (tenant_id, distributor_id, currency, day, sales, reversals, paid, reversed_paid)
    ${distributorDaysOf(sql, tenant, between)}
    on conflict (tenant_id, distributor_id, currency, day) do update set
      sales = old.sales + excluded.sales, reversals = old.reversals + excluded.reversals,
      paid = old.paid + excluded.paid, reversed_paid = old.reversed_paid + excluded.reversed_paid`;
  await sql`
    with fresh as materialized (${legSums(sql, tenant, between)}),
    legs as (
      insert into leg_days as old (tenant_id, day, due_day, account_id, leg, transfers, debits, credits, reversed)
      ${legDaysOf(sql, tenant)}
      on conflict (tenant_id, account_id, day, leg, due_day) do update set
        transfers = old.transfers + excluded.transfers, debits = old.debits + excluded.debits,
        credits = old.credits + excluded.credits, reversed = old.reversed + excluded.reversed),
    house as (
      insert into house_days as old (tenant_id, day, due_day, currency, kind, leg, transfers, debits, credits, reversed)
      ${houseDaysOf(sql, tenant)}
      on conflict (tenant_id, currency, day, kind, leg, due_day) do update set
        transfers = old.transfers + excluded.transfers, debits = old.debits + excluded.debits,
        credits = old.credits + excluded.credits, reversed = old.reversed + excluded.reversed)
    insert into campaign_days as old (tenant_id, day, account_id, campaign_id, leg, transfers, cost)
    ${campaignDaysOf(sql, tenant)}
    on conflict (tenant_id, account_id, day, campaign_id, leg) do update set
      transfers = old.transfers + excluded.transfers, cost = old.cost + excluded.cost`;
  await setLocalDays(sql, "UTC");
}

type Fragment = postgres.Fragment;
export type Zoned = Pick<Tenant, "id" | "timezone">;

/** Sums of sales and their reversals (`d`: trades), by day, merchant and campaign, and over every one of them. */
export function tradeCube(sql: RawSql, tenant: Zoned, where: Fragment): Fragment {
  return sql`
    select d.tenant_id, d.day, d.currency,
      case grouping(d.merchant_id) when 1 then ${ALL}::uuid else d.merchant_id end as merchant_id,
      case grouping(d.campaign_id) when 1 then ${ALL}::uuid else d.campaign_id end as campaign_id,
      sum(d.trades)::bigint as trades, sum(d.reversals)::bigint as reversals, sum(d.gross)::bigint as gross,
      sum(d.discount)::bigint as discount, sum(d.paid)::bigint as paid,
      sum(d.reversed_gross)::bigint as reversed_gross, sum(d.reversed_discount)::bigint as reversed_discount
    from (${salesOf(sql, tenant, where)}) d
    group by d.tenant_id, d.day, d.currency, grouping sets ((d.merchant_id, d.campaign_id), (d.merchant_id), (d.campaign_id), ())`;
}

/** Out of the cube (`fresh`): sums of each merchant and each campaign over the spans that its days lie in. */
export function salesSpansOf(sql: RawSql): Fragment {
  return sql`
    select f.tenant_id, f.currency, s.seller, l.days, f.day - (f.day - ${FIRST_DAY}::date) % l.days as first_day, s.seller_id,
      sum(f.trades)::bigint as trades, sum(f.gross)::bigint as gross
    from fresh f
    cross join lateral (values
      ('merchant', f.merchant_id, f.campaign_id), ('campaign', f.campaign_id, f.merchant_id)) s (seller, seller_id, other_id)
    cross join unnest(${[...SPAN_DAYS]}::int[]) l (days)
    where s.other_id = ${ALL}::uuid and s.seller_id <> ${ALL}::uuid and s.seller_id <> ${NONE}::uuid
    group by f.tenant_id, f.currency, s.seller, l.days, first_day, s.seller_id`;
}

/**
 * Days below are the transaction's local days (`timestamptz::date`): many times cheaper for millions of rows than
 * naming the zone in each. `set_config` lasts until the transaction ends or sets it back.
 */
export async function setLocalDays(sql: RawSql, timezone: string): Promise<void> {
  await sql`select set_config('TimeZone', ${timezone}, true)`;
}

/** Sums of card sales and their reversals (`d`: trades), by distributor and day. Needs `setLocalDays`. */
export function distributorDaysOf(sql: RawSql, tenant: Zoned, where: Fragment): Fragment {
  return sql`
    select d.tenant_id, d.distributor_id, d.currency, d.traded_at::date as day,
      count(*) filter (where d.kind = 'card_sale') as sales, count(*) filter (where d.kind = 'reversal') as reversals,
      sum(d.paid)::bigint as paid, coalesce(sum(d.paid) filter (where d.kind = 'reversal'), 0)::bigint as reversed_paid
    from trades d
    where d.tenant_id = ${tenant.id} and d.kind in ('card_sale', 'reversal') and d.distributor_id is not null
      and d.product_id is not null and ${where}
    group by d.tenant_id, d.distributor_id, d.currency, d.traded_at::date`;
}

/**
 * Sales and their reversals, one row each, in the columns of `trade_days`. Money that was held without a sale counts
 * neither when it comes nor when it goes back. Needs `setLocalDays`.
 */
export function salesOf(sql: RawSql, tenant: Zoned, where: Fragment): Fragment {
  return sql`
    select d.tenant_id, d.traded_at::date as day, d.currency,
      coalesce(d.merchant_id, ${NONE}::uuid) as merchant_id, coalesce(d.campaign_id, ${NONE}::uuid) as campaign_id,
      case d.kind when 'reversal' then 0 else 1 end as trades, case d.kind when 'reversal' then 1 else 0 end as reversals,
      d.gross, d.discount, d.paid,
      case d.kind when 'reversal' then d.gross else 0 end as reversed_gross,
      case d.kind when 'reversal' then d.discount else 0 end as reversed_discount
    from trades d
    where d.tenant_id = ${tenant.id} and d.kind in ('redemption', 'card_sale', 'reversal')
      and (d.order_id is null or d.product_id is not null) and ${where}`;
}

/** Both sides of the transfers of trades (`d`), one row each. Needs `setLocalDays`. */
export function sidesOf(sql: RawSql, tenant: Zoned, where: Fragment): Fragment {
  return sql`
    select s.account_id, t.traded_at::date as day,
      coalesce(s.due_at, t.traded_at)::date as due_day, t.leg, d.campaign_id,
      s.debits, s.credits, case d.kind when 'reversal' then s.credits - s.debits else 0 end as reversed
    from trades d
    join transfers t on t.tenant_id = ${tenant.id} and t.trade_id = d.id
    cross join lateral (values
      (t.debit_account_id, t.debit_due_at, t.amount, 0::bigint),
      (t.credit_account_id, t.credit_due_at, 0::bigint, t.amount)) s (account_id, due_at, debits, credits)
    where d.tenant_id = ${tenant.id} and ${where}`;
}

/** The finest sums of sides; the three roll-ups of legs are made of them (`fresh`). Campaigns tell funders apart only. */
export function legSums(sql: RawSql, tenant: Zoned, where: Fragment): Fragment {
  return sql`
    select s.account_id, a.kind, a.currency, s.day, s.due_day, s.leg,
      case when a.kind in ('receivable', 'marketing_expense') then s.campaign_id end as campaign_id,
      count(*) as transfers, sum(s.debits)::bigint as debits, sum(s.credits)::bigint as credits, sum(s.reversed)::bigint as reversed
    from (${sidesOf(sql, tenant, where)}) s join accounts a on a.tenant_id = ${tenant.id} and a.id = s.account_id
    group by 1, 2, 3, 4, 5, 6, 7`;
}

export function legDaysOf(sql: RawSql, tenant: Zoned): Fragment {
  return sql`
    select ${tenant.id}::uuid, day, due_day, account_id, leg, sum(transfers)::bigint, sum(debits)::bigint, sum(credits)::bigint,
      sum(reversed)::bigint
    from fresh group by day, due_day, account_id, leg`;
}

export function houseDaysOf(sql: RawSql, tenant: Zoned): Fragment {
  return sql`
    select ${tenant.id}::uuid, day, due_day, currency, kind, leg, sum(transfers)::bigint, sum(debits)::bigint, sum(credits)::bigint,
      sum(reversed)::bigint
    from fresh group by day, due_day, currency, kind, leg`;
}

export function campaignDaysOf(sql: RawSql, tenant: Zoned): Fragment {
  return sql`
    select ${tenant.id}::uuid, day, account_id, campaign_id, leg, sum(transfers)::bigint, sum(debits - credits)::bigint
    from fresh where campaign_id is not null group by day, account_id, campaign_id, leg`;
}

/** What differs between the roll-ups and the books: nothing, ever. For `npm run invariants`. */
export async function checkRollups(sql: RawSql, tenant: Zoned): Promise<{ table: string; rows: number }[]> {
  await setLocalDays(sql, tenant.timezone);
  const [mark] = await sql<{ xid: bigint }[]>`select xid from rollup_marks where tenant_id = ${tenant.id}`;
  const below = sql`d.xid < ${(mark?.xid ?? 0n).toString()}::text::xid8`;
  const fresh = sql`with fresh as materialized (${legSums(sql, tenant, below)})`;
  const count = async (table: string, columns: Fragment, wanted: Fragment, head: Fragment = sql``) => {
    const [row] = await sql<{ rows: bigint }[]>`
      ${head} select count(*) as rows from (
        (select ${columns} from ${sql(table)} where tenant_id = ${tenant.id} except all (${wanted}))
        union all
        ((${wanted}) except all select ${columns} from ${sql(table)} where tenant_id = ${tenant.id})) differences`;
    return { table, rows: Number(row?.rows ?? 0) };
  };
  const differences = [
    await count(
      "trade_days",
      sql`tenant_id, day, currency, merchant_id, campaign_id, trades, reversals, gross, discount, paid, reversed_gross, reversed_discount`,
      tradeCube(sql, tenant, below),
    ),
    await count(
      "sales_spans",
      sql`tenant_id, currency, seller, days, first_day, seller_id, trades, gross`,
      salesSpansOf(sql),
      sql`with fresh as materialized (${tradeCube(sql, tenant, below)})`,
    ),
    await count(
      "distributor_days",
      sql`tenant_id, distributor_id, currency, day, sales, reversals, paid, reversed_paid`,
      distributorDaysOf(sql, tenant, below),
    ),
    await count(
      "leg_days",
      sql`tenant_id, day, due_day, account_id, leg, transfers, debits, credits, reversed`,
      legDaysOf(sql, tenant),
      fresh,
    ),
    await count(
      "house_days",
      sql`tenant_id, day, due_day, currency, kind, leg, transfers, debits, credits, reversed`,
      houseDaysOf(sql, tenant),
      fresh,
    ),
    await count(
      "campaign_days",
      sql`tenant_id, day, account_id, campaign_id, leg, transfers, cost`,
      campaignDaysOf(sql, tenant),
      fresh,
    ),
  ];
  await setLocalDays(sql, "UTC");
  return differences;
}
