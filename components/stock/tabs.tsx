"use client";

import { useTranslations } from "next-intl";
import { useCan } from "@/components/layout/viewer";
import { LinkTabs } from "@/components/ui/tabs";

/** Stock by product and by batch, and what was imported. */
export function StockTabs() {
  const t = useTranslations("stock.tabs");
  const can = useCan();
  return (
    <LinkTabs
      label={t("label")}
      tabs={[
        { href: "/stock", label: t("products") },
        { href: "/stock/batches", label: t("batches") },
        ...(can("stock:import") ? [{ href: "/stock/imports", label: t("imports") }] : []),
      ]}
    />
  );
}
