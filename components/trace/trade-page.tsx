"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { NavKey } from "@/components/layout/nav";
import { useNavName } from "@/components/layout/use-nav-name";
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
import type { Explanation } from "./types";

/** Any trade, explained to whoever has a part in it. */
export function TradePage({ id }: { id: string }) {
  const t = useTranslations("trace");
  const nav = useNavName();
  const legName = useLegName();
  const can = useCan();
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.trades.explain.queryOptions({ id }));
  if (!data) {
    return (
      <PageFrame title={t("title")}>
        {error ? (
          <ErrorAlert error={error} onRetry={() => void refetch()} className="max-w-2xl" />
        ) : (
          <Skeleton className="h-64 w-full rounded-lg" />
        )}
      </PageFrame>
    );
  }
  const { trade } = data;
  const list = listOf(data, can);
  const crumb = { label: nav(list), href: `/${list}` };
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

/** The list a trade stands in, as far as the reader may open it: what was paid out stands in a statement. */
function listOf(explanation: Explanation, can: ReturnType<typeof useCan>): NavKey {
  const { kind, distributor, supplier } = explanation.trade;
  if (kind === "top_up" && distributor && can("wallet:read")) return "wallets";
  if (kind === "top_up" && supplier && can("supplier:read")) return "suppliers";
  const earned = sells(explanation) || isTrueUp(explanation);
  return earned && distributor && can("distributor:read") ? "commission" : "statements";
}
