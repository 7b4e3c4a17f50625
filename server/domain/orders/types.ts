import type { ErrorCode } from "@/server/core/errors";
import type { OrderEventKind, OrderFlag, OrderSource, OrderState } from "./schemas";

/** What the order verbs answer. Amounts in minor units of the order's currency; nothing secret but in `RevealedCard`. */

export interface OrderRow {
  id: string;
  /** `ORD-…` */
  reference: string;
  source: OrderSource;
  state: OrderState;
  flag: OrderFlag | null;
  distributorId: string;
  distributorName: string;
  currency: string;
  total: bigint;
  refunded: bigint;
  externalRef: string | null;
  /** Cards asked for, and those in the buyer's hand now. */
  quantity: number;
  delivered: number;
  products: string[];
  openReports: number;
  /** What paid it, or where it is being paid; null: nothing yet. */
  payment: PaymentMethod | null;
  createdAt: Date;
  expiresAt: Date;
  paidAt: Date | null;
  deliveredAt: Date | null;
  endedAt: Date | null;
}

/** `channelId` null: the distributor's wallet. */
export interface PaymentMethod {
  channelId: string | null;
  channelName: string | null;
}

export interface OrderLine {
  id: string;
  position: number;
  productId: string;
  productNumber: string;
  productName: string;
  quantity: number;
  price: bigint;
  /** Of the price, the distributor's mark-up. */
  markup: bigint;
  tier: string;
  delivered: number;
  refunded: number;
}

export interface OrderDelivery {
  id: string;
  lineId: string;
  productId: string;
  productName: string;
  /** Last characters of the number; empty where it has none. */
  tail: string;
  state: "delivered" | "replaced" | "refunded";
  looped: boolean;
  /** Null for who may not see the house's stock. */
  batchId: string | null;
  tradeId: string;
  /** The delivery of a dead key that this one replaces. */
  replacesId: string | null;
  deliveredAt: Date;
  revealedAt: Date | null;
  reveals: number;
  report: DeliveryReport | null;
}

export interface DeliveryReport {
  at: Date;
  by: string;
  reason: string;
  outcome: "open" | "confirmed" | "refused";
}

export interface OrderPayment {
  id: string;
  /** `PAY-…` */
  reference: string;
  method: PaymentMethod;
  amount: bigint;
  received: bigint | null;
  state: "created" | "succeeded" | "closed";
  outcome: "accepted" | "duplicate" | "late" | "wrong_amount" | null;
  transactionId: string | null;
  heldTradeId: string | null;
  /** What the router compared, cheapest first; null: the channel was named. For the house alone. */
  routing: unknown;
  createdAt: Date;
  paidAt: Date | null;
  settledAt: Date | null;
}

export interface OrderRefund {
  id: string;
  /** `RF-…` */
  reference: string;
  paymentId: string;
  amount: bigint;
  reason: string;
  state: "created" | "succeeded" | "flagged";
  attempts: number;
  nextAttemptAt: Date | null;
  lastError: string | null;
  createdAt: Date;
  succeededAt: Date | null;
}

export interface OrderEvent {
  id: string;
  at: Date;
  kind: OrderEventKind;
  actorKind: "user" | "apiKey" | "system" | "buyer";
  actorName: string;
  /** Effect on the buyer's money: paid in (positive) or given back (negative). */
  amount: bigint | null;
  /** Opens its transfers and trace. */
  tradeId: string | null;
  /** Of a refund of several cards: the trade of each, and the card. */
  trades: { tradeId: string; deliveryId: string | null }[];
  data: Record<string, string | number | boolean | null>;
}

export interface OrderDetail extends OrderRow {
  lines: OrderLine[];
  deliveries: OrderDelivery[];
  payments: OrderPayment[];
  refunds: OrderRefund[];
  /** Oldest first. */
  events: OrderEvent[];
  /** `/p/<tenant>/<token>`; null for who may not give it to the buyer (auditors, finance). A bearer secret. */
  pickupPath: string | null;
  /** Until then the link works; null before delivery. */
  pickupUntil: Date | null;
  pickupViews: number;
  /** The shop's buyer: whole for support and operators, masked for others. */
  contact: string | null;
  /** What the asker may do to it now. */
  may: {
    payByWallet: boolean;
    payByChannel: boolean;
    reveal: boolean;
    report: boolean;
    refund: boolean;
    redeliver: boolean;
    resolve: boolean;
    renewPickup: boolean;
  };
}

/** A product at a distributor's own price. */
export interface ProductOffered {
  productId: string;
  number: string;
  name: string;
  description: string;
  face: bigint;
  currency: string;
  price: bigint;
  inStock: boolean;
  maxPerOrder: number;
}

/** What an order would cost, before it is made. */
export interface OrderQuote {
  currency: string;
  total: bigint;
  lines: {
    productId: string;
    productName: string;
    quantity: number;
    price: bigint;
    amount: bigint;
    refusal: { code: ErrorCode; params: Record<string, unknown> } | null;
  }[];
  /** Of the distributor's wallet. */
  wallet: { balance: bigint; available: bigint };
}

export interface OrderMade {
  id: string;
  reference: string;
  state: OrderState;
  currency: string;
  total: bigint;
  externalRef: string | null;
  createdAt: Date;
  expiresAt: Date;
  lines: { id: string; productId: string; quantity: number; price: bigint; amount: bigint }[];
  /** It was there already: the same `externalRef`. */
  existing: boolean;
}

/** `cashierUrl`: where the buyer pays; null once it is paid. */
export interface PaymentStarted {
  orderId: string;
  paymentId: string;
  state: OrderState;
  method: PaymentMethod;
  cashierUrl: string | null;
}

/** Shown once on request, audited each time. Never cached, logged or stored. */
export interface RevealedCard {
  deliveryId: string;
  lineId: string;
  productId: string;
  productName: string;
  number: string;
  secret: string;
  expiresAt: Date | null;
}

export interface OrderRefunded {
  orderId: string;
  /** Null: nothing was paid by a channel or wallet yet. */
  refundId: string | null;
  amount: bigint;
  state: OrderState;
  /** Keys taken out of use, and put back into stock. */
  killed: number;
  released: number;
}

/** `open`: support looks at it. */
export interface ReportMade {
  deliveryId: string;
  outcome: "open" | "replaced";
  /** The delivery that replaces it. */
  replacementId: string | null;
  /** It was the order's second: no rule replaces it by itself. */
  needsSupport: boolean;
}

export interface ReportRow {
  deliveryId: string;
  orderId: string;
  reference: string;
  distributorId: string;
  distributorName: string;
  productId: string;
  productName: string;
  tail: string;
  reportedAt: Date;
  reportedBy: string;
  reason: string;
  outcome: "open" | "confirmed" | "refused";
  revealedAt: Date | null;
  /** Keys of the order that were replaced before. */
  replacedBefore: number;
}

// ── public ──

export interface ShopView {
  tenantName: string;
  title: string;
  open: boolean;
  items: ShopItem[];
}
export interface ShopItem {
  productId: string;
  name: string;
  description: string;
  face: bigint;
  price: bigint;
  currency: string;
  imageHash: string | null;
  imagePath: string | null;
  inStock: boolean;
  maxPerOrder: number;
}

export interface ShopOrderMade {
  reference: string;
  /** The buyer's page: `/p/<tenant>/<token>`. */
  pickupPath: string;
  token: string;
  currency: string;
  total: bigint;
  expiresAt: Date;
}

/** What the holder of a pick-up link sees; numbers and secrets only by `reveal`. */
export interface PickupView {
  tenantName: string;
  /** Of the distributor's shop, or its name. */
  sellerName: string;
  timeZone: string;
  asOf: Date;
  reference: string;
  state: OrderState;
  /** The order waits for its buyer's money in a shop. */
  payable: boolean;
  /** Where an attempt goes on. */
  cashierUrl: string | null;
  currency: string;
  total: bigint;
  refunded: bigint;
  createdAt: Date;
  expiresAt: Date;
  deliveredAt: Date | null;
  /** Until then the link works; null before delivery. */
  until: Date | null;
  lines: { productId: string; productName: string; quantity: number; price: bigint }[];
  cards: PickupCard[];
}
export interface PickupCard {
  deliveryId: string;
  productId: string;
  productName: string;
  tail: string;
  state: "delivered" | "replaced" | "refunded";
  revealedAt: Date | null;
  reveals: number;
  report: { at: Date; outcome: "open" | "confirmed" | "refused" } | null;
  /** It may be reported as not working. */
  reportable: boolean;
}

// ── money that came ──

/** What a channel says of one payment made for an attempt of ours, asked of it, not merely told by it. */
export interface PaymentFact {
  channelId: string;
  paymentId: string;
  transactionId: string;
  amount: bigint;
  paidAt: Date;
}
export type SettleOutcome =
  /** Paid and delivered now. */
  | "delivered"
  /** Known already: nothing changed. */
  | "known"
  /** Held and on its way back. */
  | "duplicate"
  | "late"
  /** Held; the order is flagged. */
  | "wrong_amount"
  | "undelivered";
export interface Settled {
  paymentId: string;
  orderId: string;
  outcome: SettleOutcome;
}
