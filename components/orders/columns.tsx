"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { DataColumn } from "@/components/data-table";
import { Badge } from "@/components/ui/badge";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import type { OrderRow } from "@/server/domain/orders/types";
import { OrderStateBadge } from "./state";

/** Columns of the list; a distributor's own orders need not say whose they are. */
export function useOrderColumns(own: boolean): readonly DataColumn<OrderRow, never>[] {
  const t = useTranslations("orders");
  return useMemo(() => {
    const columns: DataColumn<OrderRow, never>[] = [
      {
        id: "reference",
        header: t("columns.reference"),
        fixed: true,
        card: "title",
        cell: (row) => <span className="figure font-medium">{row.reference}</span>,
      },
      {
        id: "state",
        header: t("columns.state"),
        cell: (row) => (
          <span className="inline-flex flex-wrap gap-1">
            <OrderStateBadge state={row.state} flag={row.flag} />
            {row.openReports > 0 ? <Badge tone="warning">{t("quick.reported")}</Badge> : null}
          </span>
        ),
      },
      {
        id: "product",
        header: t("columns.product"),
        wraps: "sentence",
        cell: (row) => <Products row={row} />,
      },
      {
        id: "quantity",
        header: t("columns.quantity"),
        align: "end",
        cell: (row) => <span className="figure">{row.quantity}</span>,
      },
      {
        id: "delivered",
        header: t("columns.delivered"),
        align: "end",
        hidden: true,
        cell: (row) => <span className="figure">{row.delivered}</span>,
      },
      {
        id: "amount",
        header: t("columns.amount"),
        align: "end",
        card: "aside",
        cell: (row) => <Money amount={row.total} currency={row.currency} />,
      },
      {
        id: "refunded",
        header: t("columns.refunded"),
        align: "end",
        hidden: true,
        cell: (row) => <Money amount={row.refunded} currency={row.currency} />,
      },
      { id: "source", header: t("columns.source"), cell: (row) => t(`sources.${row.source}`) },
      { id: "channel", header: t("columns.channel"), cell: (row) => <PaidBy row={row} /> },
      {
        id: "externalRef",
        header: t("columns.externalRef"),
        hidden: true,
        cell: (row) => row.externalRef ?? "–",
      },
      {
        id: "createdAt",
        header: t("columns.createdAt"),
        cell: (row) => <Instant at={row.createdAt} style="second" />,
      },
      {
        id: "paidAt",
        header: t("columns.paidAt"),
        hidden: true,
        cell: (row) => <Instant at={row.paidAt} style="second" />,
      },
      {
        id: "deliveredAt",
        header: t("columns.deliveredAt"),
        hidden: true,
        cell: (row) => <Instant at={row.deliveredAt} style="second" />,
      },
    ];
    if (!own)
      columns.splice(3, 0, {
        id: "distributor",
        header: t("columns.distributor"),
        wraps: "name",
        cell: (row) => row.distributorName,
      });
    return columns;
  }, [t, own]);
}

function Products({ row }: { row: OrderRow }) {
  const t = useTranslations("orders");
  const [first] = row.products;
  if (!first) return <>–</>;
  return (
    <span className="break-words">
      {first}
      {row.products.length > 1 ? (
        <span className="text-muted-foreground"> {t("more", { count: row.products.length })}</span>
      ) : null}
    </span>
  );
}

function PaidBy({ row }: { row: Pick<OrderRow, "payment"> }) {
  const t = useTranslations("orders");
  if (!row.payment) return <span className="text-muted-foreground">{t("unpaid")}</span>;
  return <>{row.payment.channelName ?? t("wallet")}</>;
}
