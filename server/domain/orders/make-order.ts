import { plainArray, rawSql } from "@/db/client";
import { actorId, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId, referenceOf } from "@/server/core/ids";
import { blindIndex, seal } from "@/server/core/secrets";
import { record } from "../audit";
import { type ProductForSale, productsForSale, reserveKeys } from "../cards";
import { openBooks } from "../ledger";
import { distributorTerms, pricesFor } from "../pricing";
import { requireClearable } from "./dry-run";
import { recordEvents } from "./order-events";
import type { OrderSource } from "./schemas";
import type { StoredLine, StoredOrder } from "./stored-order";
import type { OrderMade } from "./types";

export interface NewOrder {
  source: OrderSource;
  distributorId: string;
  lines: readonly { productId: string; quantity: number; markup: bigint }[];
  externalRef: string | null;
  /** The shop's buyer. */
  contact: string | null;
  /** Of an order that will be paid there; null: from the wallet. */
  channelFor(total: bigint, currency: string): Promise<string | null>;
}

/**
 * Prices an order, holds its keys and writes it down. What could not be cleared is refused now, before money moves.
 * @throws PRODUCT_NOT_ON_SALE · PRODUCT_NOT_PRICED · QUANTITY_TOO_LARGE · OUT_OF_STOCK · CURRENCY_MISMATCH ·
 * PRICE_BELOW_COST · RULE_NOT_FOUND
 */
export async function makeOrder(ctx: TxCtx, asked: NewOrder): Promise<OrderMade> {
  const priced = await priceLines(ctx, asked.distributorId, asked.lines);
  const refused = priced.lines.find((line) => line.refusal);
  if (refused?.refusal) throw refused.refusal;

  const now = ctx.clock.now();
  const order: StoredOrder = {
    id: newId(),
    source: asked.source,
    distributorId: asked.distributorId,
    state: "pending",
    flag: null,
    currency: priced.currency,
    total: priced.lines.reduce((sum, line) => sum + line.price * BigInt(line.quantity), 0n),
    refunded: 0n,
    externalRef: asked.externalRef,
    pickupVersion: 1,
    createdAt: now,
    expiresAt: new Date(now.getTime() + ctx.tenant.settings.orderHoldMinutes * 60_000),
    paidAt: null,
    deliveredAt: null,
  };
  const lines = priced.lines.map(
    (line, i): StoredLine => ({
      id: newId(),
      orderId: order.id,
      position: i + 1,
      productId: line.product.id,
      quantity: line.quantity,
      price: line.price,
      markup: line.markup,
      tier: priced.tier,
      refunded: 0,
    }),
  );
  await reserveKeys(
    ctx,
    lines.map(({ id, productId, quantity }) => ({ lineId: id, productId, quantity })),
  );
  await insertOrder(ctx, order, lines, asked.contact);
  const [books, channelId] = await Promise.all([
    openBooks(ctx),
    asked.channelFor(order.total, order.currency),
  ]);
  await requireClearable(ctx, books, { order, lines, channelId });
  await recordEvents(ctx, [
    { orderId: order.id, kind: "created", data: { total: `${order.total}`, currency: order.currency } },
  ]);
  await record(ctx, {
    action: "order.created",
    subject: { kind: "order", id: order.id },
    partyId: order.distributorId,
    data: {
      source: order.source,
      total: order.total,
      currency: order.currency,
      lines: lines.map(({ productId, quantity, price }) => ({ product: productId, quantity, price })),
    },
  });
  return madeOf(order, lines, false);
}

export function madeOf(order: StoredOrder, lines: readonly StoredLine[], existing: boolean): OrderMade {
  return {
    id: order.id,
    reference: referenceOf("ORD", order.id),
    state: order.state,
    currency: order.currency,
    total: order.total,
    externalRef: order.externalRef,
    createdAt: order.createdAt,
    expiresAt: order.expiresAt,
    lines: lines.map(({ id, productId, quantity, price }) => ({
      id,
      productId,
      quantity,
      price,
      amount: price * BigInt(quantity),
    })),
    existing,
  };
}

export interface PricedLine {
  product: ProductForSale;
  quantity: number;
  price: bigint;
  markup: bigint;
  refusal: DomainError | null;
}

/** What lines cost a distributor's buyer now, each with why it would be refused. Throws NOT_FOUND for what there is not. */
export async function priceLines(
  ctx: TxCtx,
  distributorId: string,
  asked: NewOrder["lines"],
): Promise<{ tier: string; currency: string; lines: PricedLine[] }> {
  const ids = asked.map((line) => line.productId);
  const [{ tier }, products] = await Promise.all([
    distributorTerms(ctx, distributorId),
    productsForSale(ctx, ids),
  ]);
  const prices = await pricesFor(ctx, tier, ids);
  const found = new Map(products.map((product) => [product.id, product]));
  let currency: string | undefined;
  const lines = asked.map(({ productId, quantity, markup }): PricedLine => {
    const product = found.get(productId);
    const price = prices.get(productId);
    // A draft is nobody's business yet, and neither is what the tier was never offered.
    if (!product || product.status === "draft") throw new DomainError("NOT_FOUND", { noun: "product" });
    currency ??= price?.currency;
    return {
      product,
      quantity,
      markup,
      price: (price?.price ?? 0n) + markup,
      refusal: refusalOf(product, price, quantity, currency),
    };
  });
  return { tier, currency: currency ?? ctx.tenant.currency, lines };
}

function refusalOf(
  product: ProductForSale,
  price: { price: bigint; currency: string } | undefined,
  quantity: number,
  currency: string | undefined,
): DomainError | null {
  const named = { product: product.name };
  if (!price) return new DomainError("PRODUCT_NOT_PRICED", named);
  if (product.status !== "on_sale") return new DomainError("PRODUCT_NOT_ON_SALE", named);
  if (price.currency !== product.currency || price.currency !== currency)
    return new DomainError("CURRENCY_MISMATCH", { ...named, currency: price.currency });
  if (quantity > product.maxPerOrder)
    return new DomainError("QUANTITY_TOO_LARGE", { ...named, max: product.maxPerOrder });
  if (!product.inStock) return new DomainError("OUT_OF_STOCK", { ...named, available: 0 });
  return null;
}

async function insertOrder(
  ctx: TxCtx,
  order: StoredOrder,
  lines: readonly StoredLine[],
  contact: string | null,
): Promise<void> {
  const sql = rawSql(ctx.tx);
  await Promise.all([
    sql`
      insert into orders (tenant_id, id, source, distributor_id, state, currency, total, contact_sealed, contact_hash,
        external_ref, created_by, created_at, expires_at)
      values (${ctx.tenant.id}, ${order.id}, ${order.source}, ${order.distributorId}, ${order.state}, ${order.currency},
        ${order.total.toString()}::bigint, ${contact && seal("order.contact", contact, `${ctx.tenant.id}/${order.id}`)},
        ${contact && contactHash(ctx, contact)}, ${order.externalRef}, ${actorId(ctx.actor)},
        ${order.createdAt.toISOString()}::timestamptz, ${order.expiresAt.toISOString()}::timestamptz)`.execute(),
    sql`
      insert into order_lines (tenant_id, id, order_id, position, product_id, quantity, price, markup, tier)
      select ${ctx.tenant.id}, id, ${order.id}, position, product_id, quantity, price, markup, ${lines[0]?.tier ?? ""}
      from unnest(${plainArray(lines.map((l) => l.id))}::uuid[], ${plainArray(lines.map((l) => l.position))}::int[],
        ${plainArray(lines.map((l) => l.productId))}::uuid[], ${plainArray(lines.map((l) => l.quantity))}::int[],
        ${plainArray(lines.map((l) => l.price))}::bigint[], ${plainArray(lines.map((l) => l.markup))}::bigint[])
        as n (id, position, product_id, quantity, price, markup)`.execute(),
  ]);
}

/** Finds a contact's orders however it was typed. */
export function contactHash(ctx: Pick<TxCtx, "tenant">, contact: string): Buffer {
  const plain = contact.includes("@") ? contact.trim().toLowerCase() : contact.replaceAll(/[^\d]/g, "");
  return blindIndex("order.contact", `${ctx.tenant.id}/${plain}`);
}
