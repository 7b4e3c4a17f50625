"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { DataTable, useTableState } from "@/components/data-table";
import { useCan, useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { EmptyState } from "@/components/ui/empty-state";
import { PageFrame } from "@/components/ui/page-frame";
import { CampaignFilter, PartyFilter } from "@/components/vouchers/pickers";
import type { RedemptionRow } from "@/server/domain/vouchers/types";
import { useRedemptionColumns } from "./columns";
import { redemptionsInput, redemptionsTable } from "./table";

export function RedemptionsPage() {
  const t = useTranslations("redemptions");
  const can = useCan();
  const trpc = useTRPC();
  const { tenant } = useViewer();
  const table = useTableState(redemptionsTable);
  const columns = useRedemptionColumns();
  const list = useQuery(
    trpc.redemptions.list.queryOptions(redemptionsInput(table.query, tenant.timezone), {
      placeholderData: keepPreviousData,
    }),
  );
  return (
    <PageFrame title={t("title")} description={t("description")}>
      <DataTable<RedemptionRow, typeof redemptionsTable.filters, never>
        table={table}
        label={t("title")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.id}
        rowName={(row) => row.reference}
        rowHref={(row) => `/redemptions/${row.id}`}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        searchLabel={t("search")}
        dateLabel={t("range")}
        filters={[
          ...(can("party:read")
            ? [
                {
                  name: "merchantId" as const,
                  label: t("filters.merchant"),
                  render: (value: string | null, onChange: (value: string | null) => void) => (
                    <PartyFilter
                      id={value}
                      onChange={onChange}
                      label={t("filters.merchant")}
                      kinds={["merchant"]}
                    />
                  ),
                },
              ]
            : []),
          {
            name: "campaignId",
            label: t("filters.campaign"),
            render: (value, onChange) => (
              <CampaignFilter id={value} onChange={onChange} label={t("filters.campaign")} />
            ),
          },
          {
            name: "state",
            label: t("filters.state"),
            options: (["standing", "part_reversed", "reversed"] as const).map((value) => ({
              value,
              label: t(`states.${value}`),
            })),
          },
        ]}
        exportHref={table.exportHref("/api/export/redemptions")}
        empty={<EmptyState title={t("empty")} description={t("emptyHint")} />}
      />
    </PageFrame>
  );
}
