import { foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { currency, id, instant, minor, tenantId } from "../columns";

/**
 * A change of a rule or of a fee schedule, tried on trades of the past: what would have been. Nothing of it stands in
 * the books, and old ones are deleted.
 */
export const replays = pgTable(
  "replays",
  {
    tenantId: tenantId(),
    id: id(),
    jobId: uuid("job_id").notNull(),
    subject: text("subject", { enum: ["rule", "fee"] }).notNull(),
    /** The rule, or the fee schedule. */
    subjectId: uuid("subject_id").notNull(),
    /** What was tried, as it was then: a draft is written on. */
    versionId: uuid("version_id").notNull(),
    version: integer("version").notNull(),
    revision: integer("revision").notNull(),
    definition: jsonb("definition").$type<unknown>().notNull(),
    /** Business dates of the tenant's zone, both included. */
    fromDay: text("from_day").notNull(),
    toDay: text("to_day").notNull(),
    createdBy: uuid("created_by"),
    createdByName: text("created_by_name").notNull(),
    createdAt: instant("created_at").notNull(),
    /** From here on the result is whole. */
    finishedAt: instant("finished_at"),
    /** Trades that were computed, and of these whose legs would have been others. */
    trades: integer("trades").notNull().default(0),
    changed: integer("changed").notNull().default(0),
    /** Left out, as they were reversed whole; counted whole, though a part of them was. */
    reversed: integer("reversed").notNull().default(0),
    partlyReversed: integer("partly_reversed").notNull().default(0),
    /** Trades that could not be cleared, by the code of the error: `Refused[]` of domain/clearing. */
    refused: jsonb("refused").$type<unknown>(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("replays_by_subject").on(t.tenantId, t.subjectId, t.id),
  ],
);

/** What one party had of the trades of a replay, and what it would have had. */
export const replayParties = pgTable(
  "replay_parties",
  {
    tenantId: tenantId(),
    replayId: uuid("replay_id").notNull(),
    partyId: uuid("party_id").notNull(),
    currency: currency().notNull(),
    before: minor("before").notNull(),
    after: minor("after").notNull(),
    difference: minor("difference").notNull(),
    trades: integer("trades").notNull(),
    /** Of these, where it would have had another amount. */
    changed: integer("changed").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.replayId, t.partyId, t.currency] }),
    foreignKey({
      columns: [t.tenantId, t.replayId],
      foreignColumns: [replays.tenantId, replays.id],
    }).onDelete("cascade"),
  ],
);

/** The trades of a replay that change most, overall or for a party. */
export const replayTrades = pgTable(
  "replay_trades",
  {
    tenantId: tenantId(),
    replayId: uuid("replay_id").notNull(),
    tradeId: uuid("trade_id").notNull(),
    kind: text("kind").notNull(),
    tradedAt: instant("traded_at").notNull(),
    currency: currency().notNull(),
    gross: minor("gross").notNull(),
    /** What would go to others than it went to: the sum of what is gained by it. */
    moved: minor("moved").notNull(),
    /** Where the months of those with a fee schedule stood before it, as cleared and as tried: `MonthsAt` of domain/clearing. */
    months: jsonb("months").$type<unknown>(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.replayId, t.tradeId] }),
    index("replay_trades_largest").on(t.tenantId, t.replayId, t.moved, t.tradeId),
    foreignKey({
      columns: [t.tenantId, t.replayId],
      foreignColumns: [replays.tenantId, replays.id],
    }).onDelete("cascade"),
  ],
);

/** What a party had of such a trade, and what it would have had. */
export const replayShares = pgTable(
  "replay_shares",
  {
    tenantId: tenantId(),
    replayId: uuid("replay_id").notNull(),
    partyId: uuid("party_id").notNull(),
    tradeId: uuid("trade_id").notNull(),
    before: minor("before").notNull(),
    after: minor("after").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.replayId, t.partyId, t.tradeId] }),
    foreignKey({
      columns: [t.tenantId, t.replayId, t.tradeId],
      foreignColumns: [replayTrades.tenantId, replayTrades.replayId, replayTrades.tradeId],
    }).onDelete("cascade"),
  ],
);
