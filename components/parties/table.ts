import { defineTable, oneOf } from "@/components/data-table/definition";
import { PARTY_KINDS } from "@/server/core/permissions";

export const partiesTable = defineTable({
  id: "parties",
  filters: { kind: oneOf(PARTY_KINDS), status: oneOf(["active", "suspended"]) },
  sorts: ["number", "name", "createdAt"],
  defaultSort: { by: "number", direction: "asc" },
});

export function partiesInput({ filters, from: _, to: __, ...query }: ReturnType<typeof partiesTable.load>) {
  return { ...query, ...filters };
}
