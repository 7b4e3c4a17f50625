import type { WaterfallStep } from "@/components/charts";
import type { Waterfall } from "@/server/domain/reports";

export interface WaterfallLabels {
  gross: string;
  merchantDiscount: string;
  discountOf: (leg: string) => string;
  paid: string;
  subsidies: string;
  atTheTill: string;
  leg: (leg: string) => string;
  refunds: string;
  net: string;
}

/** Gross → discounts by funder → what customers gave → subsidies, tills, fees → reversals → net. */
export function waterfallSteps(
  w: Waterfall,
  labels: WaterfallLabels,
  rows: { trades: string; reversals: string; statements: string },
): WaterfallStep[] {
  const change = (id: string, label: string, amount: bigint, href?: string): WaterfallStep[] =>
    amount === 0n ? [] : [{ id, label, amount, kind: "change", href }];
  return [
    { id: "gross", label: labels.gross, amount: w.gross, kind: "start", href: rows.trades },
    ...w.discounts.flatMap(({ funder, amount }) =>
      change(
        `discount ${funder}`,
        funder === "merchant" ? labels.merchantDiscount : labels.discountOf(funder),
        -amount,
        rows.trades,
      ),
    ),
    { id: "paid", label: labels.paid, amount: w.paid, kind: "total", href: rows.trades },
    ...change("subsidies", labels.subsidies, w.subsidies, rows.trades),
    ...change("till", labels.atTheTill, -w.atTheTill, rows.trades),
    ...w.legs.flatMap(({ leg, amount }) => change(leg, labels.leg(leg), amount, rows.trades)),
    ...change("refunds", labels.refunds, w.refunds, rows.reversals),
    { id: "net", label: labels.net, amount: w.net, kind: "total", href: rows.statements },
  ];
}
