import { rawSql } from "@/db/client";
import type { TradeTerms } from "@/db/schema/types";
import type { TxCtx } from "@/server/core/context";
import { allocate } from "@/server/core/money";
import { type ChannelTerms, channelFeeOf } from "../payments";

/** What was agreed with a distributor, as the sales of now keep it. */
export interface SellerTerms {
  commissionRate: string | null;
  /** Nearest first. */
  uplines: string[];
}

/** Terms of many distributors in one statement; those of one are `distributorTerms` of domain/pricing. */
export async function sellerTermsOf(
  ctx: TxCtx,
  partyIds: Iterable<string>,
): Promise<Map<string, SellerTerms>> {
  const levels = ctx.tenant.settings.uplineLevels;
  const rows = await rawSql(ctx.tx)<{ id: string; rate: string | null; uplines: string[] }[]>`
    with recursive line as (
      select party_id as seller, upline_id as id, 1 as level from distributors
      where tenant_id = ${ctx.tenant.id} and party_id = any(${[...new Set(partyIds)]}::uuid[])
      union all
      select line.seller, d.upline_id, line.level + 1 from line
      join distributors d on d.tenant_id = ${ctx.tenant.id} and d.party_id = line.id
      where line.level < ${levels}::int)
    select d.party_id as id, d.commission_rate as rate,
      coalesce(array_agg(l.id order by l.level) filter (where l.id is not null and l.level <= ${levels}::int), '{}') as uplines
    from line l join distributors d on d.tenant_id = ${ctx.tenant.id} and d.party_id = l.seller
    group by d.party_id, d.commission_rate`;
  return new Map(rows.map(({ id, rate, uplines }) => [id, { commissionRate: rate, uplines }]));
}

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
