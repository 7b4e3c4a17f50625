import type { SalesMappingInput } from "@/server/domain/imports/schemas";

/** A mapping to begin with: columns by the names that such files use. */
export function guessMapping(
  header: readonly string[],
  delimiter: SalesMappingInput["delimiter"],
  tenant: { currency: string; timezone: string },
): SalesMappingInput {
  const find = (...patterns: RegExp[]): string => {
    for (const pattern of patterns) {
      const found = header.find((name) => pattern.test(name));
      if (found) return found;
    }
    return "";
  };
  const merchant = find(
    /^(store|merchant|shop)_?(id|no|number)?$/i,
    /商户|门店|店铺/,
    /store|merchant|shop/i,
  );
  const brand = find(/^(brand|manufacturer)_?(id|no|number)?$/i, /品牌|厂商/);
  const brandDiscount = find(
    /^coupon_disc(ount)?$/i,
    /品牌.*(优惠|补贴)/,
    /coupon/i,
    /优惠|折扣/,
    /discount/i,
  );
  const merchantDiscount = find(/match/i, /商(户|家).*(优惠|补贴)/);
  const discounts: SalesMappingInput["discounts"] = [
    { column: brandDiscount, by: brand ? "brand" : "merchant" },
  ];
  if (merchantDiscount && merchantDiscount !== brandDiscount) {
    discounts.push({ column: merchantDiscount, by: "merchant" });
  }
  return {
    delimiter,
    currency: tenant.currency,
    merchant,
    brand: brand || null,
    orderRef: find(/^(order|basket|trade)_?(id|no|number|ref)?$/i, /订单/) || null,
    product: find(/^(product|item|sku)_?(id|no|code)?$/i, /商品|货号/) || null,
    amount: {
      column: find(/^(sales_value|order_amount|amount|total)$/i, /金额/, /amount|sales/i),
      means: "gross",
    },
    discounts,
    soldAt: {
      column: find(/^(sold_at|traded_at|time|datetime|date)$/i, /时间|日期/, /time|date|_at$/i),
      format: "yyyy-MM-dd HH:mm:ss",
      timeZone: tenant.timezone,
    },
    onlyAbove: brandDiscount || null,
    collectedBy: "merchant",
    channelId: null,
    createParties: false,
  };
}
