import { z } from "zod";
import { MAX_AMOUNT } from "@/server/core/money";
import { currencyCode } from "@/server/core/money-schemas";
import { fundingShares } from "../clearing/schemas";
import { VOUCHER_TYPES, voucherTerms } from "./terms-schemas";

/** What the voucher verbs take. Safe in the browser. Amounts are bigints of minor units. */

export { VOUCHER_TYPES, type VoucherTerms, type VoucherType, voucherTerms } from "./terms-schemas";

export const CAMPAIGN_STATUSES = ["draft", "active", "paused", "ended"] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];
export const VERIFICATIONS = ["static", "dynamic"] as const;
export type Verification = (typeof VERIFICATIONS)[number];

/** What a voucher is now: `locked` and `expired` by the clock, whatever is stored. */
export const VOUCHER_STATUSES = ["issued", "locked", "redeemed", "expired", "void"] as const;
export type VoucherStatus = (typeof VOUCHER_STATUSES)[number];

export const MAX_ISSUE = 1_000;
export const MAX_BULK_ISSUE = 1_000_000;
export const MAX_REDEEM_BATCH = 500;
export const MAX_VOID = 1_000;

const id = z.uuid();
const instant = z.date().min(new Date(0)).max(new Date("9999-12-31T00:00:00Z"));
const name = z.string().trim().min(1).max(120);
const amount = z.bigint().min(0n).max(MAX_AMOUNT);
const positiveAmount = z.bigint().min(1n).max(MAX_AMOUNT);
const productCode = z.string().trim().min(1).max(64);
/** Identifiers of the outside: an order's number, a customer's id. */
const outsideId = z.string().trim().min(1).max(128);
const reason = z.string().trim().min(1).max(500);
const code = z.string().trim().min(1).max(200);

// ── campaigns ──

const campaignFields = {
  name,
  type: z.enum(VOUCHER_TYPES),
  /** Of the type above. */
  terms: voucherTerms,
  /** The tenant's by default. */
  currency: currencyCode.optional(),
  /** Who bears the discount; the shares sum to 1. Empty: as the split rule says. */
  funding: fundingShares.default([]),
  brandId: id.nullish(),
  /** Where it may be used; empty: at every merchant. */
  merchantIds: z.array(id).max(10_000).default([]),
  /** What it may be used for; empty: anything. */
  productCodes: z.array(productCode).max(1_000).default([]),
  issueFrom: instant.nullish(),
  issueTo: instant.nullish(),
  validFrom: instant.nullish(),
  validTo: instant.nullish(),
  /** Days of validity from issue, ending with a day of the tenant's time zone. */
  validDays: z.number().int().min(1).max(3_650).nullish(),
  /** How many may be issued; null: without limit. */
  quota: z.number().int().min(1).max(1_000_000_000).nullish(),
  perCustomerLimit: z.number().int().min(1).max(100_000).nullish(),
  /** Customer ids; empty: anyone. */
  audience: z.array(outsideId).max(100_000).default([]),
  verification: z.enum(VERIFICATIONS).default("static"),
  /** Vouchers of one group are not used together on one order. */
  stackingGroup: z.string().trim().min(1).max(64).nullish(),
  usesPerVoucher: z.number().int().min(1).max(10_000).default(1),
  /** Who takes the customer's money where it is redeemed. */
  collectedBy: z.enum(["platform", "merchant"]).default("merchant"),
  /** The payment channel, where the platform collects. */
  channelId: id.nullish(),
};
export const createCampaignInput = z.object(campaignFields);
export type CreateCampaignInput = z.input<typeof createCampaignInput>;

/** What is left out stays. Type, terms, currency, funding, brand, verification and uses are fixed once a voucher was issued. */
export const updateCampaignInput = z.object({
  id,
  name: name.optional(),
  type: campaignFields.type.optional(),
  terms: campaignFields.terms.optional(),
  currency: campaignFields.currency,
  funding: fundingShares.optional(),
  brandId: campaignFields.brandId,
  merchantIds: z.array(id).max(10_000).optional(),
  productCodes: z.array(productCode).max(1_000).optional(),
  issueFrom: campaignFields.issueFrom,
  issueTo: campaignFields.issueTo,
  validFrom: campaignFields.validFrom,
  validTo: campaignFields.validTo,
  validDays: campaignFields.validDays,
  quota: campaignFields.quota,
  perCustomerLimit: campaignFields.perCustomerLimit,
  audience: z.array(outsideId).max(100_000).optional(),
  verification: z.enum(VERIFICATIONS).optional(),
  stackingGroup: campaignFields.stackingGroup,
  usesPerVoucher: z.number().int().min(1).max(10_000).optional(),
  collectedBy: z.enum(["platform", "merchant"]).optional(),
  channelId: campaignFields.channelId,
});
export type UpdateCampaignInput = z.input<typeof updateCampaignInput>;

const page = {
  cursor: z.string().max(500).nullish(),
  limit: z.number().int().min(1).max(200).default(50),
};

export const listCampaignsInput = z.object({
  ...page,
  search: z.string().trim().max(120).optional(),
  status: z.array(z.enum(CAMPAIGN_STATUSES)).max(4).optional(),
  type: z.array(z.enum(VOUCHER_TYPES)).max(5).optional(),
  brandId: id.optional(),
  /** Those that this merchant accepts. */
  merchantId: id.optional(),
});
export type ListCampaignsInput = z.input<typeof listCampaignsInput>;

/** For pickers: by name or number, or the names of known ids. */
export const campaignOptionsInput = z.object({
  q: z.string().trim().max(120).optional(),
  ids: z.array(id).max(100).optional(),
});
export type CampaignOptionsInput = z.input<typeof campaignOptionsInput>;

// ── issuing ──

const issueItem = z.object({
  /** The issuer's own id of this issue: asked again, the same voucher is answered. */
  sourceId: outsideId.nullish(),
  customerId: outsideId.nullish(),
});
/** Of a gift card: what its buyer paid through the campaign's channel. By default its balance, or, without a channel, nothing; the funders bear the rest. */
const paid = amount.nullish();
export const issueVoucherInput = issueItem.extend({ campaignId: id, paid });
export type IssueVoucherInput = z.input<typeof issueVoucherInput>;
export const issueVouchersInput = z.object({
  campaignId: id,
  items: z.array(issueItem).min(1).max(MAX_ISSUE),
  paid,
});
export type IssueVouchersInput = z.input<typeof issueVouchersInput>;
export const startBulkIssueInput = z.object({
  campaignId: id,
  count: z.number().int().min(1).max(MAX_BULK_ISSUE),
  paid,
});
export type StartBulkIssueInput = z.input<typeof startBulkIssueInput>;

// ── finding ──

export const listVouchersInput = z.object({
  ...page,
  campaignId: id.optional(),
  jobId: id.optional(),
  customerId: outsideId.optional(),
  status: z.array(z.enum(VOUCHER_STATUSES)).max(5).optional(),
  /** A code, a voucher's number (`VC-…`), its id, a customer id or a source id. */
  search: z.string().trim().max(200).optional(),
});
export type ListVouchersInput = z.input<typeof listVouchersInput>;

const order = {
  /** Worth of the order before the discount. */
  orderAmount: positiveAmount,
  /** The campaign's by default; another one is refused. */
  currency: currencyCode.optional(),
  /** What is bought, for campaigns that name products. */
  productCode: productCode.nullish(),
  lines: z
    .array(z.object({ productCode, amount, quantity: z.number().int().min(1).max(1_000_000).default(1) }))
    .max(500)
    .optional(),
  /** Of a gift card: how much to take from it; as much as possible by default. */
  amount: positiveAmount.nullish(),
};
/** Which voucher: what was typed or scanned, or its id (the house's own staff and keys, or with the lock's reference). */
const subject = {
  /** The code as typed or scanned: static code, rotating QR payload, or the 8 digits alone. */
  code: code.nullish(),
  voucherId: id.nullish(),
  /** With `voucherId`, for campaigns with rotating codes. */
  dynamicCode: code.nullish(),
};
/** Where it is used: needed from the house's own staff and keys; a merchant's are its own. */
const merchantId = id.nullish();

export const lookUpVoucherInput = z.object({
  ...subject,
  ...order,
  orderAmount: order.orderAmount.nullish(),
  merchantId,
  /** Of a lock that the asker holds. */
  lockRef: outsideId.nullish(),
});
export type LookUpVoucherInput = z.input<typeof lookUpVoucherInput>;

// ── locking ──

export const lockVoucherInput = z.object({
  ...subject,
  merchantId,
  /** Names the lock, so that its holder can redeem, prolong or release it. */
  lockRef: outsideId,
  /** The tenant's setting by default. */
  minutes: z.number().int().min(1).max(1_440).optional(),
});
export type LockVoucherInput = z.input<typeof lockVoucherInput>;
export const unlockVoucherInput = z.object({ voucherId: id, merchantId, lockRef: outsideId });
export type UnlockVoucherInput = z.input<typeof unlockVoucherInput>;

// ── voiding ──

export const voidVouchersInput = z.object({ voucherIds: z.array(id).min(1).max(MAX_VOID), reason });
export type VoidVouchersInput = z.input<typeof voidVouchersInput>;
export const voucherFilter = z
  .object({
    campaignId: id.optional(),
    jobId: id.optional(),
    customerId: outsideId.optional(),
    issuedFrom: instant.optional(),
    issuedTo: instant.optional(),
  })
  .refine((f) => f.campaignId || f.jobId || f.customerId, { message: "FILTER_REQUIRED" });
export type VoucherFilter = z.input<typeof voucherFilter>;
export const startVoidInput = z.object({ filter: voucherFilter, reason });
export type StartVoidInput = z.input<typeof startVoidInput>;

// ── redeeming ──

export const redeemItem = z.object({
  ...subject,
  ...order,
  merchantId,
  orderRef: outsideId.nullish(),
  lockRef: outsideId.nullish(),
  /** When it happened, for tills that were offline: at most 7 days ago. Now by default. */
  redeemedAt: instant.nullish(),
});
export type RedeemItem = z.input<typeof redeemItem>;
export const redeemBatchInput = z.object({ items: z.array(redeemItem).min(1).max(MAX_REDEEM_BATCH) });
export type RedeemBatchInput = z.input<typeof redeemBatchInput>;

/** Given by whoever asks, so that asking twice does it once. */
export const idempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\x21-\x7e]+$/, { message: "IDEMPOTENCY_KEY_INVALID" });

export const undoRedemptionInput = z.object({ redemptionId: id });
export type UndoRedemptionInput = z.input<typeof undoRedemptionInput>;
export const reverseRedemptionInput = z.object({
  redemptionId: id,
  /** How much of what the customer paid (and of what a gift card gave) is given back; all of it by default. */
  amount: positiveAmount.nullish(),
  reason,
});
export type ReverseRedemptionInput = z.input<typeof reverseRedemptionInput>;

export const redemptionFilter = z.object({
  merchantId: id.optional(),
  campaignId: id.optional(),
  voucherId: id.optional(),
  from: instant.optional(),
  /** Exclusive. */
  to: instant.optional(),
  state: z.enum(["standing", "part_reversed", "reversed"]).optional(),
  /** A reference (`RD-…`), the redemption's id or an order's reference. */
  search: z.string().trim().max(128).optional(),
});
export type RedemptionFilter = z.input<typeof redemptionFilter>;
export const listRedemptionsInput = redemptionFilter.extend(page);
export type ListRedemptionsInput = z.input<typeof listRedemptionsInput>;
