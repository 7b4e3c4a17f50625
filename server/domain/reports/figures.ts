import { PAYMENT_LEGS, type StatedKind } from "../settlement";
import { ALL, NONE } from "./rollup";
import type { Snapshot } from "./snapshot";

/** The parts overviews are made of. Each is exact at the moment of the snapshot: roll-up and what came since. */

export interface Totals {
  trades: number;
  reversals: number;
  /** With reversals, which are negative. Minor units. */
  gross: bigint;
  discount: bigint;
  paid: bigint;
  reversedGross: bigint;
  reversedDiscount: bigint;
}
export const NOTHING: Totals = {
  trades: 0,
  reversals: 0,
  gross: 0n,
  discount: 0n,
  paid: 0n,
  reversedGross: 0n,
  reversedDiscount: 0n,
};

export interface DayTotals extends Totals {
  day: string;
}
export interface Ranked extends Totals {
  id: string;
  number: string;
  name: string;
}

/** Whose sales: the house's, a merchant's, or those of campaigns. */
export type Of = { merchantId?: string; campaignIds?: readonly string[] };

export interface Range {
  from: string;
  to: string;
}

interface TotalsSql {
  trades: bigint;
  reversals: bigint;
  gross: bigint;
  discount: bigint;
  paid: bigint;
  reversed_gross: bigint;
  reversed_discount: bigint;
}

const totalsOf = (row: TotalsSql): Totals => ({
  trades: Number(row.trades),
  reversals: Number(row.reversals),
  gross: row.gross,
  discount: row.discount,
  paid: row.paid,
  reversedGross: row.reversed_gross,
  reversedDiscount: row.reversed_discount,
});

export function sumTotals(all: readonly Totals[]): Totals {
  return all.reduce(
    (sum, t) => ({
      trades: sum.trades + t.trades,
      reversals: sum.reversals + t.reversals,
      gross: sum.gross + t.gross,
      discount: sum.discount + t.discount,
      paid: sum.paid + t.paid,
      reversedGross: sum.reversedGross + t.reversedGross,
      reversedDiscount: sum.reversedDiscount + t.reversedDiscount,
    }),
    NOTHING,
  );
}

const SUMS = ({ sql }: Snapshot) => sql`
  sum(trades)::bigint as trades, sum(reversals)::bigint as reversals, sum(gross)::bigint as gross, sum(discount)::bigint as discount,
  sum(paid)::bigint as paid, sum(reversed_gross)::bigint as reversed_gross, sum(reversed_discount)::bigint as reversed_discount`;

/** Cell of the cube, and the sales since that belong to it. */
function cells(s: Snapshot, of: Of) {
  const { sql } = s;
  if (of.campaignIds) {
    const ids = [...of.campaignIds];
    return {
      rolled: sql`merchant_id = ${ALL}::uuid and campaign_id = any(${ids}::uuid[])`,
      since: sql`campaign_id = any(${ids}::uuid[])`,
    };
  }
  if (of.merchantId) {
    return {
      rolled: sql`merchant_id = ${of.merchantId}::uuid and campaign_id = ${ALL}::uuid`,
      since: sql`merchant_id = ${of.merchantId}::uuid`,
    };
  }
  return { rolled: sql`merchant_id = ${ALL}::uuid and campaign_id = ${ALL}::uuid`, since: sql`true` };
}

/** Sales by day, in the range and on the `extra` days; days without any are left out. */
export async function salesByDay(
  s: Snapshot,
  of: Of,
  { from, to }: Range,
  extra: readonly string[] = [],
): Promise<DayTotals[]> {
  const { sql, tenant, currency } = s;
  const { rolled, since } = cells(s, of);
  const inRange = sql`(day between ${from}::date and ${to}::date or day = any(${[...extra]}::date[]))`;
  const rows = await sql<(TotalsSql & { day: string })[]>`
    select day::text as day, ${SUMS(s)} from (
      select day, trades, reversals, gross, discount, paid, reversed_gross, reversed_discount from trade_days
      where tenant_id = ${tenant.id} and currency = ${currency} and ${rolled} and ${inRange}
      union all
      select day, trades, reversals, gross, discount, paid, reversed_gross, reversed_discount from (${s.newSales}) fresh
      where currency = ${currency} and ${since} and ${inRange}) days
    group by days.day order by days.day`;
  return rows.map((row) => ({ day: row.day, ...totalsOf(row) }));
}

/** The merchants or campaigns with the most sales of a range. */
export async function topSellers(
  s: Snapshot,
  by: "merchant" | "campaign",
  of: Of,
  { from, to }: Range,
  limit: number,
): Promise<Ranked[]> {
  const { sql, tenant, currency } = s;
  const own = by === "merchant" ? sql`merchant_id` : sql`campaign_id`;
  const other = by === "merchant" ? sql`campaign_id` : sql`merchant_id`;
  const otherIs = by === "campaign" && of.merchantId ? of.merchantId : ALL;
  const which = of.campaignIds ? sql`and campaign_id = any(${[...of.campaignIds]}::uuid[])` : sql``;
  const whose = by === "campaign" && of.merchantId ? sql`and merchant_id = ${of.merchantId}::uuid` : sql``;
  const names = by === "merchant" ? sql`parties` : sql`campaigns`;
  const columns = sql`trades, reversals, gross, discount, paid, reversed_gross, reversed_discount`;
  const rows = await sql<(TotalsSql & { id: string; number: string; name: string })[]>`
    select top.*, n.number, n.name from (
      select id, ${SUMS(s)} from (
        select ${own} as id, ${columns} from trade_days
        where tenant_id = ${tenant.id} and currency = ${currency} and day between ${from}::date and ${to}::date
          and ${other} = ${otherIs}::uuid and ${own} <> ${ALL}::uuid and ${own} <> ${NONE}::uuid ${which}
        union all
        select ${own} as id, ${columns} from (${s.newSales}) fresh
        where currency = ${currency} and day between ${from}::date and ${to}::date and ${own} <> ${NONE}::uuid ${which} ${whose}) cells
      group by id order by sum(gross) desc, id limit ${limit}) top
    join ${names} n on n.tenant_id = ${tenant.id} and n.id = top.id
    order by top.gross desc, top.id`;
  return rows.map((row) => ({ id: row.id, number: row.number, name: row.name, ...totalsOf(row) }));
}

/** What a leg moved on accounts of a kind: signed for their owner, `reversed` being the part of reversals. */
export interface LegSum {
  kind: string;
  leg: string;
  transfers: number;
  debits: bigint;
  credits: bigint;
  reversed: bigint;
}

/** Whose accounts: every one of the house's books, or a party's. */
export interface Accounts {
  /** Null: the whole house. */
  ids: readonly string[] | null;
}

function legSource({ sql, tenant, currency, newSides }: Snapshot, accounts: Accounts) {
  if (accounts.ids === null) {
    return {
      rolled: sql`
        select kind, leg, day, due_day, transfers, debits, credits, reversed from house_days
        where tenant_id = ${tenant.id} and currency = ${currency}`,
      since: sql`
        select a.kind, f.leg, f.day, f.due_day, 1 as transfers, f.debits, f.credits, f.reversed
        from (${newSides}) f join accounts a on a.tenant_id = ${tenant.id} and a.id = f.account_id
        where a.currency = ${currency}`,
    };
  }
  const ids = [...accounts.ids];
  return {
    rolled: sql`
      select a.kind, l.leg, l.day, l.due_day, l.transfers, l.debits, l.credits, l.reversed
      from leg_days l join accounts a on a.tenant_id = ${tenant.id} and a.id = l.account_id
      where l.tenant_id = ${tenant.id} and l.account_id = any(${ids}::uuid[])`,
    since: sql`
      select a.kind, f.leg, f.day, f.due_day, 1 as transfers, f.debits, f.credits, f.reversed
      from (${newSides}) f join accounts a on a.tenant_id = ${tenant.id} and a.id = f.account_id
      where f.account_id = any(${ids}::uuid[])`,
  };
}

/** Legs of the trades of a range. */
export async function legSums(s: Snapshot, accounts: Accounts, { from, to }: Range): Promise<LegSum[]> {
  const { sql } = s;
  const { rolled, since } = legSource(s, accounts);
  const rows = await sql<
    { kind: string; leg: string; transfers: bigint; debits: bigint; credits: bigint; reversed: bigint }[]
  >`
    select kind, leg, sum(transfers)::bigint as transfers, sum(debits)::bigint as debits, sum(credits)::bigint as credits,
      sum(reversed)::bigint as reversed
    from (
      ${rolled} and day between ${from}::date and ${to}::date
      union all
      select * from (${since}) fresh where day between ${from}::date and ${to}::date) days
    group by kind, leg order by kind, leg`;
  return rows.map((row) => ({ ...row, transfers: Number(row.transfers) }));
}

export interface DaySum {
  day: string;
  kind: StatedKind;
  amount: bigint;
}

/**
 * No due date lies further behind its trade; bounds how far back sums by due day look.
 * The longest cycle waits 366 business days.
 */
const LONGEST_WAIT_DAYS = 750;

/** What falls due by day, signed for the party; payments are none. `to` null: whatever comes. */
export async function dueByDay(
  s: Snapshot,
  accounts: Accounts,
  { from, to }: { from: string; to: string | null },
): Promise<DaySum[]> {
  const { sql } = s;
  const { rolled, since } = legSource(s, accounts);
  const inRange = sql`due_day >= ${from}::date ${to ? sql`and due_day <= ${to}::date` : sql``}
    and day >= ${from}::date - ${LONGEST_WAIT_DAYS}::int and kind in ('payable', 'receivable')
    and leg <> all(${Object.values(PAYMENT_LEGS)}::text[])`;
  return await sql<DaySum[]>`
    select due_day::text as day, kind, (sum(credits) - sum(debits))::bigint as amount from (
      select * from (${rolled}) rolled where ${inRange} union all select * from (${since}) fresh where ${inRange}) days
    group by due_day, kind order by due_day, kind`;
}

/** What was paid out and taken in by day: positive amounts. */
export async function paidByDay(s: Snapshot, accounts: Accounts, { from, to }: Range): Promise<DaySum[]> {
  const { sql } = s;
  const { rolled, since } = legSource(s, accounts);
  const inRange = sql`day between ${from}::date and ${to}::date and kind in ('payable', 'receivable')
    and leg = any(${Object.values(PAYMENT_LEGS)}::text[])`;
  return await sql<DaySum[]>`
    select day::text as day, kind, abs(sum(credits) - sum(debits))::bigint as amount from (
      select * from (${rolled}) rolled where ${inRange} union all select * from (${since}) fresh where ${inRange}) days
    group by days.day, kind order by days.day, kind`;
}

/** What is due later on the day on which the watermark lies, which the roll-ups cannot tell from what was before it. */
export async function dueAfterWatermark(
  s: Snapshot,
  accounts: Accounts,
  closedThrough: Date,
  dayEnd: Date,
): Promise<{ kind: StatedKind; amount: bigint }[]> {
  const { sql, tenant, currency } = s;
  const whose =
    accounts.ids === null
      ? sql`a.currency = ${currency} and a.kind in ('payable', 'receivable')`
      : sql`a.id = any(${[...accounts.ids]}::uuid[])`;
  const [after, before] = [closedThrough.toISOString(), dayEnd.toISOString()];
  return await sql<{ kind: StatedKind; amount: bigint }[]>`
    select a.kind, sum(s.amount)::bigint as amount from accounts a cross join lateral (
      select t.amount from transfers t where t.tenant_id = ${tenant.id} and t.credit_account_id = a.id
        and t.credit_due_at > ${after}::timestamptz and t.credit_due_at < ${before}::timestamptz
      union all
      select -t.amount from transfers t where t.tenant_id = ${tenant.id} and t.debit_account_id = a.id
        and t.debit_due_at > ${after}::timestamptz and t.debit_due_at < ${before}::timestamptz) s
    where a.tenant_id = ${tenant.id} and ${whose} group by a.kind`;
}

export interface Unpaid {
  kind: StatedKind;
  /** Waiting to be paid, or carried. */
  carried: boolean;
  statements: number;
  total: bigint;
}

/** Statements that no payment has settled. */
export async function unpaidStatements(s: Snapshot, partyId: string | null): Promise<Unpaid[]> {
  const { sql, tenant, currency } = s;
  const rows = await sql<{ kind: StatedKind; carried: boolean; statements: bigint; total: bigint }[]>`
    select a.kind, s.state = 'carried' as carried, count(*) as statements, sum(s.total)::bigint as total
    from statements s join accounts a on a.tenant_id = ${tenant.id} and a.id = s.account_id
    where s.tenant_id = ${tenant.id} and s.state in ('draft', 'approved', 'paying', 'carried') and s.currency = ${currency}
      ${partyId ? sql`and s.party_id = ${partyId}` : sql``}
    group by 1, 2 order by 1, 2`;
  return rows.map((row) => ({ ...row, statements: Number(row.statements) }));
}

/** Of whom a gross is made: order amounts, who gave the discounts, fees, refunds, and what is left. */
export interface Waterfall {
  /** Order amounts before reversals. */
  gross: bigint;
  /** Who bears the discounts, by leg; `merchant` is the merchants' own part. Positive. */
  discounts: { funder: string; amount: bigint }[];
  /** What customers gave: gross less discounts. */
  paid: bigint;
  /** Of the discounts, what others make good to the merchants. */
  subsidies: bigint;
  /** What customers gave the merchants directly. Positive. */
  atTheTill: bigint;
  /** Fees and other legs, signed for the merchants. */
  legs: { leg: string; amount: bigint }[];
  /** What reversals took back, signed. */
  refunds: bigint;
  /** What the merchants are due for it. */
  net: bigint;
}

/** Out of sales and the legs on merchants' payables. */
export function waterfallOf(totals: Totals, legs: readonly LegSum[]): Waterfall {
  const own = legs.filter((l) => l.kind === "payable" && !Object.values(PAYMENT_LEGS).includes(l.leg));
  const signed = own.map((l) => ({ leg: l.leg, amount: l.credits - l.debits - l.reversed }));
  const sum = (list: readonly { amount: bigint }[]) => list.reduce((total, l) => total + l.amount, 0n);
  const subsidyLegs = signed.filter((l) => l.leg.startsWith("subsidy."));
  const collected = sum(
    signed.filter((l) => l.leg.startsWith("sale.") || l.leg.startsWith("stored_value.redeemed")),
  );
  const rest = signed.filter(
    (l) =>
      !l.leg.startsWith("subsidy.") &&
      !l.leg.startsWith("sale.") &&
      !l.leg.startsWith("stored_value.redeemed"),
  );
  const gross = totals.gross - totals.reversedGross;
  const discount = totals.discount - totals.reversedDiscount;
  const subsidies = sum(subsidyLegs);
  const refunds = own.reduce((total, l) => total + l.reversed, 0n);
  return {
    gross,
    discounts: [
      ...subsidyLegs.map((l) => ({ funder: l.leg, amount: l.amount })),
      { funder: "merchant", amount: discount - subsidies },
    ].filter((d) => d.amount !== 0n),
    paid: gross - discount,
    subsidies,
    atTheTill: gross - discount - collected,
    legs: rest.filter((l) => l.amount !== 0n),
    refunds,
    net: sum(signed) + refunds,
  };
}
