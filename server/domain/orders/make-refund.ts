import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { actorId } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { enqueue } from "../outbox";

/**
 * Notes money that goes back to the buyer; what it undoes in the books the caller posts. By wallet it is back at
 * once, as the books say; by a channel the worker tells the channel. Returns the refund's id.
 */
export async function makeRefund(
  ctx: TxCtx,
  refund: {
    orderId: string;
    paymentId: string;
    amount: bigint;
    currency: string;
    reason: string;
    byWallet: boolean;
  },
): Promise<string> {
  const id = newId();
  const now = ctx.clock.now().toISOString();
  await rawSql(ctx.tx)`
    insert into refunds (tenant_id, id, order_id, payment_id, amount, currency, reason, state, next_attempt_at, created_by,
      created_at, succeeded_at)
    values (${ctx.tenant.id}, ${id}, ${refund.orderId}, ${refund.paymentId}, ${refund.amount.toString()}::bigint,
      ${refund.currency}, ${refund.reason}, ${refund.byWallet ? "succeeded" : "created"},
      ${refund.byWallet ? null : now}::timestamptz, ${actorId(ctx.actor)}, ${now}::timestamptz,
      ${refund.byWallet ? now : null}::timestamptz)`;
  if (!refund.byWallet) await enqueue(ctx, "send-refunds", { refundId: id }, { jobKey: `refund/${id}` });
  return id;
}
