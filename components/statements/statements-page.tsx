"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { formatCount } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { PartyPicker } from "@/components/parties/party-picker";
import { useTRPC } from "@/components/trpc";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { StatTile } from "@/components/ui/stat-tile";
import { isPlatformRole } from "@/server/core/permissions";
import type { StatementRow } from "@/server/domain/settlement";
import { STATED_KINDS } from "@/server/domain/settlement/schemas";
import { CloseBooks } from "./close-books";
import { Period } from "./period";
import { StatementBadge } from "./state";
import { OFFERED_STATES, statementsFilter, statementsInput, statementsTable } from "./table";
import { SettlementTabs } from "./tabs";

export function StatementsPage() {
  const t = useTranslations("statements");
  const can = useCan();
  const trpc = useTRPC();
  const staff = isPlatformRole(useViewer().role);
  const table = useTableState(statementsTable);
  const list = useQuery(
    trpc.statements.list.queryOptions(statementsInput(table.query), { placeholderData: keepPreviousData }),
  );
  const columns = useStatementColumns(staff);
  return (
    <PageFrame
      title={t("title")}
      description={t("description")}
      actions={can("settlement:close") ? <CloseBooks /> : null}
    >
      {staff ? <SettlementTabs /> : null}
      <Sums staff={staff} filter={statementsFilter(table.query)} />
      <DataTable
        table={table}
        label={t("title")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.id}
        rowName={(row) => row.number}
        rowHref={(row) => `/statements/${row.id}`}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        searchLabel={t("search")}
        dateLabel={t("dateLabel")}
        filters={[
          ...(can("party:read")
            ? [
                {
                  name: "partyId" as const,
                  label: t("fields.party"),
                  render: (value: string | null, onChange: (value: string | null) => void) => (
                    <PartyPicker
                      value={value}
                      clearable
                      size="sm"
                      aria-label={t("fields.party")}
                      onValueChange={(id) => onChange(id)}
                    />
                  ),
                },
              ]
            : []),
          {
            name: "kind",
            label: t("fields.kind"),
            options: STATED_KINDS.map((value) => ({
              value,
              label: t(staff ? `kind.${value}` : `own.${value}`),
            })),
          },
          {
            name: "states",
            label: t("fields.state"),
            options: OFFERED_STATES.map((value) => ({ value, label: t(`states.${value}`) })),
          },
          // Links bring it; there is nothing to choose from here.
          ...(table.query.filters.runId
            ? [
                {
                  name: "runId" as const,
                  label: t("fields.run"),
                  render: (value: string | null) => <RunNumber id={value} />,
                },
              ]
            : []),
        ]}
        exportHref={table.exportHref("/api/export/statements")}
        empty={<EmptyState title={t("empty.title")} description={t(staff ? "empty.staff" : "empty.party")} />}
      />
    </PageFrame>
  );
}

function useStatementColumns(staff: boolean): DataColumn<StatementRow, never>[] {
  const t = useTranslations("statements");
  return useMemo(() => {
    const columns: (DataColumn<StatementRow, never> | null)[] = [
      {
        id: "number",
        header: t("fields.number"),
        fixed: true,
        card: "title",
        cell: (row) => <span className="figure font-medium">{row.number}</span>,
      },
      staff
        ? {
            id: "party",
            header: t("fields.party"),
            cell: (row) => (
              <span>
                {row.party.name}{" "}
                <span className="figure text-xs text-muted-foreground">{row.party.number}</span>
              </span>
            ),
          }
        : null,
      {
        id: "kind",
        header: t("fields.kind"),
        className: "whitespace-nowrap",
        cell: (row) => t(staff ? `kind.${row.kind}` : `own.${row.kind}`),
      },
      {
        id: "period",
        header: t("fields.period"),
        cell: (row) => <Period after={row.dueAfter} through={row.dueThrough} />,
      },
      {
        id: "transfers",
        header: t("fields.transfers"),
        align: "end",
        cell: (row) => <span className="figure">{formatCount(row.transferCount)}</span>,
      },
      {
        id: "total",
        header: t("fields.total"),
        align: "end",
        fixed: true,
        card: "aside",
        cell: (row) => <Money amount={row.total} currency={row.currency} toned className="font-medium" />,
      },
      { id: "state", header: t("fields.state"), cell: (row) => <StatementBadge state={row.state} /> },
      {
        id: "paidAt",
        header: t("fields.paidAt"),
        card: "none",
        cell: (row) => <Instant at={row.paidAt} />,
      },
      {
        id: "paidRef",
        header: t("fields.paidRef"),
        hidden: true,
        cell: (row) => <span className="figure">{row.paidRef ?? "–"}</span>,
      },
      {
        id: "run",
        header: t("fields.run"),
        hidden: true,
        cell: (row) => <span className="figure">{row.runNumber}</span>,
      },
      { id: "currency", header: t("fields.currency"), hidden: true, cell: (row) => row.currency },
    ];
    return columns.filter((column) => column !== null);
  }, [t, staff]);
}

/** The closing a list is narrowed to; links from the closings bring it. */
function RunNumber({ id }: { id: string | null }) {
  const t = useTranslations("common.states");
  const trpc = useTRPC();
  const { role } = useViewer();
  const run = useQuery(
    trpc.settlement.run.queryOptions({ id: id ?? "" }, { enabled: id !== null && isPlatformRole(role) }),
  );
  return (
    <span className="figure text-sm text-muted-foreground">{run.data?.number ?? (id ? "…" : t("all"))}</span>
  );
}

/** What the view's statements come to: to pay, to collect, carried. */
function Sums({ staff, filter }: { staff: boolean; filter: ReturnType<typeof statementsFilter> }) {
  const t = useTranslations("statements");
  const trpc = useTRPC();
  const format = useFormat();
  const { tenant } = useViewer();
  const sums = useQuery(trpc.statements.sums.queryOptions(filter, { placeholderData: keepPreviousData }));
  const runs = useQuery(trpc.settlement.runs.queryOptions({ limit: 1 }, { enabled: staff }));
  const unpaid = (sums.data ?? []).filter((sum) => sum.state !== "paid" && sum.state !== "carried");
  const currency = sums.data?.find((sum) => sum.currency === tenant.currency)
    ? tenant.currency
    : (sums.data?.[0]?.currency ?? tenant.currency);
  const of = (list: typeof unpaid, kind?: "payable" | "receivable") =>
    list
      .filter((sum) => sum.currency === currency && (kind === undefined || sum.kind === kind))
      .reduce((all, sum) => ({ total: all.total + sum.total, count: all.count + sum.count }), {
        total: 0n,
        count: 0,
      });
  const [toPay, toCollect] = [of(unpaid, "payable"), of(unpaid, "receivable")];
  const carried = of((sums.data ?? []).filter((sum) => sum.state === "carried"));
  const last = runs.data?.items[0];
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <StatTile
        label={t(staff ? "tiles.toPay" : "own.payable")}
        loading={sums.isPending}
        value={<Money amount={toPay.total} currency={currency} />}
        detail={t("tiles.count", { count: toPay.count })}
      />
      <StatTile
        label={t(staff ? "tiles.toCollect" : "own.receivable")}
        loading={sums.isPending}
        value={<Money amount={-toCollect.total} currency={currency} />}
        detail={t("tiles.count", { count: toCollect.count })}
      />
      <StatTile
        label={t("tiles.carried")}
        loading={sums.isPending}
        value={<Money amount={carried.total} currency={currency} />}
        detail={t("tiles.count", { count: carried.count })}
      />
      {staff ? (
        <StatTile
          label={t("tiles.closedThrough")}
          loading={runs.isPending}
          value={last ? <Instant at={last.dueThrough} style="date" /> : t("tiles.neverClosed")}
          detail={last ? `${format.instant(last.dueThrough, "time").slice(0, 5)} · ${last.number}` : null}
          href={last ? "/statements/closings" : undefined}
        />
      ) : null}
    </div>
  );
}
