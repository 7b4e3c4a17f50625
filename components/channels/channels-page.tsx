"use client";

import { useQuery } from "@tanstack/react-query";
import { CreditCard, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { useCan } from "@/components/layout/viewer";
import { useCycleText } from "@/components/parties/use-cycle-text";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageFrame } from "@/components/ui/page-frame";
import type { Channel } from "@/server/domain/payments";
import { useChannelTexts } from "./channel-texts";
import { channelsTable } from "./table";
import { TryRoute } from "./try-route";

export function ChannelsPage() {
  const t = useTranslations("channels");
  const can = useCan();
  const trpc = useTRPC();
  const table = useTableState(channelsTable);
  const list = useQuery(trpc.channels.list.queryOptions());
  const columns = useColumns();
  const create = can("channel:write") ? (
    <LinkButton href="/channels/new" icon={<Plus aria-hidden />}>
      {t("new")}
    </LinkButton>
  ) : null;
  const rows = list.data?.items;
  return (
    <PageFrame title={t("title")} description={t("description")} actions={create}>
      {rows?.some((row) => row.serviceMissing && row.enabled) ? (
        <Alert tone="warning" live={false} title={t("serviceMissing")}>
          {t("serviceMissingText")}
        </Alert>
      ) : null}
      <DataTable<Channel, typeof channelsTable.filters, never>
        table={table}
        label={t("title")}
        columns={columns}
        rows={rows}
        rowId={(row) => row.id}
        rowName={(row) => row.name}
        rowHref={(row) => `/channels/${row.id}`}
        nextCursor={null}
        loading={list.isPending}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={
          <EmptyState
            icon={<CreditCard />}
            title={t("empty")}
            description={can("channel:write") ? t("emptyHint") : undefined}
            actions={create}
          />
        }
      />
      {rows?.some((row) => row.provider !== "wallet") ? <TryRoute channels={rows} /> : null}
    </PageFrame>
  );
}

function useColumns(): readonly DataColumn<Channel, never>[] {
  const t = useTranslations("channels");
  const texts = useChannelTexts();
  const cycle = useCycleText();
  return useMemo(
    () => [
      {
        id: "name",
        header: t("columns.name"),
        fixed: true,
        card: "title",
        cell: (row) => (
          <span>
            <span className="font-medium">{row.name}</span>{" "}
            <span className="figure text-xs text-muted-foreground">{row.number}</span>
          </span>
        ),
      },
      {
        id: "state",
        header: t("columns.state"),
        card: "aside",
        cell: (row) => <ChannelState channel={row} />,
      },
      {
        id: "fee",
        header: t("columns.fee"),
        cell: (row) => <span className="figure">{texts.fee(row)}</span>,
      },
      {
        id: "bearer",
        header: t("columns.bearer"),
        cell: (row) => (row.provider === "wallet" ? "–" : t(`bearers.${row.feeBearer ?? "rule"}`)),
      },
      {
        id: "bounds",
        header: t("columns.bounds"),
        cell: (row) => <span className="figure">{texts.bounds(row)}</span>,
      },
      { id: "cycle", header: t("columns.cycle"), cell: (row) => cycle(row.cycle) },
      {
        id: "refundsFee",
        header: t("columns.refundsFee"),
        hidden: true,
        cell: (row) => t(row.refundsFee ? "yes" : "no"),
      },
    ],
    [t, texts, cycle],
  );
}

export function ChannelState({ channel }: { channel: Channel }) {
  const t = useTranslations("channels");
  const state = useChannelTexts().state(channel);
  return <Badge tone={state === "on" ? "success" : "neutral"}>{t(`states.${state}`)}</Badge>;
}
