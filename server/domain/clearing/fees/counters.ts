import { plainArray } from "@/db/arrays";
import { rawSql } from "@/db/client";
import type { TradeFee } from "@/db/schema/types";
import type { TxCtx } from "@/server/core/context";
import type { ClearedFee } from "../engine";
import { type MonthName, MonthTable } from "./month-table";
import { type FeePosition, MONTH_BEGINS } from "./schedule";
import { Pricing, type Turn, turnBegins } from "./turns";

/**
 * The months of parties, as fee schedules count them. A trade that is priced by its party's volume takes the row of
 * that month for its transaction, so the database orders the trades of one party, whatever the number of servers;
 * what the row says before it is kept with the trade, and explains it for ever.
 */

/** A month that is counted. */
export interface MonthKey extends MonthName {
  /** Whether the party pays the fee, or is paid it. */
  pays: boolean;
}

/** Where a month was left, and the number of its row. */
interface Left {
  key: MonthKey;
  row: bigint;
  position: FeePosition;
}

interface Month extends Left {
  /** As the row says it. */
  written: FeePosition;
  /** With what this transaction has cleared and not yet posted. */
  position: FeePosition;
  /** Its row is not taken: it is believed to stand where this process has left it. */
  guessed: boolean;
  /** Its row is this transaction's: to others there is none before its end. */
  opened: boolean;
}

/** The months that a transaction holds. */
export class Months {
  readonly #months = new MonthTable<Month>();
  /** Of a transaction that may guess, until it has priced. */
  pricing: Pricing | null = null;
  /** Of a transaction that guesses. */
  turn: Turn | null = null;

  get(month: MonthName): FeePosition | undefined {
    return this.#months.get(month)?.position;
  }
  month(month: MonthName): MonthKey | undefined {
    return this.#months.get(month)?.key;
  }
  get empty(): boolean {
    return this.#months.size === 0;
  }
  has(month: MonthName): boolean {
    return this.#months.has(month);
  }
  add({ key, row, position }: Left, { guessed = false, opened = false } = {}): void {
    this.#months.set(key, { key, row, written: position, position, guessed, opened });
  }
  /** Tells where the months that moved are left; whether any of them was guessed. */
  leave(known: MonthTable<Left>): boolean {
    let guessed = false;
    for (const month of this.#months.values()) {
      const { key, row, position, written, opened } = month;
      if (position === written) continue;
      if (opened) known.delete(key);
      else known.set(key, { key, row, position });
      if (month.guessed) guessed = true;
    }
    return guessed;
  }
  advance(month: MonthName, position: FeePosition): void {
    const found = this.#months.get(month);
    if (!found) throw new Error(`month not held: ${nameOf(month)}`);
    found.position = position;
  }
  positions(): ReadonlyMap<MonthKey, FeePosition> {
    return new Map([...this.#months.values()].map(({ key, position }) => [key, position]));
  }
  /** Forgets what was cleared since `positions` were taken. */
  reset(positions: ReadonlyMap<MonthKey, FeePosition>): void {
    for (const month of this.#months.values()) month.position = positions.get(month.key) ?? month.written;
  }
  /** Those that have moved, and where from; they count as written from now on. */
  takeMoved(): (Left & { from: FeePosition })[] {
    const moved: (Left & { from: FeePosition })[] = [];
    for (const month of this.#months.values()) {
      const { key, row, position, written } = month;
      if (position === written) continue;
      moved.push({ key, row, position, from: written });
      month.written = position;
    }
    return moved;
  }
}

const nameOf = ({ scheduleId, partyId, period }: MonthName) => `${scheduleId}/${partyId}/${period}`;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const held = new WeakMap<object, Months>();

/** The months of this transaction; nothing is held yet. */
export function monthsOf(ctx: TxCtx): Months {
  let months = held.get(ctx.tx);
  if (!months) {
    months = new Months();
    held.set(ctx.tx, months);
  }
  return months;
}

/** Where this process left a tenant's months: its transactions under way are in it already, so it may be wrong. */
const left = new Map<string, MonthTable<Left>>();
const LEFT_MAX = 200_000;
/** By tenant: until when nothing is guessed, as other servers move its months, too. In milliseconds of this process. */
const doubted = new Map<string, number>();
const DOUBT_MS = 1_000;

function leftOf(tenantId: string) {
  let months = left.get(tenantId);
  if (!months || months.size > LEFT_MAX) {
    months = new MonthTable();
    left.set(tenantId, months);
  }
  return months;
}

/**
 * The given months for this transaction. Their rows are taken, in one order, those that do not exist yet being opened;
 * months that it holds already are left as they are. With `guess`, months that this process has left before are taken
 * to stand where it left them, without asking or taking anything: `writeMonths` sees whether that was right, and who
 * guesses begins anew where it was not. So transactions of one process that concern the same parties need not wait
 * for each other's end. Who passes `guess` prices next (`priceWith`): others of this process await it.
 */
export async function holdMonths(
  ctx: TxCtx,
  keys: readonly MonthKey[],
  { guess = false }: { guess?: boolean } = {},
): Promise<Months> {
  const months = monthsOf(ctx);
  // Who holds months already is waited for: it must not stand in the line behind those who wait.
  if (guess && keys.length > 0 && months.empty) months.pricing = await Pricing.begin(ctx.tenant.id);
  try {
    await hold(ctx, months, keys);
  } catch (error) {
    months.pricing?.end();
    throw error;
  }
  return months;
}

async function hold(ctx: TxCtx, months: Months, keys: readonly MonthKey[]): Promise<void> {
  const known = leftOf(ctx.tenant.id);
  const guesses = months.pricing !== null && performance.now() >= (doubted.get(ctx.tenant.id) ?? 0);
  const asked: MonthKey[] = [];
  for (const key of distinct(keys)) {
    if (months.has(key)) continue;
    const found = guesses ? known.get(key) : undefined;
    if (found) months.add(found, { guessed: true });
    else asked.push(key);
  }
  if (asked.length === 0) return;
  await months.pricing?.othersHaveWritten();
  const fresh = asked.filter((key) => !known.has(key));
  let opened = await openMonths(ctx, fresh);
  let rows = await readMonths(ctx, asked, true);
  if (rows.length < asked.length) {
    // Known from a transaction that was rolled back after all.
    opened = new Set([...opened, ...(await openMonths(ctx, asked))]);
    rows = await readMonths(ctx, asked, true);
  }
  for (const read of rows) months.add(read, { opened: opened.has(read.row) });
}

/**
 * Prices trades with what is held, in one go: nobody else of this process reads or moves months in between. Who guesses
 * takes its turn to post behind those whose months it goes on from.
 */
export function priceWith<T>(ctx: TxCtx, months: Months, price: () => T): T {
  try {
    const result = price();
    if (months.leave(leftOf(ctx.tenant.id))) months.turn ??= months.pricing?.turn() ?? null;
    return result;
  } finally {
    months.pricing?.end();
    months.pricing = null;
  }
}

/** Waits for the turn of a transaction that guesses to post; at once for others. */
export async function turnToPost(ctx: TxCtx): Promise<void> {
  const { turn } = monthsOf(ctx);
  if (turn) await turnBegins(turn);
}

/** The same, without taking anything: for what is computed and not posted. */
export async function lookAtMonths(ctx: TxCtx, keys: readonly MonthKey[]): Promise<Months> {
  const months = new Months();
  const wanted = distinct(keys);
  for (const key of wanted) months.add({ key, row: NO_ROW, position: MONTH_BEGINS });
  if (wanted.length > 0) {
    for (const read of await readMonths(ctx, wanted, false)) months.add(read);
  }
  return months;
}

/**
 * Writes the months that moved, beside the postings that moved them.
 * @throws Error if what is posted is not all that was cleared: then the later ones were priced wrongly; a
 * serialization failure (40001) if a month that was guessed stands elsewhere
 */
export async function writeMonths(
  ctx: TxCtx,
  posted: readonly FeeMove[],
  /** By `priceWith`, which has told where they are left. */
  { priced = false }: { priced?: boolean } = {},
): Promise<void> {
  const months = monthsOf(ctx);
  if (!priced) months.leave(leftOf(ctx.tenant.id));
  // In the order in which rows are taken, so that transactions wait in one order.
  const moved = months.takeMoved().sort((a, b) => (a.row < b.row ? -1 : 1));
  if (moved.length === 0 && posted.length === 0) return;
  const sums = new MonthTable<Mutable<FeePosition>>();
  for (const { key, volume, count, charged } of posted) {
    const sum = sums.get(key);
    if (!sum) sums.set(key, { volume, count, charged });
    else {
      sum.volume += volume;
      sum.count += count;
      sum.charged += charged;
    }
  }
  const by = moved.map(({ key, position, from }) => {
    const sum = sums.get(key);
    if (
      sum?.volume !== position.volume - from.volume ||
      sum.count !== position.count - from.count ||
      sum.charged !== position.charged - from.charged
    )
      throw new Error(`trades of ${nameOf(key)} were cleared and not posted`);
    return sum;
  });
  try {
    await rawSql(ctx.tx)`
      select write_fee_months(${ctx.tenant.id}, ${plainArray(moved.map(({ row }) => row))}::bigint[],
        ${plainArray(by.map(({ volume }) => volume))}::bigint[], ${plainArray(by.map(({ count }) => count))}::int[],
        ${plainArray(by.map(({ charged }) => charged))}::bigint[],
        ${plainArray(moved.map(({ position }) => position.volume))}::bigint[],
        ${plainArray(moved.map(({ position }) => position.count))}::int[],
        ${plainArray(moved.map(({ position }) => position.charged))}::bigint[])`;
  } catch (error) {
    left.delete(ctx.tenant.id);
    // Else it had failed before, and says nothing of the months.
    if ((error as { code?: unknown } | null)?.code === "40001")
      doubted.set(ctx.tenant.id, performance.now() + DOUBT_MS);
    throw error;
  } finally {
    months.turn?.end();
  }
}

/** By how much one posting moves a month. */
export interface FeeMove {
  key: MonthName;
  volume: bigint;
  count: number;
  charged: bigint;
}

export function moveOf({ schedule, partyId, period, base, charge }: ClearedFee): FeeMove {
  return {
    key: { scheduleId: schedule.scheduleId, partyId, period },
    volume: base,
    count: charge.after.count - charge.before.count,
    charged: charge.amount,
  };
}

/** What a trade keeps of a fee, to be explained by. */
export function tradeFee({ leg, partyId, schedule, period, base, charge }: ClearedFee): TradeFee {
  const { before, amount } = charge;
  return {
    leg,
    version: schedule.id,
    party: partyId,
    period,
    volume: `${before.volume}`,
    count: before.count,
    charged: `${before.charged}`,
    base: `${base}`,
    amount: `${amount}`,
  };
}

function distinct(keys: readonly MonthKey[]): MonthKey[] {
  const table = new MonthTable<MonthKey>();
  for (const key of keys) if (!table.has(key)) table.set(key, key);
  return [...table.values()];
}

/** Opens those that do not exist yet. Answers the rows that it opened. */
async function openMonths(ctx: TxCtx, keys: readonly MonthKey[]): Promise<ReadonlySet<bigint>> {
  if (keys.length === 0) return new Set();
  const rows = await rawSql(ctx.tx)<{ id: bigint }[]>`
    insert into fee_counters (tenant_id, schedule_id, party_id, period, volume, count, charged, pays)
    select ${ctx.tenant.id}, schedule_id, party_id, period, 0, 0, 0, pays
    from unnest(${plainArray(keys.map((key) => key.scheduleId))}::uuid[], ${plainArray(keys.map((key) => key.partyId))}::uuid[],
      ${plainArray(keys.map((key) => key.period))}::text[], ${plainArray(keys.map((key) => `${key.pays}`))}::boolean[])
      as n (schedule_id, party_id, period, pays)
    order by schedule_id, party_id, period
    on conflict do nothing returning id`;
  return new Set(rows.map(({ id }) => id));
}

interface MonthRow {
  id: bigint;
  schedule_id: string;
  party_id: string;
  period: string;
  volume: bigint;
  count: number;
  charged: bigint;
  pays: boolean;
}
/** Of a month that is only looked at, and has no row. */
const NO_ROW = 0n;

async function readMonths(ctx: TxCtx, keys: readonly MonthKey[], lock: boolean): Promise<Left[]> {
  const sql = rawSql(ctx.tx);
  const rows = await sql<MonthRow[]>`
    select c.id, c.schedule_id, c.party_id, c.period, c.volume, c.count, c.charged, c.pays
    from unnest(${plainArray(keys.map((key) => key.scheduleId))}::uuid[], ${plainArray(keys.map((key) => key.partyId))}::uuid[],
      ${plainArray(keys.map((key) => key.period))}::text[]) as n (schedule_id, party_id, period)
    join fee_counters c on c.tenant_id = ${ctx.tenant.id} and c.schedule_id = n.schedule_id and c.party_id = n.party_id
      and c.period = n.period
    order by c.id ${lock ? sql`for update of c` : sql``}`;
  return rows.map(({ id, schedule_id, party_id, period, pays, volume, count, charged }) => ({
    key: { scheduleId: schedule_id, partyId: party_id, period, pays },
    row: id,
    position: { volume, count, charged },
  }));
}
