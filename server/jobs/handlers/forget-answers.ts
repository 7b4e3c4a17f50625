import { rawSql } from "@/db/client";
import type { Ctx } from "@/server/core/context";
import { withTransaction } from "@/server/core/transaction";

/** How long the answer to a request stays known by its Idempotency-Key; the API's documentation says so. */
export const ANSWERS_ARE_KEPT_DAYS = 30;

const DAY_MS = 86_400_000;
const BATCH = 5_000;

/**
 * Deletes answers that are older, the oldest first and a batch a transaction. What a request or another worker is at
 * is left to it. Returns how many went.
 */
export async function forgetAnswers(ctx: Ctx, { batch = BATCH } = {}): Promise<number> {
  const until = new Date(ctx.clock.now().getTime() - ANSWERS_ARE_KEPT_DAYS * DAY_MS).toISOString();
  for (let forgotten = 0; ; ) {
    const { count } = await withTransaction(
      ctx,
      ({ tx, tenant }) => rawSql(tx)`
        delete from idempotency_keys where tenant_id = ${tenant.id} and ctid = any(array(
          select ctid from idempotency_keys where tenant_id = ${tenant.id} and created_at < ${until}::timestamptz
          order by created_at limit ${batch} for update skip locked))`,
    );
    forgotten += count;
    if (count < batch) return forgotten;
  }
}
