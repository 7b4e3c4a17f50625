"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Wallet } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { useCan, useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import type { WalletRow } from "@/server/domain/payments";
import { walletsInput, walletsTable } from "./table";
import { WalletPage } from "./wallet-page";

/** All wallets for the house's people; a distributor opens on its own. */
export function WalletsPage() {
  const { party } = useViewer();
  return party.kind === "distributor" ? <WalletPage id={party.id} own /> : <List />;
}

function List() {
  const t = useTranslations("wallets");
  const can = useCan();
  const trpc = useTRPC();
  const table = useTableState(walletsTable);
  const list = useQuery(
    trpc.wallets.list.queryOptions(walletsInput(table.query), { placeholderData: keepPreviousData }),
  );
  const columns = useColumns();
  return (
    <PageFrame title={t("title")} description={t("description")}>
      <DataTable<WalletRow, typeof walletsTable.filters, never>
        table={table}
        label={t("title")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.distributor.id}
        rowName={(row) => row.distributor.name}
        rowHref={(row) => `/wallets/${row.distributor.id}`}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        searchLabel={t("search")}
        empty={
          <EmptyState
            icon={<Wallet />}
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

function useColumns(): readonly DataColumn<WalletRow, never>[] {
  const t = useTranslations("wallets");
  return useMemo(
    () => [
      {
        id: "distributor",
        header: t("columns.distributor"),
        fixed: true,
        card: "title",
        cell: ({ distributor }) => (
          <span>
            <span className="font-medium">{distributor.name}</span>{" "}
            <span className="figure text-xs text-muted-foreground">{distributor.number}</span>
          </span>
        ),
      },
      {
        id: "state",
        header: t("columns.state"),
        card: "aside",
        cell: (row) => <WalletState wallet={row} />,
      },
      {
        id: "balance",
        header: t("columns.balance"),
        align: "end",
        cell: (row) => <Money amount={row.balance} currency={row.currency} toned />,
      },
      {
        id: "creditLimit",
        header: t("columns.creditLimit"),
        align: "end",
        cell: (row) => <Money amount={row.creditLimit} currency={row.currency} />,
      },
      {
        id: "available",
        header: t("columns.available"),
        align: "end",
        cell: (row) => <Money amount={row.available} currency={row.currency} className="font-medium" />,
      },
    ],
    [t],
  );
}

/** Only what somebody may have to act on. */
export function WalletState({ wallet }: { wallet: WalletRow }) {
  const t = useTranslations("wallets.states");
  if (wallet.distributor.status === "suspended") return <Badge>{t("suspended")}</Badge>;
  if (wallet.available <= 0n) return <Badge tone="danger">{t("usedUp")}</Badge>;
  return wallet.balance < 0n ? <Badge tone="warning">{t("inCredit")}</Badge> : null;
}
