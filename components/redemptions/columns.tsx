"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { DataColumn } from "@/components/data-table";
import { useViewer } from "@/components/layout/viewer";
import { ExplainedAmount } from "@/components/trace/explain";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import type { PartyKind } from "@/server/core/permissions";
import type { RedemptionRow } from "@/server/domain/vouchers/types";
import { RedemptionStateBadge } from "./state";

/** What the page around a list says already, or is not the reader's business: a merchant's due is no brand's. */
const WITHOUT: Partial<Record<PartyKind, readonly string[]>> = {
  platform: ["ownCost"],
  merchant: ["merchant", "ownCost"],
  brand: ["merchantDue"],
};

/** Columns of a list of redemptions, for the viewer. */
export function useRedemptionColumns(): readonly DataColumn<RedemptionRow, never>[] {
  const t = useTranslations("redemptions.columns");
  const types = useTranslations("vouchers.types");
  const { kind } = useViewer().party;
  return useMemo(() => {
    const columns: DataColumn<RedemptionRow, never>[] = [
      {
        id: "reference",
        header: t("reference"),
        fixed: true,
        card: "title",
        cell: (row) => <span className="figure font-medium">{row.reference}</span>,
      },
      { id: "tradedAt", header: t("tradedAt"), cell: (row) => <Instant at={row.tradedAt} style="second" /> },
      {
        id: "postedAt",
        header: t("postedAt"),
        hidden: true,
        cell: (row) => <Instant at={row.postedAt} style="second" />,
      },
      { id: "merchant", header: t("merchant"), wraps: "name", cell: (row) => row.merchantName ?? "–" },
      { id: "campaign", header: t("campaign"), wraps: "name", cell: (row) => row.campaignName ?? "–" },
      {
        id: "type",
        header: t("type"),
        hidden: true,
        cell: (row) => (row.type ? types(row.type) : "–"),
      },
      {
        id: "voucher",
        header: t("voucher"),
        hidden: true,
        interactive: true,
        cell: (row) =>
          row.voucherId ? (
            <Link
              href={`/vouchers/${row.voucherId}`}
              className="figure text-primary underline-offset-2 hover:underline"
            >
              {row.voucherReference}
            </Link>
          ) : (
            "–"
          ),
      },
      { id: "orderRef", header: t("orderRef"), hidden: true, cell: (row) => row.orderRef ?? "–" },
      {
        id: "gross",
        header: t("gross"),
        align: "end",
        cell: (row) => <Money amount={row.gross} currency={row.currency} />,
      },
      {
        id: "discount",
        header: t("discount"),
        align: "end",
        cell: (row) => <Money amount={-row.discount} currency={row.currency} />,
      },
      {
        id: "storedValue",
        header: t("storedValue"),
        align: "end",
        hidden: true,
        cell: (row) => <Money amount={row.storedValue} currency={row.currency} />,
      },
      {
        id: "paid",
        header: t("paid"),
        align: "end",
        card: "aside",
        cell: (row) => <Money amount={row.paid} currency={row.currency} />,
      },
      {
        id: "merchantDue",
        header: t(kind === "merchant" ? "ownDue" : "merchantDue"),
        align: "end",
        interactive: true,
        cell: (row) =>
          row.merchantDue === null ? null : (
            <ExplainedAmount tradeId={row.id} amount={row.merchantDue} currency={row.currency} toned />
          ),
      },
      {
        id: "ownCost",
        header: t("ownCost"),
        align: "end",
        interactive: true,
        cell: (row) =>
          row.ownCost === null ? null : (
            <ExplainedAmount tradeId={row.id} amount={row.ownCost} currency={row.currency} />
          ),
      },
      {
        id: "reversed",
        header: t("reversed"),
        align: "end",
        hidden: true,
        cell: (row) => <Money amount={row.reversedAmount} currency={row.currency} />,
      },
      { id: "state", header: t("state"), cell: (row) => <RedemptionStateBadge state={row.state} /> },
    ];
    const without = WITHOUT[kind] ?? [];
    return columns.filter(({ id }) => !without.includes(id));
  }, [t, types, kind]);
}
