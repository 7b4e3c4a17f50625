import { type Ctx, partyScope, requirePartyScope, requirePermission } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import type { PartyKind } from "@/server/core/permissions";
import { dayNumber, endOfLocalDate, isoDate, localDateOf } from "../calendar";
import type { StatedKind, StatementState } from "../settlement";
import {
  type Accounts,
  costByCampaign,
  type DaySum,
  distributorCorrections,
  dueAfterWatermark,
  dueByDay,
  legSums,
  NOTHING,
  type Of,
  paidByDay,
  type Range,
  type Ranked,
  salesByDay,
  sumTotals,
  type Totals,
  topSellers,
  type Unpaid,
  unpaidStatements,
  type Waterfall,
  waterfallOf,
  without,
  withoutLegs,
} from "./figures";
import { NONE } from "./rollup";
import { type OverviewInput, overviewInput, type PartyOverviewInput, partyOverviewInput } from "./schemas";
import { type Snapshot, withBookSnapshot } from "./snapshot";

export interface DayPoint {
  day: string;
  trades: number;
  /** Order amounts cleared, reversals taken off. */
  cleared: bigint;
  /** What fell (or falls) due to payees that day. */
  due: bigint;
  /** What fell due from those that owe, positive. */
  owed: bigint;
  /** What was paid out, and what was taken in. */
  paid: bigint;
  received: bigint;
}

export interface Falling {
  /** The watermark: statements cover what was due up to it. */
  closedThrough: Date;
  /** What falls due after it, by local day; signed for the parties. Days before today wait for a closing. */
  days: { day: string; payable: bigint; receivable: bigint }[];
  /** On days beyond those listed. */
  later: { payable: bigint; receivable: bigint };
}

interface Common {
  currency: string;
  from: string;
  to: string;
  /** The tenant's local day. */
  today: string;
  now: { today: Totals; lastWeek: Totals };
  range: Totals;
  series: DayPoint[];
  waterfall: Waterfall;
  falling: Falling;
  unpaid: Unpaid[];
}

export interface HouseOverview extends Common {
  /** Currencies with books, for a choice. */
  currencies: string[];
  topMerchants: Ranked[];
  topCampaigns: Ranked[];
  lastRun: {
    id: string;
    number: string;
    statements: number;
    state: "closed" | "stated";
    dueThrough: Date;
  } | null;
}

export interface PartyOverview extends Common {
  party: { id: string; number: string; name: string; kind: PartyKind };
  topCampaigns: (Ranked & { cost: bigint })[];
  statements: {
    id: string;
    number: string;
    kind: StatedKind;
    dueThrough: Date;
    state: StatementState;
    total: bigint;
    paidAt: Date | null;
  }[];
}

const TOP = 8;
const LISTED_DAYS = 7;

/** The whole house, for its own people. One snapshot; its cost grows with days and parties, not with trades. */
export async function houseOverview(ctx: Ctx, input: OverviewInput): Promise<HouseOverview> {
  requirePermission(ctx, "overview:read");
  if (partyScope(ctx) !== null) throw new DomainError("PERMISSION_DENIED", { permission: "overview:read" });
  const { currency = ctx.tenant.currency, ...range } = overviewInput.parse(input);
  const today = localDateOf(ctx.clock.now(), ctx.tenant.timezone);
  return withBookSnapshot(ctx, { currency, partyId: null }, async (s) => {
    const whole: Accounts = null;
    const [common, topMerchants, topCampaigns, currencies, lastRun] = await Promise.all([
      commonOf(s, {}, whole, null, range, today),
      topSellers(s, "merchant", {}, range, TOP),
      topSellers(s, "campaign", {}, range, TOP),
      currenciesOf(s),
      lastRunOf(s),
    ]);
    return { ...common, topMerchants, topCampaigns, currencies, lastRun };
  });
}

/** One party's own view: what it sold or funded, what is due and when, what was paid. */
export async function partyOverview(ctx: Ctx, input: PartyOverviewInput): Promise<PartyOverview> {
  requirePermission(ctx, "overview:read");
  const {
    currency = ctx.tenant.currency,
    partyId = partyScope(ctx),
    ...range
  } = partyOverviewInput.parse(input);
  if (partyId === null) throw new DomainError("INPUT_INVALID", { path: "partyId" });
  requirePartyScope(ctx, partyId);
  const today = localDateOf(ctx.clock.now(), ctx.tenant.timezone);
  return withBookSnapshot(ctx, { currency, partyId }, async (s) => {
    const [party, own, campaignIds] = await Promise.all([
      partyOf(s, partyId),
      accountsOf(s, partyId),
      campaignsOf(s, partyId),
    ]);
    if (!party) throw new DomainError("NOT_FOUND", { noun: "party" });
    const of: Of = party.kind === "brand" ? { campaignIds } : { merchantId: partyId };
    const [common, campaigns, costs, statements] = await Promise.all([
      commonOf(s, of, own, partyId, range, today),
      topSellers(s, "campaign", of, range, party.kind === "brand" ? 200 : TOP),
      party.kind === "brand" ? costByCampaign(s, own, range) : new Map<string, bigint>(),
      lastStatements(s, partyId),
    ]);
    const topCampaigns = campaigns.map((c) => ({ ...c, cost: costs.get(c.id) ?? 0n }));
    if (party.kind === "brand")
      topCampaigns.sort((a, b) => (a.cost === b.cost ? 0 : a.cost > b.cost ? -1 : 1));
    return { ...common, party, topCampaigns: topCampaigns.slice(0, TOP), statements };
  });
}

async function commonOf(
  s: Snapshot,
  of: Of,
  accounts: Accounts,
  partyId: string | null,
  range: Range,
  today: string,
): Promise<Common> {
  const weekAgo = isoDate(dayNumber(today) - 7);
  const [sales, cards, due, paid, legs, corrections, falling, unpaid] = await Promise.all([
    salesByDay(s, of, range, [today, weekAgo]),
    accounts === null ? salesByDay(s, { merchantId: NONE }, range) : [],
    dueByDay(s, accounts, range),
    paidByDay(s, accounts, range),
    legSums(s, accounts, range),
    accounts === null ? distributorCorrections(s, range) : [],
    fallingOf(s, accounts, today),
    unpaidStatements(s, partyId),
  ]);
  const on = (day: string): Totals => sales.find((d) => d.day === day) ?? NOTHING;
  const inRange = sales.filter((d) => d.day >= range.from && d.day <= range.to);
  const totals = sumTotals(inRange);
  return {
    currency: s.currency,
    ...range,
    today,
    now: { today: on(today), lastWeek: on(weekAgo) },
    range: totals,
    series: seriesOf(range, inRange, due, paid),
    // What merchants sold: card sales, which have none, are no part of it.
    waterfall: waterfallOf(
      without(totals, sumTotals(cards)),
      withoutLegs(legs, corrections).filter((l) => !l.leg.startsWith("card.")),
    ),
    falling,
    unpaid,
  };
}

function seriesOf(
  { from, to }: Range,
  sales: readonly (Totals & { day: string })[],
  due: readonly DaySum[],
  paid: readonly DaySum[],
): DayPoint[] {
  const points = new Map<string, DayPoint>();
  for (let n = dayNumber(from); n <= dayNumber(to); n++) {
    const day = isoDate(n);
    points.set(day, { day, trades: 0, cleared: 0n, due: 0n, owed: 0n, paid: 0n, received: 0n });
  }
  for (const d of sales) {
    const point = points.get(d.day);
    if (point) Object.assign(point, { trades: d.trades, cleared: d.gross });
  }
  for (const d of due) {
    const point = points.get(d.day);
    if (point) Object.assign(point, d.kind === "payable" ? { due: d.amount } : { owed: -d.amount });
  }
  for (const d of paid) {
    const point = points.get(d.day);
    if (point) Object.assign(point, d.kind === "payable" ? { paid: d.amount } : { received: d.amount });
  }
  return [...points.values()];
}

export async function fallingOf(s: Snapshot, accounts: Accounts, today: string): Promise<Falling> {
  const [books] = await s.sql<{ closed_through: string }[]>`
    select closed_through from books where tenant_id = ${s.tenant.id}`;
  const closedThrough = new Date(books?.closed_through ?? 0);
  const watermarkDay = localDateOf(closedThrough, s.tenant.timezone);
  const [rest, later] = await Promise.all([
    dueAfterWatermark(s, accounts, closedThrough, endOfLocalDate(watermarkDay, s.tenant.timezone)),
    dueByDay(s, accounts, { from: isoDate(dayNumber(watermarkDay) + 1), to: null }),
  ]);
  const all: DaySum[] = [...rest.map((r) => ({ day: watermarkDay, ...r })), ...later];
  const last = isoDate(dayNumber(today) + LISTED_DAYS);
  const days = new Map<string, { day: string; payable: bigint; receivable: bigint }>();
  const beyond = { payable: 0n, receivable: 0n };
  for (const { day, kind, amount } of all) {
    if (day > last) {
      beyond[kind] += amount;
      continue;
    }
    const sum = days.get(day) ?? { day, payable: 0n, receivable: 0n };
    sum[kind] += amount;
    days.set(day, sum);
  }
  return { closedThrough, days: [...days.values()], later: beyond };
}

/** Currencies in the house's roll-up, by a walk of its key that touches each once. */
async function currenciesOf({ sql, tenant }: Snapshot): Promise<string[]> {
  const rows = await sql<{ currency: string }[]>`
    with recursive c as (
      (select currency from house_days where tenant_id = ${tenant.id} order by currency limit 1)
      union all
      select (select h.currency from house_days h where h.tenant_id = ${tenant.id} and h.currency > c.currency order by h.currency limit 1)
      from c where c.currency is not null)
    select currency from c where currency is not null`;
  const found = rows.map((row) => row.currency);
  return found.includes(tenant.currency) ? found : [tenant.currency, ...found];
}

async function lastRunOf({ sql, tenant }: Snapshot): Promise<HouseOverview["lastRun"]> {
  const [row] = await sql<
    { id: string; number: string; statements: number; state: "closed" | "stated"; due_through: string }[]
  >`select id, number, statements, state, due_through from settlement_runs
    where tenant_id = ${tenant.id} order by due_through desc limit 1`;
  if (!row) return null;
  const { due_through, ...run } = row;
  return { ...run, dueThrough: new Date(due_through) };
}

async function partyOf({ sql, tenant }: Snapshot, id: string): Promise<PartyOverview["party"] | undefined> {
  const [row] = await sql<PartyOverview["party"][]>`
    select id, number, name, kind from parties where tenant_id = ${tenant.id} and id = ${id}`;
  return row;
}

/** The party's settled accounts in the currency. */
export async function accountsOf({ sql, tenant, currency }: Snapshot, partyId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from accounts where tenant_id = ${tenant.id} and party_id = ${partyId} and currency = ${currency}
      and kind in ('payable', 'receivable')`;
  return rows.map((row) => row.id);
}

/** Campaigns of a brand. */
async function campaignsOf({ sql, tenant }: Snapshot, brandId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from campaigns where tenant_id = ${tenant.id} and brand_id = ${brandId}`;
  return rows.map((row) => row.id);
}

export async function lastStatements(
  { sql, tenant }: Snapshot,
  partyId: string,
): Promise<PartyOverview["statements"]> {
  const rows = await sql<
    {
      id: string;
      number: string;
      kind: StatedKind;
      due_through: string;
      state: StatementState;
      total: bigint;
      paid_at: string | null;
    }[]
  >`
    select s.id, s.number, a.kind, s.due_through, s.state, s.total, s.paid_at
    from statements s join accounts a on a.tenant_id = s.tenant_id and a.id = s.account_id
    where s.tenant_id = ${tenant.id} and s.party_id = ${partyId} order by s.due_through desc limit 6`;
  return rows.map(({ due_through, paid_at, ...row }) => ({
    ...row,
    dueThrough: new Date(due_through),
    paidAt: paid_at ? new Date(paid_at) : null,
  }));
}
