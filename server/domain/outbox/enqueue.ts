import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";

/** Names of the worker's tasks; their code stands in server/jobs/handlers. */
export type TaskName =
  | "run-job"
  | "roll-up"
  | "state-run"
  | "expire-vouchers"
  | "close-due"
  | "expire-cards"
  | "expire-orders"
  | "ask-channels"
  | "forget-answers"
  | "send-refunds";

/**
 * Leaves work for the worker in the transaction of the change: it is done at least once after the commit, and
 * not at all if the transaction rolls back. Handlers are idempotent.
 * @param jobKey replaces a waiting task of the same key
 */
export async function enqueue(
  ctx: TxCtx,
  task: TaskName,
  payload: Record<string, unknown> = {},
  options: { queue?: string; jobKey?: string; runAt?: Date } = {},
): Promise<void> {
  const body = JSON.stringify({ ...payload, tenantId: ctx.tenant.id });
  await rawSql(ctx.tx)`select enqueue_job(${task}, ${body}::text::json, ${options.queue ?? null},
    ${options.jobKey ?? null}, ${(options.runAt ?? ctx.clock.now()).toISOString()}::timestamptz)`;
}
