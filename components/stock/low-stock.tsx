"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { formatCount } from "@/components/format/format";
import { Alert } from "@/components/ui/alert";

/** Says that a product is about to run out, or has. Renders nothing while there is enough. */
export function LowStockAlert({
  available,
  lowStockAt,
  actions,
}: {
  available: number;
  lowStockAt: number;
  actions?: ReactNode;
}) {
  const t = useTranslations("stock.low");
  if (available > 0 && available >= lowStockAt) return null;
  const out = available === 0;
  return (
    <Alert
      tone={out ? "danger" : "warning"}
      live={false}
      title={t(out ? "outTitle" : "title")}
      actions={actions}
    >
      {out
        ? t("outText")
        : t("text", { available: formatCount(available), lowStockAt: formatCount(lowStockAt) })}
    </Alert>
  );
}
