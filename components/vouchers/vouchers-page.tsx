"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { DataTable, useTableState } from "@/components/data-table";
import { useCan, useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Input } from "@/components/ui/input";
import { PageFrame } from "@/components/ui/page-frame";
import { isPlatformRole } from "@/server/core/permissions";
import { VOUCHER_STATUSES } from "@/server/domain/vouchers/schemas";
import type { VoucherRow } from "@/server/domain/vouchers/types";
import { useVoucherColumns } from "./columns";
import { CampaignFilter } from "./pickers";
import { vouchersInput, vouchersTable } from "./table";
import { VoidSelection } from "./void-selection";
import { VoucherSearch } from "./voucher-search";

export function VouchersPage() {
  const t = useTranslations("vouchers");
  const can = useCan();
  const trpc = useTRPC();
  const { role, tenant } = useViewer();
  const staff = isPlatformRole(role);
  const table = useTableState(vouchersTable);
  const columns = useVoucherColumns(staff, tenant.timezone);
  const list = useQuery(
    trpc.vouchers.list.queryOptions(vouchersInput(table.query), { placeholderData: keepPreviousData }),
  );
  return (
    <PageFrame title={t("title")} description={t("description")}>
      <VoucherSearch q={table.query.q ?? ""} onSearch={table.setSearch} />
      <DataTable<VoucherRow, typeof vouchersTable.filters, never>
        table={table}
        label={t("title")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.id}
        rowName={(row) => row.reference}
        rowHref={(row) => `/vouchers/${row.id}`}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        filters={[
          {
            name: "campaignId",
            label: t("filters.campaign"),
            render: (value, onChange) => (
              <CampaignFilter id={value} onChange={onChange} label={t("filters.campaign")} />
            ),
          },
          {
            name: "status",
            label: t("filters.status"),
            options: VOUCHER_STATUSES.map((value) => ({ value, label: t(`status.${value}`) })),
          },
          ...(staff
            ? [
                {
                  name: "customerId" as const,
                  label: t("filters.customer"),
                  render: (value: string | null, onChange: (value: string | null) => void) => (
                    <Input
                      defaultValue={value ?? ""}
                      key={value}
                      maxLength={128}
                      aria-label={t("filters.customer")}
                      onBlur={(event) => onChange(event.target.value.trim() || null)}
                      onKeyDown={(event) => {
                        if (event.key === "Enter") onChange(event.currentTarget.value.trim() || null);
                      }}
                    />
                  ),
                },
              ]
            : []),
        ]}
        exportHref={table.exportHref("/api/export/vouchers")}
        bulkActions={
          can("voucher:void")
            ? (selection, clear) => <VoidSelection selection={selection} query={table.query} onDone={clear} />
            : undefined
        }
        empty={
          <EmptyState
            title={t("empty")}
            description={t("emptyHint")}
            actions={
              <LinkButton href="/campaigns" variant="outline">
                {t("toCampaigns")}
              </LinkButton>
            }
          />
        }
      />
    </PageFrame>
  );
}
