"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Megaphone, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { formatCount } from "@/components/format/format";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { PartyFilter } from "@/components/vouchers/pickers";
import { useTermsText } from "@/components/vouchers/terms-text";
import { CAMPAIGN_STATUSES, VOUCHER_TYPES } from "@/server/domain/vouchers/schemas";
import type { CampaignRow } from "@/server/domain/vouchers/types";
import { FundingBar, useFunderName } from "./funding-bar";
import { CampaignStatusBadge } from "./status";
import { campaignsInput, campaignsTable } from "./table";

export function CampaignsPage() {
  const t = useTranslations("campaigns");
  const types = useTranslations("vouchers.types");
  const can = useCan();
  const trpc = useTRPC();
  const table = useTableState(campaignsTable);
  const list = useQuery(
    trpc.campaigns.list.queryOptions(campaignsInput(table.query), { placeholderData: keepPreviousData }),
  );
  const columns = useColumns(list.data?.items);
  const create = can("campaign:write") ? (
    <LinkButton href="/campaigns/new" icon={<Plus aria-hidden />}>
      {t("new")}
    </LinkButton>
  ) : null;
  return (
    <PageFrame title={t("title")} description={t("description")} actions={create}>
      <DataTable<CampaignRow, typeof campaignsTable.filters, never>
        table={table}
        label={t("title")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.id}
        rowName={(row) => row.name}
        rowHref={(row) => `/campaigns/${row.id}`}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        searchLabel={t("search")}
        filters={[
          {
            name: "type",
            label: t("filters.type"),
            options: VOUCHER_TYPES.map((value) => ({ value, label: types(value) })),
          },
          {
            name: "status",
            label: t("filters.status"),
            options: CAMPAIGN_STATUSES.map((value) => ({ value, label: t(`status.${value}`) })),
          },
          ...(can("party:read")
            ? [
                {
                  name: "brandId" as const,
                  label: t("filters.brand"),
                  render: (value: string | null, onChange: (value: string | null) => void) => (
                    <PartyFilter
                      id={value}
                      onChange={onChange}
                      label={t("filters.brand")}
                      kinds={["brand"]}
                    />
                  ),
                },
              ]
            : []),
        ]}
        exportHref={table.exportHref("/api/export/campaigns")}
        empty={
          <EmptyState
            icon={<Megaphone />}
            title={t("empty")}
            description={can("campaign:write") ? t("emptyHint") : undefined}
            actions={create}
          />
        }
      />
    </PageFrame>
  );
}

function useColumns(rows: readonly CampaignRow[] | undefined): readonly DataColumn<CampaignRow, never>[] {
  const t = useTranslations("campaigns");
  const types = useTranslations("vouchers.types");
  const termsText = useTermsText();
  const funderName = useFunderName(rows?.flatMap((row) => row.funding.map((f) => f.party)) ?? []);
  return useMemo(
    () => [
      {
        id: "number",
        header: t("columns.number"),
        card: "line",
        cell: (row) => <span className="figure text-muted-foreground">{row.number}</span>,
      },
      {
        id: "name",
        header: t("columns.name"),
        fixed: true,
        card: "title",
        wraps: "sentence",
        cell: (row) => <span className="font-medium">{row.name}</span>,
      },
      {
        id: "type",
        header: t("columns.type"),
        cell: (row) => <span className="whitespace-nowrap">{types(row.type)}</span>,
      },
      {
        id: "gives",
        header: t("columns.gives"),
        wraps: "sentence",
        cell: (row) => <span className="text-pretty">{termsText(row.terms, row.currency)}</span>,
      },
      {
        id: "status",
        header: t("columns.status"),
        card: "aside",
        cell: (row) => <CampaignStatusBadge status={row.status} />,
      },
      {
        id: "brand",
        header: t("columns.brand"),
        cell: (row) => <span className="whitespace-nowrap">{row.brandName ?? "–"}</span>,
      },
      {
        id: "funding",
        header: t("columns.funding"),
        cell: (row) =>
          row.funding.length === 0 ? (
            <span className="whitespace-nowrap text-muted-foreground">{t("funders.byRule")}</span>
          ) : (
            <FundingBar
              shares={row.funding.map(({ party, share }) => ({
                key: party,
                label: funderName(party),
                share,
              }))}
            />
          ),
      },
      {
        id: "issued",
        header: t("columns.issued"),
        align: "end",
        cell: (row) => (
          <span className="figure">
            {formatCount(row.issued)}
            <span className="text-muted-foreground">
              {" / "}
              {row.quota === null ? "∞" : formatCount(row.quota)}
            </span>
          </span>
        ),
      },
      {
        id: "redeemed",
        header: t("columns.redeemed"),
        align: "end",
        cell: (row) => <span className="figure">{formatCount(row.redeemed)}</span>,
      },
      {
        id: "discount",
        header: t("columns.discount"),
        align: "end",
        cell: (row) => <Money amount={row.discount} currency={row.currency} />,
      },
      {
        id: "createdAt",
        header: t("columns.createdAt"),
        hidden: true,
        cell: (row) => <Instant at={row.createdAt} />,
      },
    ],
    [t, types, termsText, funderName],
  );
}
