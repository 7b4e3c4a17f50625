import { anyText, defineTable, manyOf } from "@/components/data-table/definition";
import { CAMPAIGN_STATUSES, type ListCampaignsInput, VOUCHER_TYPES } from "@/server/domain/vouchers/schemas";

export const campaignsTable = defineTable({
  id: "campaigns",
  filters: { type: manyOf(VOUCHER_TYPES), status: manyOf(CAMPAIGN_STATUSES), brandId: anyText() },
});

export function campaignsInput({
  q,
  cursor,
  limit,
  filters: { brandId, ...filters },
}: ReturnType<typeof campaignsTable.load>): ListCampaignsInput {
  return {
    ...filters,
    // An address may hold anything; what is no id is no filter.
    ...(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(brandId ?? "") ? { brandId } : {}),
    ...(q ? { search: q } : {}),
    ...(cursor ? { cursor } : {}),
    limit,
  };
}
