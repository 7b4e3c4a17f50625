import { z } from "zod";

export const STATEMENT_STATES = ["draft", "approved", "paying", "paid", "carried"] as const;
export type StatementState = (typeof STATEMENT_STATES)[number];
/** Account kinds that are stated: what the house owes a party, and what a party owes the house. */
export const STATED_KINDS = ["payable", "receivable"] as const;
export type StatedKind = (typeof STATED_KINDS)[number];

const day = z.iso.date();
const page = {
  cursor: z.string().max(500).nullish(),
  limit: z.number().int().min(1).max(200).default(50),
};

export const closeBooksInput = z.object({
  /** States what is due up to and with this moment; by default now. */
  through: z.date().optional(),
});

export const statementFilters = z.object({
  partyId: z.uuid().optional(),
  kind: z.enum(STATED_KINDS).optional(),
  states: z.array(z.enum(STATEMENT_STATES)).max(STATEMENT_STATES.length).optional(),
  runId: z.uuid().optional(),
  currency: z.string().max(10).optional(),
  /** Number of the statement, or part of its party's name or number. */
  q: z.string().trim().max(100).optional(),
  /** Local days of the tenant; of the end of what a statement states. */
  from: day.optional(),
  to: day.optional(),
});
export type StatementFilters = z.output<typeof statementFilters>;
export const listStatementsInput = statementFilters.extend(page);

export const statementInput = z.object({ id: z.uuid() });

export const statementTransfersInput = z.object({
  statementId: z.uuid(),
  /** One line's transfers; all of the statement's without. */
  leg: z.string().max(60).optional(),
  ...page,
});

export const recordPaymentInput = z.object({
  statementId: z.uuid(),
  /** The bank's or the cashier's number of the payment. */
  bankReference: z.string().trim().min(1).max(140),
  paidAt: z.date(),
});
export type RecordPaymentInput = z.output<typeof recordPaymentInput>;
export const recordPaymentsInput = z.object({ payments: z.array(recordPaymentInput).min(1).max(1_000) });

export const listRunsInput = z.object({ ...page });
export const owingInput = z.object({ limit: z.number().int().min(1).max(200).default(20) });
export const runInput = z.object({ id: z.uuid() });
