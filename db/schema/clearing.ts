import { sql } from "drizzle-orm";
import {
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { id, instant, tenantId } from "../columns";

/** A split rule: what it applies to. What it says stands in its versions. */
export const splitRules = pgTable(
  "split_rules",
  {
    tenantId: tenantId(),
    id: id(),
    number: text("number").notNull(),
    name: text("name").notNull(),
    tradeKind: text("trade_kind", { enum: ["redemption", "card_sale", "stored_value"] }).notNull(),
    campaignId: uuid("campaign_id"),
    productId: uuid("product_id"),
    merchantId: uuid("merchant_id"),
    channelId: uuid("channel_id"),
    tier: text("tier"),
    priority: integer("priority").notNull().default(0),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), unique("split_rules_number").on(t.tenantId, t.number)],
);

/**
 * A version of a rule. A draft changes until it is submitted; from then on only its state does, and what was decided
 * of it. `definition` is a `SplitRuleDefinition` of domain/clearing; of a draft, one that may lack things still.
 */
export const splitRuleVersions = pgTable(
  "split_rule_versions",
  {
    tenantId: tenantId(),
    id: id(),
    ruleId: uuid("rule_id").notNull(),
    version: integer("version").notNull(),
    state: text("state", { enum: ["draft", "in_review", "scheduled", "refused", "withdrawn"] }).notNull(),
    /** In force from here until the next scheduled version of the rule begins. Null until it is scheduled: at once. */
    effectiveFrom: instant("effective_from"),
    /** Ends the rule when set, e.g. with its campaign. */
    effectiveTo: instant("effective_to"),
    definition: jsonb("definition").$type<unknown>().notNull(),
    note: text("note"),
    createdBy: uuid("created_by"),
    createdByName: text("created_by_name").notNull(),
    createdAt: instant("created_at").notNull(),
    /** Counts the savings of a draft. */
    revision: integer("revision").notNull().default(0),
    updatedAt: instant("updated_at"),
    /** Everybody who wrote on the draft: none of them approves it where four eyes are asked for. */
    editors: uuid("editors").array().notNull().default([]),
    /** The orders it was checked for, a `CheckedRange` of domain/clearing. */
    checked: jsonb("checked").$type<unknown>(),
    submittedBy: uuid("submitted_by"),
    submittedByName: text("submitted_by_name"),
    submittedAt: instant("submitted_at"),
    /** Who published it, or refused. */
    reviewedBy: uuid("reviewed_by"),
    reviewedByName: text("reviewed_by_name"),
    reviewedAt: instant("reviewed_at"),
    refusalReason: text("refusal_reason"),
    withdrawnByName: text("withdrawn_by_name"),
    withdrawnAt: instant("withdrawn_at"),
    withdrawalReason: text("withdrawal_reason"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex("split_rule_versions_one_draft").on(t.tenantId, t.ruleId).where(sql`state = 'draft'`),
    unique("split_rule_versions_number").on(t.tenantId, t.ruleId, t.version),
    foreignKey({ columns: [t.tenantId, t.ruleId], foreignColumns: [splitRules.tenantId, splitRules.id] }),
    index("split_rule_versions_in_force").on(t.tenantId, t.effectiveFrom),
  ],
);
