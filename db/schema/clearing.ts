import {
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
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

/** Append-only but for its state. `definition` is a `SplitRuleDefinition` of domain/clearing. */
export const splitRuleVersions = pgTable(
  "split_rule_versions",
  {
    tenantId: tenantId(),
    id: id(),
    ruleId: uuid("rule_id").notNull(),
    version: integer("version").notNull(),
    state: text("state", { enum: ["draft", "in_review", "scheduled", "withdrawn"] }).notNull(),
    /** In force from here until the next scheduled version of the rule begins. */
    effectiveFrom: instant("effective_from").notNull(),
    /** Ends the rule when set, e.g. with its campaign. */
    effectiveTo: instant("effective_to"),
    definition: jsonb("definition").$type<unknown>().notNull(),
    note: text("note"),
    createdBy: uuid("created_by"),
    createdByName: text("created_by_name").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("split_rule_versions_number").on(t.tenantId, t.ruleId, t.version),
    foreignKey({ columns: [t.tenantId, t.ruleId], foreignColumns: [splitRules.tenantId, splitRules.id] }),
    index("split_rule_versions_in_force").on(t.tenantId, t.effectiveFrom),
  ],
);
