import { anyText, defineTable, oneOf } from "@/components/data-table/definition";
import { addDays, startOfDayIn } from "@/components/format/format";
import type { ListRedemptionsInput } from "@/server/domain/vouchers/schemas";

export const redemptionsTable = defineTable({
  id: "redemptions",
  filters: {
    merchantId: anyText(),
    campaignId: anyText(),
    voucherId: anyText(),
    state: oneOf(["standing", "part_reversed", "reversed"]),
  },
});

/** Days of the address are days of the tenant, both included. */
export function redemptionsInput(
  { q, from, to, cursor, limit, filters }: ReturnType<typeof redemptionsTable.load>,
  timeZone: string,
): ListRedemptionsInput {
  return {
    ...idsOnly(filters),
    ...(filters.state ? { state: filters.state } : {}),
    ...(q ? { search: q } : {}),
    ...(from ? { from: startOfDayIn(from, timeZone) } : {}),
    ...(to ? { to: startOfDayIn(addDays(to, 1), timeZone) } : {}),
    ...(cursor ? { cursor } : {}),
    limit,
  };
}

/** An address may hold anything; what is no id is no filter. */
function idsOnly(filters: Record<string, string | undefined>) {
  const ids = ["merchantId", "campaignId", "voucherId"].flatMap((name) =>
    ID.test(filters[name] ?? "") ? [[name, filters[name]]] : [],
  );
  return Object.fromEntries(ids) as { merchantId?: string; campaignId?: string; voucherId?: string };
}
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
