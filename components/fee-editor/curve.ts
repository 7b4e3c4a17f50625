import { roundDiv } from "@/server/core/money";
import {
  bandAt,
  exactFee,
  type FeePlan,
  feeOfTrade,
  MONTH_BEGINS,
} from "@/server/domain/clearing/fees/schedule";

/** What the next unit costs, and what all of it has cost, at one volume. Rates in millionths. */
export interface CurvePoint {
  volume: bigint;
  marginal: bigint;
  effective: bigint;
}

const STEPS = 60n;
const MILLION = 1_000_000n;

/**
 * The rates of a schedule over the month's volume (of `flat`, over the amount of one trade), with a point on both
 * sides of each edge. Bounds count, and of `flat` the fixed part; what is fixed by trade has no place in a month's volume.
 */
export function curveOf(plan: FeePlan, one: bigint): { points: CurvePoint[]; edges: bigint[] } {
  const flat = plan.method === "flat";
  const edges = flat ? boundsOfTrade(plan) : plan.bands.slice(1).map(({ from }) => from);
  const last = edges.at(-1) ?? 0n;
  const top = last > 0n ? (last * 3n) / 2n : (flat ? 1_000n : 1_000_000n) * one;
  const at = new Set<bigint>();
  for (let i = 1n; i <= STEPS; i++) at.add((top * i) / STEPS);
  for (const edge of edges) {
    at.add(edge);
    if (edge > 1n) at.add(edge - 1n);
  }
  const points = [...at]
    .filter((volume) => volume > 0n)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    .map((volume) => ({
      volume,
      marginal: marginalAt(plan, volume),
      effective: roundDiv(feeAt(plan, volume), volume, "half_up"),
    }));
  return { points, edges };
}

/** Millionths of minor units. */
function feeAt(plan: FeePlan, volume: bigint): bigint {
  if (plan.method === "flat") return feeOfTrade(plan, MONTH_BEGINS, volume).amount * MILLION;
  const fee = exactFee(plan, volume);
  const { min, max } = plan;
  if (min !== null && fee < min * MILLION) return min * MILLION;
  return max !== null && fee > max * MILLION ? max * MILLION : fee;
}

/** Of what lies just below a volume; nothing where the bound has been reached. */
function marginalAt(plan: FeePlan, volume: bigint): bigint {
  const { rate, bounded } =
    plan.method === "flat"
      ? { rate: bandAt(plan, 0n).millionths, bounded: feeOfTrade(plan, MONTH_BEGINS, volume).limit !== null }
      : {
          rate: bandAt(plan, volume).millionths,
          bounded: plan.max !== null && exactFee(plan, volume) > plan.max * MILLION,
        };
  return bounded ? 0n : rate;
}

/** The amounts at which a trade's least and greatest fee are met. */
function boundsOfTrade({ bands, fixed, min, max }: FeePlan): bigint[] {
  const rate = bands[0]?.millionths ?? 0n;
  if (rate === 0n) return [];
  return [min, max].flatMap((bound) =>
    bound !== null && bound > fixed ? [((bound - fixed) * MILLION) / rate] : [],
  );
}
