import { z } from "zod";
import { MAX_AMOUNT, rateParts } from "@/server/core/money";
import { currencyCode, rateText } from "@/server/core/money-schemas";

/** What the pricing verbs take. Safe in the browser. Amounts are bigints of minor units, rates exact decimals. */

/** The longest line of recruiters there can be; `tenant.settings.uplineLevels` allows as many or fewer. */
export const MAX_UPLINES = 3;
export const MAX_PRICES = 500;

const id = z.uuid();
const amount = z.bigint().min(0n).max(MAX_AMOUNT);
const positiveAmount = z.bigint().min(1n).max(MAX_AMOUNT);
const search = z.string().trim().max(100).optional();
const page = {
  cursor: z.string().max(1_000).nullish(),
  limit: z.number().int().min(1).max(200).default(50),
};
/** A line of text without control characters. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}]*$/u);

// ── tiers ──

/** Rules and prices name a tier by its code, so it never changes. */
export const tierCode = z
  .string()
  .trim()
  .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/);
const tierFields = {
  name: line(60),
  /** Its place, 1 being the lowest; the others move. */
  rank: z.number().int().min(1).max(100),
  /** Sales of a calendar month from which it is earned. */
  minVolume: amount,
};
export const createTierInput = z.object({
  code: tierCode,
  name: tierFields.name,
  /** The highest by default. */
  rank: tierFields.rank.optional(),
  minVolume: amount.default(0n),
  /** The tenant's by default. */
  currency: currencyCode.optional(),
});
export type CreateTierInput = z.input<typeof createTierInput>;
/** What is left out stays. */
export const updateTierInput = z.object({
  code: tierCode,
  name: tierFields.name.optional(),
  rank: tierFields.rank.optional(),
  minVolume: amount.optional(),
});
export type UpdateTierInput = z.input<typeof updateTierInput>;
export const tierInput = z.object({ code: tierCode });

// ── distributors ──

/** A share of what was paid: 0 to 1. */
export const ownRate = rateText.refine(
  (rate) => {
    const { numerator, denominator } = rateParts(rate);
    return numerator <= denominator;
  },
  { message: "RATE_INVALID" },
);
/** What stands in a shop's link. */
export const shopSlug = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])$/);

export const distributorFilters = z.object({ q: search, tier: tierCode.optional() });
export const listDistributorsInput = distributorFilters.extend(page);
export type ListDistributorsInput = z.input<typeof listDistributorsInput>;
export const distributorInput = z.object({ partyId: id });
/** What is left out stays; the first time a tier is needed. */
export const setDistributorInput = z.object({
  partyId: id,
  tier: tierCode.optional(),
  /** Who recruited it; null: nobody. */
  uplineId: id.nullable().optional(),
  /** Null: the rule's rate. */
  commissionRate: ownRate.nullable().optional(),
  /** Null: no shop. */
  shopSlug: shopSlug.nullable().optional(),
  /** `updatedAt` of what was edited: another's change in between is a CONFLICT. */
  version: z.date().optional(),
});
export type SetDistributorInput = z.input<typeof setDistributorInput>;

// ── prices ──

export const listPricesInput = z.object({
  ...page,
  /** A product's number or name. */
  q: search,
  /** These alone. */
  productIds: z.array(id).max(200).optional(),
  status: z.enum(["draft", "on_sale", "off_sale"]).optional(),
});
export type ListPricesInput = z.input<typeof listPricesInput>;
export const setPricesInput = z.object({
  prices: z
    .array(
      z.object({
        productId: id,
        tier: tierCode,
        /** In the product's currency; null: not sold to the tier. */
        price: positiveAmount.nullable(),
        /** What was seen before: another's change in between is a CONFLICT. */
        was: positiveAmount.nullable().optional(),
      }),
    )
    .min(1)
    .max(MAX_PRICES),
});
export type SetPricesInput = z.input<typeof setPricesInput>;

// ── shops ──

/** Whose: needed from the house's own people; a distributor's is its own. */
const partyId = id.optional();
export const shopInput = z.object({ partyId });
export const updateShopInput = z
  .object({
    partyId,
    slug: shopSlug.nullable(),
    title: line(60).nullable(),
    open: z.boolean(),
    version: z.date().optional(),
  })
  .refine((shop) => !shop.open || shop.slug !== null, { path: ["slug"] })
  .refine((shop) => !shop.open || shop.title !== null, { path: ["title"] });
export type UpdateShopInput = z.input<typeof updateShopInput>;
export const listShopItemsInput = z.object({ ...page, partyId, q: search, listed: z.boolean().optional() });
export type ListShopItemsInput = z.input<typeof listShopItemsInput>;
export const setShopItemsInput = z.object({
  partyId,
  items: z
    .array(z.object({ productId: id, markup: amount, listed: z.boolean() }))
    .min(1)
    .max(MAX_PRICES),
});
export type SetShopItemsInput = z.input<typeof setShopItemsInput>;
