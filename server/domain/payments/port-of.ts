import { type ChannelPort, sandboxPort } from "@/server/channels";
import type { Ctx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { open } from "@/server/core/secrets";
import { withTransaction } from "@/server/core/transaction";
import { channelRow } from "./channel-row";

/**
 * The port of a channel, also of one that is switched off: what was paid there is still asked for and given back.
 * Reads the configuration in a short transaction of its own; use the port outside of any. The context's clock is
 * the one that signs.
 * @throws DomainError NOT_FOUND · CHANNEL_UNREACHABLE when the service that comes with Kaqing does not run
 */
export async function portOf(ctx: Ctx, channelId: string): Promise<ChannelPort> {
  const row = await withTransaction({ ...ctx, tx: undefined }, (ctx) => channelRow(ctx, channelId));
  if (row.provider === "wallet" || !row.merchant_no || !row.secret_sealed)
    throw new DomainError("NOT_FOUND", { noun: "channel" });
  const endpoint = row.endpoint ?? sandboxEndpoint();
  if (!endpoint) throw new DomainError("CHANNEL_UNREACHABLE");
  const secret = open("channel.secret", row.secret_sealed, secretPlace(ctx, channelId)).toString("utf8");
  const fee = {
    rate: row.fee_rate ?? "0",
    min: row.fee_min,
    max: row.fee_max,
    refunded: row.refunds_fee,
  };
  const adminToken = row.endpoint === null ? process.env.KAQING_SANDBOX_TOKEN : null;
  return sandboxPort({ endpoint, merchantNo: row.merchant_no, secret, fee, adminToken }, ctx.clock);
}

/** What a channel's secret is bound to. */
export function secretPlace(ctx: Pick<Ctx, "tenant">, channelId: string): string {
  return `${ctx.tenant.id}/${channelId}`;
}

/** Where the service that comes with Kaqing listens, if it runs; its port may be another after each start. */
export function sandboxEndpoint(): string | null {
  return process.env.KAQING_SANDBOX_ENDPOINT || null;
}

/** Where channels send their callbacks about this channel: the portal's public address. */
export function notifyUrlOf(ctx: Pick<Ctx, "tenant">, channelId: string): string {
  const portal = process.env.NEXTAUTH_URL || `http://localhost:${process.env.PORT || 3000}`;
  return new URL(`/api/callbacks/${ctx.tenant.slug}/${channelId}`, portal).href;
}
