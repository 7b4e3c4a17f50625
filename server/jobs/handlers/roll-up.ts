import type { Ctx } from "@/server/core/context";
import { withTransaction } from "@/server/core/transaction";
import { enqueue } from "@/server/domain/outbox";
import { rollUp } from "@/server/domain/reports";

/** Soon enough that overviews find little that is not rolled up, seldom enough to cost nothing. */
const AGAIN_AFTER_MS = 5_000;

/** Takes new trades into the roll-ups; comes back soon while there are any. The schedule starts it each minute. */
export async function rollUpTask(ctx: Ctx): Promise<void> {
  const { moved } = await rollUp(ctx);
  if (!moved) return;
  const runAt = new Date(ctx.clock.now().getTime() + AGAIN_AFTER_MS);
  await withTransaction(ctx, (ctx) =>
    enqueue(ctx, "roll-up", {}, { jobKey: `roll-up:${ctx.tenant.id}`, runAt }),
  );
}
