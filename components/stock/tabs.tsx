"use client";

import { useTranslations } from "next-intl";
import { LinkTabs } from "@/components/ui/tabs";

/** Stock by product and by batch, and what was imported. */
export function StockTabs() {
  const t = useTranslations("stock.tabs");
  return (
    <LinkTabs
      label={t("label")}
      tabs={[
        { href: "/stock", label: t("products") },
        { href: "/stock/batches", label: t("batches") },
        { href: "/stock/imports", label: t("imports") },
      ]}
    />
  );
}
