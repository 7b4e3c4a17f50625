import type { z } from "zod";
import { systemClock, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withIdempotency } from "@/server/core/idempotency";
import { withTransaction } from "@/server/core/transaction";
import { productsForSale } from "../cards";
import { countAttempt, findTenantId } from "../parties";
import { chooseChannel } from "../payments";
import { distributorTerms, pricesFor, shopBySlug, shopItemsOf } from "../pricing";
import { makeOrder } from "./make-order";
import { buyerCtx, type Visitor } from "./pickup";
import { pickupPath, pickupToken } from "./pickup-token";
import { type ShopOrderInput, shopInput, shopOrderInput } from "./schemas";
import type { OrderMade, ShopItem, ShopOrderMade, ShopView } from "./types";

/** An order holds keys, and costs its maker nothing. */
const ORDERS_OF_ADDRESS = { name: "shop.order.address", limit: 60, seconds: 600 };

/** What anybody sees of a distributor's shop. Throws SHOP_CLOSED where there is none, or it is closed. */
export async function shopView(visitor: Visitor, input: z.input<typeof shopInput>): Promise<ShopView> {
  const { tenant: slug, shop: shopSlug } = shopInput.parse(input);
  const ctx = await shopCtx(visitor, slug);
  return withTransaction(ctx, async (ctx) => {
    const shop = await openShop(ctx, shopSlug);
    const items = await itemsOf(ctx, shop.partyId);
    return { tenantName: ctx.tenant.name, title: shop.title, open: true, items };
  });
}

/**
 * An end buyer orders in a shop. Under the same key it gets the same order.
 * @throws SHOP_CLOSED · NOT_FOUND (product) · CHANNEL_NONE_FITS, and what `createOrder` throws
 */
export async function orderInShop(visitor: Visitor, input: ShopOrderInput): Promise<ShopOrderMade> {
  const { tenant: slug, shop: shopSlug, lines, contact, idempotencyKey } = shopOrderInput.parse(input);
  const { db, ip, clock = systemClock } = visitor;
  await countAttempt(db, ORDERS_OF_ADDRESS, ip ?? "unknown", clock.now());
  const ctx = await shopCtx(visitor, slug);
  const call = {
    key: `shop/${idempotencyKey}`,
    verb: "order.shop",
    input: { shop: shopSlug, lines, contact: contact ?? null },
  };
  const { result } = await withIdempotency(ctx, call, async (ctx) => {
    const shop = await openShop(ctx, shopSlug);
    const markups = new Map(
      (await shopItemsOf(ctx, shop.partyId)).map((item) => [item.productId, item.markup]),
    );
    return makeOrder(ctx, {
      source: "shop",
      distributorId: shop.partyId,
      lines: lines.map((line) => {
        const markup = markups.get(line.productId);
        if (markup === undefined) throw new DomainError("NOT_FOUND", { noun: "product" });
        return { ...line, markup };
      }),
      externalRef: null,
      contact: contact ?? null,
      // Nobody orders here what no channel would take.
      channelFor: async (amount, currency) => (await chooseChannel(ctx, { amount, currency })).channelId,
    });
  });
  return receiptOf(ctx.tenant, result);
}

function receiptOf(tenant: { id: string; slug: string }, order: OrderMade): ShopOrderMade {
  const linked = { id: order.id, pickupVersion: 1 };
  return {
    reference: order.reference,
    pickupPath: pickupPath(tenant, linked),
    token: pickupToken(tenant.id, linked),
    currency: order.currency,
    total: order.total,
    expiresAt: order.expiresAt,
  };
}

async function shopCtx({ db, ip, clock = systemClock }: Visitor, slug: string) {
  const tenantId = await findTenantId(db, slug);
  if (!tenantId) throw new DomainError("SHOP_CLOSED");
  return buyerCtx(db, tenantId, clock, ip);
}

async function openShop(ctx: TxCtx, slug: string): Promise<{ partyId: string; title: string }> {
  const shop = await shopBySlug(ctx, slug);
  if (!shop?.open) throw new DomainError("SHOP_CLOSED");
  return shop;
}

/** What is listed, on sale and priced. */
async function itemsOf(ctx: TxCtx, partyId: string): Promise<ShopItem[]> {
  const [{ tier }, listed] = await Promise.all([distributorTerms(ctx, partyId), shopItemsOf(ctx, partyId)]);
  const markups = new Map(listed.map((item) => [item.productId, item.markup]));
  const ids = [...markups.keys()];
  const [products, prices] = await Promise.all([productsForSale(ctx, ids), pricesFor(ctx, tier, ids)]);
  return products.flatMap((product): ShopItem[] => {
    const price = prices.get(product.id);
    if (!price || product.status !== "on_sale") return [];
    return [
      {
        productId: product.id,
        name: product.name,
        description: product.description,
        face: product.face,
        price: price.price + (markups.get(product.id) ?? 0n),
        currency: price.currency,
        imageHash: product.imageHash,
        imagePath: product.imagePath,
        inStock: product.inStock,
        maxPerOrder: product.maxPerOrder,
      },
    ];
  });
}
