import type { Ctx } from "@/server/core/context";
import { type ErrorCode, isDomainError } from "@/server/core/errors";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestClock, type TestTenant } from "@/server/testing/factories";
import { createRule, redemptionRule } from "../clearing";
import { activateCampaign, type Campaign, createCampaign, type IssuedVoucher, issueVoucher } from ".";
import type { CreateCampaignInput, IssueVoucherInput, RedeemItem } from "./schemas";

type Party = Awaited<ReturnType<typeof makeParty>>;

/** A tenant with what a redemption needs: a rule, a merchant and another one, a brand, a channel. */
export interface House {
  t: TestTenant;
  operator: Ctx;
  merchant: Party;
  other: Party;
  brand: Party;
  wechat: Party;
  /** At the first merchant's till. */
  till: Ctx;
  /** An active campaign: 20.00 off unless told. */
  campaign(over?: Partial<CreateCampaignInput>): Promise<Campaign>;
  issue(campaign: Campaign, over?: Partial<IssueVoucherInput>): Promise<IssuedVoucher>;
  /** A campaign's fresh code. */
  code(over?: Partial<CreateCampaignInput>): Promise<string>;
}

export const WORKED_FUNDING = [
  { party: "brand", share: "0.5" },
  { party: "platform", share: "0.3" },
  { party: "merchant", share: "0.2" },
];

export async function makeHouse(
  settings?: TestTenant["tenant"]["settings"],
  clock?: TestClock,
): Promise<House> {
  const { owner, db } = await testDatabase();
  const t = await makeTenant(owner, db, { settings, clock });
  const operator = t.as("operator");
  const [merchant, other, brand, wechat] = await Promise.all([
    makeParty(t, "merchant", { name: "海底捞" }),
    makeParty(t, "merchant", { name: "星巴克" }),
    makeParty(t, "brand", { cycle: { kind: "monthly" } }),
    makeParty(t, "channel", { channelFeeRate: "0.006" }),
  ]);
  await createRule(operator, {
    name: "General",
    scope: { tradeKind: "redemption" },
    definition: redemptionRule({ commissionRate: "0.02", funding: WORKED_FUNDING }),
    effectiveFrom: t.clock.now(),
  });
  const campaign: House["campaign"] = async (over) => {
    const made = await createCampaign(operator, {
      name: "满100减20",
      type: over?.terms?.type ?? "fixed",
      terms: { type: "fixed", amount: "2000" },
      brandId: brand.id,
      collectedBy: "platform",
      channelId: wechat.id,
      ...over,
    });
    return activateCampaign(operator, made);
  };
  const issue: House["issue"] = (campaign, over) =>
    issueVoucher(operator, { campaignId: campaign.id, ...over });
  return {
    t,
    operator,
    merchant,
    other,
    brand,
    wechat,
    till: t.as("merchant", merchant),
    campaign,
    issue,
    code: async (over) => (await issue(await campaign(over))).code ?? "",
  };
}

/** An order of 100.00 with a code. */
export function order(code: string | null, over: Partial<RedeemItem> = {}): RedeemItem {
  return { code, orderAmount: 10_000n, ...over };
}

/** The code of the DomainError that a call fails with. */
export async function refusal(call: Promise<unknown>): Promise<ErrorCode | null> {
  try {
    await call;
    return null;
  } catch (error) {
    if (isDomainError(error)) return error.code;
    throw error;
  }
}
