"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Building2, ReceiptText } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { ExplainedAmount } from "@/components/trace/explain";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { StatTile } from "@/components/ui/stat-tile";
import { NoRecord } from "@/components/vouchers/no-record";
import type { WalletDetail, WalletMovement } from "@/server/domain/payments";
import { CreditLimitDialog } from "./credit-limit-dialog";
import { movementsInput, movementsTable } from "./table";
import { TopUpDialog } from "./top-up-dialog";
import { WalletState } from "./wallets-page";

/** One distributor's wallet with its statement; `own`: as itself sees it. */
export function WalletPage({ id, own = false }: { id: string; own?: boolean }) {
  const t = useTranslations("wallets");
  const can = useCan();
  const trpc = useTRPC();
  const { data: wallet, error, refetch } = useQuery(trpc.wallets.get.queryOptions({ distributorId: id }));
  if (!wallet) return <NoRecord noun="wallets" error={error} onRetry={() => void refetch()} />;
  const { distributor } = wallet;
  return (
    <PageFrame
      title={own ? t("ownTitle") : distributor.name}
      badge={<WalletState wallet={wallet} />}
      description={own ? t("ownDescription") : <span className="figure">{distributor.number}</span>}
      breadcrumbs={own ? undefined : [{ label: t("title"), href: "/wallets" }]}
      actions={
        <>
          {can("party:read") ? (
            <LinkButton variant="outline" icon={<Building2 aria-hidden />} href={`/parties/${id}`}>
              {t("party")}
            </LinkButton>
          ) : null}
          {can("wallet:top_up") ? (
            <>
              <CreditLimitDialog wallet={wallet} />
              <TopUpDialog wallet={wallet} />
            </>
          ) : null}
        </>
      }
    >
      <Negative wallet={wallet} own={own} />
      <Figures wallet={wallet} />
      <Movements id={id} own={own} currency={wallet.currency} />
    </PageFrame>
  );
}

function Negative({ wallet, own }: { wallet: WalletDetail; own: boolean }) {
  const t = useTranslations("wallets");
  const format = useFormat();
  if (wallet.balance >= 0n) return null;
  return (
    <Alert
      tone="warning"
      live={false}
      title={t("negative", { amount: format.money(-wallet.balance, wallet.currency) })}
    >
      {t(own ? "ownNegativeText" : "negativeText")}
    </Alert>
  );
}

function Figures({ wallet }: { wallet: WalletDetail }) {
  const t = useTranslations("wallets.figures");
  const { balance, available, creditLimit, toppedUp, currency } = wallet;
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <StatTile label={t("balance")} value={<Money amount={balance} currency={currency} toned />} />
      <StatTile
        label={t("available")}
        value={<Money amount={available} currency={currency} />}
        detail={t("availableDetail")}
      />
      <StatTile
        label={t("creditLimit")}
        value={<Money amount={creditLimit} currency={currency} />}
        detail={t("creditDetail")}
      />
      <StatTile
        label={t("toppedUp")}
        value={<Money amount={toppedUp.total} currency={currency} />}
        detail={t("toppedUpDetail", { count: toppedUp.count })}
      />
    </div>
  );
}

function Movements({ id, own, currency }: { id: string; own: boolean; currency: string }) {
  const t = useTranslations("wallets.movements");
  const can = useCan();
  const trpc = useTRPC();
  const table = useTableState(movementsTable);
  const list = useQuery(
    trpc.wallets.movements.queryOptions(movementsInput(id, table.query), {
      placeholderData: keepPreviousData,
    }),
  );
  const columns = useColumns(currency);
  return (
    <section aria-labelledby="movements" className="space-y-3">
      <h2 id="movements" className="text-sm font-semibold">
        {t("title")}
      </h2>
      <DataTable<WalletMovement, typeof movementsTable.filters, never>
        table={table}
        label={t("title")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.tradeId}
        rowName={(row) => row.reference}
        rowHref={can("trade:read") ? (row) => `/trades/${row.tradeId}` : undefined}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={
          <EmptyState
            icon={<ReceiptText />}
            title={t("empty")}
            description={own ? t("ownEmptyHint") : can("wallet:top_up") ? t("emptyHint") : undefined}
          />
        }
      />
    </section>
  );
}

const KINDS = ["top_up", "card_sale", "reversal", "adjustment", "payment"] as const;

function useColumns(currency: string): readonly DataColumn<WalletMovement, never>[] {
  const t = useTranslations("wallets.movements");
  const can = useCan();
  return useMemo(
    () => [
      {
        id: "what",
        header: t("what"),
        fixed: true,
        card: "title",
        cell: (row) => (
          <span>
            <span className="font-medium">
              {t(`kinds.${KINDS.find((kind) => kind === row.kind) ?? "other"}`)}
            </span>{" "}
            <span className="figure text-xs whitespace-nowrap text-muted-foreground">{row.reference}</span>
          </span>
        ),
      },
      {
        id: "amount",
        header: t("amount"),
        align: "end",
        card: "aside",
        interactive: true,
        cell: (row) => (
          <ExplainedAmount tradeId={row.tradeId} amount={row.amount} currency={currency} signed toned />
        ),
      },
      {
        id: "balance",
        header: t("balance"),
        align: "end",
        cell: (row) => <Money amount={row.balance} currency={currency} />,
      },
      {
        id: "detail",
        header: t("detail"),
        interactive: true,
        cell: (row) => <Detail movement={row} linked={can("order:read")} />,
      },
      { id: "time", header: t("time"), cell: (row) => <Instant at={row.postedAt} /> },
    ],
    [t, can, currency],
  );
}

function Detail({ movement, linked }: { movement: WalletMovement; linked: boolean }) {
  const t = useTranslations("wallets.movements");
  const { kind, product, order, note } = movement;
  if (kind === "top_up") return <span>{note ? t("bankReference", { reference: note }) : "–"}</span>;
  return (
    <span>
      {product ?? note ?? "–"}
      {order ? (
        <span className="figure block text-xs text-muted-foreground">
          {linked ? (
            <Link href={`/orders/${order.id}`} className="text-primary underline-offset-2 hover:underline">
              {order.reference}
            </Link>
          ) : (
            order.reference
          )}
        </span>
      ) : null}
    </span>
  );
}
