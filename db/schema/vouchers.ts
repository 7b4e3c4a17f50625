import { sql } from "drizzle-orm";
import {
  bigint,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytes, currency, id, instant, minor, tenantId } from "../columns";
import type { FundingShare } from "./types";

export const campaigns = pgTable(
  "campaigns",
  {
    tenantId: tenantId(),
    id: id(),
    number: text("number").notNull(),
    name: text("name").notNull(),
    status: text("status", { enum: ["draft", "active", "paused", "ended"] }).notNull(),
    type: text("type", { enum: ["fixed", "threshold", "percent", "exchange", "gift_card"] }).notNull(),
    currency: currency().notNull(),
    /** `VoucherTerms` of domain/vouchers, by type; amounts as text in minor units. */
    terms: jsonb("terms").$type<unknown>().notNull(),
    /** Who bears the discount; empty: as the split rule says. */
    funding: jsonb("funding").$type<FundingShare[]>().notNull(),
    /** The brand it belongs to: sees it, and owes its share. */
    brandId: uuid("brand_id"),
    /** Empty: every merchant. */
    merchantIds: uuid("merchant_ids").array().notNull().default(sql`'{}'`),
    productCodes: text("product_codes").array().notNull().default(sql`'{}'`),
    issueFrom: instant("issue_from"),
    issueTo: instant("issue_to"),
    validFrom: instant("valid_from"),
    validTo: instant("valid_to"),
    /** Days of validity from issue, ending at the end of a local day; within the window above. */
    validDays: integer("valid_days"),
    /** Null: without limit. */
    quota: bigint("quota", { mode: "number" }),
    issued: bigint("issued", { mode: "number" }).notNull().default(0),
    perCustomerLimit: integer("per_customer_limit"),
    /** Customer ids; empty: anyone. */
    audience: text("audience").array().notNull().default(sql`'{}'`),
    verification: text("verification", { enum: ["static", "dynamic"] }).notNull(),
    stackingGroup: text("stacking_group"),
    usesPerVoucher: integer("uses_per_voucher").notNull().default(1),
    collectedBy: text("collected_by", { enum: ["platform", "merchant"] }).notNull(),
    channelId: uuid("channel_id"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("campaigns_number").on(t.tenantId, t.number),
    index("campaigns_by_brand").on(t.tenantId, t.brandId),
  ],
);

/** How many vouchers a customer holds of a campaign: guards the per-customer limit. */
export const campaignCustomers = pgTable(
  "campaign_customers",
  {
    tenantId: tenantId(),
    campaignId: uuid("campaign_id").notNull(),
    customerId: text("customer_id").notNull(),
    issued: integer("issued").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.campaignId, t.customerId] })],
);

/** Life of a voucher, as stored. A lock is a moment (`locked_until`), expiry is a date until the job writes it down. */
export const VOUCHER_STATES = { created: 0, issued: 1, redeemed: 3, expired: 4, void: 5 } as const;

/**
 * No column that a redemption changes stands in an index, so that redeeming is a heap-only update.
 */
export const vouchers = pgTable(
  "vouchers",
  {
    tenantId: tenantId(),
    id: id(),
    campaignId: uuid("campaign_id").notNull(),
    /** Keyed hash: finds a code without keeping it. */
    codeHash: bytes("code_hash").notNull(),
    /** Shows the code to its holder again. */
    codeSealed: bytes("code_sealed").notNull(),
    state: smallint("state").notNull(),
    usesLeft: integer("uses_left").notNull(),
    /** Of a gift card. */
    balance: minor("balance"),
    initialBalance: minor("initial_balance"),
    validFrom: instant("valid_from"),
    validTo: instant("valid_to"),
    /** Given by the issuer: the same request gets the same code. */
    sourceId: text("source_id"),
    customerId: text("customer_id"),
    jobId: uuid("job_id"),
    /** Secret of the rotating code (dynamic verification), sealed. */
    dynamicSealed: bytes("dynamic_sealed"),
    dynamicLastStep: bigint("dynamic_last_step", { mode: "number" }),
    lockedUntil: instant("locked_until"),
    lockedBy: uuid("locked_by"),
    lockRef: text("lock_ref"),
    redeemedAt: instant("redeemed_at"),
    redeemedBy: uuid("redeemed_by"),
    lastTradeId: uuid("last_trade_id"),
    issuedAt: instant("issued_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex("vouchers_code").on(t.tenantId, t.codeHash),
    uniqueIndex("vouchers_source").on(t.tenantId, t.campaignId, t.sourceId).where(sql`source_id is not null`),
    index("vouchers_by_campaign").on(t.tenantId, t.campaignId, t.id),
    index("vouchers_by_expiry").on(t.tenantId, t.validTo).where(sql`valid_to is not null`),
    index("vouchers_by_customer").on(t.tenantId, t.customerId).where(sql`customer_id is not null`),
    index("vouchers_by_job").on(t.tenantId, t.jobId, t.id).where(sql`job_id is not null`),
    // No foreign key to campaigns: a million rows at a time would be checked one by one; `npm run invariants` looks.
  ],
);

/** Rotating codes now on a holder's screen: lets a merchant type the 8 digits alone. */
export const voucherDisplays = pgTable(
  "voucher_displays",
  {
    tenantId: tenantId(),
    codeHash: bytes("code_hash").notNull(),
    voucherId: uuid("voucher_id").notNull(),
    step: bigint("step", { mode: "number" }).notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.codeHash, t.voucherId] }),
    index("voucher_displays_by_expiry").on(t.tenantId, t.expiresAt),
  ],
);
