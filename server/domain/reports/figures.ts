import { PAYMENT_LEGS, type StatedKind } from "../settlement";
import { ALL, NONE, sidesOf } from "./rollup";
import { isNew, newSalesOf, type Snapshot } from "./snapshot";
import { spansOf } from "./spans";

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
export interface Ranked {
  id: string;
  number: string;
  name: string;
  /** Without reversals. */
  trades: number;
  /** Order amounts, reversals taken off. */
  gross: bigint;
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

export function without(all: Totals, part: Totals): Totals {
  return {
    trades: all.trades - part.trades,
    reversals: all.reversals - part.reversals,
    gross: all.gross - part.gross,
    discount: all.discount - part.discount,
    paid: all.paid - part.paid,
    reversedGross: all.reversedGross - part.reversedGross,
    reversedDiscount: all.reversedDiscount - part.reversedDiscount,
  };
}

const within = ({ from, to }: Range, day: string) => day >= from && day <= to;

function sellersOf({ sql }: Snapshot, of: Of) {
  return sql`
    ${of.merchantId ? sql`and merchant_id = ${of.merchantId}::uuid` : sql``}
    ${of.campaignIds ? sql`and campaign_id = any(${[...of.campaignIds]}::uuid[])` : sql``}`;
}

/** Sales by day, in the range and on the `extra` days; days without any are left out. */
export async function salesByDay(
  s: Snapshot,
  of: Of,
  range: Range,
  extra: readonly string[] = [],
): Promise<DayTotals[]> {
  const { sql, tenant, currency } = s;
  const asked = sql`currency = ${currency} ${sellersOf(s, of)}
    and (day between ${range.from}::date and ${range.to}::date or day = any(${[...extra]}::date[]))`;
  const sums = sql`day, trades, reversals, gross, discount, paid, reversed_gross, reversed_discount`;
  const rows = await sql<(TotalsSql & { day: string })[]>`
    select day::text as day, sum(trades)::bigint as trades, sum(reversals)::bigint as reversals, sum(gross)::bigint as gross,
      sum(discount)::bigint as discount, sum(paid)::bigint as paid, sum(reversed_gross)::bigint as reversed_gross,
      sum(reversed_discount)::bigint as reversed_discount
    from (
      select ${sums} from trade_days
      where tenant_id = ${tenant.id} and ${asked}
        ${of.merchantId ? sql`` : sql`and merchant_id = ${ALL}::uuid`}
        ${of.campaignIds ? sql`` : sql`and campaign_id = ${ALL}::uuid`}
      union all
      select ${sums} from (${newSalesOf(s)}) fresh where ${asked}) sales
    group by sales.day order by sales.day`;
  return rows.map((row) => ({ day: row.day, ...totalsOf(row) }));
}

/** The merchants or campaigns with the most sales of a range. */
export async function topSellers(
  s: Snapshot,
  by: "merchant" | "campaign",
  of: Of,
  range: Range,
  limit: number,
): Promise<Ranked[]> {
  const { sql, tenant, currency } = s;
  const names = by === "merchant" ? sql`parties` : sql`campaigns`;
  const rolledUp = of.merchantId || of.campaignIds ? sellerDays(s, by, of, range) : sellerSpans(s, by, range);
  const rows = await sql<{ id: string; number: string; name: string; trades: bigint; gross: bigint }[]>`
    select top.id, n.number, n.name, top.trades, top.gross from (
      select id, sum(trades)::bigint as trades, sum(gross)::bigint as gross from (
        ${rolledUp}
        union all
        select ${sql(`${by}_id`)} as id, trades, gross from (${newSalesOf(s)}) fresh
        where currency = ${currency} and day between ${range.from}::date and ${range.to}::date ${sellersOf(s, of)}) cells
      where id <> ${ALL}::uuid and id <> ${NONE}::uuid
      group by id order by sum(gross) desc, id limit ${limit}) top
    join ${names} n on n.tenant_id = ${tenant.id} and n.id = top.id
    order by top.gross desc, top.id`;
  return rows.map((row) => ({ ...row, trades: Number(row.trades) }));
}

/** Of a part of the house, which is small: day by day. */
function sellerDays(s: Snapshot, by: "merchant" | "campaign", of: Of, range: Range) {
  const { sql, tenant, currency } = s;
  const other = by === "merchant" ? sql`campaign_id` : sql`merchant_id`;
  return sql`
    select ${sql(`${by}_id`)} as id, trades, gross from trade_days
    where tenant_id = ${tenant.id} and currency = ${currency} and day between ${range.from}::date and ${range.to}::date
      and ${other} = ${(by === "campaign" && of.merchantId) || ALL}::uuid
      ${of.campaignIds ? sql`and campaign_id = any(${[...of.campaignIds]}::uuid[])` : sql``}`;
}

/** Of the whole house: a few spans of days, each with every one of its merchants or campaigns. */
function sellerSpans({ sql, tenant, currency }: Snapshot, by: "merchant" | "campaign", range: Range) {
  const spans = spansOf(range);
  return sql`
    select seller_id as id, trades, gross
    from unnest(${spans.map((span) => span.days)}::int[], ${spans.map((span) => span.firstDay)}::date[]) asked (days, first_day)
    join sales_spans s on s.days = asked.days and s.first_day = asked.first_day
    where s.tenant_id = ${tenant.id} and s.currency = ${currency} and s.seller = ${by}`;
}

/** What a leg moved on accounts of a kind, `reversed` being the part of reversals (credits less debits). */
export interface LegSum {
  kind: string;
  leg: string;
  debits: bigint;
  credits: bigint;
  reversed: bigint;
}

/** Whose accounts: a party's, or null for every one of the house's books. */
export type Accounts = readonly string[] | null;

/** The roll-up of the accounts, by kind, leg, day and due day. */
function legDays({ sql, tenant, currency }: Snapshot, accounts: Accounts) {
  return accounts === null
    ? sql`select kind, leg, day, due_day, debits, credits, reversed from house_days
        where tenant_id = ${tenant.id} and currency = ${currency}`
    : sql`select a.kind, l.leg, l.day, l.due_day, l.debits, l.credits, l.reversed
        from leg_days l join accounts a on a.tenant_id = ${tenant.id} and a.id = l.account_id
        where l.tenant_id = ${tenant.id} and l.account_id = any(${[...accounts]}::uuid[])`;
}

const isPayment = (leg: string) => Object.values(PAYMENT_LEGS).includes(leg);
const isStated = (kind: string): kind is StatedKind => kind === "payable" || kind === "receivable";

/** Legs of the trades of a range. */
export async function legSums(s: Snapshot, accounts: Accounts, range: Range): Promise<LegSum[]> {
  const rolledUp = s.sql<LegSum[]>`
    select kind, leg, sum(debits)::bigint as debits, sum(credits)::bigint as credits, sum(reversed)::bigint as reversed
    from (${legDays(s, accounts)}) l where day between ${range.from}::date and ${range.to}::date group by kind, leg`;
  const [rows, fresh] = await Promise.all([rolledUp, s.newSides]);
  const sums = new Map<string, LegSum>();
  for (const row of [...rows, ...fresh.filter((side) => within(range, side.day))]) {
    const key = `${row.kind}/${row.leg}`;
    const sum = sums.get(key) ?? { kind: row.kind, leg: row.leg, debits: 0n, credits: 0n, reversed: 0n };
    sums.set(key, {
      ...sum,
      debits: sum.debits + row.debits,
      credits: sum.credits + row.credits,
      reversed: sum.reversed + row.reversed,
    });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

/** What brings the fees of a month to the fee of its volume: when it is over, and when a trade of it is taken back. */
export const CORRECTIONS: readonly string[] = ["fee.true_up", "fee.walk_back"];

/** Of corrections, what concerns distributors: no part of what merchants sold, which the house's sums by leg cannot tell. */
export async function distributorCorrections(s: Snapshot, range: Range): Promise<LegSum[]> {
  const { sql, tenant, currency } = s;
  const legs = sql`${[...CORRECTIONS]}::text[]`;
  const ofThem = sql`${isNew(s)} and d.distributor_id is not null and d.kind in ('adjustment', 'reversal')`;
  return await sql<LegSum[]>`
    select a.kind, l.leg, sum(l.debits)::bigint as debits, sum(l.credits)::bigint as credits, sum(l.reversed)::bigint as reversed
    from parties p
    join accounts a on a.tenant_id = p.tenant_id and a.party_id = p.id and a.kind = 'payable' and a.currency = ${currency}
    join (
      select account_id, day, leg, debits, credits, reversed from leg_days where tenant_id = ${tenant.id}
      union all
      select account_id, day, leg, debits, credits, reversed from (${sidesOf(sql, tenant, ofThem)}) fresh) l on l.account_id = a.id
    where p.tenant_id = ${tenant.id} and p.kind = 'distributor' and l.leg = any(${legs})
      and l.day between ${range.from}::date and ${range.to}::date
    group by a.kind, l.leg`;
}

/** Sums less a part of them. */
export function withoutLegs(all: readonly LegSum[], part: readonly LegSum[]): LegSum[] {
  return all.map((sum) => {
    const own = part.find(({ kind, leg }) => kind === sum.kind && leg === sum.leg);
    if (!own) return sum;
    return {
      ...sum,
      debits: sum.debits - own.debits,
      credits: sum.credits - own.credits,
      reversed: sum.reversed - own.reversed,
    };
  });
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
  const rolledUp = s.sql<DaySum[]>`
    select due_day::text as day, kind, (sum(credits) - sum(debits))::bigint as amount from (${legDays(s, accounts)}) l
    where due_day >= ${from}::date ${to ? s.sql`and due_day <= ${to}::date` : s.sql``}
      and day >= ${from}::date - ${LONGEST_WAIT_DAYS}::int and kind in ('payable', 'receivable')
      and leg <> all(${Object.values(PAYMENT_LEGS)}::text[])
    group by l.due_day, kind`;
  const [rows, sides] = await Promise.all([rolledUp, s.newSides]);
  const fresh = sides.flatMap(({ kind, leg, due_day, credits, debits }) =>
    isStated(kind) && !isPayment(leg) && due_day >= from && (to === null || due_day <= to)
      ? [{ day: due_day, kind, amount: credits - debits }]
      : [],
  );
  return sumDays([...rows, ...fresh]);
}

/** What was paid out and taken in by day: positive amounts. */
export async function paidByDay(s: Snapshot, accounts: Accounts, range: Range): Promise<DaySum[]> {
  const rolledUp = s.sql<DaySum[]>`
    select day::text as day, kind, (sum(credits) - sum(debits))::bigint as amount from (${legDays(s, accounts)}) l
    where day between ${range.from}::date and ${range.to}::date and kind in ('payable', 'receivable')
      and leg = any(${Object.values(PAYMENT_LEGS)}::text[])
    group by l.day, kind`;
  const [rows, sides] = await Promise.all([rolledUp, s.newSides]);
  const fresh = sides.flatMap(({ kind, leg, day, credits, debits }) =>
    isStated(kind) && isPayment(leg) && within(range, day) ? [{ day, kind, amount: credits - debits }] : [],
  );
  // A payout debits the payable, a receipt credits the receivable.
  return sumDays([...rows, ...fresh]).map((sum) => ({
    ...sum,
    amount: sum.kind === "payable" ? -sum.amount : sum.amount,
  }));
}

function sumDays(parts: readonly DaySum[]): DaySum[] {
  const sums = new Map<string, DaySum>();
  for (const { day, kind, amount } of parts) {
    const key = `${day}/${kind}`;
    sums.set(key, { day, kind, amount: (sums.get(key)?.amount ?? 0n) + amount });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

/** What a funder bears of each campaign's discounts and fees, reversals taken off. */
export async function costByCampaign(
  s: Snapshot,
  accounts: readonly string[],
  range: Range,
): Promise<Map<string, bigint>> {
  const rolledUp = s.sql<{ campaign_id: string; cost: bigint }[]>`
    select campaign_id, sum(cost)::bigint as cost from campaign_days
    where tenant_id = ${s.tenant.id} and account_id = any(${[...accounts]}::uuid[])
      and day between ${range.from}::date and ${range.to}::date
    group by campaign_id`;
  const [rows, fresh] = await Promise.all([rolledUp, s.newSides]);
  const costs = new Map(rows.map((row) => [row.campaign_id, row.cost]));
  for (const { kind, day, campaign_id, debits, credits } of fresh) {
    if (kind !== "receivable" || campaign_id === null || !within(range, day)) continue;
    costs.set(campaign_id, (costs.get(campaign_id) ?? 0n) + debits - credits);
  }
  return costs;
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
    accounts === null
      ? sql`a.currency = ${currency} and a.kind in ('payable', 'receivable')`
      : sql`a.id = any(${[...accounts]}::uuid[])`;
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
    select a.kind, s.carried, sum(s.statements)::bigint as statements, sum(s.total)::bigint as total
    from (
      select account_id, state = 'carried' as carried, count(*) as statements, sum(total) as total from statements
      where tenant_id = ${tenant.id} and state in ('draft', 'approved', 'paying', 'carried') and currency = ${currency}
        ${partyId ? sql`and party_id = ${partyId}` : sql``}
      group by 1, 2) s
    join accounts a on a.tenant_id = ${tenant.id} and a.id = s.account_id
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
