"use client";

import { useTranslations } from "next-intl";
import { formatCount } from "@/components/format/format";
import { Badge, type Tone } from "@/components/ui/badge";

export type ProductStatus = "draft" | "on_sale" | "off_sale";

const TONES: Record<ProductStatus, Tone> = { draft: "neutral", on_sale: "success", off_sale: "warning" };

export function ProductStatusBadge({ status }: { status: ProductStatus }) {
  const t = useTranslations("products.status");
  return <Badge tone={TONES[status]}>{t(status)}</Badge>;
}

/** How many can be sold now; loud when few or none. */
export function AvailableBadge({
  available,
  lowStockAt,
  looped,
}: {
  available: number;
  lowStockAt: number;
  looped: boolean;
}) {
  const t = useTranslations("products.stockBadge");
  if (available === 0) return <Badge tone="danger">{t("out")}</Badge>;
  const count = formatCount(available);
  if (available < lowStockAt) return <Badge tone="warning">{t("low", { count })}</Badge>;
  return (
    <span className="figure whitespace-nowrap">
      {t("some", { count })}
      {looped ? <span className="ms-1.5 text-xs text-muted-foreground">{t("looped")}</span> : null}
    </span>
  );
}
