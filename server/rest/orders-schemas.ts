import { z } from "zod";
import { MAX_LINES, MAX_QUANTITY, ORDER_FLAGS, ORDER_SOURCES, ORDER_STATES } from "../domain/orders/schemas";
import { instant } from "./wire";

/** What the operations on orders take and answer. Objects are strict. */

const uuid = z.uuid();
const PLAIN = /^[^\p{Cc}\p{Cs}]*$/u;
const text = (max: number, description: string, example: string) =>
  z.string().trim().min(1).max(max).regex(PLAIN).meta({ description, example });
const wireAmount = z.int().meta({ description: "In minor units." });
const wireInstant = z.iso.datetime({ offset: true });
const page = {
  cursor: z.string().max(500).optional().meta({ description: "`nextCursor` of the page before." }),
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: "Rows of a page." }),
};

// ── requests ──

export const productsQuery = z.strictObject(page);

export const createOrderBody = z
  .strictObject({
    lines: z
      .array(
        z.strictObject({
          productId: uuid.meta({ description: "The product's id." }),
          quantity: z.int().min(1).max(MAX_QUANTITY).meta({ description: "How many of it.", example: 2 }),
        }),
      )
      .min(1)
      .max(MAX_LINES)
      .meta({ description: "Both the product's id and how many; a product stands in one line." }),
    externalRef: text(
      128,
      "Your own id of the order. Asked again with it and the same lines, the order answers as it is.",
      "SO-20261121-17",
    ).optional(),
    payFromWallet: z.boolean().default(false).meta({
      description:
        "Pay from the wallet at once: the answer then holds a delivered order, or nothing was ordered.",
      example: true,
    }),
  })
  .meta({ id: "CreateOrder" });

export const orderParams = z.strictObject({
  order: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: "The order's id or its reference.", example: "ORD-1KQX-7M2P-9TAB" }),
});

export const ordersQuery = z.strictObject({
  ...page,
  state: z.enum(ORDER_STATES).optional(),
  from: instant.optional().meta({ description: "Created at or after." }),
  to: instant.optional().meta({ description: "Created before." }),
  externalRef: text(
    128,
    "Your own id of the order. Asked again with it and the same lines, the order answers as it is.",
    "SO-20261121-17",
  ).optional(),
});

export const revealBody = z
  .strictObject({
    deliveryId: uuid.optional().meta({ description: "Of one card; all of the order's by default." }),
  })
  .meta({ id: "RevealCards" });

export const reportBody = z
  .strictObject({
    deliveryId: uuid.meta({ description: "A card that was shown before and does not work." }),
    reason: text(500, "What does not work about it.", "The issuer says: already used"),
  })
  .meta({ id: "ReportCard" });

// ── replies ──

export const product = z
  .strictObject({
    productId: uuid,
    number: z.string().meta({ description: "What people read.", example: "P-0001" }),
    name: z.string(),
    description: z.string(),
    face: z.int().meta({ description: "Value printed on the card, in minor units." }),
    currency: z.string(),
    price: z.int().meta({ description: "The price of your tier, in minor units." }),
    inStock: z.boolean(),
    maxPerOrder: z.int(),
  })
  .meta({ id: "Product" });
export const productPage = z
  .strictObject({ items: z.array(product), nextCursor: z.string().nullable() })
  .meta({ id: "ProductPage" });

const orderFields = {
  orderId: uuid,
  reference: z.string().meta({ description: "What people read.", example: "ORD-1KQX-7M2P-9TAB" }),
  source: z.enum(ORDER_SOURCES),
  state: z.enum(ORDER_STATES),
  flag: z.enum(ORDER_FLAGS).nullable(),
  currency: z.string(),
  total: wireAmount,
  refunded: wireAmount,
  externalRef: z.string().nullable(),
  quantity: z.int(),
  delivered: z.int().meta({ description: "Cards in your hands now." }),
  createdAt: wireInstant,
  expiresAt: wireInstant.meta({ description: "Until then its cards are held for you." }),
  paidAt: wireInstant.nullable(),
  deliveredAt: wireInstant.nullable(),
};
export const orderRow = z.strictObject(orderFields).meta({ id: "OrderRow" });
export const orderPage = z
  .strictObject({ items: z.array(orderRow), nextCursor: z.string().nullable() })
  .meta({ id: "OrderPage" });

export const order = z
  .strictObject({
    ...orderFields,
    pickupKey: z.string().nullable().meta({
      description:
        "The order's own key: it fetches the cards of this order alone. Null without the scope `orders:reveal`, for orders of your shop, and in answers to ordering.",
    }),
    lines: z.array(
      z.strictObject({
        lineId: uuid,
        productId: uuid,
        productName: z.string(),
        quantity: z.int(),
        price: wireAmount,
        delivered: z.int(),
        refunded: z.int(),
      }),
    ),
    cards: z.array(
      z.strictObject({
        deliveryId: uuid.meta({ description: "The delivery's id." }),
        lineId: uuid,
        tail: z.string().meta({ description: "Last characters of the number." }),
        state: z.enum(["delivered", "replaced", "refunded"]),
        replacesId: uuid.nullable(),
        deliveredAt: wireInstant,
        revealedAt: wireInstant.nullable(),
        report: z.enum(["open", "confirmed", "refused"]).nullable(),
      }),
    ),
  })
  .meta({ id: "Order" });

export const revealed = z
  .strictObject({
    cards: z.array(
      z.strictObject({
        deliveryId: uuid.meta({ description: "The delivery's id." }),
        lineId: uuid,
        productId: uuid,
        number: z.string().meta({ description: "Empty where the card has no number." }),
        secret: z.string().meta({ description: "The card's secret. A bearer secret: keep it out of logs." }),
        expiresAt: wireInstant.nullable(),
      }),
    ),
  })
  .meta({ id: "RevealedCards" });

export const reported = z
  .strictObject({
    deliveryId: uuid,
    outcome: z.enum(["open", "replaced"]).meta({
      description: "`open`: support looks at it. `replaced`: another card was delivered.",
    }),
    replacementId: uuid.nullable(),
  })
  .meta({ id: "ReportedCard" });
