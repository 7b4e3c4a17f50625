import { z } from "zod";
import { isCurrency, MAX_AMOUNT, parseRate } from "./money";

/**
 * Zod pieces for money inside jsonb documents and forms. An amount in such a document is a text of minor units
 * ("2000" is 20.00 CNY), never a JSON number; numbers and bigints are taken too and become that text.
 */
export const minorText = z
  .union([
    z.string().regex(/^\d{1,19}$/),
    z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
    z.bigint(),
  ])
  .transform((value) => BigInt(value).toString())
  .refine((text) => !text.startsWith("-") && BigInt(text) <= MAX_AMOUNT, { message: "AMOUNT_INVALID" });
export const positiveMinorText = minorText.refine((text) => text !== "0", { message: "AMOUNT_INVALID" });

/** A rate, made canonical: "0.0060" → "0.006". */
export const rateText = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,6})?$/, { message: "RATE_INVALID" })
  .transform(parseRate);

export const currencyCode = z.string().refine(isCurrency, { message: "CURRENCY_UNKNOWN" });
