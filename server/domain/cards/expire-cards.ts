import { rawSql } from "@/db/client";
import { CARD_STATES } from "@/db/schema";
import { type Ctx, requirePermission } from "@/server/core/context";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";

const CHUNK = 5_000;

/**
 * Writes expiry down: available keys whose time is over become `expired`, in chunks. Nothing waits for it: a key
 * past its time is neither held nor delivered, whether this has run or not. Returns how many expired.
 */
export async function expireCards(ctx: Ctx): Promise<number> {
  requirePermission(ctx, "stock:import");
  const now = ctx.clock.now().toISOString();
  let expired = 0;
  for (;;) {
    const count = await withTransaction(ctx, async (ctx) => {
      const rows = await rawSql(ctx.tx)`
        with found as (
          select id from card_keys
          where tenant_id = ${ctx.tenant.id} and state = 0 and expires_at is not null and expires_at <= ${now}::timestamptz
          order by expires_at limit ${CHUNK} for update skip locked)
        update card_keys k set state = ${CARD_STATES.expired}, changed_at = ${now}::timestamptz
        from found where k.tenant_id = ${ctx.tenant.id} and k.id = found.id returning 1`;
      if (rows.length > 0) {
        await record(ctx, {
          action: "card_key.expired",
          subject: { kind: "tenant", id: ctx.tenant.id },
          data: { count: rows.length },
        });
      }
      return rows.length;
    });
    expired += count;
    if (count < CHUNK) return expired;
  }
}
