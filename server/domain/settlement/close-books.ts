import { rawSql } from "@/db/client";
import { actorId, type Ctx, requirePermission } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { latestWindowStart } from "../calendar";
import { trueUpFees } from "../clearing";
import { closingLock } from "../ledger";
import { enqueue } from "../outbox";
import { nextNumber } from "../parties";
import { closeBooksInput } from "./schemas";
import { stateRun } from "./state-run";

export interface Closing {
  runId: string;
  number: string;
  dueAfter: Date;
  dueThrough: Date;
}

/**
 * Moves the watermark to `through` (now, by default): what is due up to it is a fixed set from then on. Waits for
 * the postings under way and holds new ones back for as long as it takes to write two rows. The statements are
 * left to the worker; `stateRun` may be called at once as well. Months of fee schedules that are over are trued up
 * before, so that they stand in the first statement after.
 * @throws DomainError CLOSING_IN_FUTURE, CLOSING_NOT_FORWARD
 */
export async function closeBooks(ctx: Ctx, input: { through?: Date } = {}): Promise<Closing> {
  requirePermission(ctx, "settlement:close");
  const { through = ctx.clock.now() } = closeBooksInput.parse(input);
  if (through > ctx.clock.now()) {
    throw new DomainError("CLOSING_IN_FUTURE", { through: through.toISOString() });
  }
  await trueUpFees(ctx);
  return withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const tenantId = ctx.tenant.id;
    await sql`select pg_advisory_xact_lock(${closingLock(tenantId)}::bigint)`;
    // A statement of its own, behind the lock: it sees what the closing it waited for has committed.
    const [books] = await sql<{ closed_through: string }[]>`
      select closed_through from books where tenant_id = ${tenantId} for update`;
    if (!books) throw new Error("the tenant has no books");
    const after = new Date(books.closed_through);
    if (through <= after) {
      throw new DomainError("CLOSING_NOT_FORWARD", {
        through: through.toISOString(),
        closedThrough: after.toISOString(),
      });
    }
    const [number = ""] = await nextNumber(ctx, "settlement.run", "CL");
    const closing = { runId: newId(), number, dueAfter: after, dueThrough: through };
    await sql`
      insert into settlement_runs (tenant_id, id, number, due_after, due_through, state, created_by, created_by_name, created_at)
      values (${tenantId}, ${closing.runId}, ${number}, ${after.toISOString()}::timestamptz, ${through.toISOString()}::timestamptz,
        'closed', ${actorId(ctx.actor)}, ${ctx.actor.name}, ${ctx.clock.now().toISOString()}::timestamptz)`;
    await sql`
      update books set closed_through = ${through.toISOString()}::timestamptz where tenant_id = ${tenantId}`;
    await enqueue(ctx, "state-run", { runId: closing.runId }, { jobKey: `state-run:${closing.runId}` });
    await record(ctx, {
      action: "settlement.closed",
      subject: { kind: "settlement_run", id: closing.runId },
      data: { number, dueAfter: after.toISOString(), dueThrough: through.toISOString() },
    });
    return closing;
  });
}

/** The windows of the schedule: every cycle's windows begin with one of them. */
const HALF_DAYS = { kind: "windows", windowsPerDay: 2, delay: 1, dayCount: "calendar" } as const;

/**
 * What the schedule does, at each window start of the tenant's zone and as often as it likes in between: closes up
 * to the last window start unless that is done, and states what a stopped worker left unstated.
 */
export async function closeDue(ctx: Ctx): Promise<Closing | null> {
  requirePermission(ctx, "settlement:close");
  const through = latestWindowStart(HALF_DAYS, ctx.clock.now(), ctx.tenant.timezone);
  await trueUpFees(ctx);
  const { closedThrough, open } = await withTransaction(ctx, async ({ tx, tenant }) => {
    const sql = rawSql(tx);
    const [books] = await sql<{ closed_through: string }[]>`
      select closed_through from books where tenant_id = ${tenant.id}`;
    const open = await sql<{ id: string }[]>`
      select id from settlement_runs where tenant_id = ${tenant.id} and state = 'closed' order by id`;
    return { closedThrough: new Date(books?.closed_through ?? 0), open: open.map((run) => run.id) };
  });
  let closing: Closing | null = null;
  if (through > closedThrough) {
    try {
      closing = await closeBooks(ctx, { through });
      open.push(closing.runId);
    } catch (error) {
      // Somebody else was quicker.
      if (!(error instanceof DomainError && error.code === "CLOSING_NOT_FORWARD")) throw error;
    }
  }
  for (const runId of open) await stateRun(ctx, runId);
  return closing;
}
