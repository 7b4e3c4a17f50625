"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Boxes, FileUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { formatCount } from "@/components/format/format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { ProductPicture } from "@/components/products/product-picture";
import { ProductStatusBadge } from "@/components/products/status";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { Button, LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import { PartyFilter } from "@/components/vouchers/pickers";
import type { StockRow } from "@/server/domain/cards";
import { KEY_STATES } from "@/server/domain/cards/schemas";
import { DaysLeft } from "./days-left";
import { StockBar } from "./stock-bar";
import { stockInput, stockTable } from "./table";
import { StockTabs } from "./tabs";

/** Keys by product: how many, for how many days, and which are running out. */
export function StockPage() {
  const t = useTranslations("stock");
  const can = useCan();
  const trpc = useTRPC();
  const { party } = useViewer();
  const table = useTableState(stockTable);
  const list = useQuery(
    trpc.stock.list.queryOptions(stockInput(table.query), { placeholderData: keepPreviousData }),
  );
  const columns = useColumns(party.kind === "supplier");
  const importKeys = can("stock:import") ? (
    <LinkButton href="/stock/import" icon={<FileUp aria-hidden />}>
      {t("import.action")}
    </LinkButton>
  ) : null;
  return (
    <PageFrame title={t("title")} description={t("description")} actions={importKeys}>
      <StockTabs />
      <LowBanner onShow={() => table.setFilter("low", ["yes"])} shown={Boolean(table.query.filters.low)} />
      <DataTable<StockRow, typeof stockTable.filters, never>
        table={table}
        label={t("title")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.productId}
        rowName={(row) => row.name}
        rowHref={(row) => `/products/${row.productId}`}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        searchLabel={t("search")}
        filters={[
          { name: "low", label: t("filters.low"), options: [{ value: "yes", label: t("filters.lowOnly") }] },
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
        exportHref={table.exportHref("/api/export/stock")}
        empty={
          <EmptyState
            icon={<Boxes />}
            title={t("empty")}
            description={t(party.kind === "supplier" ? "emptySupplier" : "emptyHint")}
            actions={
              can("product:write") ? (
                <LinkButton href="/products/new" variant="outline">
                  {t("toProducts")}
                </LinkButton>
              ) : null
            }
          />
        }
      />
    </PageFrame>
  );
}

/** What is on sale and runs out, on every page of the list. */
function LowBanner({ shown, onShow }: { shown: boolean; onShow: () => void }) {
  const t = useTranslations("stock.low");
  const trpc = useTRPC();
  const low = useQuery(trpc.stock.low.queryOptions());
  if (!low.data?.length || shown) return null;
  return (
    <Alert
      tone="warning"
      live={false}
      title={t("banner", { count: low.data.length })}
      actions={
        <Button variant="outline" size="sm" onClick={onShow}>
          {t("show")}
        </Button>
      }
    />
  );
}

function useColumns(ownStock: boolean): readonly DataColumn<StockRow, never>[] {
  const t = useTranslations("stock");
  return useMemo(() => {
    const columns: (DataColumn<StockRow, never> | null)[] = [
      {
        id: "product",
        header: t("columns.product"),
        fixed: true,
        card: "title",
        cell: (row) => (
          <span className="flex items-center gap-2.5">
            <ProductPicture src={row.imagePath} />
            <span className="min-w-0">
              <span className="block font-medium break-words">{row.name}</span>
              <span className="figure block text-xs text-muted-foreground">{row.number}</span>
            </span>
          </span>
        ),
      },
      ownStock ? null : { id: "supplier", header: t("columns.supplier"), cell: (row) => row.supplierName },
      {
        id: "warning",
        header: t("columns.warning"),
        card: "aside",
        cell: (row) =>
          row.available === 0 ? (
            <Badge tone="danger">{t("low.out")}</Badge>
          ) : row.low ? (
            <Badge tone="warning">{t("low.badge")}</Badge>
          ) : (
            <Badge tone="success">{t("low.enough")}</Badge>
          ),
      },
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
        cell: (row: StockRow) => <span className="figure">{formatCount(row[state])}</span>,
      })),
      {
        id: "daysLeft",
        header: t("columns.daysLeft"),
        align: "end",
        cell: (row) => <DaysLeft available={row.available} days={row.daysLeft} looped={row.looped} />,
      },
      {
        id: "nextExpiry",
        header: t("columns.nextExpiry"),
        hidden: true,
        cell: (row) => <Instant at={row.nextExpiry} style="date" />,
      },
      {
        id: "status",
        header: t("columns.status"),
        hidden: true,
        cell: (row) => <ProductStatusBadge status={row.status} />,
      },
    ];
    return columns.filter((column) => column !== null);
  }, [t, ownStock]);
}
