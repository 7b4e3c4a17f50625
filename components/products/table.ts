import { anyText, defineTable, manyOf } from "@/components/data-table/definition";
import { type ListProductsInput, PRODUCT_STATUSES } from "@/server/domain/cards/schemas";

export const productsTable = defineTable({
  id: "products",
  filters: { status: manyOf(PRODUCT_STATUSES), supplierId: anyText() },
});

export function productsInput({
  q,
  cursor,
  limit,
  filters,
}: ReturnType<typeof productsTable.load>): ListProductsInput {
  return {
    ...(q ? { search: q } : {}),
    ...(filters.status ? { status: filters.status } : {}),
    ...(isId(filters.supplierId) ? { supplierId: filters.supplierId } : {}),
    ...(cursor ? { cursor } : {}),
    limit,
  };
}

/** An address may hold anything; what is no id is no filter. */
export function isId(text: string | null | undefined): text is string {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text ?? "");
}
