import type { TradeFee } from "@/db/schema/types";
import { roundDiv } from "@/server/core/money";
import type { FeeLookup, PricedFee } from "../engine";
import {
  bandAt,
  exactFee,
  exactText,
  type FeePlan,
  type FeePosition,
  feeOfMonth,
  slicesBetween,
} from "./schedule";
import type { FeeMethod } from "./schemas";
import type { FeeReason, ScheduleInForce, ScheduleSet } from "./select";

/** How a fee schedule came to its amounts, for people. Amounts in minor units as text. Runs in the browser too. */

export interface ScheduleName {
  scheduleId: string;
  number: string;
  name: string;
  version: number;
  method: FeeMethod;
}

/** One slice of volume at its band. */
export interface FeeSlice {
  from: string;
  /** Null: without end. */
  to: string | null;
  rate: string;
  /** How much of the base lies in it. */
  amount: string;
  /** amount × rate, before rounding. */
  exact: string;
}

/** The price of one leg. */
export interface FeeTrace {
  schedule: ScheduleName;
  /** Why it is this schedule; null where that is not known. */
  because: FeeReason | null;
  period: string;
  volumeBefore: string;
  volumeAfter: string;
  slices: FeeSlice[];
  /** Of `graduated`: the fee of the month's volume before and after this trade, exact and rounded; the leg is the difference of the rounded ones. */
  month: { before: string; after: string; roundedBefore: string; roundedAfter: string } | null;
  /** Added for each trade. */
  fixed: string;
  rounding: string;
  /** `volume`: trued up when the month is over. */
  provisional: boolean;
}

/** What a refund or a true-up did to a month. */
export interface FeeMovement {
  kind: "walk_back" | "true_up";
  /** The leg that is priced. */
  leg: string;
  partyId: string;
  schedule: ScheduleName;
  period: string;
  volumeBefore: string;
  volumeAfter: string;
  /** Of the band that the volume reaches afterwards. */
  rate: string;
  chargedBefore: string;
  chargedAfter: string;
  /** The exact fee of the volume afterwards, by the bands alone. */
  exact: string;
}

export function feeTrace({ schedule, because, period, charge }: PricedFee, base: bigint): FeeTrace {
  const { plan } = schedule;
  const { before } = charge;
  const after = before.volume + base;
  return {
    schedule: scheduleName(schedule),
    because,
    period,
    volumeBefore: `${before.volume}`,
    volumeAfter: `${after}`,
    slices: slicesOf(schedule, before.volume, after),
    month: plan.method === "graduated" ? monthAround(plan, before.volume, after) : null,
    fixed: `${plan.fixed}`,
    rounding: plan.rounding,
    provisional: plan.method === "volume",
  };
}

function monthAround(plan: FeePlan, before: bigint, after: bigint): NonNullable<FeeTrace["month"]> {
  const [exactBefore, exactAfter] = [exactFee(plan, before), exactFee(plan, after)];
  const rounded = (millionths: bigint) => `${roundDiv(millionths, 1_000_000n, plan.rounding)}`;
  return {
    before: exactText(exactBefore),
    after: exactText(exactAfter),
    roundedBefore: rounded(exactBefore),
    roundedAfter: rounded(exactAfter),
  };
}

/** Exact value of what the bands make of a trade, in minor units. */
export function exactOfTrade({ schedule, charge }: PricedFee, base: bigint): string {
  const { plan } = schedule;
  const { volume } = charge.before;
  return plan.method === "graduated"
    ? exactText(exactFee(plan, volume + base) - exactFee(plan, volume))
    : exactText(base * bandAt(plan, plan.method === "flat" ? 0n : volume + base).millionths);
}

function slicesOf({ plan }: ScheduleInForce, before: bigint, after: bigint): FeeSlice[] {
  const slices =
    plan.method === "graduated"
      ? slicesBetween(plan, before, after)
      : [{ band: bandAt(plan, plan.method === "flat" ? 0n : after), amount: after - before }];
  return slices.map(({ band, amount }) => ({
    from: `${band.from}`,
    to: band.to === null ? null : `${band.to}`,
    rate: band.rate,
    amount: `${amount}`,
    exact: exactText(amount * band.millionths),
  }));
}

/** What prices a posted trade's legs again: the schedules that it kept, and where the months stood then. */
export function keptFees(
  schedules: ScheduleSet,
  fees: readonly TradeFee[],
  at: Date,
  tierOf: (partyId: string) => string | null,
): FeeLookup {
  return (leg, role, partyId) => {
    const kept = fees.find((fee) => fee.leg === leg && fee.party === partyId);
    const schedule = kept && schedules.version(kept.version);
    if (!kept || !schedule) return null;
    const question = { role, leg, currency: schedule.currency, partyId, tier: tierOf(partyId) };
    const found = schedules.find(question, at);
    return {
      schedule,
      because: found?.schedule.id === schedule.id ? found.because : null,
      period: kept.period,
      before: positionOf(kept),
    };
  };
}

/** What a reversal or a true-up did, by what it kept. */
export function feeMovements(
  schedules: ScheduleSet,
  fees: readonly TradeFee[],
  kind: FeeMovement["kind"],
): FeeMovement[] {
  return fees.flatMap((fee) => {
    const schedule = schedules.version(fee.version);
    if (!schedule) return [];
    const before = positionOf(fee);
    const volume = before.volume + BigInt(fee.base);
    return [
      {
        kind,
        leg: fee.leg,
        partyId: fee.party,
        schedule: scheduleName(schedule),
        period: fee.period,
        volumeBefore: `${before.volume}`,
        volumeAfter: `${volume}`,
        rate: bandAt(schedule.plan, volume).rate,
        chargedBefore: `${before.charged}`,
        chargedAfter: `${before.charged + BigInt(fee.amount)}`,
        exact: exactText(exactFee(schedule.plan, volume)),
      },
    ];
  });
}

/** What a month comes to by its schedule, as it stands; of `flat`, what was charged. */
export function monthSoFar({ plan }: ScheduleInForce, month: FeePosition): bigint {
  return feeOfMonth(plan, month) ?? month.charged;
}

export function scheduleName({ scheduleId, number, name, version, plan }: ScheduleInForce): ScheduleName {
  return { scheduleId, number, name, version, method: plan.method };
}

function positionOf({ volume, count, charged }: TradeFee): FeePosition {
  return { volume: BigInt(volume), count, charged: BigInt(charged) };
}
