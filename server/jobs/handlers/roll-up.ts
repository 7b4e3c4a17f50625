import { withTransaction } from "@/server/core/transaction";
import { enqueue } from "@/server/domain/outbox";
import * as reports from "@/server/domain/reports";
import type { TaskHandler } from "../registry";

/** Soon enough that overviews find little that is not rolled up, seldom enough to cost nothing. */
const AGAIN_AFTER_MS = 5_000;

/** Takes new trades into the roll-ups, and comes back soon while there are any. */
export const rollUp: TaskHandler = async (ctx) => {
  const { moved } = await reports.rollUp(ctx);
  if (!moved) return;
  const runAt = new Date(ctx.clock.now().getTime() + AGAIN_AFTER_MS);
  await withTransaction(ctx, (ctx) =>
    enqueue(ctx, "roll-up", {}, { jobKey: `roll-up:${ctx.tenant.id}`, runAt }),
  );
};
