import type { TxCtx } from "@/server/core/context";
import { monthOf } from "../../calendar";
import { termsNow } from "../terms-now";
import { lookAtMonths } from "./counters";
import { feeOfTrade } from "./schedule";

/** What a channel's fee schedule would charge for a payment made now. Amounts in minor units. */
export interface ScheduledFee {
  amount: bigint;
  /** Number of the schedule: "FS-0003". */
  schedule: string;
}

/** By channel: the fee of its next payment, where it has a fee schedule. Nothing is counted by asking. */
export async function channelFeesNow(
  ctx: TxCtx,
  channelIds: readonly string[],
  payment: { amount: bigint; currency: string },
): Promise<Map<string, ScheduledFee>> {
  const { schedules } = await termsNow(ctx);
  if (schedules.size === 0) return new Map();
  const now = ctx.clock.now();
  const period = monthOf(now, ctx.tenant.timezone);
  const found = channelIds.flatMap((partyId) => {
    const question = { role: "channel" as const, leg: "", currency: payment.currency, partyId };
    const schedule = schedules.find(question, now)?.schedule;
    return schedule
      ? [{ schedule, key: { scheduleId: schedule.scheduleId, partyId, period, pays: false } }]
      : [];
  });
  const months = await lookAtMonths(
    ctx,
    found.map(({ key }) => key),
  );
  const fees = new Map<string, ScheduledFee>();
  for (const { schedule, key } of found) {
    const before = months.get(key);
    if (!before) continue;
    const { amount } = feeOfTrade(schedule.plan, before, payment.amount);
    fees.set(key.partyId, { amount, schedule: schedule.number });
  }
  return fees;
}
