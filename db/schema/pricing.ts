import {
  boolean,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { currency, instant, minor, tenantId } from "../columns";
import { parties } from "./parties";

/** A distributor's rank. Rules and price lists name it by its code. */
export const tiers = pgTable(
  "tiers",
  {
    tenantId: tenantId(),
    code: text("code").notNull(),
    name: text("name").notNull(),
    /** 1 is the lowest. */
    rank: integer("rank").notNull(),
    /** Sales of a calendar month, from which a distributor has earned it; shown as progress. */
    minVolume: minor("min_volume").notNull(),
    currency: currency().notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.code] }), unique("tiers_rank").on(t.tenantId, t.rank)],
);

/** What was agreed with a distributor. Its credit limit is the floor of its wallet account. */
export const distributors = pgTable(
  "distributors",
  {
    tenantId: tenantId(),
    partyId: uuid("party_id").notNull(),
    tier: text("tier").notNull(),
    /** Who recruited it. */
    uplineId: uuid("upline_id"),
    /** Its own commission rate, where one was agreed; else the rule's. */
    commissionRate: text("commission_rate"),
    /** Address of its public shop; null: it has none. */
    shopSlug: text("shop_slug"),
    shopTitle: text("shop_title"),
    shopOpen: boolean("shop_open").notNull().default(false),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.partyId] }),
    unique("distributors_shop").on(t.tenantId, t.shopSlug),
    foreignKey({ columns: [t.tenantId, t.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    foreignKey({ columns: [t.tenantId, t.tier], foreignColumns: [tiers.tenantId, tiers.code] }),
    index("distributors_by_upline").on(t.tenantId, t.uplineId),
  ],
);

/** The price list: what a product costs a distributor of a tier. No row: not sold to that tier. */
export const cardPrices = pgTable(
  "card_prices",
  {
    tenantId: tenantId(),
    productId: uuid("product_id").notNull(),
    tier: text("tier").notNull(),
    price: minor("price").notNull(),
    currency: currency().notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.productId, t.tier] }),
    foreignKey({ columns: [t.tenantId, t.tier], foreignColumns: [tiers.tenantId, tiers.code] }),
  ],
);

/** What a distributor sells in its shop, and its mark-up on the price of its tier. */
export const shopItems = pgTable(
  "shop_items",
  {
    tenantId: tenantId(),
    partyId: uuid("party_id").notNull(),
    productId: uuid("product_id").notNull(),
    markup: minor("markup").notNull(),
    listed: boolean("listed").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.partyId, t.productId] }),
    foreignKey({
      columns: [t.tenantId, t.partyId],
      foreignColumns: [distributors.tenantId, distributors.partyId],
    }),
  ],
);
