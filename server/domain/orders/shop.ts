import type { z } from "zod";
import type { Visitor } from "./pickup";
import type { ShopOrderInput, shopInput } from "./schemas";
import type { ShopOrderMade, ShopView } from "./types";

/** What anybody sees of a distributor’s shop. Throws SHOP_CLOSED where there is none. */
export async function shopView(_visitor: Visitor, _input: z.input<typeof shopInput>): Promise<ShopView> {
  throw new Error("not built yet");
}

/** An end buyer orders in a shop. */
export async function orderInShop(_visitor: Visitor, _input: ShopOrderInput): Promise<ShopOrderMade> {
  throw new Error("not built yet");
}
