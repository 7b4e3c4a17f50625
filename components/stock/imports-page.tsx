"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { formatCount } from "@/components/format/format";
import { ImportState, isUnderWay } from "@/components/imports/import-state";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import type { KeyImportRow } from "@/server/domain/cards";
import { keyImportsInput, keyImportsTable } from "./table";
import { StockTabs } from "./tabs";

export function KeyImportsPage() {
  const t = useTranslations("stock");
  const trpc = useTRPC();
  const can = useCan();
  const table = useTableState(keyImportsTable);
  const list = useQuery(
    trpc.stock.imports.queryOptions(keyImportsInput(table.query), {
      placeholderData: keepPreviousData,
      refetchInterval: (query) =>
        query.state.data?.items.some((row) => isUnderWay(row.state)) ? 2_000 : false,
    }),
  );
  const columns = useColumns();
  const create = can("stock:import") ? (
    <LinkButton href="/stock/import" icon={<FileUp aria-hidden />}>
      {t("import.action")}
    </LinkButton>
  ) : null;
  return (
    <PageFrame
      title={t("tabs.imports")}
      description={t("import.description")}
      breadcrumbs={[{ label: t("title"), href: "/stock" }]}
      actions={create}
    >
      <StockTabs />
      <DataTable
        table={table}
        label={t("tabs.imports")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.id}
        rowName={(row) => row.fileName}
        rowHref={(row) => `/stock/imports/${row.id}`}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={
          <EmptyState
            icon={<FileUp />}
            title={t("import.empty")}
            description={t(can("stock:import") ? "import.emptyHint" : "import.emptySupplier")}
            actions={create}
          />
        }
      />
    </PageFrame>
  );
}

function useColumns(): readonly DataColumn<KeyImportRow, never>[] {
  const t = useTranslations("stock");
  return useMemo(() => {
    const number = (id: "lines" | "accepted" | "rejected") => ({
      id,
      header: t(`columns.${id}`),
      align: "end" as const,
      cell: (row: KeyImportRow) => <span className="figure">{formatCount(row[id])}</span>,
    });
    return [
      { id: "file", header: t("columns.file"), fixed: true, card: "title", cell: (row) => row.fileName },
      {
        id: "state",
        header: t("columns.state"),
        card: "aside",
        cell: (row) => <ImportState state={row.state} />,
      },
      { id: "product", header: t("columns.product"), cell: (row) => row.productName },
      {
        id: "batch",
        header: t("columns.batch"),
        cell: (row) => <span className="figure whitespace-nowrap">{row.batchNumber}</span>,
      },
      number("lines"),
      number("accepted"),
      number("rejected"),
      { id: "by", header: t("columns.by"), cell: (row) => row.createdByName },
      { id: "at", header: t("columns.at"), cell: (row) => <Instant at={row.createdAt} /> },
    ];
  }, [t]);
}
