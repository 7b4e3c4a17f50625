"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Plus, Users } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { formatCount, formatRate } from "@/components/format/format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageFrame } from "@/components/ui/page-frame";
import { isPlatformRole } from "@/server/core/permissions";
import type { Distributor } from "@/server/domain/pricing";
import { CreateDistributorDialog } from "./create-dialog";
import { RecruitsPage } from "./recruits-page";
import { distributorsInput, distributorsTable } from "./table";
import { DistributorTabs } from "./tabs";

/** The house sees every distributor and its terms; a distributor its own recruits. */
export function DistributorsPage() {
  return isPlatformRole(useViewer().role) ? <AllDistributors /> : <RecruitsPage />;
}

function AllDistributors() {
  const t = useTranslations("distributors");
  const can = useCan();
  const trpc = useTRPC();
  const [creating, setCreating] = useState(false);
  const table = useTableState(distributorsTable);
  const list = useQuery(
    trpc.distributors.list.queryOptions(distributorsInput(table.query), {
      placeholderData: keepPreviousData,
    }),
  );
  const tiers = useQuery(trpc.tiers.list.queryOptions());
  const columns = useColumns();
  const create =
    can("distributor:write") && can("party:write") ? (
      <Button icon={<Plus aria-hidden />} onClick={() => setCreating(true)}>
        {t("create.action")}
      </Button>
    ) : null;
  return (
    <PageFrame title={t("title")} description={t("description")} actions={create}>
      <DistributorTabs />
      <DataTable
        table={table}
        label={t("title")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.partyId}
        rowName={(row) => row.name}
        rowHref={(row) => `/distributors/${row.partyId}`}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        searchLabel={t("search")}
        filters={[
          {
            name: "tier",
            label: t("fields.tier"),
            options: (tiers.data ?? []).map((tier) => ({ value: tier.code, label: tier.name })),
          },
        ]}
        empty={
          <EmptyState
            icon={<Users />}
            title={t("empty.title")}
            description={t("empty.description")}
            actions={create}
          />
        }
      />
      {creating ? <CreateDistributorDialog onClose={() => setCreating(false)} /> : null}
    </PageFrame>
  );
}

function useColumns(): readonly DataColumn<Distributor, never>[] {
  const t = useTranslations("distributors");
  return useMemo(
    () => [
      {
        id: "number",
        header: t("fields.number"),
        cell: (row) => <span className="figure text-muted-foreground">{row.number}</span>,
      },
      {
        id: "name",
        header: t("fields.name"),
        fixed: true,
        card: "title",
        cell: (row) => <span className="font-medium">{row.name}</span>,
      },
      {
        id: "tier",
        header: t("fields.tier"),
        card: "aside",
        cell: (row) =>
          row.tier ? (
            <Badge tone="primary">{row.tierName ?? row.tier}</Badge>
          ) : (
            <Badge tone="warning">{t("noTier")}</Badge>
          ),
      },
      { id: "upline", header: t("fields.upline"), cell: (row) => row.upline?.name ?? "–" },
      {
        id: "recruits",
        header: t("fields.recruits"),
        align: "end",
        cell: (row) => <span className="figure">{formatCount(row.recruits)}</span>,
      },
      {
        id: "commissionRate",
        header: t("fields.commissionRate"),
        align: "end",
        cell: (row) =>
          row.commissionRate === null ? (
            <span className="text-muted-foreground">{t("byRule")}</span>
          ) : (
            <span className="figure">{formatRate(row.commissionRate)}</span>
          ),
      },
      {
        id: "shop",
        header: t("fields.shop"),
        cell: (row) =>
          row.shopSlug === null ? (
            "–"
          ) : (
            <span className="whitespace-nowrap">
              {row.shopTitle ?? row.shopSlug}
              <span className="text-muted-foreground">
                {" · "}
                {t(row.shopOpen ? "shopOpen" : "shopShut")}
              </span>
            </span>
          ),
      },
      {
        id: "status",
        header: t("fields.status"),
        cell: (row) => (
          <Badge tone={row.status === "active" ? "success" : "neutral"}>{t(`status.${row.status}`)}</Badge>
        ),
      },
    ],
    [t],
  );
}
