"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Coins } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { useViewer } from "@/components/layout/viewer";
import { ExplainedAmount } from "@/components/trace/explain";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { PartyFilter } from "@/components/vouchers/pickers";
import { isPlatformRole } from "@/server/core/permissions";
import type { Commission } from "@/server/domain/reports";
import { SHARE_KINDS } from "@/server/domain/reports/schemas";
import { commissionInput, commissionTable } from "./table";

/** Each amount a distributor got of card sales; a row opens the trace that explains it. */
export function CommissionPage() {
  const t = useTranslations("commission");
  const isHouse = isPlatformRole(useViewer().role);
  const trpc = useTRPC();
  const table = useTableState(commissionTable);
  const input = commissionInput(table.query);
  const chosen = !isHouse || input.partyId !== undefined;
  const list = useQuery({
    ...trpc.distributors.commissions.queryOptions(input, { placeholderData: keepPreviousData }),
    enabled: chosen,
  });
  const columns = useColumns();
  return (
    <PageFrame title={t("title")} description={t("description")}>
      <DataTable
        table={table}
        label={t("title")}
        columns={columns}
        rows={chosen ? list.data?.items : []}
        rowId={(row) => row.id}
        rowName={(row) => row.reference}
        rowHref={(row) => `/trades/${row.tradeId}`}
        nextCursor={chosen ? list.data?.nextCursor : null}
        loading={chosen && list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        dateLabel={t("date")}
        filters={[
          ...(isHouse
            ? [
                {
                  name: "partyId" as const,
                  label: t("distributor"),
                  render: (value: string | null, onChange: (value: string | null) => void) => (
                    <PartyFilter
                      id={value}
                      onChange={onChange}
                      label={t("distributor")}
                      kinds={["distributor"]}
                    />
                  ),
                },
              ]
            : []),
          {
            name: "kind",
            label: t("kind"),
            options: SHARE_KINDS.map((value) => ({ value, label: t(`kinds.${value}`) })),
          },
        ]}
        exportHref={chosen ? table.exportHref("/api/export/commissions") : undefined}
        empty={
          <EmptyState
            icon={<Coins />}
            title={t(chosen ? "empty.title" : "choose.title")}
            description={t(chosen ? "empty.description" : "choose.description")}
          />
        }
      />
    </PageFrame>
  );
}

function useColumns(): readonly DataColumn<Commission, never>[] {
  const t = useTranslations("commission");
  return useMemo(
    () => [
      {
        id: "tradedAt",
        header: t("columns.tradedAt"),
        cell: (row) => <Instant at={row.tradedAt} style="second" />,
      },
      {
        id: "reference",
        header: t("columns.reference"),
        fixed: true,
        card: "title",
        cell: (row) => (
          <span className="figure whitespace-nowrap">
            {row.reference}
            {row.reversal ? (
              <Badge tone="warning" className="ms-2">
                {t("back")}
              </Badge>
            ) : null}
          </span>
        ),
      },
      {
        id: "product",
        header: t("columns.product"),
        wraps: "sentence",
        cell: (row) => row.product?.name ?? "–",
      },
      {
        id: "seller",
        header: t("columns.seller"),
        cell: (row) => row.seller?.name ?? <span className="text-muted-foreground">{t("own")}</span>,
      },
      {
        id: "order",
        header: t("columns.order"),
        hidden: true,
        cell: (row) => <span className="figure">{row.order?.reference ?? "–"}</span>,
      },
      { id: "kind", header: t("columns.kind"), cell: (row) => t(`kinds.${row.kind}`) },
      {
        id: "paid",
        header: t("columns.paid"),
        align: "end",
        cell: (row) => <Money amount={row.paid === 0n ? null : row.paid} currency={row.currency} />,
      },
      {
        id: "amount",
        header: t("columns.amount"),
        align: "end",
        fixed: true,
        card: "aside",
        interactive: true,
        cell: (row) => (
          <ExplainedAmount
            tradeId={row.tradeId}
            leg={row.leg}
            amount={row.amount}
            currency={row.currency}
            signed
            toned
          />
        ),
      },
      {
        id: "dueAt",
        header: t("columns.dueAt"),
        cell: (row) => (row.dueAt ? <Instant at={row.dueAt} /> : "–"),
      },
    ],
    [t],
  );
}
