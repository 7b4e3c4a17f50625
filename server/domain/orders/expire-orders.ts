import { rawSql } from "@/db/client";
import type { Ctx, TxCtx } from "@/server/core/context";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { releaseKeys } from "../cards";
import { recordEvents } from "./order-events";
import { askSoon } from "./pay-order";
import { linesOf, paymentsOf } from "./stored-order";

const BATCH = 200;

/** Ends orders whose time to pay is over, and completes delivered ones. */
export async function expireOrders(ctx: Ctx): Promise<{ expired: number; completed: number }> {
  return { expired: await inBatches(ctx, expireSome), completed: await inBatches(ctx, completeSome) };
}

async function inBatches(ctx: Ctx, some: (ctx: TxCtx) => Promise<number>): Promise<number> {
  for (let done = 0; ; ) {
    const count = await withTransaction(ctx, some);
    done += count;
    if (count < BATCH) return done;
  }
}

interface Ended {
  id: string;
  distributor_id: string;
}

/** A payment that comes at the same moment holds the order, which is then not looked at; or it comes late. */
async function expireSome(ctx: TxCtx): Promise<number> {
  const now = ctx.clock.now().toISOString();
  const orders = await rawSql(ctx.tx)<Ended[]>`
    with over as (
      select id from orders where tenant_id = ${ctx.tenant.id} and state = 'pending' and expires_at <= ${now}::timestamptz
      order by expires_at limit ${BATCH} for update skip locked)
    update orders o set state = 'expired', ended_at = ${now}::timestamptz from over
    where o.tenant_id = ${ctx.tenant.id} and o.id = over.id returning o.id, o.distributor_id`;
  if (orders.length === 0) return 0;
  const ids = orders.map((order) => order.id);
  const [lines, payments] = await Promise.all([linesOf(ctx, ids), paymentsOf(ctx, ids)]);
  await releaseKeys(
    ctx,
    lines.map((line) => line.id),
  );
  await askSoon(ctx, payments);
  await recordEvents(
    ctx,
    ids.map((orderId) => ({ orderId, kind: "expired" as const })),
  );
  await record(
    ctx,
    ...orders.map((order) => ({
      action: "order.expired",
      subject: { kind: "order", id: order.id },
      partyId: order.distributor_id,
    })),
  );
  return orders.length;
}

/** All its keys were seen, or its link's days are over, and nobody waits for an answer about one. */
async function completeSome(ctx: TxCtx): Promise<number> {
  const now = ctx.clock.now();
  const over = new Date(now.getTime() - ctx.tenant.settings.pickupDays * 86_400_000).toISOString();
  const orders = await rawSql(ctx.tx)<Ended[]>`
    with done as (
      select o.id from orders o
      where o.tenant_id = ${ctx.tenant.id} and o.state = 'delivered' and o.flag is null
        and not exists (select from card_deliveries d where d.tenant_id = o.tenant_id and d.order_id = o.id and d.report_outcome = 'open')
        and (o.delivered_at <= ${over}::timestamptz
          or not exists (select from card_deliveries d where d.tenant_id = o.tenant_id and d.order_id = o.id
            and d.state = 'delivered' and d.revealed_at is null))
      order by o.id limit ${BATCH} for update of o skip locked)
    update orders o set state = 'completed', ended_at = ${now.toISOString()}::timestamptz from done
    where o.tenant_id = ${ctx.tenant.id} and o.id = done.id returning o.id, o.distributor_id`;
  if (orders.length === 0) return 0;
  await recordEvents(
    ctx,
    orders.map(({ id }) => ({ orderId: id, kind: "completed" as const })),
  );
  await record(
    ctx,
    ...orders.map((order) => ({
      action: "order.completed",
      subject: { kind: "order", id: order.id },
      partyId: order.distributor_id,
    })),
  );
  return orders.length;
}
