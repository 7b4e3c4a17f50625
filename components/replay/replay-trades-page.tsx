"use client";

import { keepPreviousData, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { ListOrdered } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { type DataColumn, DataTable } from "@/components/data-table/data-table";
import { useTableState } from "@/components/data-table/use-table-state";
import { usePartyNames } from "@/components/rules/use-party-names";
import { useTRPC } from "@/components/trpc";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { replayTradesInput, replayTradesTable } from "./table";
import type { ReplayTrade } from "./types";
import { useSideColumns } from "./use-side-columns";

/** The trades of a replay that change most: of all, or of one party. */
export function ReplayTradesPage({ id }: { id: string }) {
  const t = useTranslations("replays");
  const trpc = useTRPC();
  const { data: replay } = useSuspenseQuery(trpc.replays.get.queryOptions({ id }));
  const table = useTableState(replayTradesTable);
  const { partyId } = table.query.filters;
  const nameOf = usePartyNames(partyId ? [partyId] : []);
  const name = partyId ? nameOf(partyId) : undefined;
  const list = useQuery(
    trpc.replays.trades.queryOptions(replayTradesInput(id, table.query), {
      placeholderData: keepPreviousData,
    }),
  );
  const columns = useColumns(partyId !== undefined);
  return (
    <PageFrame
      title={name ? t("trades.titleOf", { name }) : t("trades.title")}
      description={t("trades.hint")}
      breadcrumbs={[
        {
          label: t("titleOf", { name: replay.name || replay.number, version: replay.version }),
          href: `/replays/${id}`,
        },
      ]}
    >
      <DataTable
        table={table}
        label={t("trades.label")}
        columns={columns}
        rows={list.data?.items}
        rowId={({ tradeId }) => tradeId}
        rowHref={({ tradeId }) => `/replays/${id}/trades/${tradeId}`}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={list.refetch}
        empty={
          <EmptyState icon={<ListOrdered />} title={t("trades.empty")} description={t("trades.emptyHint")} />
        }
      />
    </PageFrame>
  );
}

const shareOf = ({ share }: ReplayTrade) => share;

function useColumns(ofParty: boolean): DataColumn<ReplayTrade, never>[] {
  const t = useTranslations("replays.trades");
  const share = useSideColumns(shareOf);
  return useMemo(() => {
    return [
      {
        id: "reference",
        header: t("trade"),
        fixed: true,
        card: "title",
        cell: ({ reference }) => <span className="figure">{reference}</span>,
      },
      { id: "at", header: t("at"), cell: ({ tradedAt }) => <Instant at={tradedAt} style="second" /> },
      {
        id: "gross",
        header: t("gross"),
        align: "end",
        cell: ({ gross, currency }) => <Money amount={gross} currency={currency} />,
      },
      ...(ofParty ? share : []),
      {
        id: "moved",
        header: t("moved"),
        align: "end",
        ...(ofParty ? { hidden: true } : { card: "aside" as const }),
        cell: ({ moved, currency }) => <Money amount={moved} currency={currency} />,
      },
    ];
  }, [t, ofParty, share]);
}
