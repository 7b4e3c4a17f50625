"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";

interface Priced {
  id: string;
  currency: string;
}

/** The least that a tier pays for each product, in words; undefined for those who may not see prices. */
export function useLowestPrices(
  products: readonly Priced[] | undefined,
): ((product: Priced) => string) | undefined {
  const t = useTranslations("products");
  const format = useFormat();
  const can = useCan();
  const trpc = useTRPC();
  const ids = (products ?? []).map(({ id }) => id);
  const list = useQuery({
    ...trpc.prices.list.queryOptions({ productIds: ids, limit: 200 }),
    enabled: can("price:read") && ids.length > 0,
  });
  const rows = list.data?.items;
  const text = useCallback(
    ({ id, currency }: Priced) => {
      if (!rows) return "…";
      const prices = Object.values(rows.find((row) => row.productId === id)?.prices ?? {});
      const [lowest, ...others] = prices.sort((a, b) => (a < b ? -1 : 1));
      if (lowest === undefined) return t("noPrice");
      const price = format.money(lowest, currency);
      return others.some((other) => other !== lowest) ? t("priceFrom", { price }) : price;
    },
    [rows, t, format],
  );
  return can("price:read") ? text : undefined;
}
