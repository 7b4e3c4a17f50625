import { defineTable } from "@/components/data-table/definition";

export const walletsTable = defineTable({ id: "wallets", filters: {} });
export function walletsInput({ q, cursor, limit }: ReturnType<typeof walletsTable.load>) {
  return { ...(q ? { q } : {}), ...(cursor ? { cursor } : {}), limit };
}

export const movementsTable = defineTable({ id: "wallet-movements", filters: {} });
export function movementsInput(
  distributorId: string,
  { cursor, limit }: Pick<ReturnType<typeof movementsTable.load>, "cursor" | "limit">,
) {
  return { distributorId, ...(cursor ? { cursor } : {}), limit };
}
