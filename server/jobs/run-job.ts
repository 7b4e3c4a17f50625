import { and, eq, sql } from "drizzle-orm";
import { inTenant } from "@/db/client";
import { jobRuns } from "@/db/schema";
import type { Ctx } from "@/server/core/context";
import { isDomainError } from "@/server/core/errors";
import { logger } from "@/server/core/logger";
import type { JobKind, JobRun } from "@/server/domain/outbox";

/** What a handler of long work gets: its run, and the two things it does beside its work. */
export interface JobContext {
  ctx: Ctx;
  run: JobRun;
  /** Notes how far it is and what it would go on from. Throws JobCancelled if somebody asked it to stop. */
  checkpoint(progress: number, state?: Record<string, unknown>, total?: number): Promise<void>;
}
export type JobHandler = (job: JobContext) => Promise<Record<string, unknown>>;

export class JobCancelled extends Error {}

/**
 * Runs one job from where it stands. It may be called again after a crash: handlers go on from their
 * checkpoint and are idempotent. Ends in `done`, `cancelled` or `failed`; a fault that is not the domain's is
 * thrown on, so that the worker tries again.
 */
export async function runJob(
  ctx: Ctx,
  runId: string,
  handlers: Partial<Record<JobKind, JobHandler>>,
): Promise<void> {
  const where = and(eq(jobRuns.tenantId, ctx.tenant.id), eq(jobRuns.id, runId));
  const update = (set: Partial<typeof jobRuns.$inferInsert>) =>
    inTenant(ctx.db, ctx.tenant.id, (tx) => tx.update(jobRuns).set(set).where(where));

  const [run] = await inTenant(ctx.db, ctx.tenant.id, (tx) =>
    tx
      .update(jobRuns)
      .set({
        state: "running",
        startedAt: sql`coalesce(${jobRuns.startedAt}, ${ctx.clock.now().toISOString()}::timestamptz)`,
      })
      .where(and(where, sql`${jobRuns.state} in ('queued', 'running')`))
      .returning(),
  );
  if (!run) return; // ended or cancelled before it began

  const checkpoint: JobContext["checkpoint"] = async (progress, state, total) => {
    const [row] = await inTenant(ctx.db, ctx.tenant.id, (tx) =>
      tx
        .update(jobRuns)
        .set({ progress, ...(state ? { checkpoint: state } : {}), ...(total === undefined ? {} : { total }) })
        .where(where)
        .returning({ cancel: jobRuns.cancelRequestedAt }),
    );
    if (row?.cancel) throw new JobCancelled();
  };

  try {
    const handle = handlers[run.kind as JobKind];
    if (!handle) throw new Error(`no handler of ${run.kind}`);
    const result = await handle({ ctx, run, checkpoint });
    await update({ state: "done", result, finishedAt: ctx.clock.now() });
  } catch (error) {
    if (error instanceof JobCancelled) {
      await update({ state: "cancelled", finishedAt: ctx.clock.now() });
    } else if (isDomainError(error)) {
      await update({
        state: "failed",
        error: { code: error.code, params: error.params },
        finishedAt: ctx.clock.now(),
      });
    } else {
      logger.error({ err: error, runId, kind: run.kind }, "job failed, to be tried again");
      throw error;
    }
  }
}

/** Marks a run as failed when the queue will not try it again. */
export async function giveUpJob(ctx: Ctx, runId: string): Promise<void> {
  await inTenant(ctx.db, ctx.tenant.id, (tx) =>
    tx
      .update(jobRuns)
      .set({ state: "failed", error: { code: "INTERNAL", params: {} }, finishedAt: ctx.clock.now() })
      .where(
        and(
          eq(jobRuns.tenantId, ctx.tenant.id),
          eq(jobRuns.id, runId),
          sql`${jobRuns.state} in ('queued', 'running')`,
        ),
      ),
  );
}
