"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Boxes, FileUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { formatCount } from "@/components/format/format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { ProductFilter } from "@/components/products/product-picker";
import { useTRPC } from "@/components/trpc";
import { LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { PartyFilter } from "@/components/vouchers/pickers";
import type { BatchRow } from "@/server/domain/cards";
import { KEY_STATES } from "@/server/domain/cards/schemas";
import { Expiry } from "./expiry";
import { StockBar } from "./stock-bar";
import { batchesInput, batchesTable } from "./table";
import { StockTabs } from "./tabs";

export function BatchesPage() {
  const t = useTranslations("stock");
  const can = useCan();
  const trpc = useTRPC();
  const { party } = useViewer();
  const table = useTableState(batchesTable);
  const list = useQuery(
    trpc.stock.batches.queryOptions(batchesInput(table.query), { placeholderData: keepPreviousData }),
  );
  const ownStock = party.kind === "supplier";
  const columns = useColumns(ownStock);
  const importKeys = can("stock:import") ? (
    <LinkButton href="/stock/import" icon={<FileUp aria-hidden />}>
      {t("import.action")}
    </LinkButton>
  ) : null;
  return (
    <PageFrame
      title={t("tabs.batches")}
      description={t("description")}
      breadcrumbs={[{ label: t("title"), href: "/stock" }]}
      actions={importKeys}
    >
      <StockTabs />
      <DataTable<BatchRow, typeof batchesTable.filters, never>
        table={table}
        label={t("tabs.batches")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.id}
        rowName={(row) => row.number}
        rowHref={(row) => `/stock/batches/${row.id}`}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        filters={[
          {
            name: "productId",
            label: t("filters.product"),
            render: (value, onChange) => (
              <ProductFilter id={value} onChange={onChange} label={t("filters.product")} />
            ),
          },
          ...(can("party:read")
            ? [
                {
                  name: "supplierId" as const,
                  label: t("filters.supplier"),
                  render: (value: string | null, onChange: (value: string | null) => void) => (
                    <PartyFilter
                      id={value}
                      onChange={onChange}
                      label={t("filters.supplier")}
                      kinds={["supplier"]}
                    />
                  ),
                },
              ]
            : []),
        ]}
        exportHref={table.exportHref("/api/export/batches")}
        empty={
          <EmptyState
            icon={<Boxes />}
            title={t("emptyBatches")}
            description={t(ownStock ? "emptySupplier" : "emptyBatchesHint")}
            actions={importKeys}
          />
        }
      />
    </PageFrame>
  );
}

function useColumns(ownStock: boolean): readonly DataColumn<BatchRow, never>[] {
  const t = useTranslations("stock");
  return useMemo(() => {
    const columns: (DataColumn<BatchRow, never> | null)[] = [
      {
        id: "number",
        header: t("columns.batch"),
        fixed: true,
        card: "title",
        cell: (row) => <span className="figure font-medium whitespace-nowrap">{row.number}</span>,
      },
      {
        id: "product",
        header: t("columns.product"),
        cell: (row) => (
          <span>
            {row.productName}{" "}
            <span className="figure text-xs text-muted-foreground">{row.productNumber}</span>
          </span>
        ),
      },
      ownStock ? null : { id: "supplier", header: t("columns.supplier"), cell: (row) => row.supplierName },
      {
        id: "stock",
        header: t("columns.stock"),
        card: "none",
        cell: (row) => <StockBar counts={row} />,
      },
      ...KEY_STATES.map((state) => ({
        id: state,
        header: t(`states.${state}`),
        align: "end" as const,
        hidden: state === "reserved" || state === "dead" || state === "expired",
        cell: (row: BatchRow) => <span className="figure">{formatCount(row[state])}</span>,
      })),
      {
        id: "imported",
        header: t("columns.imported"),
        align: "end",
        cell: (row) => <span className="figure">{formatCount(row.imported)}</span>,
      },
      {
        id: "cost",
        header: t("columns.cost"),
        align: "end",
        cell: (row) => <Money amount={row.cost} currency={row.currency} />,
      },
      { id: "expiresAt", header: t("columns.expiresAt"), cell: (row) => <Expiry at={row.expiresAt} /> },
      { id: "createdAt", header: t("columns.createdAt"), cell: (row) => <Instant at={row.createdAt} /> },
      { id: "note", header: t("columns.note"), hidden: true, cell: (row) => row.note ?? "–" },
    ];
    return columns.filter((column) => column !== null);
  }, [t, ownStock]);
}
