import { applyRate, type Rate } from "@/server/core/money";

/** A channel's fee: its rate, and what one payment is charged at least and at most. */
export interface FeeTerms {
  feeRate: Rate;
  feeMin: bigint | null;
  feeMax: bigint | null;
}

/** What a channel charges for one payment: its rate, rounded once (half up), within its bounds. */
export function channelFeeOf(amount: bigint, { feeRate, feeMin, feeMax }: FeeTerms): bigint {
  const fee = applyRate(amount, feeRate);
  if (feeMin !== null && fee < feeMin) return feeMin;
  return feeMax !== null && fee > feeMax ? feeMax : fee;
}
