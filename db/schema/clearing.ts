import { sql } from "drizzle-orm";
import {
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { id, instant, tenantId } from "../columns";
import { versionColumns } from "./versions";

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
    ...versionColumns(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex("split_rule_versions_one_draft").on(t.tenantId, t.ruleId).where(sql`state = 'draft'`),
    unique("split_rule_versions_number").on(t.tenantId, t.ruleId, t.version),
    foreignKey({ columns: [t.tenantId, t.ruleId], foreignColumns: [splitRules.tenantId, splitRules.id] }),
    index("split_rule_versions_in_force").on(t.tenantId, t.effectiveFrom),
  ],
);
