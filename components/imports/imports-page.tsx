"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { type DataColumn, DataTable } from "@/components/data-table/data-table";
import { useTableState } from "@/components/data-table/use-table-state";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import type { ImportRow } from "@/server/domain/imports";
import { ImportState, isUnderWay } from "./import-state";
import { importsInput, importsTable } from "./table";

export function ImportsPage() {
  const t = useTranslations("imports");
  const trpc = useTRPC();
  const can = useCan();
  const table = useTableState(importsTable);
  const list = useQuery(
    trpc.imports.list.queryOptions(importsInput(table.query), {
      placeholderData: keepPreviousData,
      refetchInterval: (query) =>
        query.state.data?.items.some((row) => isUnderWay(row.state)) ? 2_000 : false,
    }),
  );
  const columns = useColumns();
  const create = can("import:write") ? (
    <LinkButton href="/imports/new" icon={<FileUp />}>
      {t("new")}
    </LinkButton>
  ) : null;
  return (
    <PageFrame title={t("title")} description={t("description")} actions={create}>
      <DataTable
        table={table}
        label={t("list.label")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.id}
        rowName={(row) => row.fileName}
        rowHref={(row) => `/imports/${row.id}`}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={list.refetch}
        empty={
          <EmptyState
            icon={<FileUp />}
            title={t("list.empty")}
            description={t("list.emptyHint")}
            actions={create}
          />
        }
      />
    </PageFrame>
  );
}

function useColumns(): DataColumn<ImportRow, never>[] {
  const t = useTranslations("imports");
  const { count } = useFormat();
  return useMemo(() => {
    const number = (id: "lines" | "accepted" | "skipped" | "repeated" | "rejected", hidden = false) => ({
      id,
      header: t(`list.${id}`),
      align: "end" as const,
      hidden,
      cell: (row: ImportRow) => <span className="figure">{count(row[id])}</span>,
    });
    return [
      { id: "file", header: t("list.file"), fixed: true, card: "title", cell: (row) => row.fileName },
      {
        id: "state",
        header: t("list.state"),
        card: "aside",
        cell: (row) => <ImportState state={row.state} />,
      },
      number("lines"),
      number("accepted"),
      number("skipped", true),
      number("repeated", true),
      number("rejected"),
      { id: "by", header: t("list.by"), cell: (row) => row.createdByName },
      { id: "at", header: t("list.at"), cell: (row) => <Instant at={row.createdAt} /> },
    ];
  }, [t, count]);
}
