import { plainArray } from "@/db/arrays";
import { rawSql } from "@/db/client";
import type { TradeFee } from "@/db/schema/types";
import type { TxCtx } from "@/server/core/context";
import type { ClearedFee } from "../engine";
import { type FeePosition, MONTH_BEGINS } from "./schedule";
import { Pricing, type Turn, turnBegins } from "./turns";

/**
 * The months of parties, as fee schedules count them. A trade that is priced by its party's volume takes the row of
 * that month for its transaction, so the database orders the trades of one party, whatever the number of servers;
 * what the row says before it is kept with the trade, and explains it for ever.
 */

/** A party's month under a schedule. */
export interface MonthKey {
  scheduleId: string;
  partyId: string;
  /** "2026-11". */
  period: string;
  /** Whether the party pays the fee, or is paid it. */
  pays: boolean;
  /** Of a key that is asked for often: what it is found by. */
  name?: string;
}

interface Month {
  key: MonthKey;
  /** As the row says it. */
  written: FeePosition;
  /** With what this transaction has cleared and not yet posted. */
  position: FeePosition;
  /** Its row is not taken: it is believed to stand where this process has left it. */
  guessed: boolean;
  /** Its row is this transaction's: to others there is none before its end. */
  opened: boolean;
}

const nameOf = ({ name, scheduleId, partyId, period }: Omit<MonthKey, "pays">) =>
  name ?? `${scheduleId}/${partyId}/${period}`;

/** The same key, to be asked for often. */
export const named = (key: MonthKey): MonthKey => ({ ...key, name: nameOf(key) });

/** The months that a transaction holds, by name. */
export class Months {
  readonly #months = new Map<string, Month>();
  /** Of a transaction that may guess, until it has priced. */
  pricing: Pricing | null = null;
  /** Of a transaction that guesses. */
  turn: Turn | null = null;

  get(key: Omit<MonthKey, "pays">): FeePosition | undefined {
    return this.#months.get(nameOf(key))?.position;
  }
  month(key: Omit<MonthKey, "pays">): MonthKey | undefined {
    return this.#months.get(nameOf(key))?.key;
  }
  get empty(): boolean {
    return this.#months.size === 0;
  }
  has(key: MonthKey): boolean {
    return this.#months.has(nameOf(key));
  }
  add(key: MonthKey, position: FeePosition, { guessed = false, opened = false } = {}): void {
    const own = named(key);
    this.#months.set(nameOf(own), { key: own, written: position, position, guessed, opened });
  }
  /** Tells where the months that moved are left; whether any of them was guessed. */
  leave(known: Map<string, { key: MonthKey; position: FeePosition }>): boolean {
    let guessed = false;
    for (const [name, month] of this.#months) {
      if (month.position === month.written) continue;
      if (month.opened) known.delete(name);
      else known.set(name, { key: month.key, position: month.position });
      if (month.guessed) guessed = true;
    }
    return guessed;
  }
  advance(key: Omit<MonthKey, "pays">, position: FeePosition): void {
    const month = this.#months.get(nameOf(key));
    if (!month) throw new Error(`month not held: ${nameOf(key)}`);
    month.position = position;
  }
  positions(): ReadonlyMap<string, FeePosition> {
    return new Map([...this.#months].map(([name, { position }]) => [name, position]));
  }
  /** Forgets what was cleared since `positions` were taken. */
  reset(positions: ReadonlyMap<string, FeePosition>): void {
    for (const [name, month] of this.#months) month.position = positions.get(name) ?? month.written;
  }
  /** Those that have moved; they count as written from now on. */
  takeMoved(): { key: MonthKey; position: FeePosition; by: FeePosition }[] {
    const moved: { key: MonthKey; position: FeePosition; by: FeePosition }[] = [];
    for (const month of this.#months.values()) {
      const { key, position, written } = month;
      if (position === written) continue;
      moved.push({
        key,
        position,
        by: {
          volume: position.volume - written.volume,
          count: position.count - written.count,
          charged: position.charged - written.charged,
        },
      });
      month.written = position;
    }
    return moved;
  }
}

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
const left = new Map<string, Map<string, { key: MonthKey; position: FeePosition }>>();
const LEFT_MAX = 200_000;
/** By tenant: until when nothing is guessed, as other servers move its months, too. In milliseconds of this process. */
const doubted = new Map<string, number>();
const DOUBT_MS = 1_000;

function leftOf(tenantId: string) {
  let months = left.get(tenantId);
  if (!months || months.size > LEFT_MAX) {
    months = new Map();
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
    const found = guesses ? known.get(nameOf(key)) : undefined;
    if (found) months.add(found.key, found.position, { guessed: true });
    else asked.push(key);
  }
  if (asked.length === 0) return;
  await months.pricing?.othersHaveWritten();
  const fresh = asked.filter((key) => !known.has(nameOf(key)));
  let opened = await openMonths(ctx, fresh);
  let rows = await readMonths(ctx, asked, true);
  if (rows.length < asked.length) {
    // Known from a transaction that was rolled back after all.
    opened = new Set([...opened, ...(await openMonths(ctx, asked))]);
    rows = await readMonths(ctx, asked, true);
  }
  for (const { key, position } of rows) months.add(key, position, { opened: opened.has(nameOf(key)) });
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
  for (const key of wanted) months.add(key, MONTH_BEGINS);
  if (wanted.length > 0) {
    for (const { key, position } of await readMonths(ctx, wanted, false)) months.add(key, position);
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
  const moved = months.takeMoved();
  if (moved.length === 0 && posted.length === 0) return;
  const sums = new Map<string, FeePosition>();
  for (const { key, volume, count, charged } of posted) {
    const name = nameOf(key);
    const sum = sums.get(name) ?? MONTH_BEGINS;
    sums.set(name, {
      volume: sum.volume + volume,
      count: sum.count + count,
      charged: sum.charged + charged,
    });
  }
  for (const { key, by } of moved) {
    const sum = sums.get(nameOf(key));
    if (sum?.volume !== by.volume || sum.count !== by.count || sum.charged !== by.charged)
      throw new Error(`trades of ${nameOf(key)} were cleared and not posted`);
  }
  // A key's name sorts as the key does.
  const inOrder = moved.sort((a, b) => (nameOf(a.key) < nameOf(b.key) ? -1 : 1));
  const column = (value: (month: (typeof moved)[number]) => string | number | bigint) =>
    plainArray(inOrder.map(value));
  try {
    await rawSql(ctx.tx)`
      select write_fee_months(${ctx.tenant.id}, ${column(({ key }) => key.scheduleId)}::uuid[],
        ${column(({ key }) => key.partyId)}::uuid[], ${column(({ key }) => key.period)}::text[],
        ${column(({ position, by }) => position.volume - by.volume)}::bigint[],
        ${column(({ position, by }) => position.count - by.count)}::int[],
        ${column(({ position, by }) => position.charged - by.charged)}::bigint[],
        ${column(({ position }) => position.volume)}::bigint[], ${column(({ position }) => position.count)}::int[],
        ${column(({ position }) => position.charged)}::bigint[])`;
  } catch (error) {
    left.delete(ctx.tenant.id);
    doubted.set(ctx.tenant.id, performance.now() + DOUBT_MS);
    throw error;
  } finally {
    months.turn?.end();
  }
}

/** By how much one posting moves a month. */
export interface FeeMove {
  key: Omit<MonthKey, "pays">;
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
  return [...new Map(keys.map((key) => [nameOf(key), key])).values()];
}

/** Opens those that do not exist yet. Answers the names of those that it opened. */
async function openMonths(ctx: TxCtx, keys: readonly MonthKey[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const rows = await rawSql(ctx.tx)<Pick<MonthRow, "schedule_id" | "party_id" | "period">[]>`
    insert into fee_counters (tenant_id, schedule_id, party_id, period, volume, count, charged, pays)
    select ${ctx.tenant.id}, schedule_id, party_id, period, 0, 0, 0, pays
    from unnest(${plainArray(keys.map((key) => key.scheduleId))}::uuid[], ${plainArray(keys.map((key) => key.partyId))}::uuid[],
      ${plainArray(keys.map((key) => key.period))}::text[], ${plainArray(keys.map((key) => `${key.pays}`))}::boolean[])
      as n (schedule_id, party_id, period, pays)
    order by schedule_id, party_id, period
    on conflict do nothing returning schedule_id, party_id, period`;
  return new Set(
    rows.map((row) => nameOf({ scheduleId: row.schedule_id, partyId: row.party_id, period: row.period })),
  );
}

interface MonthRow {
  schedule_id: string;
  party_id: string;
  period: string;
  volume: bigint;
  count: number;
  charged: bigint;
  pays: boolean;
}

async function readMonths(
  ctx: TxCtx,
  keys: readonly MonthKey[],
  lock: boolean,
): Promise<{ key: MonthKey; position: FeePosition }[]> {
  const sql = rawSql(ctx.tx);
  const rows = await sql<MonthRow[]>`
    select c.schedule_id, c.party_id, c.period, c.volume, c.count, c.charged, c.pays
    from unnest(${plainArray(keys.map((key) => key.scheduleId))}::uuid[], ${plainArray(keys.map((key) => key.partyId))}::uuid[],
      ${plainArray(keys.map((key) => key.period))}::text[]) as n (schedule_id, party_id, period)
    join fee_counters c on c.tenant_id = ${ctx.tenant.id} and c.schedule_id = n.schedule_id and c.party_id = n.party_id
      and c.period = n.period
    order by c.schedule_id, c.party_id, c.period ${lock ? sql`for update of c` : sql``}`;
  return rows.map(({ schedule_id, party_id, period, pays, volume, count, charged }) => ({
    key: { scheduleId: schedule_id, partyId: party_id, period, pays },
    position: { volume, count, charged },
  }));
}
