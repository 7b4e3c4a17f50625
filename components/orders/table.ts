import { anyText, defineTable, manyOf, oneOf } from "@/components/data-table/definition";
import { addDays, startOfDayIn } from "@/components/format/format";
import {
  type ListOrdersInput,
  ORDER_FLAGS,
  ORDER_SOURCES,
  ORDER_STATES,
} from "@/server/domain/orders/schemas";

export const ordersTable = defineTable({
  id: "orders",
  filters: {
    state: manyOf(ORDER_STATES),
    flag: oneOf(ORDER_FLAGS),
    reported: oneOf(["true"]),
    source: oneOf(ORDER_SOURCES),
    distributorId: anyText(),
    productId: anyText(),
    channelId: anyText(),
  },
});

/** Days of the address are days of the tenant, both included. */
export function ordersInput(
  { q, from, to, cursor, limit, filters }: ReturnType<typeof ordersTable.load>,
  timeZone: string,
): ListOrdersInput {
  const { state, flag, reported, source, ...ids } = filters;
  return {
    ...idsOnly(ids),
    ...(state ? { state } : {}),
    ...(flag ? { flag } : {}),
    ...(source ? { source } : {}),
    ...(reported ? { reported: true } : {}),
    ...(q ? { search: q } : {}),
    ...(from ? { from: startOfDayIn(from, timeZone) } : {}),
    ...(to ? { to: startOfDayIn(addDays(to, 1), timeZone) } : {}),
    ...(cursor ? { cursor } : {}),
    limit,
  };
}

/** An address may hold anything; what is no id is no filter. */
function idsOnly(ids: Record<string, string | undefined>) {
  return Object.fromEntries(Object.entries(ids).filter(([, id]) => ID.test(id ?? ""))) as {
    distributorId?: string;
    productId?: string;
    channelId?: string;
  };
}
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
