import { z } from "zod";

/** Trying a change on trades of the past. Safe in the browser. */

export const REPLAY_SUBJECTS = ["rule", "fee"] as const;
export type ReplaySubject = (typeof REPLAY_SUBJECTS)[number];
/** Of a period, in days. */
export const REPLAY_DAYS_MAX = 400;

const subject = { subject: z.enum(REPLAY_SUBJECTS), subjectId: z.uuid() };
export const startReplayInput = z
  .object({
    ...subject,
    /** Left out: the draft; without one what is in review, or scheduled and not in force yet. */
    versionId: z.uuid().optional(),
    /** Days of the tenant's zone, both included. */
    from: z.iso.date(),
    to: z.iso.date(),
  })
  .refine(({ from, to }) => from <= to && Date.parse(to) - Date.parse(from) < REPLAY_DAYS_MAX * 86_400_000, {
    path: ["to"],
    message: "PERIOD_INVALID",
  });
export const replayIdInput = z.object({ id: z.uuid() });
export const replaysOfInput = z.object(subject);

export const REPLAY_PARTY_SORTS = ["difference", "before", "after", "changed", "name"] as const;
export const replayPartiesInput = z.object({
  replayId: z.uuid(),
  currency: z.string().max(12).optional(),
  kind: z.string().max(20).optional(),
  q: z.string().trim().max(120).optional(),
  sort: z.enum(REPLAY_PARTY_SORTS).default("difference"),
  direction: z.enum(["asc", "desc"]).default("asc"),
  cursor: z.string().max(400).nullish(),
  limit: z.number().int().min(1).max(200).default(50),
});
export const replayTradesInput = z.object({
  replayId: z.uuid(),
  /** Left out: the largest of all. */
  partyId: z.uuid().optional(),
  cursor: z.string().max(400).nullish(),
  limit: z.number().int().min(1).max(200).default(50),
});
export const replayTradeInput = z.object({ replayId: z.uuid(), tradeId: z.uuid() });
