import { jsonLines, lines, plainArray, RepeatingColumn, RepeatingInstants, sparseArray } from "@/db/arrays";
import { allAnswered, type RawSql, rawSql } from "@/db/client";
import type { TradeFee, TradeTerms } from "@/db/schema/types";
import { packFees } from "@/db/trade-fees";
import type { TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newIds } from "@/server/core/ids";
import type { Account } from "./accounts";
import { insertCardTrades } from "./insert-card-trades";

/** A trade as it is posted: every fact that clearing needs to explain it again. Amounts in minor units. */
export interface NewTrade {
  id: string;
  kind:
    | "redemption"
    | "card_sale"
    | "stored_value"
    | "reversal"
    | "payout"
    | "adjustment"
    | "payment"
    | "top_up";
  tradedAt: Date;
  currency: string;
  gross: bigint;
  discount: bigint;
  paid: bigint;
  merchantId?: string | null;
  brandId?: string | null;
  campaignId?: string | null;
  voucherId?: string | null;
  channelId?: string | null;
  collectedBy: "platform" | "merchant" | "wallet";
  /** Of a card sale, its reversal, money held for an order, or a top-up of a distributor's wallet. */
  card?: CardOfNewTrade | null;
  ruleVersionId?: string | null;
  channelFeeRate?: string | null;
  funding?: readonly { partyId: string; amount: string }[] | null;
  reversesId?: string | null;
  refundedBefore?: bigint | null;
  /** What fee schedules came to. */
  fees?: readonly TradeFee[] | null;
  orderRef?: string | null;
  externalRef?: string | null;
  actorId?: string | null;
  reason?: string | null;
}

export interface CardOfNewTrade {
  orderId?: string | null;
  distributorId: string;
  productId?: string | null;
  supplierId?: string | null;
  terms?: TradeTerms | null;
}

/** One leg to post: debit one account, credit another, amount > 0. */
export interface NewTransfer {
  tradeId: string;
  leg: string;
  debit: Account;
  credit: Account;
  amount: bigint;
  currency: string;
  partyId: string;
  ruleVersionId?: string | null;
  tradedAt: Date;
  /** Due dates of the settled sides (a payout's sides have none); see `bookState` and the calendar's cycles. */
  debitDueAt: Date | null;
  creditDueAt: Date | null;
  reversesId?: string | null;
}

/** What a posting transaction knows of its books. */
export interface Books {
  /** Nothing may be posted as due at or before it. */
  closedThrough: Date;
  /** Number of the last change of what clearing reads; the same number, the same configuration. */
  revision: bigint;
}

/**
 * Takes the shared side of the closing lock for this transaction and returns the watermark: nothing may be
 * posted as due at or before it. A closing waits for the transactions that hold it, and they for a closing.
 */
export async function openBooks(ctx: TxCtx): Promise<Books> {
  const sql = rawSql(ctx.tx);
  // What a posting transaction says names rows by their keys: planned once a connection, not anew for each set of rows.
  const lock = sql`
    select pg_advisory_xact_lock_shared(${closingLock(ctx.tenant.id)}::bigint),
      set_config('plan_cache_mode', 'force_generic_plan', true)`.execute();
  // A statement of its own, sent behind the lock: it sees what the closing it waited for has committed.
  const read = sql<{ closed_through: string; revision: bigint | null }[]>`
    select b.closed_through, c.revision from books b left join config_revisions c on c.tenant_id = b.tenant_id
    where b.tenant_id = ${ctx.tenant.id}`.execute();
  const [, [row]] = await Promise.all([lock, read]);
  if (!row) throw new Error("the tenant has no books");
  return { closedThrough: new Date(row.closed_through), revision: row.revision ?? 0n };
}

/** Key of the tenant's closing lock: the first 63 bits of its id. */
export function closingLock(tenantId: string): string {
  return (BigInt(`0x${tenantId.replaceAll("-", "").slice(-16)}`) >> 1n).toString();
}

/**
 * Posts trades with all their transfers in the caller's transaction: a few statements, whatever their number.
 * The caller holds `openBooks` and passes the watermark it got.
 * @throws DomainError ACCOUNT_BELOW_FLOOR when a strict account would pass its floor
 */
export async function post(
  ctx: TxCtx,
  closedThrough: Date,
  trades: readonly NewTrade[],
  transfers: readonly NewTransfer[],
): Promise<void> {
  await allAnswered([insertPostings(ctx, closedThrough, trades, transfers), moveStrict(ctx, transfers)]);
}

/** The rows of `post` alone; `moveStrict` has to follow in the same transaction. */
export async function insertPostings(
  ctx: TxCtx,
  closedThrough: Date,
  trades: readonly NewTrade[],
  transfers: readonly NewTransfer[],
): Promise<void> {
  assertPostable(closedThrough, trades, transfers);
  const cards = trades.filter((trade) => trade.card);
  const others = cards.length === 0 ? trades : trades.filter((trade) => !trade.card);
  await allAnswered([
    insertTrades(ctx, others),
    insertCardTrades(ctx, cards),
    insertTransfers(ctx, transfers),
  ]);
}

function assertPostable(
  closedThrough: Date,
  trades: readonly NewTrade[],
  transfers: readonly NewTransfer[],
): void {
  const closed = closedThrough.getTime();
  // A payout settles a statement: it never falls due itself, and stands in no statement.
  const payouts = new Set(trades.filter((t) => t.kind === "payout").map((t) => t.id));
  for (const t of transfers) {
    if (t.amount <= 0n) throw new Error(`transfer ${t.leg} of ${t.amount}`);
    if (t.debit.currency !== t.currency || t.credit.currency !== t.currency) {
      throw new DomainError("CURRENCY_MISMATCH", { leg: t.leg, currency: t.currency });
    }
    const falls = !payouts.has(t.tradeId);
    assertDue(t.leg, t.debit.settled && falls, t.debitDueAt, closed);
    assertDue(t.leg, t.credit.settled && falls, t.creditDueAt, closed);
  }
}

function assertDue(leg: string, fallsDue: boolean, dueAt: Date | null, closed: number): void {
  if (fallsDue !== (dueAt !== null)) throw new Error(`transfer ${leg}: due date and account do not fit`);
  if (dueAt !== null && dueAt.getTime() <= closed)
    throw new Error(`transfer ${leg} would fall due in a closed time`);
}

// The rows are put together by their number from arrays that the database reaches into at once, as their values are
// all of one length. `unnest` would write each column into a store of its own first, which costs a twenty-fifth more.

type ColumnType = "uuid" | "text" | "bigint" | "timestamptz";

/** In SQL, the value that a column has in row `n.i`. */
const rowValue =
  (sql: RawSql) =>
  ({ values, places }: RepeatingColumn, type: ColumnType) =>
    sql`(${values}::${sql.unsafe(type)}[])[coalesce((${places}::int[])[n.i], 1)]`;

/**
 * The same of columns that mostly have one value in all rows posted together: that value by itself, if it is so of all
 * the columns given. All or none, so that a statement has few forms, each planned once a connection.
 */
function mostlyOne(sql: RawSql, columns: readonly RepeatingColumn[]) {
  if (columns.some(({ only }) => only === undefined)) return rowValue(sql);
  return ({ only }: RepeatingColumn, type: ColumnType) => sql`${only ?? null}::${sql.unsafe(type)}`;
}

async function insertTrades(ctx: TxCtx, trades: readonly NewTrade[]): Promise<void> {
  if (trades.length === 0) return;
  const now = ctx.clock.now().toISOString();
  const tradedAt = new RepeatingInstants();
  const kind = new RepeatingColumn();
  const currency = new RepeatingColumn();
  const merchant = new RepeatingColumn();
  const brand = new RepeatingColumn();
  const campaign = new RepeatingColumn();
  const channel = new RepeatingColumn();
  const collectedBy = new RepeatingColumn();
  const rule = new RepeatingColumn();
  const rate = new RepeatingColumn();
  const reverses = new RepeatingColumn();
  const refunded = new RepeatingColumn();
  const actor = new RepeatingColumn();
  for (const t of trades) {
    tradedAt.addDate(t.tradedAt);
    kind.add(t.kind);
    currency.add(t.currency);
    merchant.add(t.merchantId);
    brand.add(t.brandId);
    campaign.add(t.campaignId);
    channel.add(t.channelId);
    collectedBy.add(t.collectedBy);
    rule.add(t.ruleVersionId);
    rate.add(t.channelFeeRate);
    reverses.add(t.reversesId);
    refunded.add(t.refundedBefore?.toString());
    actor.add(t.actorId);
  }
  const sql = rawSql(ctx.tx);
  const of = rowValue(sql);
  const ofSort = mostlyOne(sql, [kind, currency, collectedBy, reverses, refunded]);
  const ofWay = mostlyOne(sql, [channel, rule, rate, actor]);
  await sql`
    insert into trades (tenant_id, id, kind, traded_at, posted_at, currency, gross, discount, paid, merchant_id, brand_id, campaign_id,
      voucher_id, channel_id, collected_by, rule_version_id, channel_fee_rate, funding, fees, reverses_id, refunded_before,
      order_ref, external_ref, actor_id, reason)
    select ${ctx.tenant.id}, (${plainArray(trades.map((t) => t.id))}::uuid[])[n.i], ${ofSort(kind, "text")}, ${of(tradedAt, "timestamptz")},
      ${now}::timestamptz, ${ofSort(currency, "text")}, (${plainArray(trades.map((t) => t.gross))}::bigint[])[n.i],
      (${plainArray(trades.map((t) => t.discount))}::bigint[])[n.i], (${plainArray(trades.map((t) => t.paid))}::bigint[])[n.i],
      ${of(merchant, "uuid")}, ${of(brand, "uuid")}, ${of(campaign, "uuid")}, (${plainArray(trades.map((t) => t.voucherId))}::uuid[])[n.i],
      ${ofWay(channel, "uuid")}, ${ofSort(collectedBy, "text")}, ${ofWay(rule, "uuid")}, ${ofWay(rate, "text")}, n.funding::jsonb, n.fees,
      ${ofSort(reverses, "uuid")}, ${ofSort(refunded, "bigint")}, n.order_ref, n.external_ref, ${ofWay(actor, "uuid")}, n.reason
    from rows from (generate_series(1, ${trades.length}::int),
      unnest(string_to_array(${jsonLines(trades.map((t) => t.funding))}::text, E'\\n', '')),
      unnest(string_to_array(${lines(trades.map((t) => packFees(t.fees)))}::text, E'\\n', '')),
      unnest(${sparseArray(trades.map((t) => t.orderRef))}::text[]), unnest(${sparseArray(trades.map((t) => t.externalRef))}::text[]),
      unnest(${sparseArray(trades.map((t) => t.reason))}::text[])) as n (i, funding, fees, order_ref, external_ref, reason)`;
}

async function insertTransfers(ctx: TxCtx, transfers: readonly NewTransfer[]): Promise<void> {
  if (transfers.length === 0) return;
  const now = ctx.clock.now().toISOString();
  const trade = new RepeatingColumn();
  const leg = new RepeatingColumn();
  const account = { debit: new RepeatingColumn(), credit: new RepeatingColumn() };
  const currency = new RepeatingColumn();
  const party = new RepeatingColumn();
  const rule = new RepeatingColumn();
  const tradedAt = new RepeatingInstants();
  const due = { debit: new RepeatingInstants(), credit: new RepeatingInstants() };
  const reverses = new RepeatingColumn();
  for (const t of transfers) {
    trade.add(t.tradeId);
    leg.add(t.leg);
    account.debit.add(t.debit.id);
    account.credit.add(t.credit.id);
    currency.add(t.currency);
    party.add(t.partyId);
    rule.add(t.ruleVersionId);
    tradedAt.addDate(t.tradedAt);
    due.debit.addDate(t.debitDueAt);
    due.credit.addDate(t.creditDueAt);
    reverses.add(t.reversesId);
  }
  const sql = rawSql(ctx.tx);
  const of = rowValue(sql);
  const ofSort = mostlyOne(sql, [currency, reverses]);
  const ofWay = mostlyOne(sql, [rule]);
  await sql`
    insert into transfers (tenant_id, id, trade_id, leg, debit_account_id, credit_account_id, amount, currency, party_id,
      rule_version_id, traded_at, posted_at, debit_due_at, credit_due_at, reverses_id)
    select ${ctx.tenant.id}, (${newIds(transfers.length)}::uuid[])[n.i], ${of(trade, "uuid")}, ${of(leg, "text")},
      ${of(account.debit, "uuid")}, ${of(account.credit, "uuid")}, (${plainArray(transfers.map((t) => t.amount))}::bigint[])[n.i],
      ${ofSort(currency, "text")}, ${of(party, "uuid")}, ${ofWay(rule, "uuid")}, ${of(tradedAt, "timestamptz")}, ${now}::timestamptz,
      ${of(due.debit, "timestamptz")}, ${of(due.credit, "timestamptz")}, ${ofSort(reverses, "uuid")}
    from generate_series(1, ${transfers.length}::int) as n (i)`;
}

/**
 * Moves the kept balances of strict accounts, in one order; the table refuses one that would pass its floor.
 * @throws DomainError ACCOUNT_BELOW_FLOOR
 */
export async function moveStrict(ctx: TxCtx, transfers: readonly NewTransfer[]): Promise<void> {
  const moves = new Map<string, { debits: bigint; credits: bigint }>();
  const add = (account: Account, debits: bigint, credits: bigint) => {
    if (!account.strict) return;
    const move = moves.get(account.id) ?? { debits: 0n, credits: 0n };
    move.debits += debits;
    move.credits += credits;
    moves.set(account.id, move);
  };
  for (const t of transfers) {
    add(t.debit, t.amount, 0n);
    add(t.credit, 0n, t.amount);
  }
  if (moves.size === 0) return;
  const sorted = [...moves.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  await rawSql(ctx.tx)`
    insert into account_balances as b (tenant_id, account_id, debits, credits)
    select ${ctx.tenant.id}, id, debits, credits
    from unnest(${sorted.map(([id]) => id)}::uuid[], ${sorted.map(([, m]) => m.debits.toString())}::bigint[],
      ${sorted.map(([, m]) => m.credits.toString())}::bigint[]) as n (id, debits, credits)
    order by id
    on conflict (tenant_id, account_id) do update set debits = b.debits + excluded.debits, credits = b.credits + excluded.credits`;
}
