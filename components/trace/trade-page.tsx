"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Card } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { ErrorAlert } from "@/components/ui/error-alert";
import { PageFrame } from "@/components/ui/page-frame";
import { Skeleton } from "@/components/ui/skeleton";
import { useLegName } from "./leg-name";
import { isTrueUp, sells } from "./legs";
import { TradeTrace } from "./trade-trace";

/** Any trade, explained to whoever has a part in it. */
export function TradePage({ id }: { id: string }) {
  const t = useTranslations("trace");
  const nav = useTranslations("nav");
  const legName = useLegName();
  const can = useCan();
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.trades.explain.queryOptions({ id }));
  const crumb = can("distributor:read")
    ? { label: nav("commission"), href: "/commission" }
    : { label: nav("statements"), href: "/statements" };
  if (!data) {
    return (
      <PageFrame title={t("title")} breadcrumbs={[crumb]}>
        {error ? (
          <ErrorAlert error={error} onRetry={() => void refetch()} className="max-w-2xl" />
        ) : (
          <Skeleton className="h-64 w-full rounded-lg" />
        )}
      </PageFrame>
    );
  }
  const { trade } = data;
  const [first] = data.transfers;
  const what = isTrueUp(data)
    ? t("movement.true_up.title")
    : !sells(data) && first
      ? legName(first.leg)
      : null;
  return (
    <PageFrame title={[what, trade.reference].filter(Boolean).join(" ")} breadcrumbs={[crumb]}>
      {trade.product ? (
        <Card title={t("sale.title")}>
          <DescriptionList
            columns={3}
            items={[
              { label: t("sale.product"), value: `${trade.product.name} (${trade.product.number})` },
              trade.distributor ? { label: t("sale.distributor"), value: trade.distributor.name } : null,
              trade.supplier ? { label: t("sale.supplier"), value: trade.supplier.name } : null,
            ]}
          />
        </Card>
      ) : null}
      <TradeTrace tradeId={id} />
    </PageFrame>
  );
}
