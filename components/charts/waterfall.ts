import type { BarRow, WaterfallStep } from "./types";

/** Where each bar begins and ends: changes hang on the level before them, starts and totals stand on zero. */
export function waterfallRows(
  steps: readonly WaterfallStep[],
  textOf: (amount: bigint, signed: boolean) => string,
): BarRow[] {
  let level = 0n;
  return steps.map((step) => {
    const before = step.kind === "change" ? level : 0n;
    level = before + step.amount;
    return {
      id: step.id,
      label: step.label,
      text: textOf(step.amount, step.kind === "change"),
      low: before < level ? before : level,
      high: before < level ? level : before,
      tone: step.kind !== "change" ? "total" : step.amount < 0n ? "loss" : "gain",
      href: step.href,
    };
  });
}
