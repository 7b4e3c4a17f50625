import type { OrderDetail, OrderRow, ProductOffered, RevealedCard } from "../domain/orders";
import { wireAmount } from "./wire";

/** Orders as the API says them: amounts as integers, moments as ISO 8601, nothing secret but what was revealed. */

const instant = (date: Date | null) => date?.toISOString() ?? null;

export function presentProduct(product: ProductOffered) {
  return { ...product, face: wireAmount(product.face), price: wireAmount(product.price) };
}

export function presentOrderRow(order: OrderRow) {
  return {
    orderId: order.id,
    reference: order.reference,
    source: order.source,
    state: order.state,
    flag: order.flag,
    currency: order.currency,
    total: wireAmount(order.total),
    refunded: wireAmount(order.refunded),
    externalRef: order.externalRef,
    quantity: order.quantity,
    delivered: order.delivered,
    createdAt: order.createdAt.toISOString(),
    expiresAt: order.expiresAt.toISOString(),
    paidAt: instant(order.paidAt),
    deliveredAt: instant(order.deliveredAt),
  };
}

/** `pickupKey`: for who may see the cards. Never of an answer that is kept. */
export function presentOrder(order: OrderDetail, pickupKey: string | null = null) {
  return {
    ...presentOrderRow(order),
    pickupKey,
    lines: order.lines.map(({ id, productId, productName, quantity, price, delivered, refunded }) => ({
      lineId: id,
      productId,
      productName,
      quantity,
      price: wireAmount(price),
      delivered,
      refunded,
    })),
    cards: order.deliveries.map((delivery) => ({
      deliveryId: delivery.id,
      lineId: delivery.lineId,
      tail: delivery.tail,
      state: delivery.state,
      replacesId: delivery.replacesId,
      deliveredAt: delivery.deliveredAt.toISOString(),
      revealedAt: instant(delivery.revealedAt),
      report: delivery.report?.outcome ?? null,
    })),
  };
}

export function presentCard({ deliveryId, lineId, productId, number, secret, expiresAt }: RevealedCard) {
  return { deliveryId, lineId, productId, number, secret, expiresAt: instant(expiresAt) };
}
