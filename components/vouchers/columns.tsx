"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { DataColumn } from "@/components/data-table";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import type { VoucherRow } from "@/server/domain/vouchers/types";
import { lastMoment } from "./last-moment";
import { VoucherStatusBadge } from "./status";

export function useVoucherColumns(
  staff: boolean,
  timeZone: string,
): readonly DataColumn<VoucherRow, never>[] {
  const t = useTranslations("vouchers.columns");
  const types = useTranslations("vouchers.types");
  return useMemo(() => {
    const columns: DataColumn<VoucherRow, never>[] = [
      {
        id: "reference",
        header: t("reference"),
        fixed: true,
        card: "title",
        cell: (row) => <span className="figure font-medium">{row.reference}</span>,
      },
      {
        id: "campaign",
        header: t("campaign"),
        cell: (row) => <span className="sm:whitespace-nowrap">{row.campaignName}</span>,
      },
      {
        id: "type",
        header: t("type"),
        hidden: true,
        cell: (row) => <span className="whitespace-nowrap">{types(row.type)}</span>,
      },
      {
        id: "status",
        header: t("status"),
        card: "aside",
        cell: (row) => <VoucherStatusBadge status={row.status} />,
      },
      ...(staff
        ? ([
            {
              id: "customer",
              header: t("customer"),
              cell: (row) => <span className="figure">{row.customerId ?? "–"}</span>,
            },
            { id: "source", header: t("source"), hidden: true, cell: (row) => row.sourceId ?? "–" },
          ] satisfies DataColumn<VoucherRow, never>[])
        : []),
      { id: "issuedAt", header: t("issuedAt"), cell: (row) => <Instant at={row.issuedAt} /> },
      {
        id: "validFrom",
        header: t("validFrom"),
        hidden: true,
        cell: (row) => <Instant at={row.validFrom} />,
      },
      {
        id: "validTo",
        header: t("validTo"),
        cell: (row) => <Instant at={row.validTo && lastMoment(row.validTo, timeZone)} />,
      },
      {
        id: "balance",
        header: t("balance"),
        align: "end",
        cell: (row) => <Money amount={row.balance} currency={row.currency} />,
      },
      {
        id: "usesLeft",
        header: t("usesLeft"),
        align: "end",
        hidden: true,
        cell: (row) => <span className="figure">{row.usesLeft}</span>,
      },
      { id: "redeemedAt", header: t("redeemedAt"), cell: (row) => <Instant at={row.redeemedAt} /> },
      { id: "merchant", header: t("merchant"), cell: (row) => row.redeemedBy?.name ?? "–" },
    ];
    return columns;
  }, [t, types, staff, timeZone]);
}
