import { type Ctx, partyScope, requirePermission } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { productsForSale } from "../cards";
import { listPrices } from "../pricing";
import type { ProductOffered } from "./types";

/** What the asking distributor may order, at the price of its tier, by product number. */
export async function listForSale(
  ctx: Ctx,
  input: { cursor?: string | null | undefined; limit: number },
): Promise<{ items: ProductOffered[]; nextCursor: string | null }> {
  requirePermission(ctx, "price:read");
  if (partyScope(ctx) === null) throw new DomainError("PERMISSION_DENIED", { permission: "price:read" });
  return withTransaction(ctx, async (ctx) => {
    const page = await listPrices(ctx, { ...input, status: "on_sale" });
    const ids = page.items.map((item) => item.productId);
    const products = new Map((await productsForSale(ctx, ids)).map((product) => [product.id, product]));
    const items = page.items.flatMap((item): ProductOffered[] => {
      const product = products.get(item.productId);
      const [price] = Object.values(item.prices);
      if (!product || price === undefined) return [];
      const { id, number, name, description, face, currency, inStock, maxPerOrder } = product;
      return [{ productId: id, number, name, description, face, currency, price, inStock, maxPerOrder }];
    });
    return { items, nextCursor: page.nextCursor };
  });
}
