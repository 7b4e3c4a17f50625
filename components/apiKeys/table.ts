import { anyText, defineTable, oneOf } from "@/components/data-table/definition";

export const apiKeysTable = defineTable({
  id: "api-keys",
  filters: { state: oneOf(["active", "ended"]), partyId: anyText() },
});

export function apiKeysInput({
  filters,
  from: _,
  to: __,
  sort: ___,
  direction: ____,
  ...query
}: ReturnType<typeof apiKeysTable.load>) {
  return { ...query, ...filters };
}
