import { jobRuns } from "@/db/schema";
import type { TxCtx } from "@/server/core/context";
import { actorId } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { enqueue } from "./enqueue";

export type JobKind = "issue-vouchers" | "void-vouchers" | "import-sales" | "import-keys" | "replay";

/** Records a long piece of work and leaves it for the worker, in the caller's transaction. Returns the run's id. */
export async function startJob(
  ctx: TxCtx,
  job: { kind: JobKind; params: Record<string, unknown>; total?: number },
): Promise<string> {
  const id = newId();
  await ctx.tx.insert(jobRuns).values({
    tenantId: ctx.tenant.id,
    id,
    kind: job.kind,
    state: "queued",
    total: job.total ?? null,
    params: job.params,
    createdBy: actorId(ctx.actor),
    createdByName: ctx.actor.name,
    createdAt: ctx.clock.now(),
  });
  await enqueue(ctx, "run-job", { runId: id });
  return id;
}
