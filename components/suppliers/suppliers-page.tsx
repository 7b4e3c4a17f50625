"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Truck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { formatCount } from "@/components/format/format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import type { SupplierRow } from "@/server/domain/cards";
import { PrepaidBar } from "./prepaid-bar";
import { SupplierPage } from "./supplier-page";
import { suppliersInput, suppliersTable } from "./table";

/** All suppliers for the house's people; a supplier opens on its own account. */
export function SuppliersPage() {
  const { party } = useViewer();
  return party.kind === "supplier" ? <SupplierPage id={party.id} own /> : <List />;
}

function List() {
  const t = useTranslations("suppliers");
  const can = useCan();
  const trpc = useTRPC();
  const table = useTableState(suppliersTable);
  const list = useQuery(
    trpc.suppliers.list.queryOptions(suppliersInput(table.query), { placeholderData: keepPreviousData }),
  );
  const columns = useColumns();
  return (
    <PageFrame title={t("title")} description={t("description")}>
      <DataTable<SupplierRow, typeof suppliersTable.filters, never>
        table={table}
        label={t("title")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.partyId}
        rowName={(row) => row.name}
        rowHref={(row) => `/suppliers/${row.partyId}`}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        searchLabel={t("search")}
        empty={
          <EmptyState
            icon={<Truck />}
            title={t("empty")}
            description={t("emptyHint")}
            actions={
              can("party:write") ? (
                <LinkButton href="/parties" variant="outline">
                  {t("toParties")}
                </LinkButton>
              ) : null
            }
          />
        }
      />
    </PageFrame>
  );
}

function useColumns(): readonly DataColumn<SupplierRow, never>[] {
  const t = useTranslations("suppliers");
  return useMemo(
    () => [
      {
        id: "name",
        header: t("columns.name"),
        fixed: true,
        card: "title",
        cell: (row) => (
          <span>
            <span className="font-medium">{row.name}</span>{" "}
            <span className="figure text-xs text-muted-foreground">{row.number}</span>
          </span>
        ),
      },
      {
        id: "terms",
        header: t("columns.terms"),
        card: "aside",
        cell: (row) => <Badge>{t(`terms.${row.terms}`)}</Badge>,
      },
      {
        id: "products",
        header: t("columns.products"),
        align: "end",
        cell: (row) => <span className="figure">{formatCount(row.products)}</span>,
      },
      {
        id: "owed",
        header: t("columns.owed"),
        align: "end",
        cell: (row) => <Money amount={row.payable} currency={row.currency} />,
      },
      {
        id: "remaining",
        header: t("columns.remaining"),
        align: "end",
        cell: (row) =>
          row.terms === "prepaid" ? (
            <span className="inline-flex flex-wrap items-center justify-end gap-2">
              {row.warn ? <Badge tone="warning">{t("account.lowBadge")}</Badge> : null}
              <Money amount={row.remaining} currency={row.currency} toned />
            </span>
          ) : (
            "–"
          ),
      },
      {
        id: "account",
        header: t("columns.account"),
        card: "none",
        cell: (row) => (row.terms === "prepaid" ? <PrepaidBar account={row} /> : null),
      },
    ],
    [t],
  );
}
