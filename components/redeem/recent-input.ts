import { startOfDayIn } from "@/components/format/format";
import type { ListRedemptionsInput } from "@/server/domain/vouchers/schemas";

/** What the till asks for; the page asks the same beforehand. */
export function recentInput(
  today: string,
  timeZone: string,
  merchantId: string | null,
): ListRedemptionsInput {
  return { from: startOfDayIn(today, timeZone), limit: 20, ...(merchantId ? { merchantId } : {}) };
}
