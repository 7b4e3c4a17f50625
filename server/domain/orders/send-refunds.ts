import { rawSql } from "@/db/client";
import type { RefundAtChannel } from "@/server/channels/port";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError, isDomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { enqueue } from "../outbox";
import { portOf } from "../payments";
import { recordEvents } from "./order-events";
import { retryRefundInput } from "./schemas";
import { lockOrder } from "./stored-order";

const BATCH = 100;
/** Who has taken a refund has so long to send it; then another one tries. The channel knows it by its id. */
const LEASE_MS = 60_000;
/** Between attempts; after the last one a person has to look. */
const BACKOFF_MS = [10_000, 60_000, 300_000, 1_800_000, 7_200_000];

/** Tells the channels of refunds whose time has come (or of one of them). Returns how many it told. */
export async function sendRefunds(ctx: Ctx, refundId: string | null = null): Promise<number> {
  for (let sent = 0; ; ) {
    const refunds = await takeDue(ctx, refundId);
    for (const refund of refunds) await send(ctx, refund);
    sent += refunds.length;
    if (refunds.length < BATCH) return sent;
  }
}

interface DueRefund {
  id: string;
  orderId: string;
  amount: bigint;
  reason: string;
  attempts: number;
  channelId: string;
  /** Under which the channel has the payment. */
  attemptId: string;
  transactionId: string;
}

async function takeDue(ctx: Ctx, only: string | null): Promise<DueRefund[]> {
  const now = ctx.clock.now();
  const lease = new Date(now.getTime() + LEASE_MS).toISOString();
  return withTransaction(ctx, ({ tx, tenant }) => {
    const sql = rawSql(tx);
    return sql<DueRefund[]>`
      with due as (
        select id from refunds where tenant_id = ${tenant.id} and next_attempt_at <= ${now.toISOString()}::timestamptz
          and state = 'created' ${only === null ? sql`` : sql`and id = ${only}`}
        order by next_attempt_at limit ${BATCH} for update skip locked)
      update refunds r set next_attempt_at = ${lease}::timestamptz, attempts = r.attempts + 1
      from due, payments p
      where r.tenant_id = ${tenant.id} and r.id = due.id and p.tenant_id = ${tenant.id} and p.id = r.payment_id
      returning r.id, r.order_id as "orderId", r.amount, r.reason, r.attempts, p.channel_id as "channelId",
        coalesce(p.attempt_id, p.id) as "attemptId", p.transaction_id as "transactionId"`.execute();
  });
}

async function send(ctx: Ctx, refund: DueRefund): Promise<void> {
  let answer: RefundAtChannel | null = null;
  let problem: string | null = null;
  try {
    const port = await portOf(ctx, refund.channelId);
    answer = await port.refund({
      refundId: refund.id,
      paymentId: refund.attemptId,
      transactionId: refund.transactionId,
      amount: refund.amount,
      reason: refund.reason,
    });
    if (answer.state === "failed") problem = answer.reason ?? "failed";
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const { reason } = error.params;
    problem = reason ? `${error.code}: ${reason}` : error.code;
  }
  await withTransaction(ctx, async (ctx) => {
    if (problem === null) await succeed(ctx, refund, answer?.channelRefundId ?? null);
    else await fail(ctx, refund, problem);
  });
}

async function succeed(ctx: TxCtx, refund: DueRefund, channelRefundId: string | null): Promise<void> {
  const sql = rawSql(ctx.tx);
  const order = await lockOrder(ctx, refund.orderId);
  const [changed] = await sql`
    update refunds set state = 'succeeded', succeeded_at = ${ctx.clock.now().toISOString()}::timestamptz,
      channel_refund_id = ${channelRefundId}, last_error = null, next_attempt_at = null
    where tenant_id = ${ctx.tenant.id} and id = ${refund.id} and state <> 'succeeded' returning 1 as one`;
  if (!changed) return;
  await sql`
    update orders set flag = null where tenant_id = ${ctx.tenant.id} and id = ${refund.orderId} and flag = 'REFUND_FAILED'
      and not exists (select from refunds where tenant_id = ${ctx.tenant.id} and order_id = ${refund.orderId} and state = 'flagged')`;
  await recordEvents(ctx, [
    { orderId: refund.orderId, kind: "refund_sent", data: { refund: refund.id, amount: `${refund.amount}` } },
  ]);
  await record(ctx, {
    action: "refund.succeeded",
    subject: { kind: "refund", id: refund.id },
    partyId: order.distributorId,
    data: { order: refund.orderId, amount: refund.amount, channelRefund: channelRefundId },
  });
}

/** Tried again later; after the last attempt the order is flagged. */
async function fail(ctx: TxCtx, refund: DueRefund, problem: string): Promise<void> {
  const sql = rawSql(ctx.tx);
  const order = await lockOrder(ctx, refund.orderId);
  const wait = BACKOFF_MS[refund.attempts - 1];
  const next = wait === undefined ? null : new Date(ctx.clock.now().getTime() + wait);
  const error = problem.slice(0, 300);
  const [changed] = await sql`
    update refunds set last_error = ${error}, next_attempt_at = ${next?.toISOString() ?? null}::timestamptz,
      state = ${next ? "created" : "flagged"}
    where tenant_id = ${ctx.tenant.id} and id = ${refund.id} and state = 'created' returning 1 as one`;
  if (!changed) return;
  if (next) {
    await enqueue(
      ctx,
      "send-refunds",
      { refundId: refund.id },
      { jobKey: `refund/${refund.id}`, runAt: next },
    );
    return;
  }
  // What the order is otherwise, it stays: delivered, refunded. The flag says that a person has to look.
  await sql`
    update orders set flag = coalesce(flag, 'REFUND_FAILED') where tenant_id = ${ctx.tenant.id} and id = ${refund.orderId}`;
  await recordEvents(ctx, [
    {
      orderId: refund.orderId,
      kind: "refund_failed",
      data: { refund: refund.id, error, attempts: refund.attempts },
    },
    { orderId: refund.orderId, kind: "flagged", data: { flag: "REFUND_FAILED" } },
  ]);
  await record(ctx, {
    action: "refund.failed",
    subject: { kind: "refund", id: refund.id },
    partyId: order.distributorId,
    data: { order: refund.orderId, amount: refund.amount, error, attempts: refund.attempts },
  });
}

/** Tries a refund again that the channel refused for good. Throws NOT_FOUND · CONFLICT unless it is flagged. */
export async function retryRefund(ctx: Ctx, input: { refundId: string }): Promise<void> {
  requirePermission(ctx, "order:refund");
  const { refundId } = retryRefundInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const [refund] = await sql<{ order_id: string }[]>`
      select order_id from refunds where tenant_id = ${ctx.tenant.id} and id = ${refundId}`;
    if (!refund) throw new DomainError("NOT_FOUND", { noun: "refund" });
    const order = await lockOrder(ctx, refund.order_id);
    const [changed] = await sql`
      update refunds set state = 'created', attempts = 0, next_attempt_at = ${ctx.clock.now().toISOString()}::timestamptz
      where tenant_id = ${ctx.tenant.id} and id = ${refundId} and state = 'flagged' returning 1 as one`;
    if (!changed) throw new DomainError("CONFLICT", { noun: "refund" });
    await enqueue(ctx, "send-refunds", { refundId }, { jobKey: `refund/${refundId}` });
    await recordEvents(ctx, [{ orderId: order.id, kind: "refund_retried", data: { refund: refundId } }]);
    await record(ctx, {
      action: "refund.retried",
      subject: { kind: "refund", id: refundId },
      partyId: order.distributorId,
      data: { order: order.id },
    });
  });
}
