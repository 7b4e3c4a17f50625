import type { FeeBand } from "@/server/domain/clearing/fees/schemas";

/** One band of a schedule beside the month's volume. Amounts in minor units. */
export interface BarSegment {
  from: bigint;
  rate: string;
  /** How much of it the volume has filled, in thousandths; all of the last band, once it is reached. */
  filled: number;
  current: boolean;
}

/** Not more than fit on a phone. */
const MOST = 5;

/** The bands around the one that the volume lies in, at equal widths: few edges lie evenly. */
export function barSegments(bands: readonly FeeBand[], volume: bigint): BarSegment[] {
  const segments = bands.map(({ from, rate }, i) => {
    const start = BigInt(from);
    const next = bands[i + 1];
    const end = next ? BigInt(next.from) : null;
    return {
      from: start,
      rate,
      filled: filledOf(volume - start, end === null ? null : end - start),
      current: volume >= start && (end === null || volume < end),
    };
  });
  const at = Math.max(
    0,
    segments.findIndex(({ current }) => current),
  );
  const first = Math.max(0, Math.min(at - 2, segments.length - MOST));
  return segments.slice(first, first + MOST);
}

function filledOf(into: bigint, width: bigint | null): number {
  if (into < 0n || (width !== null && into === 0n)) return 0;
  if (width === null || into >= width) return 1000;
  return Number((into * 1000n) / width);
}
