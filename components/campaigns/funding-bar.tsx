"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { formatRate } from "@/components/format/format";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { cn } from "@/components/ui/cn";
import { rateParts } from "@/server/core/money";

export interface BarShare {
  key: string;
  label: string;
  /** An exact rate; null while it cannot be read. */
  share: string | null;
}

const COLOURS = ["bg-chart-1", "bg-chart-2", "bg-chart-3", "bg-chart-4", "bg-chart-5"];

/** Shares as parts of a whole; what is missing stays empty. */
export function FundingBar({ shares, legend }: { shares: readonly BarShare[]; legend?: boolean }) {
  const words = shares.map(({ label, share }) => `${label} ${share === null ? "–" : formatRate(share)}`);
  return (
    <div className="min-w-0">
      <div
        role="img"
        aria-label={words.join(", ")}
        title={words.join(" · ")}
        className="flex h-2 w-full min-w-20 gap-px overflow-hidden rounded-full bg-secondary"
      >
        {shares.map(({ key, share }, i) => (
          <span
            key={key}
            className={COLOURS[i % COLOURS.length]}
            style={{ width: `${Math.min(100, micros(share) / 10_000)}%` }}
          />
        ))}
      </div>
      {legend ? (
        <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm">
          {shares.map(({ key, label, share }, i) => (
            <li key={key} className="flex items-center gap-1.5">
              <span aria-hidden className={cn("size-2.5 rounded-sm", COLOURS[i % COLOURS.length])} />
              {label}
              <span className="figure font-medium">{share === null ? "–" : formatRate(share)}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

/** Millionths of the whole: what shares are summed in, exactly. A rate has at most 6 places. */
export function micros(share: string | null): number {
  if (share === null) return 0;
  const { numerator, denominator } = rateParts(share);
  return Number((numerator * 1_000_000n) / denominator);
}

/** Names of funders: roles in words, parties by name where the reader may know them. */
export function useFunderName(refs: readonly string[]): (ref: string) => string {
  const t = useTranslations("campaigns.funders");
  const trpc = useTRPC();
  const can = useCan();
  const ids = [...new Set(refs.filter((ref) => ref.includes("-")))].sort().slice(0, 100);
  const { data } = useQuery({
    ...trpc.parties.options.queryOptions({ ids }),
    enabled: ids.length > 0 && can("party:read"),
  });
  return (ref) => {
    if (ref === "brand" || ref === "platform" || ref === "merchant") return t(ref);
    return data?.find((party) => party.id === ref)?.name ?? t("other");
  };
}
