import { and, desc, eq, lt, sql } from "drizzle-orm";
import { jobRuns } from "@/db/schema";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import type { JobKind } from "./start-job";

export type JobRun = typeof jobRuns.$inferSelect;

/** Runs of long work, newest first. */
export async function listJobs(
  ctx: Ctx,
  input: { kind?: JobKind; cursor?: string | null; limit: number },
): Promise<{ items: JobRun[]; nextCursor: string | null }> {
  requirePermission(ctx, "job:read");
  return withTransaction(ctx, async ({ tx }) => {
    const rows = await tx
      .select()
      .from(jobRuns)
      .where(
        and(
          eq(jobRuns.tenantId, ctx.tenant.id),
          input.kind ? eq(jobRuns.kind, input.kind) : undefined,
          input.cursor ? lt(jobRuns.id, input.cursor) : undefined,
        ),
      )
      .orderBy(desc(jobRuns.id))
      .limit(input.limit + 1);
    const items = rows.slice(0, input.limit);
    return { items, nextCursor: rows.length > input.limit ? (items.at(-1)?.id ?? null) : null };
  });
}

/** One run. Throws NOT_FOUND. */
export async function getJob(ctx: Ctx, id: string): Promise<JobRun> {
  requirePermission(ctx, "job:read");
  return withTransaction(ctx, async ({ tx }) => {
    const [row] = await tx
      .select()
      .from(jobRuns)
      .where(and(eq(jobRuns.tenantId, ctx.tenant.id), eq(jobRuns.id, id)));
    if (!row) throw new DomainError("NOT_FOUND", { noun: "job" });
    return row;
  });
}

/** Asks a run to stop at its next step; what it has done stays done. Throws JOB_NOT_CANCELLABLE once it has ended. */
export async function cancelJob(ctx: Ctx, id: string): Promise<void> {
  requirePermission(ctx, "job:cancel");
  await withTransaction(ctx, async (ctx) => {
    const asked = await ctx.tx
      .update(jobRuns)
      .set({
        cancelRequestedAt: ctx.clock.now(),
        state: sql`case when ${jobRuns.state} = 'queued' then 'cancelled' else ${jobRuns.state} end`,
        finishedAt: sql`case when ${jobRuns.state} = 'queued' then ${ctx.clock.now().toISOString()}::timestamptz end`,
      })
      .where(
        and(
          eq(jobRuns.tenantId, ctx.tenant.id),
          eq(jobRuns.id, id),
          sql`${jobRuns.state} in ('queued', 'running')`,
        ),
      )
      .returning({ id: jobRuns.id, kind: jobRuns.kind });
    const [row] = asked;
    if (!row) {
      await getJob(ctx, id);
      throw new DomainError("JOB_NOT_CANCELLABLE", { job: id });
    }
    await record(ctx, {
      action: "job.cancel_requested",
      subject: { kind: "job", id },
      data: { kind: row.kind },
    });
  });
}

/**
 * Moves a run's progress in the transaction of the work itself, so that after a crash it goes on without a gap and
 * does nothing twice. Throws CONFLICT where another worker has moved it meanwhile.
 */
export async function advanceJob(
  ctx: TxCtx,
  job: { id: string; from: number; to: number },
): Promise<{ cancelRequested: boolean }> {
  const [row] = await ctx.tx
    .update(jobRuns)
    .set({ progress: job.to })
    .where(
      and(
        eq(jobRuns.tenantId, ctx.tenant.id),
        eq(jobRuns.id, job.id),
        eq(jobRuns.progress, job.from),
        eq(jobRuns.state, "running"),
      ),
    )
    .returning({ cancel: jobRuns.cancelRequestedAt });
  if (!row) throw new DomainError("CONFLICT", { noun: "job", job: job.id });
  return { cancelRequested: row.cancel !== null };
}
