import { z } from "zod";
import { isCurrency } from "@/server/core/money";

/**
 * Amounts on the wire are JSON integers of minor units. What a float could not hold exactly is refused on its way
 * in, and written in full on its way out.
 */
export const amount = z
  .int({ error: "AMOUNT_INVALID" })
  .min(0, { error: "AMOUNT_INVALID" })
  .transform((value) => BigInt(value));
export const positiveAmount = z
  .int({ error: "AMOUNT_INVALID" })
  .min(1, { error: "AMOUNT_INVALID" })
  .transform((value) => BigInt(value));
export const currency = z.string().max(8).refine(isCurrency, { error: "CURRENCY_UNKNOWN" });

/** An amount as JSON writes it. */
export function wireAmount(value: bigint): number {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : (rawJson(value.toString()) as number);
}

function rawJson(text: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
}

/** A moment as ISO 8601 with its offset; kept as the caller's clock has it. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
