import type { Ctx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { zoneOf } from "../calendar";
import type { TradeToClear } from "../clearing";
import { generateCodes } from "./codes";
import { newDynamicSecret } from "./dynamic-codes";
import type { Campaign } from "./types";
import { codeHash, sealCode, sealDynamicSecret } from "./voucher-secrets";

/** What issuing one voucher and a million have in common. */

/** @throws DomainError CAMPAIGN_NOT_ACTIVE · CAMPAIGN_OUTSIDE_ISSUE_WINDOW · VOUCHER_EXPIRED */
export function checkIssuable(campaign: Campaign, now: Date): void {
  if (campaign.status !== "active")
    throw new DomainError("CAMPAIGN_NOT_ACTIVE", { campaign: campaign.name, status: campaign.status });
  const { issueFrom, issueTo } = campaign;
  if ((issueFrom && now < issueFrom) || (issueTo && now >= issueTo))
    throw new DomainError("CAMPAIGN_OUTSIDE_ISSUE_WINDOW", {
      from: issueFrom?.toISOString() ?? null,
      to: issueTo?.toISOString() ?? null,
    });
}

/** @throws DomainError CAMPAIGN_QUOTA_EXHAUSTED */
export function checkQuota({ quota, issued }: Pick<Campaign, "quota" | "issued">, count: number): void {
  if (quota !== null && issued + count > quota)
    throw new DomainError("CAMPAIGN_QUOTA_EXHAUSTED", { quota, left: Math.max(0, quota - issued) });
}

/**
 * From when until when a voucher issued now may be used. Days of validity are whole days from now, the last one up
 * to its end in the tenant's time zone, and within the campaign's window.
 */
export function validityOf(
  { timezone }: { timezone: string },
  campaign: Pick<Campaign, "validFrom" | "validTo" | "validDays">,
  now: Date,
): { validFrom: Date | null; validTo: Date | null } {
  let validTo = campaign.validTo;
  if (campaign.validDays !== null) {
    const zone = zoneOf(timezone);
    const begin = campaign.validFrom && campaign.validFrom > now ? campaign.validFrom : now;
    const end = new Date(zone.startOfDay(zone.dayOf(begin.getTime()) + campaign.validDays + 1));
    if (!validTo || end < validTo) validTo = end;
  }
  if (validTo && validTo <= now) throw new DomainError("VOUCHER_EXPIRED", { validTo: validTo.toISOString() });
  return { validFrom: campaign.validFrom, validTo };
}

export interface MadeVoucher {
  id: string;
  code: string;
  hash: Buffer;
  sealed: Buffer;
  dynamicSealed: Buffer | null;
}

/** New vouchers with their secrets, not yet stored. */
export function makeVouchers(ctx: Ctx, campaign: Campaign, count: number): MadeVoucher[] {
  const tenantId = ctx.tenant.id;
  const dynamic = campaign.verification === "dynamic";
  return generateCodes(count).map((code) => {
    const id = newId();
    return {
      id,
      code,
      hash: codeHash(code),
      sealed: sealCode(tenantId, id, code),
      dynamicSealed: dynamic ? sealDynamicSecret(tenantId, id, newDynamicSecret()) : null,
    };
  });
}

/** What a gift card is issued with; null for other types. */
export function openingBalance({ terms }: Campaign): bigint | null {
  return terms.type === "gift_card" ? BigInt(terms.balance) : null;
}

/**
 * The loading of gift cards: what their buyer paid and what funders give becomes the programme's liability.
 * @param count cards loaded by one trade
 * @throws DomainError INPUT_INVALID
 */
export function loadingTrade(
  campaign: Campaign,
  given: {
    count: number;
    paid: bigint | null;
    now: Date;
    voucherId: string | null;
    externalRef: string | null;
  },
): TradeToClear | null {
  const balance = openingBalance(campaign);
  if (balance === null) {
    if (given.paid !== null) throw new DomainError("INPUT_INVALID", { path: "paid" });
    return null;
  }
  const paid = given.paid ?? (campaign.channelId ? balance : 0n);
  if (paid > balance || (paid > 0n && !campaign.channelId))
    throw new DomainError("INPUT_INVALID", { path: "paid" });
  const times = BigInt(given.count);
  return {
    kind: "stored_value",
    tradedAt: given.now,
    currency: campaign.currency,
    gross: balance * times,
    discount: (balance - paid) * times,
    paid: paid * times,
    merchantId: null,
    brandId: campaign.brandId,
    campaignId: campaign.id,
    voucherId: given.voucherId,
    collectedBy: "platform",
    channelId: campaign.channelId,
    fundingShares: campaign.funding.length > 0 ? campaign.funding : undefined,
    externalRef: given.externalRef,
  };
}
