import { and, desc, eq, inArray, isNull } from "drizzle-orm";
import type { z } from "zod";
import { jobRuns, replays } from "@/db/schema";
import { actorId, type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../../audit";
import { startOfLocalDate } from "../../calendar";
import { cancelJob, startJob } from "../../outbox";
import { replayIdInput, startReplayInput } from "../replay-schemas";
import { findCandidate } from "./candidate";

/** Replays of one rule or schedule that are kept; older ones go when another is started. */
const KEPT = 10;

/**
 * Leaves a replay for the worker: the trades of a period, as they were cleared and as a draft would have. Asked for
 * again while the same is under way, it is that one. Returns its id.
 * @throws DomainError NOT_FOUND there is no such rule, or nothing to try · RULE_INVALID the draft lacks things ·
 * INPUT_INVALID the period has not begun
 */
export async function startReplay(ctx: Ctx, input: z.input<typeof startReplayInput>): Promise<string> {
  requirePermission(ctx, "rule:write");
  const { subject, subjectId, versionId, from, to } = startReplayInput.parse(input);
  if (startOfLocalDate(from, ctx.tenant.timezone) > ctx.clock.now())
    throw new DomainError("INPUT_INVALID", { path: "from" });
  return withTransaction(ctx, async (ctx) => {
    const found = await findCandidate(ctx, { subject, subjectId, versionId });
    const what = { versionId: found.versionId, revision: found.revision, fromDay: from, toDay: to };
    const same = await underWay(ctx, what);
    if (same) return same;
    await forgetOld(ctx, subjectId);
    const id = newId();
    const jobId = await startJob(ctx, {
      kind: "replay",
      params: { replayId: id, subject, subjectId, version: found.version, from, to },
    });
    await ctx.tx.insert(replays).values({
      tenantId: ctx.tenant.id,
      id,
      jobId,
      subject,
      subjectId,
      ...what,
      version: found.version,
      definition: found.text,
      createdBy: actorId(ctx.actor),
      createdByName: ctx.actor.name,
      createdAt: ctx.clock.now(),
    });
    await record(ctx, {
      action: subject === "rule" ? "rule.replay_started" : "fee.replay_started",
      subject: { kind: subject === "rule" ? "rule" : "fee_schedule", id: subjectId },
      data: { replay: id, version: found.version, revision: found.revision, from, to },
    });
    return id;
  });
}

/** Stops a replay at its next step; it has no result then. Throws JOB_NOT_CANCELLABLE once it has ended. */
export async function cancelReplay(ctx: Ctx, input: z.input<typeof replayIdInput>): Promise<void> {
  requirePermission(ctx, "rule:write");
  const { id } = replayIdInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const [row] = await ctx.tx
      .select({ jobId: replays.jobId })
      .from(replays)
      .where(and(eq(replays.tenantId, ctx.tenant.id), eq(replays.id, id)));
    if (!row) throw new DomainError("NOT_FOUND", { noun: "replay", id });
    await cancelJob(ctx, row.jobId);
  });
}

async function underWay(
  ctx: TxCtx,
  what: { versionId: string; revision: number; fromDay: string; toDay: string },
): Promise<string | null> {
  const [row] = await ctx.tx
    .select({ id: replays.id })
    .from(replays)
    .innerJoin(jobRuns, and(eq(jobRuns.tenantId, replays.tenantId), eq(jobRuns.id, replays.jobId)))
    .where(
      and(
        eq(replays.tenantId, ctx.tenant.id),
        eq(replays.versionId, what.versionId),
        eq(replays.revision, what.revision),
        eq(replays.fromDay, what.fromDay),
        eq(replays.toDay, what.toDay),
        inArray(jobRuns.state, ["queued", "running"]),
        isNull(jobRuns.cancelRequestedAt),
      ),
    )
    .limit(1);
  return row?.id ?? null;
}

/** Their rows go with them; one that still runs finds nothing to write to, and ends. */
async function forgetOld(ctx: TxCtx, subjectId: string): Promise<void> {
  const ofSubject = and(eq(replays.tenantId, ctx.tenant.id), eq(replays.subjectId, subjectId));
  const old = await ctx.tx
    .select({ id: replays.id })
    .from(replays)
    .where(ofSubject)
    .orderBy(desc(replays.id))
    .offset(KEPT - 1);
  if (old.length === 0) return;
  await ctx.tx.delete(replays).where(
    and(
      ofSubject,
      inArray(
        replays.id,
        old.map(({ id }) => id),
      ),
    ),
  );
}
