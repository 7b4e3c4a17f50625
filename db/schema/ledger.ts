import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  customType,
  foreignKey,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { currency, id, instant, minor, packedFees, tenantId } from "../columns";
import { parties } from "./parties";
import type { FundingAmount, TradeTerms } from "./types";

const xid8 = customType<{ data: bigint; driverData: string }>({ dataType: () => "xid8" });

export const accounts = pgTable(
  "accounts",
  {
    tenantId: tenantId(),
    id: id(),
    partyId: uuid("party_id").notNull(),
    kind: text("kind", {
      enum: [
        "cash",
        "channel_receivable",
        "channel_fee",
        "marketing_expense",
        "receivable",
        "prepaid",
        "payable",
        "wallet",
        "stored_value",
        "reserve",
        "commission_revenue",
        "margin",
        "interest_income",
        "suspense",
      ],
    }).notNull(),
    currency: currency().notNull(),
    /** Tells accounts of one kind apart: a bank account, a gift-card programme; else empty. */
    ref: text("ref").notNull().default(""),
    /** A strict account's balance is checked against `floor` in the posting transaction. */
    strict: boolean("strict").notNull().default(false),
    floor: minor("floor").notNull().default(sql`0`),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("accounts_identity").on(t.tenantId, t.partyId, t.kind, t.currency, t.ref),
    foreignKey({ columns: [t.tenantId, t.partyId], foreignColumns: [parties.tenantId, parties.id] }),
  ],
);

/** Debits and credits so far of the strict accounts, changed in the posting transaction; a trigger refuses one below its floor. Other balances are sums. */
export const accountBalances = pgTable(
  "account_balances",
  {
    tenantId: tenantId(),
    accountId: uuid("account_id").notNull(),
    debits: minor("debits").notNull(),
    credits: minor("credits").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.accountId] })],
);

/**
 * One thing to clear: a redemption, a card sale, or the reversal of either. Holds every fact that clearing
 * needs, so that the trace of its transfers is computed again at any time. Append-only.
 */
export const trades = pgTable(
  "trades",
  {
    tenantId: tenantId(),
    id: id(),
    kind: text("kind", {
      enum: [
        "redemption",
        "card_sale",
        "stored_value",
        "reversal",
        "payout",
        "adjustment",
        "payment",
        "top_up",
      ],
    }).notNull(),
    tradedAt: instant("traded_at").notNull(),
    postedAt: instant("posted_at").notNull(),
    currency: currency().notNull(),
    /** Order amount, discount, what the customer paid (or gets back, negative, in a reversal). */
    gross: minor("gross").notNull(),
    discount: minor("discount").notNull(),
    paid: minor("paid").notNull(),
    merchantId: uuid("merchant_id"),
    /** Who plays the brand in it. */
    brandId: uuid("brand_id"),
    campaignId: uuid("campaign_id"),
    voucherId: uuid("voucher_id"),
    channelId: uuid("channel_id"),
    /** Who took the customer's money. */
    collectedBy: text("collected_by", { enum: ["platform", "merchant", "wallet"] }).notNull(),
    /** Of a card sale: what was sold, whose card it is, who sold it, and the order. */
    productId: uuid("product_id"),
    supplierId: uuid("supplier_id"),
    distributorId: uuid("distributor_id"),
    orderId: uuid("order_id"),
    /** What else clearing needed to know: terms that were agreed with the parties at that time. */
    terms: jsonb("terms").$type<TradeTerms>(),
    ruleVersionId: uuid("rule_version_id"),
    /** The channel's fee rate at that time. */
    channelFeeRate: text("channel_fee_rate"),
    /** Explicit funding amounts, where they came from outside; else derived from campaign or rule. */
    funding: jsonb("funding").$type<FundingAmount[]>(),
    /** What fee schedules came to, and where the parties' months stood before. */
    fees: packedFees("fees"),
    reversesId: uuid("reverses_id"),
    /** Of a reversal: what earlier reversals of the same trade had given back. */
    refundedBefore: minor("refunded_before"),
    /** The order's id at the merchant's. */
    orderRef: text("order_ref"),
    /** Unique id given by whoever brought the trade: an import's line, a request's key. */
    externalRef: text("external_ref"),
    actorId: uuid("actor_id"),
    reason: text("reason"),
    /** Transaction that posted it: lets the roll-up take what is new without missing a slow one. */
    xid: xid8("xid").notNull().default(sql`pg_current_xact_id()`),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("trades_by_time").on(t.tenantId, t.tradedAt, t.id),
    // By an id that no two tenants have, and so without the tenant (decision 0030).
    index("trades_by_merchant").on(t.merchantId, t.tradedAt, t.id),
    index("trades_by_brand").on(t.brandId, t.tradedAt, t.id).where(sql`brand_id is not null`),
    index("trades_by_xid").on(t.tenantId, t.xid),
    index("trades_by_voucher").on(t.voucherId).where(sql`voucher_id is not null`),
    index("trades_by_reversed").on(t.tenantId, t.reversesId).where(sql`reverses_id is not null`),
    index("trades_by_distributor")
      .on(t.tenantId, t.distributorId, t.tradedAt, t.id)
      .where(sql`distributor_id is not null`),
    // The statement of a wallet: what can have moved it, in the order of posting.
    index("trades_of_wallet")
      .on(t.tenantId, t.distributorId, t.id)
      .where(sql`distributor_id is not null and (collected_by = 'wallet' or kind = 'top_up')`),
    index("trades_by_order").on(t.tenantId, t.orderId).where(sql`order_id is not null`),
    uniqueIndex("trades_external_ref").on(t.tenantId, t.externalRef).where(sql`external_ref is not null`),
  ],
);

/**
 * A posted leg: debit one account, credit another, amount > 0. Append-only (a trigger refuses the rest).
 * Each side that settlement states has its own due date, by the cycle of the account's party.
 */
export const transfers = pgTable(
  "transfers",
  {
    tenantId: tenantId(),
    id: id(),
    tradeId: uuid("trade_id").notNull(),
    leg: text("leg").notNull(),
    debitAccountId: uuid("debit_account_id").notNull(),
    creditAccountId: uuid("credit_account_id").notNull(),
    amount: minor("amount").notNull(),
    currency: currency().notNull(),
    /** The party the leg concerns: its payee, or who is charged. */
    partyId: uuid("party_id").notNull(),
    ruleVersionId: uuid("rule_version_id"),
    tradedAt: instant("traded_at").notNull(),
    postedAt: instant("posted_at").notNull(),
    /** When the debit account's party owes it; null on accounts that are not settled. */
    debitDueAt: instant("debit_due_at"),
    /** When the credit account's party is due it; null on accounts that are not settled. */
    creditDueAt: instant("credit_due_at"),
    reversesId: uuid("reverses_id"),
  },
  (t) => [
    // By its trade, which whoever looks for a transfer knows; so that one index serves both, and grows at its end.
    primaryKey({ columns: [t.tenantId, t.tradeId, t.id] }),
    // With the id, so that a statement's transfers page by cursor in constant time; without the tenant (decision 0030).
    index("transfers_due_debit")
      .on(t.debitAccountId, t.debitDueAt, t.id)
      .where(sql`debit_due_at is not null`),
    index("transfers_due_credit")
      .on(t.creditAccountId, t.creditDueAt, t.id)
      .where(sql`credit_due_at is not null`),
    // A distributor's commissions and mark-ups, and what corrects them, by the time of the sale. Queries repeat the condition word for word.
    index("transfers_card_shares")
      .on(t.tenantId, t.partyId, t.tradedAt, t.id)
      .where(
        sql`leg like 'card.%' and leg <> 'card.supplier' and leg <> 'card.margin' or leg in ('fee.true_up', 'fee.walk_back')`,
      ),
    check("transfers_amount_positive", sql`amount > 0`),
    check("transfers_two_accounts", sql`debit_account_id <> credit_account_id`),
  ],
);

/** The tenant's watermark: nothing is posted as due at or before it. */
export const books = pgTable("books", {
  tenantId: uuid("tenant_id").primaryKey(),
  closedThrough: instant("closed_through").notNull(),
});

/**
 * The number of the last change of what clearing reads (parties, campaigns, split rules, calendar), by triggers; no
 * number is given twice. A process may remember what it read for as long as the number, read in each posting
 * transaction, stays the same.
 */
export const configRevisions = pgTable("config_revisions", {
  tenantId: uuid("tenant_id").primaryKey(),
  revision: minor("revision").notNull(),
});
