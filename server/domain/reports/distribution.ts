import { type Ctx, partyScope, requirePartyScope, requirePermission } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { dayNumber, isoDate, localDateOf } from "../calendar";
import {
  type DaySum,
  dueByDay,
  legSums,
  paidByDay,
  type Range,
  type Unpaid,
  unpaidStatements,
} from "./figures";
import { accountsOf, type Falling, fallingOf, lastStatements, type PartyOverview } from "./overview";
import { distributorDaysOf } from "./rollup";
import { type PartyOverviewInput, partyOverviewInput, type ShareKind } from "./schemas";
import { shareKindOf } from "./shares";
import { isNew, type Snapshot, withBookSnapshot } from "./snapshot";

/** A distributor's own view: what it sold, what it earned by that and has of it, its tier, wallet and recruits. */

export interface CardSales {
  /** Keys, without those that came back. */
  sales: number;
  reversals: number;
  /** What buyers paid, mark-up included, less what went back. */
  paid: bigint;
}

export interface DistributorDay extends CardSales {
  day: string;
  /** Earned by the sales of the day, reversals taken off. */
  earned: bigint;
  /** What fell (or falls) due to it, and what was paid to it. */
  due: bigint;
  paidOut: bigint;
}

export interface TierProgress {
  /** The month, `2026-11`. */
  month: string;
  current: { code: string; name: string; minVolume: bigint };
  /** Sales of the month so far. */
  volume: bigint;
  currency: string;
  next: { code: string; name: string; minVolume: bigint; missing: bigint } | null;
}

export interface Recruit {
  number: string;
  name: string;
  /** 1: recruited by the distributor itself. */
  level: number;
  sales: number;
  paid: bigint;
}

export interface DistributorOverview {
  party: { id: string; number: string; name: string };
  currency: string;
  from: string;
  to: string;
  today: string;
  now: { today: CardSales; lastWeek: CardSales };
  range: CardSales;
  /** By the sales of the range, reversals taken off; `other` are charges, negative. */
  earned: { total: bigint; byKind: { kind: ShareKind; amount: bigint }[] };
  /** Paid to it in the range. */
  paidOut: bigint;
  /** Earned and not paid yet, due or not; now. */
  outstanding: bigint;
  falling: Falling;
  unpaid: Unpaid[];
  statements: PartyOverview["statements"];
  /** Null where it never had one. */
  wallet: { balance: bigint; creditLimit: bigint; available: bigint } | null;
  /** Null without terms. */
  tier: TierProgress | null;
  recruits: { count: number; items: Recruit[] };
  series: DistributorDay[];
}

const TOP_RECRUITS = 8;
const MOST_RECRUITS = 200;
const NO_SALES: CardSales = { sales: 0, reversals: 0, paid: 0n };

/** One snapshot, out of roll-ups: its cost grows with days, not with sales. Throws NOT_FOUND. */
export async function distributorOverview(ctx: Ctx, input: PartyOverviewInput): Promise<DistributorOverview> {
  requirePermission(ctx, "distributor:read");
  const { partyId, currency, range } = asked(ctx, input);
  const today = localDateOf(ctx.clock.now(), ctx.tenant.timezone);
  return withBookSnapshot(ctx, { currency, partyId }, async (s) => {
    const [party, accounts] = await Promise.all([distributorOf(s, partyId), accountsOf(s, partyId)]);
    const weekAgo = isoDate(dayNumber(today) - 7);
    const [sales, due, paid, legs, earned, outstanding, falling, unpaid, statements, wallet, tier, recruits] =
      await Promise.all([
        salesOfDays(s, [partyId], range, [today, weekAgo]),
        dueByDay(s, accounts, range),
        paidByDay(s, accounts, range),
        legSums(s, accounts, range),
        earnedByDay(s, accounts, range),
        balanceOf(s, accounts),
        fallingOf(s, accounts, today),
        unpaidStatements(s, partyId),
        lastStatements(s, partyId),
        walletOf(s, partyId),
        tierProgress(s, partyId, today),
        recruitsOf(s, partyId, range, TOP_RECRUITS),
      ]);
    const on = (day: string) => sumSales(sales.filter((one) => one.day === day));
    return {
      party,
      currency,
      ...range,
      today,
      now: { today: on(today), lastWeek: on(weekAgo) },
      range: sumSales(sales.filter((one) => one.day >= range.from && one.day <= range.to)),
      earned: earnedOf(legs),
      paidOut: paid.reduce((sum, day) => sum + (day.kind === "payable" ? day.amount : -day.amount), 0n),
      outstanding,
      falling,
      unpaid,
      statements,
      wallet,
      tier,
      recruits,
      series: seriesOf(range, sales, earned, due, paid),
    };
  });
}

/** Names and sales of those it recruited and, as far as it earns of them, of theirs; never their terms. Most sales first. */
export async function listRecruits(
  ctx: Ctx,
  input: PartyOverviewInput,
): Promise<{ currency: string; count: number; items: Recruit[] }> {
  requirePermission(ctx, "distributor:read");
  const { partyId, currency, range } = asked(ctx, input);
  return withBookSnapshot(ctx, { currency, partyId }, async (s) => {
    await distributorOf(s, partyId);
    return { currency, ...(await recruitsOf(s, partyId, range, MOST_RECRUITS)) };
  });
}

function asked(ctx: Ctx, input: PartyOverviewInput): { partyId: string; currency: string; range: Range } {
  const {
    currency = ctx.tenant.currency,
    partyId = partyScope(ctx),
    ...range
  } = partyOverviewInput.parse(input);
  if (partyId === null) throw new DomainError("INPUT_INVALID", { path: "partyId" });
  requirePartyScope(ctx, partyId);
  return { partyId, currency, range };
}

async function distributorOf(
  { sql, tenant }: Snapshot,
  partyId: string,
): Promise<DistributorOverview["party"]> {
  const [row] = await sql<DistributorOverview["party"][]>`
    select id, number, name from parties where tenant_id = ${tenant.id} and id = ${partyId} and kind = 'distributor'`;
  if (!row) throw new DomainError("NOT_FOUND", { noun: "distributor" });
  return row;
}

interface SalesDay extends CardSales {
  distributorId: string;
  day: string;
}

function sumSales(all: readonly CardSales[]): CardSales {
  return all.reduce(
    (sum, one) => ({
      sales: sum.sales + one.sales,
      reversals: sum.reversals + one.reversals,
      paid: sum.paid + one.paid,
    }),
    NO_SALES,
  );
}

/** The distributors' sales by day, in the range and on the `extra` days: roll-up and what came since. */
async function salesOfDays(
  s: Snapshot,
  distributorIds: readonly string[],
  range: Range,
  extra: readonly string[] = [],
): Promise<SalesDay[]> {
  const { sql, tenant, currency } = s;
  const ids = sql`${[...distributorIds]}::uuid[]`;
  const days = sql`(day between ${range.from}::date and ${range.to}::date or day = any(${[...extra]}::date[]))`;
  const fresh = sql`${isNew(s)} and d.distributor_id = any(${ids})`;
  const rows = await sql<
    { distributor_id: string; day: string; sales: bigint; reversals: bigint; paid: bigint }[]
  >`
    select distributor_id, day::text as day, sales, reversals, paid from distributor_days
    where tenant_id = ${tenant.id} and distributor_id = any(${ids}) and currency = ${currency} and ${days}
    union all
    select distributor_id, day::text, sales, reversals, paid from (${distributorDaysOf(sql, tenant, fresh)}) fresh
    where currency = ${currency} and ${days}`;
  return rows.map((row) => ({
    distributorId: row.distributor_id,
    day: row.day,
    sales: Number(row.sales),
    reversals: Number(row.reversals),
    paid: row.paid,
  }));
}

function earnedOf(legs: Awaited<ReturnType<typeof legSums>>): DistributorOverview["earned"] {
  const byKind = new Map<ShareKind, bigint>();
  for (const { kind, leg, credits, debits } of legs) {
    const share = shareKindOf(leg);
    if (share === null || (kind !== "payable" && kind !== "receivable")) continue;
    byKind.set(share, (byKind.get(share) ?? 0n) + credits - debits);
  }
  return {
    total: [...byKind.values()].reduce((sum, amount) => sum + amount, 0n),
    byKind: [...byKind].map(([kind, amount]) => ({ kind, amount })),
  };
}

/** By the day of the sale; payments are none. */
async function earnedByDay(
  s: Snapshot,
  accounts: readonly string[],
  range: Range,
): Promise<Map<string, bigint>> {
  const rolledUp = s.sql<{ day: string; leg: string; amount: bigint }[]>`
    select day::text as day, leg, (sum(credits) - sum(debits))::bigint as amount from leg_days
    where tenant_id = ${s.tenant.id} and account_id = any(${[...accounts]}::uuid[])
      and day between ${range.from}::date and ${range.to}::date
    group by leg_days.day, leg`;
  const [rows, sides] = await Promise.all([rolledUp, s.newSides]);
  const fresh = sides
    .filter((side) => side.day >= range.from && side.day <= range.to)
    .map(({ day, leg, credits, debits }) => ({ day, leg, amount: credits - debits }));
  const sums = new Map<string, bigint>();
  for (const { day, leg, amount } of [...rows, ...fresh]) {
    if (shareKindOf(leg) !== null) sums.set(day, (sums.get(day) ?? 0n) + amount);
  }
  return sums;
}

/** What stands on the settled accounts, positive for the party. */
async function balanceOf(s: Snapshot, accounts: readonly string[]): Promise<bigint> {
  const rolledUp = s.sql<{ balance: bigint | null }[]>`
    select (sum(credits) - sum(debits))::bigint as balance from leg_days
    where tenant_id = ${s.tenant.id} and account_id = any(${[...accounts]}::uuid[])`;
  const [[row], sides] = await Promise.all([rolledUp, s.newSides]);
  return sides.reduce((sum, side) => sum + side.credits - side.debits, row?.balance ?? 0n);
}

async function walletOf(s: Snapshot, partyId: string): Promise<DistributorOverview["wallet"]> {
  const [row] = await s.sql<{ balance: bigint; credit_limit: bigint }[]>`
    select coalesce(b.credits - b.debits, 0)::bigint as balance, (-a.floor)::bigint as credit_limit
    from accounts a left join account_balances b on b.tenant_id = a.tenant_id and b.account_id = a.id
    where a.tenant_id = ${s.tenant.id} and a.party_id = ${partyId} and a.kind = 'wallet' and a.currency = ${s.currency} and a.ref = ''`;
  if (!row) return null;
  return { balance: row.balance, creditLimit: row.credit_limit, available: row.balance + row.credit_limit };
}

/** Sales of the current month against what the next tier asks for, in the currency of the tier. */
async function tierProgress(s: Snapshot, partyId: string, today: string): Promise<TierProgress | null> {
  const [row] = await s.sql<
    {
      code: string;
      name: string;
      min_volume: bigint;
      currency: string;
      next: { code: string; name: string; minVolume: string } | null;
    }[]
  >`
    select t.code, t.name, t.min_volume, t.currency, (
      select json_build_object('code', n.code, 'name', n.name, 'minVolume', n.min_volume::text) from tiers n
      where n.tenant_id = t.tenant_id and n.rank > t.rank and n.currency = t.currency order by n.rank limit 1) as next
    from distributors d join tiers t on t.tenant_id = d.tenant_id and t.code = d.tier
    where d.tenant_id = ${s.tenant.id} and d.party_id = ${partyId}`;
  if (!row) return null;
  const month = today.slice(0, 7);
  const range = { from: `${month}-01`, to: today };
  const { paid: volume } = sumSales(await salesOfDays({ ...s, currency: row.currency }, [partyId], range));
  const minVolume = row.next ? BigInt(row.next.minVolume) : 0n;
  return {
    month,
    current: { code: row.code, name: row.name, minVolume: row.min_volume },
    volume,
    currency: row.currency,
    next: row.next && {
      code: row.next.code,
      name: row.next.name,
      minVolume,
      missing: volume >= minVolume ? 0n : minVolume - volume,
    },
  };
}

async function recruitsOf(
  s: Snapshot,
  partyId: string,
  range: Range,
  limit: number,
): Promise<DistributorOverview["recruits"]> {
  const levels = Math.max(1, s.tenant.settings.uplineLevels);
  const below = await s.sql<{ id: string; number: string; name: string; level: number }[]>`
    with recursive below as (
      select party_id as id, 1 as level from distributors where tenant_id = ${s.tenant.id} and upline_id = ${partyId}
      union all
      select d.party_id, below.level + 1 from below
      join distributors d on d.tenant_id = ${s.tenant.id} and d.upline_id = below.id
      where below.level < ${levels}::int)
    select p.id, p.number, p.name, below.level from below
    join parties p on p.tenant_id = ${s.tenant.id} and p.id = below.id order by below.level, p.number`;
  const sold = Map.groupBy(
    below.length === 0
      ? []
      : await salesOfDays(
          s,
          below.map((one) => one.id),
          range,
        ),
    (day) => day.distributorId,
  );
  const items = below.map(({ id, number, name, level }) => {
    const { sales, paid } = sumSales(sold.get(id) ?? []);
    return { number, name, level, sales, paid };
  });
  items.sort((a, b) => (a.paid === b.paid ? 0 : a.paid > b.paid ? -1 : 1));
  return { count: below.length, items: items.slice(0, limit) };
}

function seriesOf(
  { from, to }: Range,
  sales: readonly SalesDay[],
  earned: ReadonlyMap<string, bigint>,
  due: readonly DaySum[],
  paid: readonly DaySum[],
): DistributorDay[] {
  const byDay = Map.groupBy(sales, (one) => one.day);
  const payable = (sums: readonly DaySum[]) =>
    new Map(sums.filter((sum) => sum.kind === "payable").map((sum) => [sum.day, sum.amount]));
  const [dueOn, paidOn] = [payable(due), payable(paid)];
  const points: DistributorDay[] = [];
  for (let n = dayNumber(from); n <= dayNumber(to); n++) {
    const day = isoDate(n);
    points.push({
      day,
      ...sumSales(byDay.get(day) ?? []),
      earned: earned.get(day) ?? 0n,
      due: dueOn.get(day) ?? 0n,
      paidOut: paidOn.get(day) ?? 0n,
    });
  }
  return points;
}
