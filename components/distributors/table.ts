import { anyText, defineTable } from "@/components/data-table/definition";
import type { ListDistributorsInput } from "@/server/domain/pricing/schemas";

export const distributorsTable = defineTable({ id: "distributors", filters: { tier: anyText() } });

export function distributorsInput({
  q,
  cursor,
  limit,
  filters,
}: ReturnType<typeof distributorsTable.load>): ListDistributorsInput {
  return {
    // An address may hold anything; what is no code is no filter.
    ...(/^[a-z0-9][a-z0-9_-]{0,31}$/.test(filters.tier ?? "") ? { tier: filters.tier } : {}),
    ...(q ? { q } : {}),
    ...(cursor ? { cursor } : {}),
    limit,
  };
}
