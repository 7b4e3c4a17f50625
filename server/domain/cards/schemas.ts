import { z } from "zod";
import { MAX_AMOUNT } from "@/server/core/money";
import { currencyCode } from "@/server/core/money-schemas";

/** What the verbs on products, stock and suppliers take. Safe in the browser. Amounts are bigints of minor units. */

export const PRODUCT_STATUSES = ["draft", "on_sale", "off_sale"] as const;
export type ProductStatus = (typeof PRODUCT_STATUSES)[number];

/** States of a key in the order of their numbers (`CARD_STATES`). */
export const KEY_STATES = ["available", "reserved", "delivered", "dead", "expired"] as const;
export type KeyState = (typeof KEY_STATES)[number];

export const SUPPLIER_TERMS = ["credit", "prepaid"] as const;
export type SupplierTerms = (typeof SUPPLIER_TERMS)[number];

/** Why a line of a file did not become a key. */
export const KEY_LINE_CODES = [
  "MALFORMED",
  "TOO_LONG",
  "SECRET_MISSING",
  "EXPIRY_INVALID",
  "EXPIRED",
  "DUPLICATE_IN_FILE",
  "DUPLICATE_IN_STOCK",
] as const;
export type KeyLineCode = (typeof KEY_LINE_CODES)[number];

/**
 * What the lines of a file are.
 * - `pair`: number, secret and, perhaps, expiry, by comma or tab; quotes as in CSV.
 * - `secret`: one secret a line; a comma or tab in it makes the line malformed.
 * - `line`: one secret a line, whatever stands in it.
 */
export const KEY_LAYOUTS = ["pair", "secret", "line"] as const;
export type KeyLayout = (typeof KEY_LAYOUTS)[number];

export const MAX_KEY_FILE_BYTES = 200 * 1024 * 1024;
export const MAX_KEY_LINES = 1_000_000;
export const MAX_PICTURE_BYTES = 1024 * 1024;
export const PICTURE_TYPES = ["image/png", "image/jpeg", "image/webp"] as const;
export type PictureType = (typeof PICTURE_TYPES)[number];

/** Address of a product's picture: open to the world, and never another picture. */
export function picturePath(tenantSlug: string, productId: string, hash: string): string {
  return `/api/pictures/${tenantSlug}/${productId}/${hash}`;
}

const id = z.uuid();
const instant = z.date().min(new Date(0)).max(new Date("9999-12-31T00:00:00Z"));
const positiveAmount = z.bigint().min(1n).max(MAX_AMOUNT);
const amount = z.bigint().min(0n).max(MAX_AMOUNT);
/** A line of text without control characters. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}]*$/u);
const page = {
  cursor: z.string().max(500).nullish(),
  limit: z.number().int().min(1).max(200).default(50),
};
const search = z.string().trim().max(120).optional();
const options = {
  q: z.string().trim().max(120).optional(),
  ids: z.array(id).max(100).optional(),
};

// ── products ──

const productFields = {
  supplierId: id,
  name: line(120),
  description: z.string().trim().max(4_000),
  face: positiveAmount,
  looped: z.boolean(),
  lowStockAt: z.number().int().min(0).max(10_000_000),
  maxPerOrder: z.number().int().min(1).max(10_000),
};
export const createProductInput = z.object({
  ...productFields,
  description: productFields.description.default(""),
  /** The tenant's by default. */
  currency: currencyCode.optional(),
  looped: productFields.looped.default(false),
  lowStockAt: productFields.lowStockAt.default(0),
  maxPerOrder: productFields.maxPerOrder.default(100),
});
export type CreateProductInput = z.input<typeof createProductInput>;

/** What is left out stays. Supplier, face, currency and looped are fixed once there are keys. */
export const updateProductInput = z
  .object({ id, currency: currencyCode.optional() })
  .extend(z.object(productFields).partial().shape);
export type UpdateProductInput = z.input<typeof updateProductInput>;

export const setProductStatusInput = z.object({ id, status: z.enum(PRODUCT_STATUSES) });
export const productIdInput = z.object({ id });
export const listProductsInput = z.object({
  ...page,
  search,
  status: z.array(z.enum(PRODUCT_STATUSES)).max(3).optional(),
  supplierId: id.optional(),
});
export type ListProductsInput = z.input<typeof listProductsInput>;
/** For pickers: by name or number, or the names of known ids. */
export const productOptionsInput = z.object(options);

// ── stock ──

export const listStockInput = z.object({
  ...page,
  search,
  supplierId: id.optional(),
  /** Those below their warning alone. */
  low: z.boolean().optional(),
});
export type ListStockInput = z.input<typeof listStockInput>;

export const listBatchesInput = z.object({
  ...page,
  productId: id.optional(),
  supplierId: id.optional(),
});
export type ListBatchesInput = z.input<typeof listBatchesInput>;
export const batchIdInput = z.object({ id });

export const listKeysInput = z.object({
  ...page,
  batchId: id,
  state: z.enum(KEY_STATES).optional(),
});
export type ListKeysInput = z.input<typeof listKeysInput>;

export const revealKeyInput = z.object({ keyId: id });
export const markDeadInput = z.object({
  keyIds: z.array(id).min(1).max(1_000),
  reason: line(500),
});

/** A number or secret: what a line of a file could hold. */
const keyText = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\uFFFD]*$/u);
export const MAX_NUMBER = 128;
export const MAX_SECRET = 1_024;
export const addKeysInput = z.object({
  productId: id,
  cost: amount,
  expiresAt: instant.nullish(),
  note: z.string().trim().max(500).nullish(),
  keys: z
    .array(
      z.object({
        number: keyText(MAX_NUMBER).nullish(),
        secret: keyText(MAX_SECRET),
        expiresAt: instant.nullish(),
      }),
    )
    .min(1)
    .max(10_000),
});

// ── imports of keys ──

export const inspectKeyFileInput = z.object({ fileId: id });
export const startKeyImportInput = z.object({
  fileId: id,
  productId: id,
  /** What the supplier is owed for each key, when it is sold. */
  cost: amount,
  /** Of keys whose line names no expiry. */
  expiresAt: instant.nullish(),
  note: z.string().trim().max(500).nullish(),
  /** `auto`: as `inspect` finds it. */
  layout: z.enum(["auto", "pair", "line"]).default("auto"),
});
export type StartKeyImportInput = z.input<typeof startKeyImportInput>;
export const keyImportIdInput = z.object({ id });
export const listKeyImportsInput = z.object({ ...page, productId: id.optional() });
export const listKeyRejectsInput = z.object({
  importId: id,
  code: z.enum(KEY_LINE_CODES).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .nullish(),
  limit: page.limit,
});

// ── suppliers ──

export const listSuppliersInput = z.object({ ...page, search });
export const supplierIdInput = z.object({ partyId: id });
export const setSupplierTermsInput = z.object({
  partyId: id,
  terms: z.enum(SUPPLIER_TERMS),
  /** Prepaid: warn when less remains. */
  warnBelow: amount.default(0n),
});
export type SetSupplierTermsInput = z.input<typeof setSupplierTermsInput>;
export const recordPrepaymentInput = z.object({
  partyId: id,
  amount: positiveAmount,
  /** The tenant's by default. */
  currency: currencyCode.optional(),
  /** The bank's number of the transfer; taken once. */
  bankReference: line(80),
  paidAt: instant,
});
export type RecordPrepaymentInput = z.input<typeof recordPrepaymentInput>;
export const listPrepaymentsInput = z.object({ ...page, partyId: id });
