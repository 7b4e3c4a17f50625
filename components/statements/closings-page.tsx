"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { CalendarNotice } from "@/components/calendar/calendar-notice";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { formatCount } from "@/components/format/format";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { useErrorMessage } from "@/components/ui/error-message";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import { toast } from "@/components/ui/toast";
import type { Run } from "@/server/domain/settlement";
import { CloseBooks } from "./close-books";
import { Period } from "./period";
import { runsInput, runsTable } from "./table";
import { SettlementTabs } from "./tabs";

export function ClosingsPage() {
  const t = useTranslations("statements");
  const can = useCan();
  const trpc = useTRPC();
  const table = useTableState(runsTable);
  const list = useQuery(
    trpc.settlement.runs.queryOptions(runsInput(table.query), {
      placeholderData: keepPreviousData,
      refetchInterval: (query) =>
        query.state.data?.items.some((run) => run.state === "closed") ? 2_000 : false,
    }),
  );
  const mayClose = can("settlement:close");
  const columns = useMemo<DataColumn<Run, never>[]>(
    () => [
      {
        id: "number",
        header: t("closings.number"),
        fixed: true,
        card: "title",
        cell: (row) => <span className="figure font-medium">{row.number}</span>,
      },
      {
        id: "period",
        header: t("fields.period"),
        cell: (row) => <Period after={row.dueAfter} through={row.dueThrough} />,
      },
      {
        id: "state",
        header: t("closings.state"),
        card: "aside",
        interactive: true,
        cell: (row) => (
          <span className="inline-flex items-center gap-2">
            <Badge tone={row.state === "stated" ? "success" : "info"}>
              {t(`closings.states.${row.state}`)}
            </Badge>
            {row.state === "closed" && mayClose ? <StateNow id={row.id} /> : null}
          </span>
        ),
      },
      {
        id: "statements",
        header: t("closings.statements"),
        align: "end",
        cell: (row) => <span className="figure">{formatCount(row.statements)}</span>,
      },
      {
        id: "by",
        header: t("closings.by"),
        cell: (row) => (row.byItself ? t("closings.byItself") : row.createdByName),
      },
      { id: "at", header: t("closings.at"), cell: (row) => <Instant at={row.createdAt} /> },
    ],
    [t, mayClose],
  );
  return (
    <PageFrame
      title={t("tabs.closings")}
      breadcrumbs={[{ label: t("title"), href: "/statements" }]}
      actions={mayClose ? <CloseBooks /> : null}
    >
      <SettlementTabs />
      <CalendarNotice />
      <DataTable
        table={table}
        label={t("tabs.closings")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.id}
        rowName={(row) => row.number}
        rowHref={(row) => `/statements?f.runId=${row.id}`}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={<EmptyState title={t("closings.empty")} description={t("closings.emptyDescription")} />}
      />
    </PageFrame>
  );
}

/** Writes what a stopped worker left unwritten. Doing it twice changes nothing. */
function StateNow({ id }: { id: string }) {
  const t = useTranslations("statements.closings");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const errorMessage = useErrorMessage();
  const state = useMutation(
    trpc.settlement.state.mutationOptions({
      onSuccess: () => {
        toast.success(t("stated"));
        void queries.invalidateQueries({ queryKey: trpc.settlement.pathKey() });
        void queries.invalidateQueries({ queryKey: trpc.statements.pathKey() });
      },
      onError: (error) => toast.error(errorMessage(error).message),
    }),
  );
  return (
    <Button size="sm" variant="outline" loading={state.isPending} onClick={() => state.mutate({ id })}>
      {t("stateNow")}
    </Button>
  );
}
