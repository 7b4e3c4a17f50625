import type { TradeTerms } from "@/db/schema/types";
import { allocate } from "@/server/core/money";
import { channelFeeOf } from "../clearing";
import type { ChannelTerms } from "../payments";
import type { SellerTerms } from "../pricing";

/** One key, as its sale is priced. */
export interface PricedKey {
  price: bigint;
  markup: bigint;
  tier: string;
  cost: bigint;
  face: bigint;
  supplierTerms: "credit" | "prepaid";
}

/** Bounds of the fee on one key's sale; what they leave open is as the channel's rate gives it. */
export interface FeeBounds {
  feeMin?: string;
  feeMax?: string;
}

export function tradeTermsOf(
  distributorId: string,
  key: PricedKey,
  seller: SellerTerms,
  channel: ChannelTerms | null,
  bounds: FeeBounds,
): TradeTerms {
  return {
    face: `${key.face}`,
    cost: `${key.cost}`,
    markup: `${key.markup}`,
    tier: key.tier,
    uplines: seller.uplines,
    supplierTerms: key.supplierTerms,
    ...(seller.commissionRate === null ? {} : { rates: { [distributorId]: seller.commissionRate } }),
    ...(channel?.feeBearer ? { feeBearer: channel.feeBearer } : {}),
    ...bounds,
  };
}

/**
 * The channel charges its fee once for a payment, and each key is a sale of its own: where the fees of the sales
 * would not add up to the payment's (rounding, bounds), each bears its share of it, by price.
 */
export function feeBoundsOf(channel: ChannelTerms | null, prices: readonly bigint[]): FeeBounds[] {
  if (!channel || channel.provider === "wallet") return prices.map(() => ({}));
  const paid = prices.reduce((sum, price) => sum + price, 0n);
  const fee = channelFeeOf(paid, channel);
  const bySale = prices.reduce((sum, price) => sum + channelFeeOf(price, channel), 0n);
  if (bySale === fee) {
    const own: FeeBounds = {
      ...(channel.feeMin === null ? {} : { feeMin: `${channel.feeMin}` }),
      ...(channel.feeMax === null ? {} : { feeMax: `${channel.feeMax}` }),
    };
    return prices.map(() => own);
  }
  return allocate(fee, prices).map((share) => ({ feeMin: `${share}`, feeMax: `${share}` }));
}
