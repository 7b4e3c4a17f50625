import { anyText, defineTable, oneOf } from "@/components/data-table/definition";
import { SHARE_KINDS } from "@/server/domain/reports/schemas";

export const commissionTable = defineTable({
  id: "commission",
  filters: { kind: oneOf(SHARE_KINDS), partyId: anyText() },
});

export function commissionInput({
  from,
  to,
  cursor,
  limit,
  filters,
}: ReturnType<typeof commissionTable.load>) {
  return {
    ...(filters.kind ? { kind: filters.kind } : {}),
    // An address may hold anything; what is no id is no filter.
    ...(isId(filters.partyId) ? { partyId: filters.partyId } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(cursor ? { cursor } : {}),
    limit,
  };
}

function isId(text: string | undefined): text is string {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text ?? "");
}
