import { z } from "zod";

/** Inputs of reading the audit log. Safe in the browser. */
const word = z.string().trim().max(100).optional();

const day = z.iso.date().optional();

export const auditFilters = z.object({
  /** Anywhere in action, subject or actor. */
  q: word,
  actorId: z.uuid().optional(),
  /** `voucher.redeemed`, or all of a noun: `voucher`. */
  action: word,
  subjectKind: word,
  subjectId: word,
  partyId: z.uuid().optional(),
  /** Days of the tenant's time zone, both included. */
  from: day,
  to: day,
});
export const listAuditInput = auditFilters.extend({
  cursor: z.string().max(1_000).nullish(),
  limit: z.number().int().min(1).max(200).default(50),
});
/** As text: keys of queries cannot hold a bigint. */
export const auditEntryInput = z.object({ seq: z.string().regex(/^[1-9]\d{0,17}$/) });
