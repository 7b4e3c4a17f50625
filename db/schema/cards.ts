import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  foreignKey,
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
import { parties } from "./parties";

/** Terms of a supplier: paid after the sale (credit) or before the goods come (prepaid, 款到发货). */
export const suppliers = pgTable(
  "suppliers",
  {
    tenantId: tenantId(),
    partyId: uuid("party_id").notNull(),
    terms: text("terms", { enum: ["credit", "prepaid"] }).notNull(),
    /** Prepaid: warn when what remains falls below it. */
    warnBelow: minor("warn_below").notNull().default(sql`0`),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.partyId] }),
    foreignKey({ columns: [t.tenantId, t.partyId], foreignColumns: [parties.tenantId, parties.id] }),
  ],
);

/** A card-key that is sold. */
export const products = pgTable(
  "products",
  {
    tenantId: tenantId(),
    id: id(),
    /** `P-0001`: what people read. */
    number: text("number").notNull(),
    supplierId: uuid("supplier_id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    /** The value printed on it. */
    face: minor("face").notNull(),
    currency: currency().notNull(),
    /** One key serves any number of buyers (循环卡). */
    looped: boolean("looped").notNull().default(false),
    status: text("status", { enum: ["draft", "on_sale", "off_sale"] }).notNull(),
    /** Warn when fewer are available. */
    lowStockAt: integer("low_stock_at").notNull().default(0),
    /** Most of one order. */
    maxPerOrder: integer("max_per_order").notNull().default(100),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("products_number").on(t.tenantId, t.number),
    foreignKey({ columns: [t.tenantId, t.supplierId], foreignColumns: [parties.tenantId, parties.id] }),
    index("products_by_supplier").on(t.tenantId, t.supplierId),
  ],
);

/** A product's picture, as uploaded (PNG, JPEG or WebP; checked by its first bytes). */
export const productImages = pgTable(
  "product_images",
  {
    tenantId: tenantId(),
    productId: uuid("product_id").notNull(),
    contentType: text("content_type", { enum: ["image/png", "image/jpeg", "image/webp"] }).notNull(),
    /** SHA-256 of the bytes, hex: names the version in its address. */
    hash: text("hash").notNull(),
    data: bytes("data").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.productId] }),
    foreignKey({ columns: [t.tenantId, t.productId], foreignColumns: [products.tenantId, products.id] }),
  ],
);

/** Keys that came together, at one cost. */
export const cardBatches = pgTable(
  "card_batches",
  {
    tenantId: tenantId(),
    id: id(),
    /** `CB-0001`. */
    number: text("number").notNull(),
    productId: uuid("product_id").notNull(),
    supplierId: uuid("supplier_id").notNull(),
    /** What the supplier is owed for each key, when it is sold. */
    cost: minor("cost").notNull(),
    currency: currency().notNull(),
    /** Of keys whose line names no expiry; null: they do not expire. */
    expiresAt: instant("expires_at"),
    /** The batch's data key (32 bytes), wrapped by a master key. */
    dataKeySealed: bytes("data_key_sealed").notNull(),
    /** Which master key wraps it, hex: tells rotation what is left to do. */
    masterKeyId: text("master_key_id").notNull(),
    /** Keys that went in. */
    imported: bigint("imported", { mode: "number" }).notNull().default(0),
    note: text("note"),
    createdBy: uuid("created_by"),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("card_batches_number").on(t.tenantId, t.number),
    foreignKey({ columns: [t.tenantId, t.productId], foreignColumns: [products.tenantId, products.id] }),
    index("card_batches_by_product").on(t.tenantId, t.productId, t.id),
    index("card_batches_by_master_key").on(t.tenantId, t.masterKeyId),
  ],
);

export const CARD_STATES = { available: 0, reserved: 1, delivered: 2, dead: 3, expired: 4 } as const;

export const cardKeys = pgTable(
  "card_keys",
  {
    tenantId: tenantId(),
    id: id(),
    batchId: uuid("batch_id").notNull(),
    productId: uuid("product_id").notNull(),
    /** A key of `CARD_STATES`; a looped key stays available. */
    state: smallint("state").notNull(),
    /** Keyed hash of its number (of its secret, where it has none): finds duplicates without keeping it. */
    identityHash: bytes("identity_hash").notNull(),
    /** Number and secret, sealed by the batch's data key, bound to tenant and key. */
    sealed: bytes("sealed").notNull(),
    /** Last characters of the number, for people to tell keys apart; empty where it has none. */
    tail: text("tail").notNull().default(""),
    expiresAt: instant("expires_at"),
    /** The order line that holds or got it. */
    orderLineId: uuid("order_line_id"),
    /** When it was reserved, delivered, reported dead or expired. */
    changedAt: instant("changed_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex("card_keys_identity").on(t.tenantId, t.productId, t.identityHash),
    // What reservation reads: earliest expiry first.
    index("card_keys_available").on(t.tenantId, t.productId, t.expiresAt, t.id).where(sql`state = 0`),
    index("card_keys_by_batch").on(t.tenantId, t.batchId, t.state),
    index("card_keys_by_line").on(t.tenantId, t.orderLineId).where(sql`order_line_id is not null`),
    // The pace of sales: what was delivered lately.
    index("card_keys_delivered").on(t.tenantId, t.productId, t.changedAt).where(sql`state = 2`),
    index("card_keys_by_expiry").on(t.tenantId, t.expiresAt).where(sql`state = 0 and expires_at is not null`),
    // No foreign key to batches: a million rows at a time would be checked one by one; `npm run invariants` looks.
  ],
);

/**
 * A file of keys on its way into a batch. The file itself, sealed in `file_chunks`, is deleted when its job has ended.
 * lines = skipped + accepted + rejected.
 */
export const cardImports = pgTable(
  "card_imports",
  {
    tenantId: tenantId(),
    id: id(),
    fileId: uuid("file_id").notNull(),
    fileName: text("file_name").notNull(),
    fileSize: bigint("file_size", { mode: "number" }).notNull(),
    encoding: text("encoding", { enum: ["utf-8", "gb18030"] }).notNull(),
    layout: text("layout", { enum: ["pair", "secret", "line"] }).notNull(),
    delimiter: text("delimiter").notNull(),
    hasHeader: boolean("has_header").notNull(),
    productId: uuid("product_id").notNull(),
    batchId: uuid("batch_id").notNull(),
    jobId: uuid("job_id").notNull(),
    lines: bigint("lines", { mode: "number" }).notNull().default(0),
    skipped: bigint("skipped", { mode: "number" }).notNull().default(0),
    accepted: bigint("accepted", { mode: "number" }).notNull().default(0),
    rejected: bigint("rejected", { mode: "number" }).notNull().default(0),
    /** Rejected lines by reason. */
    reasons: jsonb("reasons").$type<Record<string, number>>().notNull(),
    /** When the file with the secrets was deleted. */
    forgottenAt: instant("forgotten_at"),
    createdBy: uuid("created_by"),
    createdByName: text("created_by_name").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("card_imports_batch").on(t.tenantId, t.batchId),
    index("card_imports_by_product").on(t.tenantId, t.productId, t.id),
    index("card_imports_to_forget").on(t.tenantId, t.id).where(sql`forgotten_at is null`),
    foreignKey({ columns: [t.tenantId, t.batchId], foreignColumns: [cardBatches.tenantId, cardBatches.id] }),
  ],
);

/** Lines that did not become keys, by number; what stood in them is not kept. */
export const cardImportRejects = pgTable(
  "card_import_rejects",
  {
    tenantId: tenantId(),
    importId: uuid("import_id").notNull(),
    line: bigint("line", { mode: "number" }).notNull(),
    /** A code of `KEY_LINE_CODES`. */
    code: text("code").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.importId, t.line] })],
);
