"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ShoppingCart } from "lucide-react";
import { useTranslations } from "next-intl";
import { DataTable, useTableState } from "@/components/data-table";
import { useCan, useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { LinkButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { PageFrame } from "@/components/ui/page-frame";
import { PartyFilter } from "@/components/vouchers/pickers";
import { ORDER_FLAGS, ORDER_SOURCES, ORDER_STATES } from "@/server/domain/orders/schemas";
import type { OrderRow } from "@/server/domain/orders/types";
import { useOrderColumns } from "./columns";
import { ordersInput, ordersTable } from "./table";

export function OrdersPage() {
  const t = useTranslations("orders");
  const can = useCan();
  const trpc = useTRPC();
  const { tenant, party } = useViewer();
  const own = party.kind === "distributor";
  const table = useTableState(ordersTable);
  const columns = useOrderColumns(own);
  const list = useQuery(
    trpc.orders.list.queryOptions(ordersInput(table.query, tenant.timezone), {
      placeholderData: keepPreviousData,
    }),
  );
  const makeOrder = can("order:create") ? (
    <LinkButton href="/orders/new" icon={<ShoppingCart aria-hidden />}>
      {t("new")}
    </LinkButton>
  ) : null;
  return (
    <PageFrame
      title={t("title")}
      description={own ? t("descriptionOwn") : t("description")}
      actions={makeOrder}
    >
      <QuickFilters table={table} />
      <DataTable<OrderRow, typeof ordersTable.filters, never>
        table={table}
        label={t("title")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.id}
        rowName={(row) => row.reference}
        rowHref={(row) => `/orders/${row.id}`}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        searchLabel={t("search")}
        dateLabel={t("range")}
        filters={[
          {
            name: "state",
            label: t("filters.state"),
            options: ORDER_STATES.map((value) => ({ value, label: t(`states.${value}`) })),
          },
          {
            name: "flag",
            label: t("filters.flag"),
            options: ORDER_FLAGS.map((value) => ({ value, label: t(`flags.${value}`) })),
          },
          {
            name: "source",
            label: t("filters.source"),
            options: ORDER_SOURCES.map((value) => ({ value, label: t(`sources.${value}`) })),
          },
          {
            name: "reported",
            label: t("filters.reported"),
            options: [{ value: "true", label: t("filters.reportedOnly") }],
          },
          ...(can("party:read")
            ? [
                {
                  name: "distributorId" as const,
                  label: t("filters.distributor"),
                  render: (value: string | null, onChange: (value: string | null) => void) => (
                    <PartyFilter
                      id={value}
                      onChange={onChange}
                      label={t("filters.distributor")}
                      kinds={["distributor"]}
                    />
                  ),
                },
              ]
            : []),
        ]}
        exportHref={table.exportHref("/api/export/orders")}
        empty={
          <EmptyState
            title={t("empty")}
            description={own ? t("emptyOwnHint") : t("emptyHint")}
            actions={makeOrder}
          />
        }
      />
    </PageFrame>
  );
}

/** The two queues that wait for a person, one click away. */
function QuickFilters({
  table,
}: {
  table: ReturnType<typeof useTableState<typeof ordersTable.filters, never>>;
}) {
  const t = useTranslations("orders.quick");
  const { state, flag, reported } = table.query.filters;
  const flagged = state?.join() === "flagged" && !reported;
  const only = ({ state = null, reported = null }: Record<string, string[] | null>) => {
    table.setFilter("state", state);
    table.setFilter("reported", reported);
    table.setFilter("flag", null);
  };
  const choices = [
    { key: "all", active: !state && !flag && !reported, choose: () => table.clear() },
    { key: "flagged", active: flagged, choose: () => only({ state: ["flagged"] }) },
    {
      key: "reported",
      active: Boolean(reported) && !state,
      choose: () => only({ reported: ["true"] }),
    },
  ] as const;
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons of one choice, not fields of a form
    <div role="group" aria-label={t("label")} className="flex flex-wrap gap-2" data-print="hide">
      {choices.map(({ key, active, choose }) => (
        <button
          key={key}
          type="button"
          aria-pressed={active}
          onClick={choose}
          className={cn(
            "touch-target h-8 rounded-full border px-3 text-sm transition-colors",
            active
              ? "border-primary bg-primary-soft font-medium text-primary"
              : "border-border bg-card hover:bg-accent",
          )}
        >
          {t(key)}
        </button>
      ))}
    </div>
  );
}
