"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Package, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { useCan, useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { PartyFilter } from "@/components/vouchers/pickers";
import { isPlatformRole } from "@/server/core/permissions";
import type { ProductRow } from "@/server/domain/cards";
import { PRODUCT_STATUSES } from "@/server/domain/cards/schemas";
import { ProductPicture } from "./product-picture";
import { AvailableBadge, ProductStatusBadge } from "./status";
import { productsInput, productsTable } from "./table";
import { useLowestPrices } from "./use-prices";

export function ProductsPage() {
  const t = useTranslations("products");
  const can = useCan();
  const trpc = useTRPC();
  const { role } = useViewer();
  const staff = isPlatformRole(role);
  const table = useTableState(productsTable);
  const list = useQuery(
    trpc.products.list.queryOptions(productsInput(table.query), { placeholderData: keepPreviousData }),
  );
  const columns = useColumns(staff, list.data?.items);
  const create = can("product:write") ? (
    <LinkButton href="/products/new" icon={<Plus aria-hidden />}>
      {t("new")}
    </LinkButton>
  ) : null;
  return (
    <PageFrame title={t("title")} description={t("description")} actions={create}>
      <DataTable<ProductRow, typeof productsTable.filters, never>
        table={table}
        label={t("title")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.id}
        rowName={(row) => row.name}
        rowHref={(row) => `/products/${row.id}`}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        searchLabel={t("search")}
        filters={[
          {
            name: "status",
            label: t("filters.status"),
            options: PRODUCT_STATUSES.filter((value) => value !== "draft" || role !== "distributor").map(
              (value) => ({ value, label: t(`status.${value}`) }),
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
        empty={
          <EmptyState
            icon={<Package />}
            title={t("empty")}
            description={t(staff ? "emptyHint" : role === "supplier" ? "emptySupplier" : "emptyOnSale")}
            actions={create}
          />
        }
      />
    </PageFrame>
  );
}

function useColumns(
  staff: boolean,
  rows: readonly ProductRow[] | undefined,
): readonly DataColumn<ProductRow, never>[] {
  const t = useTranslations("products");
  const priceText = useLowestPrices(rows);
  return useMemo(() => {
    const columns: (DataColumn<ProductRow, never> | null)[] = [
      {
        id: "name",
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
      staff
        ? {
            id: "supplier",
            header: t("columns.supplier"),
            cell: (row) => row.supplierName ?? "–",
          }
        : null,
      {
        id: "face",
        header: t("columns.face"),
        align: "end",
        cell: (row) => <Money amount={row.face} currency={row.currency} />,
      },
      {
        id: "kind",
        header: t("columns.kind"),
        hidden: true,
        cell: (row) => t(row.looped ? "kinds.looped" : "kinds.once"),
      },
      {
        id: "status",
        header: t("columns.status"),
        card: "aside",
        cell: (row) => <ProductStatusBadge status={row.status} />,
      },
      {
        id: "available",
        header: t("columns.available"),
        align: "end",
        cell: (row) => <AvailableBadge product={row} />,
      },
      priceText
        ? {
            id: "price",
            header: t("columns.priceFrom"),
            align: "end",
            cell: (row) => <span className="figure whitespace-nowrap">{priceText(row)}</span>,
          }
        : null,
      {
        id: "updatedAt",
        header: t("columns.updatedAt"),
        hidden: true,
        cell: (row) => <Instant at={row.updatedAt} />,
      },
    ];
    return columns.filter((column) => column !== null);
  }, [t, staff, priceText]);
}
