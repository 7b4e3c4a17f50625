import type { Ctx } from "@/server/core/context";
import { isoDate } from "@/server/domain/calendar";
import { createFeeSchedule, listFeeSchedules, saveFeeDraft, submitFeeDraft } from "@/server/domain/clearing";
import type { FeeDraft, FeeScope } from "@/server/domain/clearing/fees/schemas";

/** The demo's fee schedules: graduated for all merchants, by volume for a chain, and one for busy distributors. */

const COMMISSION: FeeScope = { role: "merchant", leg: "fee.commission", currency: "CNY" };
const NOBODY_ELSE = { everyone: false, tiers: [], parties: [] };
const GRADUATED = "商户阶梯费率";

/** Published with the version of the rule that goes by them. `from`: a day of the tenant's zone. */
export async function publishFees(
  operator: Ctx,
  merchants: readonly { id: string; name: string }[],
  from: string,
): Promise<void> {
  await createFeeSchedule(operator, {
    name: GRADUATED,
    scope: COMMISSION,
    effectiveFrom: from,
    definition: {
      method: "graduated",
      bands: [
        { from: "0", rate: "0.018" },
        { from: "2000000", rate: "0.015" },
        { from: "6000000", rate: "0.012" },
      ],
      appliesTo: { ...NOBODY_ELSE, everyone: true },
    },
    note: "每月超过 2 万的部分 1.5%，超过 6 万的部分 1.2%",
  });
  const chain = merchants.filter(({ name }) => name.startsWith("晨屿咖啡") || name.startsWith("茶里有山"));
  if (chain.length === 0) return;
  await createFeeSchedule(operator, {
    name: "连锁茶咖月度量价",
    scope: COMMISSION,
    effectiveFrom: from,
    definition: {
      method: "volume",
      bands: [
        { from: "0", rate: "0.016" },
        { from: "1500000", rate: "0.013" },
      ],
      appliesTo: { ...NOBODY_ELSE, parties: chain.map(({ id }) => id) },
    },
    note: "月交易额满 1.5 万，全月按 1.3%",
  });
}

/** "2026-12-01" of a day in November. */
export function firstOfNextMonth(day: number): string {
  const [year = 0, month = 1] = isoDate(day).split("-").map(Number);
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}

/** From the next month the last band is cheaper: a version that waits for its day. */
export async function reviseFees(operator: Ctx, from: string): Promise<void> {
  const schedule = (await listFeeSchedules(operator)).find(({ name }) => name === GRADUATED);
  const [last] = schedule?.versions ?? [];
  if (!schedule || !last) return;
  const definition: FeeDraft = {
    ...last.definition,
    bands: last.definition.bands.map((band, i, all) =>
      i === all.length - 1 ? { ...band, rate: "0.01" } : { ...band },
    ),
  };
  const { revision } = await saveFeeDraft(operator, {
    scheduleId: schedule.id,
    name: schedule.name,
    scope: COMMISSION,
    definition,
    effectiveFrom: from,
    note: "年末让利：超过 6 万的部分降至 1%",
  });
  await submitFeeDraft(operator, { scheduleId: schedule.id, revision, publish: true });
}

/** Silver and gold earn more on what they sell beyond a volume. */
export async function publishDistributorFees(operator: Ctx): Promise<void> {
  await createFeeSchedule(operator, {
    name: "分销商阶梯佣金",
    scope: { role: "distributor", leg: "card.commission", currency: "CNY" },
    definition: {
      method: "graduated",
      bands: [
        { from: "0", rate: "0.01" },
        { from: "500000", rate: "0.012" },
        { from: "2000000", rate: "0.015" },
      ],
      appliesTo: { ...NOBODY_ELSE, tiers: ["silver", "gold"] },
    },
    note: "银牌、金牌：每月销售额越高，佣金越高",
  });
}
