import { integer, jsonb, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "../columns";

/** What versions of split rules and of fee schedules have in common: their text, their date, and who decided what. */
export const versionColumns = () => ({
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
});
