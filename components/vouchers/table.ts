import { anyText, defineTable, manyOf } from "@/components/data-table/definition";
import { type ListVouchersInput, VOUCHER_STATUSES } from "@/server/domain/vouchers/schemas";

export const vouchersTable = defineTable({
  id: "vouchers",
  filters: {
    campaignId: anyText(),
    customerId: anyText(),
    jobId: anyText(),
    status: manyOf(VOUCHER_STATUSES),
  },
});

export function vouchersInput({
  q,
  cursor,
  limit,
  filters,
}: ReturnType<typeof vouchersTable.load>): ListVouchersInput {
  return {
    ...(isId(filters.campaignId) ? { campaignId: filters.campaignId } : {}),
    ...(isId(filters.jobId) ? { jobId: filters.jobId } : {}),
    ...(filters.customerId ? { customerId: filters.customerId } : {}),
    ...(filters.status ? { status: filters.status } : {}),
    ...(q ? { search: q } : {}),
    ...(cursor ? { cursor } : {}),
    limit,
  };
}

/** An address may hold anything; what is no id is no filter. */
function isId(text: string | undefined): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text ?? "");
}
