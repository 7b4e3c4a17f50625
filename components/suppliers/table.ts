import { defineTable } from "@/components/data-table/definition";

export const suppliersTable = defineTable({ id: "suppliers" });
export function suppliersInput({ q, cursor, limit }: ReturnType<typeof suppliersTable.load>) {
  return { ...(q ? { search: q } : {}), ...(cursor ? { cursor } : {}), limit };
}

/** Prepayments shown on a supplier's page. */
export const PREPAYMENTS_SHOWN = 20;
/** Of its products. */
export const PRODUCTS_SHOWN = 50;
