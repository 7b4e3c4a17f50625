/**
 * What Kaqing asks of a payment channel; each provider implements it. Amounts in minor units. Calls go over the
 * network: never inside a transaction.
 *
 * Every call may throw DomainError CHANNEL_UNREACHABLE (nothing is known of the outcome: ask again) and
 * CHANNEL_REFUSED (the channel understood, and will not).
 */
export interface ChannelPort {
  /** Idempotent by `paymentId`: the same ask answers the same cashier; another amount is refused. */
  create(ask: PaymentAsk): Promise<{ cashierUrl: string }>;
  /** Everything paid under a payment: a buyer may pay twice, late, or another amount. Throws PAYMENT_UNKNOWN. */
  query(paymentId: string): Promise<PaymentAtChannel>;
  /** No more money is taken for it, where the channel can help it. Repeating changes nothing. */
  close(paymentId: string): Promise<void>;
  /** Idempotent by `refundId`: a failed one may be asked for again under the same id, a done one answers the same. */
  refund(ask: RefundAsk): Promise<RefundAtChannel>;
  /**
   * Reads a callback after checking its signature and time. It says only that there is news: ask before you believe.
   * A callback sent again within its five minutes passes again, so what follows it has to be idempotent.
   * @throws DomainError CALLBACK_INVALID
   */
  parseCallback(headers: CallbackHeaders, body: string): { paymentId: string; transactionId: string };
  /** The channel's bill of a day of its own zone (UTC+8), as text, in the format of the owner's documentation. */
  downloadBill(day: string, format: BillFormat): Promise<string>;
}

export interface PaymentAsk {
  /** Ours; the channel tells payments apart by it. */
  paymentId: string;
  amount: bigint;
  currency: string;
  /** What the buyer reads at the cashier. */
  subject: string;
  /** Where the channel sends its callbacks. */
  notifyUrl: string;
  /** Where the cashier sends the buyer afterwards. */
  returnUrl: string;
  expiresAt: Date;
}

export interface PaymentAtChannel {
  state: "unpaid" | "paid" | "closed";
  /** In the order in which they were paid. */
  payments: { transactionId: string; amount: bigint; paidAt: Date }[];
}

export interface RefundAsk {
  refundId: string;
  paymentId: string;
  /** Which of the payments made under `paymentId`. */
  transactionId: string;
  amount: bigint;
  reason: string;
}

export interface RefundAtChannel {
  state: "succeeded" | "failed";
  channelRefundId: string;
  /** Why it failed, in the channel's words. */
  reason?: string;
}

/** Of a request: `Headers`, or anything that finds a header by its lower-case name. */
export interface CallbackHeaders {
  get(name: string): string | null;
}

export const BILL_FORMATS = ["wechat", "alipay"] as const;
export type BillFormat = (typeof BILL_FORMATS)[number];
