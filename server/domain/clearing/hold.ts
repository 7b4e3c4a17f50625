import type { TxCtx } from "@/server/core/context";
import { actorId } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { monthOf } from "../calendar";
import { type AccountRef, type Books, findAccounts, type NewTransfer, openBooks, post } from "../ledger";
import { channelFeeOf, type FeeTerms } from "./channel-fee";
import type { ClearedFee } from "./engine";
import { holdMonths, moveOf, tradeFee, writeMonths } from "./fees/counters";
import { feeOfTrade, MONTH_BEGINS } from "./fees/schedule";
import { termsOf } from "./store";

/**
 * Books money that a channel has collected while no sale takes it: paid twice, late, in a wrong amount, or nothing
 * to deliver. It lies in suspense, with its order, until `reverseTrade` undoes it: as a refund, or (`exchange`)
 * because a sale takes it. Returns the id of the trade. Idempotent by `externalRef` only through the caller's own
 * guard: a second posting under the same reference fails.
 */
export async function holdPayment(
  ctx: TxCtx,
  payment: {
    orderId: string;
    distributorId: string;
    channelId: string;
    amount: bigint;
    currency: string;
    paidAt: Date;
    fee: FeeTerms;
    externalRef: string;
    reason: string;
  },
): Promise<string> {
  const books = await openBooks(ctx);
  const platform = ctx.tenant.platformPartyId;
  const channel: AccountRef = { partyId: payment.channelId, kind: "channel_receivable" };
  const suspense: AccountRef = { partyId: platform, kind: "suspense" };
  const expense: AccountRef = { partyId: platform, kind: "channel_fee", ref: payment.channelId };
  const find = await findAccounts(ctx, payment.currency, [channel, suspense, expense]);
  const tradeId = newId();
  const transfer = (leg: string, debit: AccountRef, credit: AccountRef, amount: bigint): NewTransfer => ({
    tradeId,
    leg,
    debit: find(debit),
    credit: find(credit),
    amount,
    currency: payment.currency,
    partyId: payment.channelId,
    tradedAt: payment.paidAt,
    debitDueAt: null,
    creditDueAt: null,
  });
  const scheduled = await channelFeeBySchedule(ctx, books, payment);
  const fee = scheduled?.charge.amount ?? channelFeeOf(payment.amount, payment.fee);
  const transfers = [transfer("payment.held", channel, suspense, payment.amount)];
  if (fee > 0n) transfers.push(transfer("fee.channel", expense, channel, fee));
  await post(
    ctx,
    books.closedThrough,
    [
      {
        id: tradeId,
        kind: "payment",
        tradedAt: payment.paidAt,
        currency: payment.currency,
        gross: payment.amount,
        discount: 0n,
        paid: payment.amount,
        channelId: payment.channelId,
        collectedBy: "platform",
        channelFeeRate: payment.fee.feeRate,
        card: { orderId: payment.orderId, distributorId: payment.distributorId },
        fees: scheduled ? [tradeFee(scheduled)] : null,
        externalRef: payment.externalRef,
        actorId: actorId(ctx.actor),
        reason: payment.reason,
      },
    ],
    transfers,
  );
  if (scheduled) await writeMonths(ctx, [moveOf(scheduled)]);
  return tradeId;
}

/** By the channel's fee schedule, where it has one; its month is taken for this transaction. */
async function channelFeeBySchedule(
  ctx: TxCtx,
  books: Books,
  {
    channelId,
    amount,
    currency,
    paidAt,
  }: { channelId: string; amount: bigint; currency: string; paidAt: Date },
): Promise<ClearedFee | null> {
  const { schedules } = await termsOf(ctx, books);
  const role = "channel";
  const leg = "fee.channel";
  const found = schedules.find({ role, leg, currency, partyId: channelId }, paidAt);
  if (!found) return null;
  const period = monthOf(paidAt, ctx.tenant.timezone);
  const key = { scheduleId: found.schedule.scheduleId, partyId: channelId, period, pays: false };
  const months = await holdMonths(ctx, [key]);
  const charge = feeOfTrade(found.schedule.plan, months.get(key) ?? MONTH_BEGINS, amount);
  months.advance(key, charge.after);
  return {
    leg,
    partyId: channelId,
    role,
    pays: false,
    schedule: found.schedule,
    period,
    base: amount,
    charge,
  };
}
