import { roundDiv } from "@/server/core/money";
import {
  bandAt,
  exactFee,
  exactText,
  type FeeCharge,
  type FeePlan,
  type FeePosition,
  feeOfMonth,
  feeOfTrade,
  MONTH_BEGINS,
  slicesBetween,
  trueUp,
} from "@/server/domain/clearing/fees/schedule";

/** A trade to try a schedule on, and where the party's month stands before it; amounts in minor units. */
export interface FeeSampleInput {
  volume: bigint;
  /** What was charged for that volume; null: as much as if it had been one trade. */
  charged: bigint | null;
  trade: bigint;
}

export interface FeeSample {
  /** The parts of the trade, each at its band's rate; `exact` in minor units, "12.505". */
  slices: { from: bigint; amount: bigint; rate: string; exact: string }[];
  /** Of the rates alone, before rounding. */
  exact: string;
  rounded: bigint;
  charge: FeeCharge;
  /** What the month comes to if it ends after this trade, and what is then charged besides (negative: given back). */
  month: { fee: bigint; charged: bigint; trueUp: bigint } | null;
}

/**
 * A trade over the last edge: of 500,000 in a graduated month, and of 100,000 in one by volume, those of the design.
 * `one`: a unit of the currency.
 */
export function usualFeeSample(plan: FeePlan | null, one: bigint): FeeSampleInput {
  const edge = plan?.bands.at(-1)?.from ?? 0n;
  if (plan?.method === "flat" || edge === 0n) return { volume: 0n, charged: null, trade: 100n * one };
  return {
    volume: edge - edge / 100n,
    charged: null,
    trade: plan?.method === "volume" ? (edge * 21n) / 100n : edge / 50n,
  };
}

export function positionOf(plan: FeePlan, { volume, charged }: Omit<FeeSampleInput, "trade">): FeePosition {
  if (volume <= 0n) return { ...MONTH_BEGINS, charged: charged ?? 0n };
  const { after } = feeOfTrade(plan, MONTH_BEGINS, volume);
  return charged === null ? after : { ...after, charged };
}

export function feeSampleOf(plan: FeePlan, input: FeeSampleInput): FeeSample {
  const before = positionOf(plan, input);
  const charge = feeOfTrade(plan, before, input.trade);
  const after = before.volume + input.trade;
  const whole = { amount: input.trade, from: before.volume };
  const parts =
    plan.method === "graduated"
      ? slicesBetween(plan, before.volume, after).map(({ band, amount }, i) => ({
          band,
          amount,
          from: i === 0 ? before.volume : band.from,
        }))
      : [{ ...whole, band: bandAt(plan, plan.method === "flat" ? 0n : after) }];
  const millionths = parts.reduce((sum, { amount, band }) => sum + amount * band.millionths, 0n);
  const rounded = (volume: bigint) => roundDiv(exactFee(plan, volume), 1_000_000n, plan.rounding);
  const fee = feeOfMonth(plan, charge.after);
  return {
    slices: parts.map(({ band, amount, from }) => ({
      from,
      amount,
      rate: band.rate,
      exact: exactText(amount * band.millionths),
    })),
    exact: exactText(millionths),
    rounded:
      plan.method === "graduated"
        ? rounded(after) - rounded(before.volume)
        : roundDiv(millionths, 1_000_000n, plan.rounding),
    charge,
    month: fee === null ? null : { fee, charged: charge.after.charged, trueUp: trueUp(plan, charge.after) },
  };
}
