import {
  bigint,
  date,
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
import { currency, id, instant, minor, tenantId } from "../columns";
import { parties } from "./parties";

/** One closing: what fell due in `(dueAfter, dueThrough]`. */
export const settlementRuns = pgTable(
  "settlement_runs",
  {
    tenantId: tenantId(),
    id: id(),
    number: text("number").notNull(),
    dueAfter: instant("due_after").notNull(),
    dueThrough: instant("due_through").notNull(),
    state: text("state", { enum: ["closed", "stated"] }).notNull(),
    statements: integer("statements").notNull().default(0),
    createdBy: uuid("created_by"),
    createdByName: text("created_by_name").notNull(),
    createdAt: instant("created_at").notNull(),
    statedAt: instant("stated_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("settlement_runs_number").on(t.tenantId, t.number),
    unique("settlement_runs_through").on(t.tenantId, t.dueThrough),
  ],
);

/** What a party is due (positive) or owes (negative), per run, currency and settled account kind. */
export const statements = pgTable(
  "statements",
  {
    tenantId: tenantId(),
    id: id(),
    number: text("number").notNull(),
    runId: uuid("run_id").notNull(),
    partyId: uuid("party_id").notNull(),
    accountId: uuid("account_id").notNull(),
    currency: currency().notNull(),
    dueAfter: instant("due_after").notNull(),
    dueThrough: instant("due_through").notNull(),
    state: text("state", { enum: ["draft", "approved", "paying", "paid", "carried"] }).notNull(),
    total: minor("total").notNull(),
    transferCount: bigint("transfer_count", { mode: "number" }).notNull(),
    paidAt: instant("paid_at"),
    paidRef: text("paid_ref"),
    payoutTradeId: uuid("payout_trade_id"),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("statements_number").on(t.tenantId, t.number),
    unique("statements_identity").on(t.tenantId, t.runId, t.accountId),
    foreignKey({
      columns: [t.tenantId, t.runId],
      foreignColumns: [settlementRuns.tenantId, settlementRuns.id],
    }),
    foreignKey({ columns: [t.tenantId, t.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    index("statements_by_party").on(t.tenantId, t.partyId, t.dueThrough),
    index("statements_by_time").on(t.tenantId, t.dueThrough, t.id),
    index("statements_by_state").on(t.tenantId, t.state, t.dueThrough, t.id),
  ],
);

/** Lines by leg code: how many transfers, and what they sum to for the party (signed). */
export const statementLines = pgTable(
  "statement_lines",
  {
    tenantId: tenantId(),
    statementId: uuid("statement_id").notNull(),
    leg: text("leg").notNull(),
    count: bigint("count", { mode: "number" }).notNull(),
    amount: minor("amount").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.statementId, t.leg] }),
    foreignKey({
      columns: [t.tenantId, t.statementId],
      foreignColumns: [statements.tenantId, statements.id],
    }),
  ],
);

/** Days of the tenant's calendar that differ from the plain week: holidays, and working days made up for them (调休). */
export const calendarDays = pgTable(
  "calendar_days",
  {
    tenantId: tenantId(),
    day: date("day", { mode: "string" }).notNull(),
    working: text("working", { enum: ["yes", "no"] }).notNull(),
    name: text("name").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.day] })],
);

/** Years for which the calendar holds data; a business day of another year is an error, not a guess. */
export const calendarYears = pgTable(
  "calendar_years",
  { tenantId: tenantId(), year: integer("year").notNull(), source: text("source").notNull() },
  (t) => [primaryKey({ columns: [t.tenantId, t.year] })],
);

/** Import of past sales: a named mapping of columns. */
export const importMappings = pgTable(
  "import_mappings",
  {
    tenantId: tenantId(),
    id: id(),
    name: text("name").notNull(),
    definition: jsonb("definition").$type<unknown>().notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), unique("import_mappings_name").on(t.tenantId, t.name)],
);

/** One upload that was dry-run or run; its progress stands in its job. */
export const imports = pgTable(
  "imports",
  {
    tenantId: tenantId(),
    id: id(),
    fileId: uuid("file_id").notNull(),
    mapping: jsonb("mapping").$type<unknown>().notNull(),
    jobId: uuid("job_id"),
    lines: bigint("lines", { mode: "number" }).notNull().default(0),
    skipped: bigint("skipped", { mode: "number" }).notNull().default(0),
    accepted: bigint("accepted", { mode: "number" }).notNull().default(0),
    repeated: bigint("repeated", { mode: "number" }).notNull().default(0),
    rejected: bigint("rejected", { mode: "number" }).notNull().default(0),
    createdBy: uuid("created_by"),
    createdByName: text("created_by_name").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

export const importRejects = pgTable(
  "import_rejects",
  {
    tenantId: tenantId(),
    importId: uuid("import_id").notNull(),
    line: bigint("line", { mode: "number" }).notNull(),
    codes: text("codes").array().notNull(),
    raw: text("raw").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.importId, t.line] })],
);

/**
 * Roll-ups for the overviews: caches, made anew by `rebuildRollups`. A day is the local day of the trade or due date.
 * Sums include reversals (negative); `reversed…` is their part.
 *
 * A cube: beside each merchant and campaign stand the sums over every merchant, every campaign and both, under the
 * id of all f's. A trade without merchant or campaign stands under the id of all 0's.
 */
export const tradeDays = pgTable(
  "trade_days",
  {
    tenantId: tenantId(),
    day: date("day", { mode: "string" }).notNull(),
    currency: currency().notNull(),
    merchantId: uuid("merchant_id").notNull(),
    campaignId: uuid("campaign_id").notNull(),
    /** Without reversals. */
    trades: bigint("trades", { mode: "number" }).notNull(),
    reversals: bigint("reversals", { mode: "number" }).notNull(),
    gross: minor("gross").notNull(),
    discount: minor("discount").notNull(),
    paid: minor("paid").notNull(),
    reversedGross: minor("reversed_gross").notNull(),
    reversedDiscount: minor("reversed_discount").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.day, t.currency, t.merchantId, t.campaignId] }),
    index("trade_days_by_merchant").on(t.tenantId, t.merchantId, t.day),
    index("trade_days_by_campaign").on(t.tenantId, t.campaignId, t.day),
  ],
);

/**
 * Roll-up: sales of a merchant, or of a campaign, in spans of days: a range of any length is a few of them. `days` is
 * 1, 4, 16 or 64; a span begins on a multiple of its days, counted from the first day of our era.
 */
export const salesSpans = pgTable(
  "sales_spans",
  {
    tenantId: tenantId(),
    currency: currency().notNull(),
    seller: text("seller").$type<"merchant" | "campaign">().notNull(),
    days: integer("days").notNull(),
    firstDay: date("first_day", { mode: "string" }).notNull(),
    sellerId: uuid("seller_id").notNull(),
    /** Without reversals. */
    trades: bigint("trades", { mode: "number" }).notNull(),
    gross: minor("gross").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.currency, t.seller, t.days, t.firstDay, t.sellerId] })],
);

/** Roll-up: a distributor's card sales, one a key, and what came back of them. Its month decides its tier. */
export const distributorDays = pgTable(
  "distributor_days",
  {
    tenantId: tenantId(),
    distributorId: uuid("distributor_id").notNull(),
    currency: currency().notNull(),
    day: date("day", { mode: "string" }).notNull(),
    /** Without reversals. */
    sales: bigint("sales", { mode: "number" }).notNull(),
    reversals: bigint("reversals", { mode: "number" }).notNull(),
    /** What buyers paid, mark-up included. */
    paid: minor("paid").notNull(),
    reversedPaid: minor("reversed_paid").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.distributorId, t.currency, t.day] })],
);

/** Roll-up: both sides of each transfer, by account and leg. */
export const legDays = pgTable(
  "leg_days",
  {
    tenantId: tenantId(),
    /** Local day of the trade. */
    day: date("day", { mode: "string" }).notNull(),
    /** Local day on which it falls due; the trade's day where it does not. */
    dueDay: date("due_day", { mode: "string" }).notNull(),
    accountId: uuid("account_id").notNull(),
    leg: text("leg").notNull(),
    transfers: bigint("transfers", { mode: "number" }).notNull(),
    debits: minor("debits").notNull(),
    credits: minor("credits").notNull(),
    /** Credits less debits of reversals. */
    reversed: minor("reversed").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.accountId, t.day, t.leg, t.dueDay] })],
);

/** Roll-up: the same over every account of a kind. */
export const houseDays = pgTable(
  "house_days",
  {
    tenantId: tenantId(),
    day: date("day", { mode: "string" }).notNull(),
    dueDay: date("due_day", { mode: "string" }).notNull(),
    currency: currency().notNull(),
    kind: text("kind").notNull(),
    leg: text("leg").notNull(),
    transfers: bigint("transfers", { mode: "number" }).notNull(),
    debits: minor("debits").notNull(),
    credits: minor("credits").notNull(),
    reversed: minor("reversed").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.currency, t.day, t.kind, t.leg, t.dueDay] }),
    index("house_days_by_due").on(t.tenantId, t.currency, t.dueDay),
  ],
);

/** Roll-up: what each funder's account (`receivable`, `marketing_expense`) bears of each campaign. */
export const campaignDays = pgTable(
  "campaign_days",
  {
    tenantId: tenantId(),
    day: date("day", { mode: "string" }).notNull(),
    accountId: uuid("account_id").notNull(),
    campaignId: uuid("campaign_id").notNull(),
    leg: text("leg").notNull(),
    transfers: bigint("transfers", { mode: "number" }).notNull(),
    /** Debits less credits. */
    cost: minor("cost").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.accountId, t.day, t.campaignId, t.leg] }),
    index("campaign_days_by_campaign").on(t.tenantId, t.campaignId, t.day),
  ],
);

/** Up to which transaction the roll-ups have taken trades in. */
export const rollupMarks = pgTable("rollup_marks", {
  tenantId: uuid("tenant_id").primaryKey(),
  xid: bigint("xid", { mode: "bigint" }).notNull(),
  updatedAt: instant("updated_at").notNull(),
});
