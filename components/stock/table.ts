import { anyText, defineTable, oneOf } from "@/components/data-table/definition";
import { isId } from "@/components/products/table";
import {
  KEY_STATES,
  type ListBatchesInput,
  type ListKeysInput,
  type ListStockInput,
} from "@/server/domain/cards/schemas";

export const stockTable = defineTable({
  id: "stock",
  filters: { low: oneOf(["yes"]), supplierId: anyText() },
});
export function stockInput({
  q,
  cursor,
  limit,
  filters,
}: ReturnType<typeof stockTable.load>): ListStockInput {
  return {
    ...(q ? { search: q } : {}),
    ...(filters.low ? { low: true } : {}),
    ...(isId(filters.supplierId) ? { supplierId: filters.supplierId } : {}),
    ...(cursor ? { cursor } : {}),
    limit,
  };
}

export const batchesTable = defineTable({
  id: "batches",
  filters: { productId: anyText(), supplierId: anyText() },
});
export function batchesInput({
  cursor,
  limit,
  filters,
}: ReturnType<typeof batchesTable.load>): ListBatchesInput {
  return {
    ...(isId(filters.productId) ? { productId: filters.productId } : {}),
    ...(isId(filters.supplierId) ? { supplierId: filters.supplierId } : {}),
    ...(cursor ? { cursor } : {}),
    limit,
  };
}

export const keyImportsTable = defineTable({ id: "key-imports", pageSize: 20 });
export const keyImportsInput = ({ cursor, limit }: ReturnType<typeof keyImportsTable.load>) => ({
  cursor,
  limit,
});

export const keysTable = defineTable({ id: "keys", filters: { state: oneOf(KEY_STATES) } });
export function keysInput(
  batchId: string,
  { cursor, limit, filters }: ReturnType<typeof keysTable.load>,
): ListKeysInput {
  return { batchId, state: filters.state, cursor, limit };
}

/** Batches on a product's page. */
export const RECENT_BATCHES = 10;

/** Rejected lines shown on an import's page; all of them are in the download. */
export const REJECTS_SHOWN = 20;
