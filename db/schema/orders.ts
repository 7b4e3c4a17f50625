import { sql } from "drizzle-orm";
import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytes, currency, id, instant, minor, tenantId } from "../columns";
import { cardBatches, products } from "./cards";
import { parties } from "./parties";

/** How a payment channel is used; its name, fee rate, cycle and refund terms stand on its party. */
export const paymentChannels = pgTable(
  "payment_channels",
  {
    tenantId: tenantId(),
    /** A party of kind channel. */
    partyId: uuid("party_id").notNull(),
    /** Which implementation of the port serves it. */
    provider: text("provider", { enum: ["wallet", "sandbox"] }).notNull(),
    enabled: boolean("enabled").notNull().default(false),
    /** Bounds of the channel's fee on one payment. */
    feeMin: minor("fee_min"),
    feeMax: minor("fee_max"),
    /** Who bears the fee; null: as the split rule says. */
    feeBearer: text("fee_bearer", { enum: ["platform", "distributor", "proportional"] }),
    /** Bounds of one payment. */
    minAmount: minor("min_amount"),
    maxAmount: minor("max_amount"),
    /** Where its service is, e.g. "http://127.0.0.1:4010"; the wallet has none. */
    endpoint: text("endpoint"),
    /** Our id there. */
    merchantNo: text("merchant_no"),
    /** Key that signs requests and callbacks, sealed. */
    secretSealed: bytes("secret_sealed"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.partyId] }),
    foreignKey({ columns: [t.tenantId, t.partyId], foreignColumns: [parties.tenantId, parties.id] }),
  ],
);

export const ORDER_STATES = [
  "pending",
  "paid",
  "delivered",
  "completed",
  "expired",
  "refunded",
  "flagged",
] as const;

export const orders = pgTable(
  "orders",
  {
    tenantId: tenantId(),
    id: id(),
    source: text("source", { enum: ["portal", "api", "shop"] }).notNull(),
    distributorId: uuid("distributor_id").notNull(),
    state: text("state", { enum: ORDER_STATES }).notNull(),
    /** Why it is flagged: a code of `ORDER_FLAGS`. */
    flag: text("flag"),
    currency: currency().notNull(),
    /** Σ lines. */
    total: minor("total").notNull(),
    refunded: minor("refunded").notNull().default(sql`0`),
    /** How the shop's buyer can be reached (an address or phone number), sealed. */
    contactSealed: bytes("contact_sealed"),
    /** Finds the orders of a contact: keyed hash. */
    contactHash: bytes("contact_hash"),
    /** The distributor's own id of it. */
    externalRef: text("external_ref"),
    /** Raised to make earlier pick-up links worthless. */
    pickupVersion: integer("pickup_version").notNull().default(1),
    pickupViews: integer("pickup_views").notNull().default(0),
    createdBy: uuid("created_by"),
    createdAt: instant("created_at").notNull(),
    /** Until then its keys are held. */
    expiresAt: instant("expires_at").notNull(),
    paidAt: instant("paid_at"),
    deliveredAt: instant("delivered_at"),
    endedAt: instant("ended_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.distributorId], foreignColumns: [parties.tenantId, parties.id] }),
    uniqueIndex("orders_external_ref")
      .on(t.tenantId, t.distributorId, t.externalRef)
      .where(sql`external_ref is not null`),
    index("orders_by_distributor").on(t.tenantId, t.distributorId, t.id),
    index("orders_by_state").on(t.tenantId, t.state, t.id),
    index("orders_to_expire").on(t.tenantId, t.expiresAt).where(sql`state = 'pending'`),
    index("orders_by_contact").on(t.tenantId, t.contactHash).where(sql`contact_hash is not null`),
  ],
);

export const orderLines = pgTable(
  "order_lines",
  {
    tenantId: tenantId(),
    id: id(),
    orderId: uuid("order_id").notNull(),
    position: integer("position").notNull(),
    productId: uuid("product_id").notNull(),
    quantity: integer("quantity").notNull(),
    /** What the buyer pays for each. */
    price: minor("price").notNull(),
    /** Of that, the distributor's mark-up. */
    markup: minor("markup").notNull(),
    /** The distributor's tier when it was ordered. */
    tier: text("tier").notNull(),
    /** Keys given back for money. */
    refunded: integer("refunded").notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("order_lines_position").on(t.tenantId, t.orderId, t.position),
    foreignKey({ columns: [t.tenantId, t.orderId], foreignColumns: [orders.tenantId, orders.id] }),
    foreignKey({ columns: [t.tenantId, t.productId], foreignColumns: [products.tenantId, products.id] }),
  ],
);

/** One key given to one order line. A key is delivered once, unless its product is looped. */
export const cardDeliveries = pgTable(
  "card_deliveries",
  {
    tenantId: tenantId(),
    id: id(),
    orderId: uuid("order_id").notNull(),
    orderLineId: uuid("order_line_id").notNull(),
    keyId: uuid("key_id").notNull(),
    batchId: uuid("batch_id").notNull(),
    looped: boolean("looped").notNull(),
    /** The sale it was cleared by. */
    tradeId: uuid("trade_id").notNull(),
    state: text("state", { enum: ["delivered", "replaced", "refunded"] }).notNull(),
    /** The delivery of a dead key that this one replaces. */
    replacesId: uuid("replaces_id"),
    deliveredAt: instant("delivered_at").notNull(),
    /** When its secret was first shown, and how often. */
    revealedAt: instant("revealed_at"),
    reveals: integer("reveals").notNull().default(0),
    /** A report that the key does not work. */
    reportedAt: instant("reported_at"),
    reportedBy: text("reported_by"),
    reportReason: text("report_reason"),
    reportOutcome: text("report_outcome", { enum: ["open", "confirmed", "refused"] }),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex("card_deliveries_once").on(t.tenantId, t.keyId).where(sql`not looped`),
    uniqueIndex("card_deliveries_replaced_once")
      .on(t.tenantId, t.replacesId)
      .where(sql`replaces_id is not null`),
    index("card_deliveries_by_order").on(t.tenantId, t.orderId),
    index("card_deliveries_by_trade").on(t.tenantId, t.tradeId),
    index("card_deliveries_reported").on(t.tenantId, t.reportedAt).where(sql`report_outcome = 'open'`),
    foreignKey({ columns: [t.tenantId, t.orderId], foreignColumns: [orders.tenantId, orders.id] }),
    foreignKey({ columns: [t.tenantId, t.batchId], foreignColumns: [cardBatches.tenantId, cardBatches.id] }),
  ],
);

/** One try to pay an order through a channel, or money that came by itself. Keyed by (channel, its transaction id). */
export const payments = pgTable(
  "payments",
  {
    tenantId: tenantId(),
    id: id(),
    orderId: uuid("order_id").notNull(),
    channelId: uuid("channel_id").notNull(),
    /** Of money that came again: the attempt under which the channel has it; null: it is one itself. */
    attemptId: uuid("attempt_id"),
    /** The channel's id of the money; null until it has come. */
    transactionId: text("transaction_id"),
    /** What was asked for. */
    amount: minor("amount").notNull(),
    /** What came. */
    received: minor("received"),
    currency: currency().notNull(),
    state: text("state", { enum: ["created", "succeeded", "closed"] }).notNull(),
    /** What became of the money: it paid the order, or came twice, late, or in a wrong amount. */
    outcome: text("outcome", { enum: ["accepted", "duplicate", "late", "wrong_amount"] }),
    /** The trade that holds the money while no sale takes it. */
    heldTradeId: uuid("held_trade_id"),
    /** Where the buyer pays. */
    cashierUrl: text("cashier_url"),
    /** Why this channel: what the router compared, cheapest first. */
    routing: jsonb("routing").$type<unknown>(),
    createdAt: instant("created_at").notNull(),
    /** By the channel's clock. */
    paidAt: instant("paid_at"),
    settledAt: instant("settled_at"),
    /** When the sweeper asks the channel next; null: no more. */
    askAt: instant("ask_at"),
    asked: integer("asked").notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex("payments_transaction")
      .on(t.tenantId, t.channelId, t.transactionId)
      .where(sql`transaction_id is not null`),
    index("payments_by_order").on(t.tenantId, t.orderId),
    index("payments_to_ask").on(t.tenantId, t.askAt).where(sql`ask_at is not null`),
    index("payments_by_channel").on(t.tenantId, t.channelId, t.paidAt),
    foreignKey({ columns: [t.tenantId, t.orderId], foreignColumns: [orders.tenantId, orders.id] }),
  ],
);

/** Money on its way back to the buyer. What it undoes in the books is posted when it is made. */
export const refunds = pgTable(
  "refunds",
  {
    tenantId: tenantId(),
    id: id(),
    orderId: uuid("order_id").notNull(),
    paymentId: uuid("payment_id").notNull(),
    amount: minor("amount").notNull(),
    currency: currency().notNull(),
    reason: text("reason").notNull(),
    state: text("state", { enum: ["created", "succeeded", "flagged"] }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at"),
    /** What the channel answered last. */
    lastError: text("last_error"),
    channelRefundId: text("channel_refund_id"),
    createdBy: uuid("created_by"),
    createdAt: instant("created_at").notNull(),
    succeededAt: instant("succeeded_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("refunds_by_order").on(t.tenantId, t.orderId),
    index("refunds_by_payment").on(t.tenantId, t.paymentId),
    index("refunds_to_send").on(t.tenantId, t.nextAttemptAt).where(sql`next_attempt_at is not null`),
    foreignKey({ columns: [t.tenantId, t.paymentId], foreignColumns: [payments.tenantId, payments.id] }),
  ],
);

/** What happened to an order, for people to read. Append-only. */
export const orderEvents = pgTable(
  "order_events",
  {
    tenantId: tenantId(),
    id: id(),
    orderId: uuid("order_id").notNull(),
    at: instant("at").notNull(),
    /** A code of `ORDER_EVENTS`. */
    kind: text("kind").notNull(),
    actorKind: text("actor_kind", { enum: ["user", "apiKey", "system", "buyer"] }).notNull(),
    actorId: uuid("actor_id"),
    actorName: text("actor_name").notNull(),
    /** Effect on the buyer's money: paid in (positive) or given back (negative). */
    amount: minor("amount"),
    /** The trade it posted. */
    tradeId: uuid("trade_id"),
    data: jsonb("data").$type<Record<string, string | number | boolean | null>>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("order_events_by_order").on(t.tenantId, t.orderId, t.id),
    foreignKey({ columns: [t.tenantId, t.orderId], foreignColumns: [orders.tenantId, orders.id] }),
  ],
);
