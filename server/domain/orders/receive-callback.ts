import { rawSql } from "@/db/client";
import type { Ctx, TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { portOf } from "../payments";
import { settleTogether } from "./settle-batcher";
import type { PaymentFact, Settled } from "./types";

/**
 * A channel said that something came: asks it before believing, and settles what it tells. The caller has checked
 * the signature.
 * @throws PAYMENT_UNKNOWN · CHANNEL_UNREACHABLE (the sweeper asks again)
 */
export async function receiveCallback(
  ctx: Ctx,
  { channelId, paymentId }: { channelId: string; paymentId: string },
): Promise<Settled[]> {
  const attempt = await withTransaction(ctx, (ctx) => channelOf(ctx, paymentId));
  if (attempt !== channelId) throw new DomainError("PAYMENT_UNKNOWN");
  return settleTogether(ctx, await askForFacts(ctx, { channelId, paymentId }));
}

/** What was paid under an attempt, as its channel says. Goes over the network. */
export async function askForFacts(
  ctx: Ctx,
  { channelId, paymentId }: { channelId: string; paymentId: string },
): Promise<PaymentFact[]> {
  const port = await portOf(ctx, channelId);
  const { payments } = await port.query(paymentId);
  return payments.map((payment) => ({ channelId, paymentId, ...payment }));
}

async function channelOf(ctx: TxCtx, paymentId: string): Promise<string | undefined> {
  const [row] = await rawSql(ctx.tx)<{ channel_id: string }[]>`
    select channel_id from payments where tenant_id = ${ctx.tenant.id} and id = ${paymentId} and attempt_id is null`;
  return row?.channel_id;
}
