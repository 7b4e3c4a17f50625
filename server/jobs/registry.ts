import type { Ctx } from "@/server/core/context";
import { askChannels, askPayment, expireOrders, sendRefunds } from "@/server/domain/orders";
import type { JobKind, TaskName } from "@/server/domain/outbox";
import { expireVouchers } from "@/server/domain/vouchers";
import { closeDue } from "./handlers/close-due";
import { expireCardsAndFiles } from "./handlers/expire-cards";
import { forgetAnswers } from "./handlers/forget-answers";
import { importKeys } from "./handlers/import-keys";
import { importSales } from "./handlers/import-sales";
import { issueVouchers } from "./handlers/issue-vouchers";
import { replay } from "./handlers/replay";
import { rollUp } from "./handlers/roll-up";
import { stateRun } from "./handlers/state-run";
import { voidVouchers } from "./handlers/void-vouchers";
import { giveUpJob, type JobHandler, runJob } from "./run-job";

/** A task of the queue, run by the house itself in the tenant of its payload. Idempotent: it may be run again. */
export type TaskHandler = (
  ctx: Ctx,
  payload: Record<string, unknown>,
  attempt: { isLast: boolean },
) => Promise<unknown>;

/** Long work with a row in `job_runs`, by its kind. */
export const JOBS: Record<JobKind, JobHandler> = {
  "import-keys": importKeys,
  "import-sales": importSales,
  "issue-vouchers": issueVouchers,
  replay,
  "void-vouchers": voidVouchers,
};

export const TASKS: Record<TaskName, TaskHandler> = {
  "ask-channels": (ctx, { paymentId }) => (paymentId ? askPayment(ctx, String(paymentId)) : askChannels(ctx)),
  "close-due": closeDue,
  "expire-cards": expireCardsAndFiles,
  "expire-orders": (ctx) => expireOrders(ctx),
  "expire-vouchers": (ctx) => expireVouchers(ctx),
  "forget-answers": (ctx) => forgetAnswers(ctx),
  "roll-up": rollUp,
  "run-job": runOne,
  "send-refunds": (ctx, { refundId }) => sendRefunds(ctx, refundId ? String(refundId) : null),
  "state-run": stateRun,
};

/** Nobody is left looking at a job that "runs" and never ends. */
async function runOne(ctx: Ctx, payload: Record<string, unknown>, { isLast }: { isLast: boolean }) {
  const runId = String(payload.runId);
  try {
    await runJob(ctx, runId, JOBS);
  } catch (error) {
    if (isLast) await giveUpJob(ctx, runId);
    throw error;
  }
}
