import { rawSql } from "@/db/client";
import { VOUCHER_STATES } from "@/db/schema";
import { type Ctx, requirePermission } from "@/server/core/context";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";

/**
 * Writes expiry down: issued vouchers whose time is over become `expired`, in chunks. Nothing waits for it: a
 * voucher past its time is refused whether this has run or not.
 */
const CHUNK = 5_000;
/** Looked at again each time: an issue may have been committed late. */
const OVERLAP_MS = 3_600_000;
const MARK = "vouchers.expired_through";

/** @returns how many expired */
export async function expireVouchers(ctx: Ctx): Promise<number> {
  requirePermission(ctx, "voucher:void");
  const now = ctx.clock.now();
  const mark = await readMark(ctx);
  let from = new Date(Math.max(0, mark - OVERLAP_MS)).toISOString();
  let after = "00000000-0000-0000-0000-000000000000";
  let expired = 0;
  for (;;) {
    const chunk = await withTransaction(ctx, async (ctx) => {
      const sql = rawSql(ctx.tx);
      const rows = await sql<{ id: string; valid_to: string }[]>`
        with found as (
          select id, valid_to from vouchers
          where tenant_id = ${ctx.tenant.id} and valid_to >= ${from}::timestamptz
            and valid_to <= ${now.toISOString()}::timestamptz and (valid_to, id) > (${from}::timestamptz, ${after}::uuid)
            and state = ${VOUCHER_STATES.issued}
          order by valid_to, id limit ${CHUNK} for update skip locked)
        update vouchers v set state = ${VOUCHER_STATES.expired}, locked_until = null, locked_by = null, lock_ref = null
        from found where v.tenant_id = ${ctx.tenant.id} and v.id = found.id and v.state = ${VOUCHER_STATES.issued}
        returning v.id, v.valid_to`;
      if (rows.length > 0)
        await record(ctx, {
          action: "voucher.expired",
          subject: { kind: "tenant", id: ctx.tenant.id },
          data: { count: rows.length },
        });
      return rows;
    });
    expired += chunk.length;
    if (chunk.length < CHUNK) break;
    for (const { id, valid_to } of chunk) {
      const [a, b] = [new Date(valid_to).toISOString(), from];
      if (a > b || (a === b && id > after)) {
        from = a;
        after = id;
      }
    }
  }
  await writeMark(ctx, now.getTime());
  return expired;
}

/** Milliseconds through which expiry was written down. */
function readMark(ctx: Ctx): Promise<number> {
  return withTransaction(ctx, async (ctx) => {
    const [row] = await rawSql(ctx.tx)<{ value: bigint }[]>`
      select value from counters where tenant_id = ${ctx.tenant.id} and name = ${MARK}`;
    return Number(row?.value ?? 0);
  });
}

function writeMark(ctx: Ctx, value: number): Promise<unknown> {
  return withTransaction(
    ctx,
    async (ctx) => rawSql(ctx.tx)`
      insert into counters as c (tenant_id, name, value) values (${ctx.tenant.id}, ${MARK}, ${value})
      on conflict (tenant_id, name) do update set value = greatest(c.value, excluded.value)`,
  );
}
