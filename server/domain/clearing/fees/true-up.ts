import { plainArray } from "@/db/arrays";
import { rawSql } from "@/db/client";
import type { TradeFee } from "@/db/schema/types";
import { actorId, type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../../audit";
import { endOfMonth, monthOf } from "../../calendar";
import {
  type AccountRef,
  type Books,
  findAccounts,
  type NewTrade,
  type NewTransfer,
  openBooks,
  post,
} from "../../ledger";
import { termsOf } from "../store";
import { adjustmentAccounts } from "./adjustment";
import { trueUp } from "./schedule";
import type { ScheduleInForce } from "./select";

/** How many months one transaction takes. */
const CHUNK = 200;

/**
 * Charges or gives back what months that are over still lack of the fee of their volume: of volume schedules, and of
 * those with a least fee a month. It falls due when the month is over, so it stands in the first statement after.
 * May run at any time and as often as it likes: a late trade or a refund of such a month opens it again.
 * Returns the number of true-ups posted.
 */
export async function trueUpFees(ctx: Ctx): Promise<number> {
  requirePermission(ctx, "settlement:close");
  let posted = 0;
  for (;;) {
    const done = await withTransaction(ctx, trueUpSome);
    posted += done.posted;
    if (done.looked < CHUNK) return posted;
  }
}

interface OpenMonth {
  id: bigint;
  schedule_id: string;
  party_id: string;
  period: string;
  volume: bigint;
  count: number;
  charged: bigint;
  pays: boolean;
}

interface TrueUp {
  month: OpenMonth;
  schedule: ScheduleInForce;
  /** Negative: given back. */
  amount: bigint;
}

async function trueUpSome(ctx: TxCtx): Promise<{ looked: number; posted: number }> {
  const sql = rawSql(ctx.tx);
  const books = await openBooks(ctx);
  const months = await sql<OpenMonth[]>`
    select id, schedule_id, party_id, period, volume, count, charged, pays from fee_counters
    where tenant_id = ${ctx.tenant.id} and open and period < ${monthOf(ctx.clock.now(), ctx.tenant.timezone)}
    order by id limit ${CHUNK} for update`;
  if (months.length === 0) return { looked: 0, posted: 0 };
  const { schedules } = await termsOf(ctx, books);
  const due = months.flatMap((month): TrueUp[] => {
    const end = endOfMonth(month.period, ctx.tenant.timezone);
    const schedule = schedules.ofSchedule(month.schedule_id, new Date(end.getTime() - 1));
    const amount = schedule ? trueUp(schedule.plan, month) : 0n;
    return schedule && amount !== 0n ? [{ month, schedule, amount }] : [];
  });
  await postTrueUps(ctx, books, due);
  await sql`
    update fee_counters c set open = false, charged = c.charged + n.amount
    from unnest(${plainArray(months.map(({ id }) => id))}::bigint[],
      ${plainArray(months.map((m) => due.find(({ month }) => month === m)?.amount ?? 0n))}::bigint[]) as n (id, amount)
    where c.tenant_id = ${ctx.tenant.id} and c.id = n.id`;
  await record(
    ctx,
    ...due.map(({ month, schedule, amount }) => ({
      action: "fee.trued_up",
      subject: { kind: "fee_schedule", id: schedule.scheduleId },
      partyId: month.party_id,
      data: {
        number: schedule.number,
        version: schedule.version,
        period: month.period,
        volume: `${month.volume}`,
        charged: `${month.charged}`,
        amount: `${amount}`,
        currency: schedule.currency,
      },
    })),
  );
  return { looked: months.length, posted: due.length };
}

async function postTrueUps(ctx: TxCtx, books: Books, due: readonly TrueUp[]): Promise<void> {
  if (due.length === 0) return;
  const sides = due.map(({ month, schedule, amount }) =>
    adjustmentAccounts(
      ctx.tenant.platformPartyId,
      { role: schedule.role, partyId: month.party_id, pays: month.pays },
      amount > 0n,
    ),
  );
  const find = await accountsFinder(ctx, due, sides);
  const trades: NewTrade[] = [];
  const transfers: NewTransfer[] = [];
  for (const [i, { month, schedule, amount }] of due.entries()) {
    const side = sides[i];
    if (!side) continue;
    const { currency } = schedule;
    const tradeId = newId();
    const end = endOfMonth(month.period, ctx.tenant.timezone);
    const at = end > books.closedThrough ? end : ctx.clock.now();
    const dueAt = at > books.closedThrough ? at : new Date(books.closedThrough.getTime() + 1);
    const debit = find(currency, side.debit);
    const credit = find(currency, side.credit);
    trades.push({
      id: tradeId,
      kind: "adjustment",
      tradedAt: at,
      currency,
      gross: 0n,
      discount: 0n,
      paid: 0n,
      merchantId: schedule.role === "merchant" ? month.party_id : null,
      channelId: schedule.role === "channel" ? month.party_id : null,
      card: schedule.role === "distributor" ? { distributorId: month.party_id } : null,
      collectedBy: "platform",
      fees: [keptFee(month, schedule, amount)],
      actorId: actorId(ctx.actor),
      reason: month.period,
    });
    transfers.push({
      tradeId,
      leg: "fee.true_up",
      debit,
      credit,
      amount: amount < 0n ? -amount : amount,
      currency,
      partyId: month.party_id,
      tradedAt: at,
      debitDueAt: debit.settled ? dueAt : null,
      creditDueAt: credit.settled ? dueAt : null,
    });
  }
  await post(ctx, books.closedThrough, trades, transfers);
}

async function accountsFinder(
  ctx: TxCtx,
  due: readonly TrueUp[],
  sides: readonly { debit: AccountRef; credit: AccountRef }[],
) {
  const byCurrency = new Map<string, AccountRef[]>();
  for (const [i, { schedule }] of due.entries()) {
    const list = byCurrency.get(schedule.currency) ?? [];
    const side = sides[i];
    if (side) list.push(side.debit, side.credit);
    byCurrency.set(schedule.currency, list);
  }
  const finders = new Map<string, Awaited<ReturnType<typeof findAccounts>>>();
  for (const [currency, refs] of byCurrency) finders.set(currency, await findAccounts(ctx, currency, refs));
  return (currency: string, ref: AccountRef) => {
    const find = finders.get(currency);
    if (!find) throw new Error(`no accounts in ${currency}`);
    return find(ref);
  };
}

function keptFee(month: OpenMonth, schedule: ScheduleInForce, amount: bigint): TradeFee {
  return {
    leg: schedule.leg,
    version: schedule.id,
    party: month.party_id,
    period: month.period,
    volume: `${month.volume}`,
    count: month.count,
    charged: `${month.charged}`,
    base: "0",
    amount: `${amount}`,
  };
}
