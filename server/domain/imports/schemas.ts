import { z } from "zod";
import { currencyCode } from "@/server/core/money-schemas";
import { isTimeZone, TIME_FORMATS } from "./local-time";

export { TIME_FORMATS, type TimeFormat } from "./local-time";

/** Imports of past sales: what a file's columns mean. Safe in the browser. */

export const MAX_FILE_BYTES = 200 * 1024 * 1024;

export const DELIMITERS = [",", ";", "\t", "|"] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/**
 * What the amount of a line is.
 * - `gross`: the order before any discount.
 * - `received`: what the merchant gets for it: the customer's money and the discounts that others bear.
 * - `paid`: what the customer paid, after all discounts.
 */
export const AMOUNT_MEANINGS = ["gross", "received", "paid"] as const;
export type AmountMeaning = (typeof AMOUNT_MEANINGS)[number];

export const IMPORT_FUNDERS = ["brand", "merchant", "platform"] as const;
export type ImportFunder = (typeof IMPORT_FUNDERS)[number];

/** A header name. */
const column = z.string().trim().min(1).max(200);
const optionalColumn = column.nullable().default(null);

export const salesMapping = z
  .strictObject({
    delimiter: z.enum(DELIMITERS).default(","),
    currency: currencyCode,
    /** The merchant's and the brand's id as the file knows them (`externalId` of a party). */
    merchant: column,
    brand: optionalColumn,
    /** The order's number at the merchant's. */
    orderRef: optionalColumn,
    /** Tells lines of one order apart. */
    product: optionalColumn,
    amount: z.strictObject({ column, means: z.enum(AMOUNT_MEANINGS) }),
    /** Discounts, and who bears each. */
    discounts: z
      .array(z.strictObject({ column, by: z.enum(IMPORT_FUNDERS) }))
      .min(1)
      .max(10),
    soldAt: z.strictObject({
      column,
      format: z.enum(TIME_FORMATS),
      timeZone: z.string().max(60).refine(isTimeZone),
    }),
    /** Lines whose amount in this column is not above zero are skipped; null: every line is a redemption. */
    onlyAbove: optionalColumn,
    collectedBy: z.enum(["merchant", "platform"]),
    /** The channel through which the platform collected. */
    channelId: z.uuid().nullable().default(null),
    /** Opens merchants and brands that are not known yet; else their lines are rejected. */
    createParties: z.boolean().default(false),
  })
  .superRefine((mapping, issues) => {
    const required = (path: string) =>
      issues.addIssue({ code: "invalid_type", expected: "string", input: null, path: [path] });
    if (mapping.brand === null && mapping.discounts.some((one) => one.by === "brand")) required("brand");
    if (mapping.collectedBy === "platform" && mapping.channelId === null) required("channelId");
  });
export type SalesMapping = z.output<typeof salesMapping>;
export type SalesMappingInput = z.input<typeof salesMapping>;

const id = z.uuid();
const limit = z.number().int().min(1).max(200).default(50);

export const mappingName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}]*$/u);
export const saveMappingInput = z.object({ name: mappingName, definition: salesMapping });
export const deleteMappingInput = z.object({ id });
export const inspectFileInput = z.object({ fileId: id, delimiter: z.enum(DELIMITERS).optional() });
export const dryRunInput = z.object({
  fileId: id,
  mapping: salesMapping,
  /** How many lines to clear. */
  rows: z.number().int().min(1).max(100).default(20),
});
export const startImportInput = z.object({ fileId: id, mapping: salesMapping });
export const importIdInput = z.object({ id });
export const listImportsInput = z.object({ cursor: id.nullish(), limit });
export const listRejectsInput = z.object({
  importId: id,
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .nullish(),
  limit,
});

/** Why a line was rejected. Those of clearing (a rule that is missing, say) come as they are. */
export const LINE_CODES = [
  "LINE_MALFORMED",
  "AMOUNT_INVALID",
  "TIME_INVALID",
  "CLOCK_SKEW",
  "MERCHANT_UNKNOWN",
  "FUNDER_UNKNOWN",
  "DISCOUNT_EXCEEDS_ORDER",
] as const;
