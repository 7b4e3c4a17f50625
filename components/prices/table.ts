import { defineTable, oneOf } from "@/components/data-table/definition";
import type { ListPricesInput } from "@/server/domain/pricing/schemas";

export const PRODUCT_STATUSES = ["on_sale", "draft", "off_sale"] as const;
export const pricesTable = defineTable({ id: "prices", filters: { status: oneOf(PRODUCT_STATUSES) } });

export function pricesInput({
  q,
  cursor,
  limit,
  filters,
}: ReturnType<typeof pricesTable.load>): ListPricesInput {
  return {
    ...(filters.status ? { status: filters.status } : {}),
    ...(q ? { q } : {}),
    ...(cursor ? { cursor } : {}),
    limit,
  };
}
