"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { formatCount } from "@/components/format/format";
import { useTRPC } from "@/components/trpc";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { Skeleton } from "@/components/ui/skeleton";
import { Expiry } from "./expiry";
import { StockBar } from "./stock-bar";
import { RECENT_BATCHES } from "./table";

/** The newest batches of one product; the others stand on the page of batches. */
export function Batches({ productId }: { productId: string }) {
  const t = useTranslations("stock");
  const trpc = useTRPC();
  const list = useQuery(trpc.stock.batches.queryOptions({ productId, limit: RECENT_BATCHES }));
  if (list.error) return <ErrorAlert error={list.error} onRetry={list.refetch} className="m-4 mt-0" />;
  if (!list.data) return <Skeleton className="m-4 mt-0 h-20" />;
  if (list.data.items.length === 0) {
    return <EmptyState title={t("emptyBatches")} description={t("emptyBatchesHint")} className="py-8" />;
  }
  const head = "px-4 py-2 font-medium";
  return (
    <section
      aria-label={t("tabs.batches")}
      className="overflow-x-auto border-t border-border"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by the keyboard, too
      tabIndex={0}
    >
      <table className="w-full text-sm">
        <caption className="sr-only">{t("tabs.batches")}</caption>
        <thead className="text-xs whitespace-nowrap text-muted-foreground">
          <tr className="border-b border-border">
            <th scope="col" className={`${head} text-start`}>
              {t("columns.batch")}
            </th>
            <th scope="col" className={`${head} text-start`}>
              {t("columns.stock")}
            </th>
            <th scope="col" className={`${head} text-end`}>
              {t("columns.available")}
            </th>
            <th scope="col" className={`${head} text-end`}>
              {t("columns.imported")}
            </th>
            <th scope="col" className={`${head} text-end`}>
              {t("columns.cost")}
            </th>
            <th scope="col" className={`${head} text-start`}>
              {t("columns.expiresAt")}
            </th>
            <th scope="col" className={`${head} text-start`}>
              {t("columns.createdAt")}
            </th>
          </tr>
        </thead>
        <tbody>
          {list.data.items.map((batch) => (
            <tr key={batch.id} className="border-b border-border last:border-0 hover:bg-accent/40">
              <td className="px-4 py-2 whitespace-nowrap">
                <Link
                  href={`/stock/batches/${batch.id}`}
                  className="figure font-medium text-primary underline-offset-4 hover:underline"
                >
                  {batch.number}
                </Link>
              </td>
              <td className="px-4 py-2">
                <StockBar counts={batch} />
              </td>
              <td className="figure px-4 py-2 text-end">{formatCount(batch.available)}</td>
              <td className="figure px-4 py-2 text-end">{formatCount(batch.imported)}</td>
              <td className="px-4 py-2 text-end">
                <Money amount={batch.cost} currency={batch.currency} />
              </td>
              <td className="px-4 py-2">
                <Expiry at={batch.expiresAt} />
              </td>
              <td className="px-4 py-2 whitespace-nowrap">
                <Instant at={batch.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
