import { applyRate, roundDiv } from "@/server/core/money";

/** What a channel's bill of a day states, whatever its format. */
export interface Bill {
  /** Of the channel's own zone, UTC+8. */
  day: string;
  merchantNo: string;
  madeAt: Date;
  /** In the order of their time. */
  rows: BillRow[];
}

export interface BillRow {
  kind: "payment" | "refund";
  /** When it was paid, or the refund was accepted. */
  at: Date;
  transactionId: string;
  paymentId: string;
  /** Positive, of a refund, too. In minor units. */
  amount: bigint;
  currency: string;
  subject: string;
  buyer: string;
  /** Charged (positive), or given back with a refund (negative). */
  fee: bigint;
  feeRate: string;
  refund: { refundId: string; channelRefundId: string } | null;
}

export interface ServiceFee {
  rate: string;
  min: bigint | null;
  max: bigint | null;
  /** Given back with refunds. */
  refunded: boolean;
}

/** What the channel charges for a payment, rounded once (half up), within its bounds. */
export function feeOfPayment(amount: bigint, { rate, min, max }: ServiceFee): bigint {
  const fee = applyRate(amount, rate);
  if (min !== null && fee < min) return min;
  return max !== null && fee > max ? max : fee;
}

/** What of a fee is given back with a refund; the parts of several refunds add up to the whole fee. */
export function feeOfRefund(fee: bigint, paid: bigint, refundedBefore: bigint, refund: bigint): bigint {
  const upTo = (amount: bigint) => roundDiv(fee * amount, paid, "half_up");
  return upTo(refundedBefore + refund) - upTo(refundedBefore);
}

/** `2026-11-21 10:11:12` in UTC+8, which bills are in. */
export function billTime(at: Date): string {
  return new Date(at.getTime() + ZONE_MS).toISOString().slice(0, 19).replace("T", " ");
}

export function billDay(at: Date): string {
  return billTime(at).slice(0, 10);
}

const ZONE_MS = 8 * 3_600_000;

/** What separates columns or lines cannot stand in a value. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}`,"]/gu, " ").trim();
}
