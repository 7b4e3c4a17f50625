import { z } from "zod";
import { ROUNDING_MODES, rateParts } from "@/server/core/money";
import { positiveMinorText, rateText } from "@/server/core/money-schemas";

/**
 * What a voucher gives, by campaign type. Amounts are texts of minor units in the campaign's currency.
 * Safe in the browser.
 */
export const VOUCHER_TYPES = ["fixed", "threshold", "percent", "exchange", "gift_card"] as const;
export type VoucherType = (typeof VOUCHER_TYPES)[number];

/** X off, at most the order. */
export const fixedTerms = z.strictObject({ type: z.literal("fixed"), amount: positiveMinorText });

/** 满 X 减 Y; `every` (每满): Y for every full X, at most `ceiling`. */
export const thresholdTerms = z
  .strictObject({
    type: z.literal("threshold"),
    threshold: positiveMinorText,
    amount: positiveMinorText,
    every: z.boolean().default(false),
    ceiling: positiveMinorText.optional(),
  })
  .refine((t) => BigInt(t.amount) <= BigInt(t.threshold), {
    message: "AMOUNT_ABOVE_THRESHOLD",
    path: ["amount"],
  })
  .refine((t) => t.ceiling === undefined || BigInt(t.ceiling) >= BigInt(t.amount), {
    message: "CEILING_BELOW_AMOUNT",
    path: ["ceiling"],
  });

/** A part of the order off: "0.2" is 20 % off (8 折), from `minimum` up, at most `ceiling`. */
export const percentTerms = z.strictObject({
  type: z.literal("percent"),
  off: rateText.refine(
    (rate) => {
      const { numerator, denominator } = rateParts(rate);
      return numerator > 0n && numerator <= denominator;
    },
    { message: "RATE_INVALID" },
  ),
  minimum: positiveMinorText.optional(),
  ceiling: positiveMinorText.optional(),
  rounding: z.enum(ROUNDING_MODES).default("half_up"),
});

/** One piece of any of these products free, worth at most `ceiling`. */
export const exchangeTerms = z.strictObject({
  type: z.literal("exchange"),
  productCodes: z.array(z.string().trim().min(1).max(64)).min(1).max(100),
  ceiling: positiveMinorText.optional(),
});

/** A balance used in parts; `balance` is what a card is issued with. */
export const giftCardTerms = z.strictObject({ type: z.literal("gift_card"), balance: positiveMinorText });

export const voucherTerms = z.discriminatedUnion("type", [
  fixedTerms,
  thresholdTerms,
  percentTerms,
  exchangeTerms,
  giftCardTerms,
]);
export type VoucherTerms = z.output<typeof voucherTerms>;
export type VoucherTermsInput = z.input<typeof voucherTerms>;
