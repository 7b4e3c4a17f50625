"use client";

import { useTranslations } from "next-intl";
import { useCallback } from "react";
import type { OrderDelivery } from "@/server/domain/orders/types";

/** What a card is called without showing it. */
export function useKeyName(): (delivery: Pick<OrderDelivery, "tail">) => string {
  const t = useTranslations("orders.cards");
  return useCallback(({ tail }) => (tail === "" ? t("noNumber") : t("hidden", { tail })), [t]);
}
