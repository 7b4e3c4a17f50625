import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
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
import { currency, id, instant, minor, tenantId } from "../columns";
import { parties } from "./parties";
import { versionColumns } from "./versions";

/**
 * A fee schedule: which leg of whom it prices, in which currency. These never change once it was submitted; how it
 * prices, and who exactly has it, stand in its versions.
 */
export const feeSchedules = pgTable(
  "fee_schedules",
  {
    tenantId: tenantId(),
    id: id(),
    number: text("number").notNull(),
    name: text("name").notNull(),
    /** Whose month is counted. */
    role: text("role", { enum: ["merchant", "distributor", "channel"] }).notNull(),
    /** Code of the leg that it prices; of a channel, its fee whatever the leg is called. */
    leg: text("leg").notNull(),
    currency: currency().notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("fee_schedules_number").on(t.tenantId, t.number),
  ],
);

/** A version of a fee schedule; its life is that of a split rule's. `definition`: `FeeScheduleDefinition` of domain/clearing. */
export const feeScheduleVersions = pgTable(
  "fee_schedule_versions",
  {
    tenantId: tenantId(),
    id: id(),
    scheduleId: uuid("schedule_id").notNull(),
    ...versionColumns(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex("fee_schedule_versions_one_draft").on(t.tenantId, t.scheduleId).where(sql`state = 'draft'`),
    unique("fee_schedule_versions_number").on(t.tenantId, t.scheduleId, t.version),
    foreignKey({
      columns: [t.tenantId, t.scheduleId],
      foreignColumns: [feeSchedules.tenantId, feeSchedules.id],
    }),
  ],
);

/**
 * Where a party stands in a month of the tenant's zone, by fee schedule. A cache of what its trades keep in
 * `trades.fees`, moved in their posting transactions; its row orders the concurrent trades of one party.
 */
export const feeCounters = pgTable(
  "fee_counters",
  {
    tenantId: tenantId(),
    /** Number of the row, by which postings find it, and in the order of which they take it. */
    id: bigint("id", { mode: "bigint" }).generatedAlwaysAsIdentity(),
    scheduleId: uuid("schedule_id").notNull(),
    partyId: uuid("party_id").notNull(),
    /** "2026-11". */
    period: text("period").notNull(),
    /** Sum of the bases, refunds taken off. */
    volume: minor("volume").notNull(),
    /** Trades, less those that were reversed whole. */
    count: integer("count").notNull(),
    /** Sum of the fees, true-ups and refunds included. */
    charged: minor("charged").notNull(),
    /** Whether the party pays the fee, or is paid it. */
    pays: boolean("pays").notNull(),
    /** Something changed since it was last trued up. */
    open: boolean("open").notNull().default(true),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.scheduleId, t.partyId, t.period] }),
    foreignKey({
      columns: [t.tenantId, t.scheduleId],
      foreignColumns: [feeSchedules.tenantId, feeSchedules.id],
    }),
    foreignKey({ columns: [t.tenantId, t.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    uniqueIndex("fee_counters_by_id").on(t.tenantId, t.id),
    index("fee_counters_open").on(t.tenantId, t.period).where(sql`open`),
    index("fee_counters_by_party").on(t.tenantId, t.partyId, t.period),
  ],
);
