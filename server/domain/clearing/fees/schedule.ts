import { type Rate, type RoundingMode, rateParts, roundDiv } from "@/server/core/money";
import type { FeeBearer } from "../schemas";
import type { FeeMethod, FeeScheduleDefinition } from "./schemas";

/**
 * What a fee schedule comes to. Pure and exact: F(V), the fee of a month's volume V, is a number of millionths of
 * minor units, rounded once. Runs in the browser too.
 *
 * `graduated` telescopes: a trade is charged round(F(volume after)) − round(F(volume before)), so the fees of a month
 * always sum to the fee of its volume, whatever the order and number of trades, and a refund walks back the same way.
 * `volume` charges each trade at the band of the volume so far, the trade included, and is trued up when the month is over.
 */

/** A schedule's version, ready to price trades. Amounts in minor units. */
export interface FeePlan {
  method: FeeMethod;
  bands: readonly PlannedBand[];
  fixed: bigint;
  min: bigint | null;
  max: bigint | null;
  rounding: RoundingMode;
  bearer: FeeBearer | null;
}
export interface PlannedBand {
  from: bigint;
  /** Null: without end. */
  to: bigint | null;
  rate: Rate;
  /** The rate in millionths. */
  millionths: bigint;
}

/** Where a party's month stands. */
export interface FeePosition {
  volume: bigint;
  /** Trades that were charged. */
  count: number;
  charged: bigint;
}
export const MONTH_BEGINS: FeePosition = { volume: 0n, count: 0, charged: 0n };

const MILLION = 1_000_000n;

export function compileSchedule(definition: FeeScheduleDefinition): FeePlan {
  const { method, bands, fixed, min, max, rounding, bearer } = definition;
  const amount = (text: string | undefined) => (text === undefined ? null : BigInt(text));
  return {
    method,
    bands: bands.map(({ from, rate }, i) => {
      const { numerator, denominator } = rateParts(rate);
      const next = bands[i + 1];
      return {
        from: BigInt(from),
        to: next ? BigInt(next.from) : null,
        rate,
        millionths: (numerator * MILLION) / denominator, // exact: at most 6 places
      };
    }),
    fixed: amount(fixed) ?? 0n,
    min: amount(min),
    max: amount(max),
    rounding: rounding ?? "half_up",
    bearer: bearer ?? null,
  };
}

/** The band that a volume lies in; bands are half-open. */
export function bandAt({ bands }: FeePlan, volume: bigint): PlannedBand {
  let found = bands[0];
  for (const band of bands) if (band.from <= volume) found = band;
  if (!found) throw new RangeError("a fee schedule without bands");
  return found;
}

/** F(volume) of the rates alone, in millionths of minor units: graduated slice by slice, else at the band reached. */
export function exactFee(plan: FeePlan, volume: bigint): bigint {
  if (plan.method !== "graduated") return volume * bandAt(plan, volume).millionths;
  let sum = 0n;
  for (const { from, to, millionths } of plan.bands) {
    if (volume <= from) break;
    sum += ((to !== null && to < volume ? to : volume) - from) * millionths;
  }
  return sum;
}

/** The slices of a volume that lie between two points, each with its band. */
export function slicesBetween(
  { bands }: FeePlan,
  before: bigint,
  after: bigint,
): { band: PlannedBand; amount: bigint }[] {
  return bands.flatMap((band) => {
    const from = band.from > before ? band.from : before;
    const to = band.to !== null && band.to < after ? band.to : after;
    return to > from ? [{ band, amount: to - from }] : [];
  });
}

/** What a whole month of `count` trades comes to, its bounds included: what is true when it is over. Of `flat`, null: each trade is final. */
export function feeOfMonth(plan: FeePlan, { volume, count }: Omit<FeePosition, "charged">): bigint | null {
  if (plan.method === "flat") return null;
  if (volume === 0n) return 0n;
  const fee = roundDiv(exactFee(plan, volume), MILLION, plan.rounding) + plan.fixed * BigInt(count);
  if (plan.min !== null && fee < plan.min) return plan.min;
  return plan.max !== null && fee > plan.max ? plan.max : fee;
}

/** Whether a month can end with something still to be charged or given back. */
export function needsTrueUp({ method, min }: FeePlan): boolean {
  return method === "volume" || (method === "graduated" && min !== null);
}

/** What a graduated month comes to so far: the bound from below waits for its end. */
function soFar(plan: FeePlan, volume: bigint, count: number): bigint {
  const fee = roundDiv(exactFee(plan, volume), MILLION, plan.rounding) + plan.fixed * BigInt(count);
  return plan.max !== null && fee > plan.max ? plan.max : fee;
}

export interface FeeCharge {
  amount: bigint;
  /** Which bound decided; of a month's, `max` alone. */
  limit: "min" | "max" | null;
  before: FeePosition;
  after: FeePosition;
}

/** The fee of the next trade. A base of zero owes nothing, and does not count. */
export function feeOfTrade(plan: FeePlan, before: FeePosition, base: bigint): FeeCharge {
  if (base <= 0n) return { amount: 0n, limit: null, before, after: before };
  const volume = before.volume + base;
  const count = before.count + 1;
  const { amount, limit } = amountOf(plan, before, base);
  return { amount, limit, before, after: { volume, count, charged: before.charged + amount } };
}

function amountOf(
  plan: FeePlan,
  before: FeePosition,
  base: bigint,
): { amount: bigint; limit: FeeCharge["limit"] } {
  const volume = before.volume + base;
  const { min, max, fixed, rounding } = plan;
  switch (plan.method) {
    case "graduated": {
      const after = soFar(plan, volume, before.count + 1);
      return {
        amount: after - soFar(plan, before.volume, before.count),
        limit: max !== null && after === max ? "max" : null,
      };
    }
    case "volume": {
      const fee = roundDiv(base * bandAt(plan, volume).millionths, MILLION, rounding) + fixed;
      if (max === null || before.charged + fee <= max) return { amount: fee, limit: null };
      const room = max - before.charged;
      return { amount: room > 0n ? room : 0n, limit: "max" };
    }
    case "flat": {
      const fee = roundDiv(base * bandAt(plan, 0n).millionths, MILLION, rounding) + fixed;
      if (min !== null && fee < min) return { amount: min, limit: "min" };
      if (max !== null && fee > max) return { amount: max, limit: "max" };
      return { amount: fee, limit: null };
    }
  }
}

/**
 * A refund: `base` of a trade's base and `mirrored` of its fee go back; `whole` if nothing of it is left. Returns what
 * has to go back besides (negative: what is charged again), so that the month's fees sum to the fee of its volume.
 */
export function walkBack(
  plan: FeePlan,
  now: FeePosition,
  { base, mirrored, whole }: { base: bigint; mirrored: bigint; whole: boolean },
): { besides: bigint; after: FeePosition } {
  const volume = now.volume - base;
  const count = whole ? now.count - 1 : now.count;
  const back =
    plan.method === "graduated" ? soFar(plan, now.volume, now.count) - soFar(plan, volume, count) : mirrored;
  return { besides: back - mirrored, after: { volume, count, charged: now.charged - back } };
}

/**
 * What is still to be charged of a month that is over; negative: to be given back. Zero where each trade was final.
 */
export function trueUp(plan: FeePlan, month: FeePosition): bigint {
  const fee = needsTrueUp(plan) ? feeOfMonth(plan, month) : null;
  return fee === null ? 0n : fee - month.charged;
}

/** What a party reaches next: from which volume, at which rate. Null in the last band. */
export function nextBand(plan: FeePlan, volume: bigint): PlannedBand | null {
  return plan.bands.find(({ from }) => from > volume) ?? null;
}

/** Millionths of minor units as decimal text of minor units, exact: 12_505_000 → "12.505". */
export function exactText(millionths: bigint): string {
  const digits = (millionths < 0n ? -millionths : millionths).toString().padStart(7, "0");
  const fraction = digits.slice(-6).replace(/0+$/, "");
  const text = fraction ? `${digits.slice(0, -6)}.${fraction}` : digits.slice(0, -6);
  return millionths < 0n ? `-${text}` : text;
}
