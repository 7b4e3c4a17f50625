/** From zero, in steps that people count in, to where `top` has room. */
export function ticksUpTo(top: number): number[] {
  const rough = top / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough;
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_, i) => i * step);
}

/** Below this part of the greatest value, what is negative gets no tick of its own. */
const SLIGHT = 0.1;

/** Where a few small reversals dip below zero: an axis that still counts from zero. Null where the usual one does. */
export function axisOfSlightlyNegative(
  values: readonly number[],
): { domain: [number, number]; ticks: number[] } | null {
  const least = Math.min(0, ...values);
  const most = Math.max(0, ...values);
  if (least === 0 || -least > most * SLIGHT) return null;
  const ticks = ticksUpTo(most);
  return { domain: [least, ticks.at(-1) ?? most], ticks };
}
