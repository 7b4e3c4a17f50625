import { anyText, defineTable } from "@/components/data-table/definition";

export const auditTable = defineTable({
  id: "audit",
  filters: {
    action: anyText(),
    subjectKind: anyText(),
    subjectId: anyText(),
    actorId: anyText(),
    partyId: anyText(),
  },
});

export function auditInput({
  filters,
  sort: _,
  direction: __,
  ...query
}: ReturnType<typeof auditTable.load>) {
  return { ...query, ...filters };
}
