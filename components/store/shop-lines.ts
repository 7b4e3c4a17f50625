import type { ShopItem } from "@/server/domain/orders/types";

export interface ShopAddress {
  tenant: string;
  shop: string;
}
export interface ShopLine {
  item: ShopItem;
  quantity: number;
}

export function sumOf(lines: readonly ShopLine[]): { total: bigint; currency: string; count: number } {
  return {
    total: lines.reduce((sum, { item, quantity }) => sum + item.price * BigInt(quantity), 0n),
    currency: lines[0]?.item.currency ?? "",
    count: lines.reduce((sum, { quantity }) => sum + quantity, 0),
  };
}
