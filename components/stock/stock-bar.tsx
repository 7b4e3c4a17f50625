"use client";

import { useTranslations } from "next-intl";
import { formatCount } from "@/components/format/format";
import { cn } from "@/components/ui/cn";

/** How many keys stand in each state. */
export interface StockCounts {
  available: number;
  reserved: number;
  delivered: number;
  dead: number;
  expired: number;
}

const STATES = ["available", "reserved", "delivered", "dead", "expired"] as const;
const COLOURS: Record<(typeof STATES)[number], string> = {
  available: "bg-chart-1",
  reserved: "bg-chart-3",
  delivered: "bg-chart-2",
  dead: "bg-chart-5",
  expired: "bg-muted-foreground",
};

/** Keys by state as parts of all that came in; with `legend`, the figures beside it. */
export function StockBar({ counts, legend }: { counts: StockCounts; legend?: boolean }) {
  const t = useTranslations("stock.states");
  const total = STATES.reduce((sum, state) => sum + counts[state], 0);
  const words = STATES.map((state) => `${t(state)} ${formatCount(counts[state])}`);
  return (
    <div className="min-w-0">
      <div
        role="img"
        aria-label={words.join(", ")}
        title={words.join(" · ")}
        className={cn(
          "flex w-full min-w-24 gap-px overflow-hidden rounded-full bg-secondary",
          legend ? "h-3" : "h-2",
        )}
      >
        {STATES.map((state) =>
          counts[state] > 0 ? (
            <span
              key={state}
              className={cn("min-w-0.5", COLOURS[state])}
              style={{ width: `${(counts[state] / total) * 100}%` }}
            />
          ) : null,
        )}
      </div>
      {legend ? (
        <dl className="mt-3 grid grid-cols-2 gap-x-6 gap-y-2 sm:grid-cols-3 lg:grid-cols-5">
          {STATES.map((state) => (
            <div key={state}>
              <dt className="flex items-center gap-1.5 text-xs text-muted-foreground">
                <span aria-hidden className={cn("size-2.5 rounded-sm", COLOURS[state])} />
                {t(state)}
              </dt>
              <dd className="figure text-lg font-semibold">{formatCount(counts[state])}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </div>
  );
}
