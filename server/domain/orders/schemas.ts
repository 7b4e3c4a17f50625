import { z } from "zod";

/** What the order verbs take. Safe in the browser. Amounts are bigints of minor units. */

export const ORDER_STATES = [
  "pending",
  "paid",
  "delivered",
  "completed",
  "expired",
  "refunded",
  "flagged",
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** Why an order needs a person. */
export const ORDER_FLAGS = ["WRONG_AMOUNT", "NOTHING_TO_DELIVER", "REFUND_FAILED", "RULE_MISSING"] as const;
export type OrderFlag = (typeof ORDER_FLAGS)[number];

export const ORDER_SOURCES = ["portal", "api", "shop"] as const;
export type OrderSource = (typeof ORDER_SOURCES)[number];

/** What can stand in an order's timeline. */
export const ORDER_EVENTS = [
  "created",
  "payment_started",
  /** The money came and paid the order. */
  "paid",
  /** As `paid`, after it had expired. */
  "paid_late",
  "delivered",
  "expired",
  /** Money that lies in suspense: paid twice, late with nothing left, in a wrong amount, or nothing to deliver. */
  "held_duplicate",
  "held_late",
  "held_wrong_amount",
  "held_undelivered",
  "flagged",
  "redelivered",
  "refund_made",
  "refund_sent",
  "refund_failed",
  "refund_retried",
  "revealed",
  "reported",
  "report_refused",
  "reissued",
  "reissue_out_of_stock",
  "pickup_renewed",
  "completed",
] as const;
export type OrderEventKind = (typeof ORDER_EVENTS)[number];

export const REPORT_OUTCOMES = ["open", "confirmed", "refused"] as const;
export const MAX_LINES = 50;
export const MAX_QUANTITY = 10_000;

const id = z.uuid();
const reason = z.string().trim().min(1).max(500);
const outsideId = z.string().trim().min(1).max(128);
const instant = z.date().min(new Date(0)).max(new Date("9999-12-31T00:00:00Z"));

/** The key of a mutating call: the same key and input answers the same result. */
export const idempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\x21-\x7e]+$/, { message: "IDEMPOTENCY_KEY_INVALID" });

export const orderLineInput = z.object({
  productId: id,
  quantity: z.number().int().min(1).max(MAX_QUANTITY),
});
/** One line a product. */
export const orderLinesInput = z
  .array(orderLineInput)
  .min(1)
  .max(MAX_LINES)
  .refine((lines) => new Set(lines.map((line) => line.productId)).size === lines.length, {
    message: "LINES_REPEAT",
  });

/** A distributor's order. With an `externalRef`, ordering again answers the order that bears it. */
export const createOrderInput = z.object({
  lines: orderLinesInput,
  externalRef: outsideId.optional(),
});
export type CreateOrderInput = z.input<typeof createOrderInput>;

export const quoteInput = z.object({ lines: orderLinesInput });

/** By wallet, or by a channel: the one named, or the cheapest that fits. */
export const payOrderInput = z.object({
  orderId: id,
  method: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("wallet") }),
    z.object({ kind: z.literal("channel"), channelId: id.optional() }),
  ]),
});
export type PayOrderInput = z.input<typeof payOrderInput>;

/**
 * What is given back: all of it, or keys of single lines (`quantity` of each, the latest first; all of the line by
 * default), or single deliveries.
 */
export const refundOrderInput = z.object({
  orderId: id,
  lines: z
    .array(z.object({ lineId: id, quantity: z.number().int().min(1).max(MAX_QUANTITY).optional() }))
    .max(MAX_LINES)
    .optional(),
  deliveryIds: z.array(id).min(1).max(MAX_QUANTITY).optional(),
  reason,
});
export type RefundOrderInput = z.input<typeof refundOrderInput>;

export const redeliverOrderInput = z.object({ orderId: id });
export const retryRefundInput = z.object({ refundId: id });
export const renewPickupInput = z.object({ orderId: id });

/** Keys of the own order: one delivery, or all of them. */
export const revealOrderInput = z.object({ orderId: id, deliveryId: id.optional() });
export const reportDeliveryInput = z.object({ deliveryId: id, reason });
/** `confirm` replaces the key; `agree` says so again where the order had one replaced before. */
export const resolveReportInput = z.discriminatedUnion("action", [
  z.object({ action: z.literal("confirm"), deliveryId: id, agree: z.boolean().optional() }),
  z.object({ action: z.literal("refuse"), deliveryId: id, reason }),
]);
export type ResolveReportInput = z.input<typeof resolveReportInput>;

const page = {
  cursor: z.string().max(500).nullish(),
  limit: z.number().int().min(1).max(200).default(50),
};
export const orderFilter = z.object({
  state: z.array(z.enum(ORDER_STATES)).max(ORDER_STATES.length).optional(),
  flag: z.enum(ORDER_FLAGS).optional(),
  source: z.enum(ORDER_SOURCES).optional(),
  distributorId: id.optional(),
  productId: id.optional(),
  channelId: id.optional(),
  from: instant.optional(),
  to: instant.optional(),
  /** With an open report of a dead key. */
  reported: z.boolean().optional(),
  /** An order's id, reference or external reference, a payment's reference or its transaction id, or a buyer's contact. */
  search: z.string().trim().max(200).optional(),
});
export type OrderFilter = z.input<typeof orderFilter>;
export const listOrdersInput = orderFilter.extend(page);
export type ListOrdersInput = z.input<typeof listOrdersInput>;

export const listReportsInput = z.object({ ...page, outcome: z.enum(REPORT_OUTCOMES).default("open") });

// ── the public shop and pick-up ──

const slug = z.string().min(1).max(64);
export const pickupToken = z.string().min(1).max(64);
/** How the buyer can be reached: an e-mail address or a phone number. */
export const contact = z
  .string()
  .trim()
  .max(200)
  .regex(/^([^\s@]+@[^\s@]+\.[^\s@]+|\+?[\d\s()-]{6,20})$/, { message: "CONTACT_INVALID" });

export const shopInput = z.object({ tenant: slug, shop: slug });
export const shopOrderInput = shopInput.extend({
  lines: orderLinesInput,
  contact: contact.optional(),
  /** Made by the page once a basket: pressing the button again answers the same order. */
  idempotencyKey,
});
export type ShopOrderInput = z.input<typeof shopOrderInput>;
export const pickupInput = z.object({ tenant: slug, token: pickupToken });
export const pickupPayInput = pickupInput.extend({ channelId: id.optional() });
export const pickupRevealInput = pickupInput.extend({ deliveryId: id.optional() });
export const pickupReportInput = pickupInput.extend({ deliveryId: id, reason });
