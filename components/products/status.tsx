"use client";

import { useTranslations } from "next-intl";
import { formatCount } from "@/components/format/format";
import { Badge, type Tone } from "@/components/ui/badge";
import type { ProductStatus } from "@/server/domain/cards/schemas";

const TONES: Record<ProductStatus, Tone> = { draft: "neutral", on_sale: "success", off_sale: "warning" };

export function ProductStatusBadge({ status }: { status: ProductStatus }) {
  const t = useTranslations("products.status");
  return <Badge tone={TONES[status]}>{t(status)}</Badge>;
}

/** How many can be sold now, loud when few or none; without the number for those who may not know it. */
export function AvailableBadge({
  product,
}: {
  product: { available: number | null; inStock: boolean; low: boolean; looped: boolean };
}) {
  const t = useTranslations("products.stockBadge");
  const { available, inStock, low, looped } = product;
  if (!inStock || available === 0) return <Badge tone="danger">{t("out")}</Badge>;
  if (available === null) return <Badge tone="success">{t("inStock")}</Badge>;
  const count = formatCount(available);
  if (low) return <Badge tone="warning">{t("low", { count })}</Badge>;
  return (
    <span className="figure whitespace-nowrap">
      {t("some", { count })}
      {looped ? <span className="ms-1.5 text-xs text-muted-foreground">{t("looped")}</span> : null}
    </span>
  );
}
