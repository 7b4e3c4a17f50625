"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { dateIn } from "@/components/format/format";
import { useViewer } from "@/components/layout/viewer";
import { RedemptionStateBadge } from "@/components/redemptions/state";
import { ExplainedAmount } from "@/components/trace/explain";
import { useTRPC } from "@/components/trpc";
import { Card } from "@/components/ui/card";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { Skeleton } from "@/components/ui/skeleton";
import { Undo } from "./receipt";
import { recentInput } from "./recent-input";

/** Today's redemptions, newest first. */
export function RecentRedemptions({ merchantId }: { merchantId: string | null }) {
  const t = useTranslations("redeem.recent");
  const trpc = useTRPC();
  const { tenant } = useViewer();
  const today = dateIn(new Date(), tenant.timezone);
  const input = useMemo(() => recentInput(today, tenant.timezone, merchantId), [today, tenant, merchantId]);
  const { data, isPending, error, refetch } = useQuery(trpc.redemptions.list.queryOptions(input));
  return (
    <Card
      flush
      title={t("title")}
      className="self-start"
      actions={
        <Link
          href={`/redemptions?from=${today}&to=${today}${merchantId ? `&f.merchantId=${merchantId}` : ""}`}
          className="text-sm text-primary underline-offset-2 hover:underline"
        >
          {t("all")}
        </Link>
      }
    >
      {error ? <ErrorAlert error={error} onRetry={() => void refetch()} className="m-4 mt-0" /> : null}
      {isPending ? (
        <div className="space-y-3 px-4 pb-4">
          <Skeleton className="h-10 w-full" />
          <Skeleton className="h-10 w-full" />
        </div>
      ) : data?.items.length === 0 ? (
        <p className="px-4 pb-5 text-sm text-muted-foreground">{t("empty")}</p>
      ) : (
        <ul className="divide-y divide-border border-t border-border">
          {data?.items.map((row) => (
            <li key={row.id} className="relative flex items-center gap-3 px-4 py-2.5 hover:bg-accent/60">
              <div className="min-w-0 flex-1">
                <p className="flex min-w-0">
                  <Link
                    href={`/redemptions/${row.id}`}
                    className="truncate font-medium after:absolute after:inset-0"
                  >
                    {row.campaignName ?? row.reference}
                  </Link>
                </p>
                <p className="flex flex-wrap gap-x-2 text-xs text-muted-foreground">
                  <Instant at={row.tradedAt} style="time" />
                  <span className="figure max-sm:hidden">{row.reference}</span>
                  {row.state === "standing" ? null : <RedemptionStateBadge state={row.state} />}
                </p>
              </div>
              <div className="text-end">
                <ExplainedAmount
                  tradeId={row.id}
                  amount={row.gross}
                  currency={row.currency}
                  className="relative z-10"
                />
                <p className="text-xs text-muted-foreground">
                  <Money amount={-(row.discount + row.storedValue)} currency={row.currency} />
                </p>
              </div>
              {row.state === "standing" ? (
                <div className="relative z-10 empty:hidden">
                  <Undo
                    compact
                    redemption={{
                      id: row.id,
                      reference: row.reference,
                      currency: row.currency,
                      discount: row.discount + row.storedValue,
                      paid: row.paid,
                      undoUntil: row.undoUntil,
                    }}
                  />
                </div>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
