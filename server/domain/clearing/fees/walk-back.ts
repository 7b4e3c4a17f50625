import type { TradeFee } from "@/db/schema/types";
import type { TxCtx } from "@/server/core/context";
import type { AccountRef } from "@/server/domain/ledger";
import { partBetween, type ReversedLeg, type ReversibleLeg } from "../reversal";
import type { Terms } from "../store";
import { adjustmentAccounts } from "./adjustment";
import { type FeeMove, holdMonths } from "./counters";
import { walkBack } from "./schedule";

/** What a refund does to one month. */
export interface FeeWalk {
  move: FeeMove;
  /** For the reversal to keep. */
  fee: TradeFee;
  /** Posted beside the mirrored legs, where they alone would leave the month with another fee than its volume's. */
  leg: { code: string; partyId: string; debit: AccountRef; credit: AccountRef; amount: bigint } | null;
}

/**
 * Takes a reversed trade off the months it was counted in: the legs are mirrored as any, and what the month's fee of
 * its volume asks for besides is a leg of its own, `fee.walk_back`. Takes the months for this transaction; the caller
 * writes them (`writeMonths`) beside its postings.
 */
export async function walkFeesBack(
  ctx: TxCtx,
  { schedules }: Terms,
  fees: readonly TradeFee[],
  refund: {
    given: bigint;
    refundedBefore: bigint;
    refunded: bigint;
    reversed: readonly ReversedLeg<ReversibleLeg>[];
    channelRefundsFee: boolean;
  },
): Promise<FeeWalk[]> {
  const priced = fees.flatMap((fee) => {
    const schedule = schedules.version(fee.version);
    if (!schedule) throw new Error(`the fee schedule ${fee.version} of a trade is not there`);
    if (schedule.role === "channel" && !refund.channelRefundsFee) return [];
    return [{ fee, schedule }];
  });
  if (priced.length === 0) return [];
  const months = await holdMonths(
    ctx,
    priced.map(({ fee, schedule }) => ({
      scheduleId: schedule.scheduleId,
      partyId: fee.party,
      period: fee.period,
      pays: false, // the trade has opened it
    })),
  );
  return priced.flatMap(({ fee, schedule }): FeeWalk[] => {
    const key = { scheduleId: schedule.scheduleId, partyId: fee.party, period: fee.period };
    const now = months.get(key);
    const month = months.month(key);
    if (!now || !month) throw new Error(`the month ${fee.period} of a trade is not there`);
    const base = partBetween(BigInt(fee.base), refund.refundedBefore, refund.refunded, refund.given);
    let mirrored = 0n;
    for (const { of, amount } of refund.reversed) if (of.code === fee.leg) mirrored += amount;
    const whole = refund.refunded === refund.given;
    const { besides, after } = walkBack(schedule.plan, now, { base, mirrored, whole });
    months.advance(key, after);
    const more = besides < 0n;
    const accounts = adjustmentAccounts(
      ctx.tenant.platformPartyId,
      { role: schedule.role, partyId: fee.party, pays: month.pays },
      more,
    );
    return [
      {
        move: { key, volume: -base, count: after.count - now.count, charged: after.charged - now.charged },
        fee: {
          ...fee,
          volume: `${now.volume}`,
          count: now.count,
          charged: `${now.charged}`,
          base: `${-base}`,
          amount: `${after.charged - now.charged}`,
        },
        leg:
          besides === 0n
            ? null
            : { code: "fee.walk_back", partyId: fee.party, ...accounts, amount: more ? -besides : besides },
      },
    ];
  });
}
