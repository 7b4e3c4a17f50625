"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/trpc";

/** A product as its distributor may buy it. */
export interface CatalogueItem {
  productId: string;
  number: string;
  name: string;
  face: bigint;
  /** Of the own tier. */
  price: bigint;
  currency: string;
  imagePath: string | null;
  inStock: boolean;
  maxPerOrder: number;
}

export interface BasketLine {
  item: CatalogueItem;
  quantity: number;
}

const ALL = 200;

/** What is on sale at a price of the own tier: the price list says what it costs, the products whether it is there. */
export function useCatalogue(search: string) {
  const trpc = useTRPC();
  const q = search.trim();
  const prices = useQuery(
    trpc.prices.list.queryOptions(
      { limit: ALL, status: "on_sale", ...(q ? { q } : {}) },
      { placeholderData: keepPreviousData },
    ),
  );
  const products = useQuery(
    trpc.products.list.queryOptions(
      { limit: ALL, status: ["on_sale"], ...(q ? { search: q } : {}) },
      { placeholderData: keepPreviousData },
    ),
  );
  const known = new Map(products.data?.items.map((product) => [product.id, product]));
  const items = (prices.data?.items ?? []).flatMap((row): CatalogueItem[] => {
    const product = known.get(row.productId);
    const [price] = Object.values(row.prices);
    if (!product || price === undefined) return [];
    const { imagePath, inStock, maxPerOrder } = product;
    return [{ ...row, price, imagePath, inStock, maxPerOrder }];
  });
  return {
    items,
    loading: prices.isPending || products.isPending,
    fetching: prices.isPlaceholderData || products.isPlaceholderData,
    error: prices.error ?? products.error,
    retry: () => void Promise.all([prices.refetch(), products.refetch()]),
  };
}
