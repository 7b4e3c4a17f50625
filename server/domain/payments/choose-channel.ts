import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { channelFeesNow } from "../clearing";
import { type ChannelRow, channelRows } from "./channel-row";
import { type Candidate, type Considered, type Routing, route } from "./route";
import { tryRouteInput } from "./schemas";

/**
 * The cheapest channel that takes the amount, among all or the `candidates`, and what was compared. The wallet is
 * never chosen: who pays from it says so.
 * @throws DomainError CHANNEL_NONE_FITS
 */
export async function chooseChannel(
  ctx: TxCtx,
  ask: { amount: bigint; currency: string; candidates?: readonly string[] },
): Promise<{ channelId: string; considered: Considered[] }> {
  const { channelId, considered } = await compare(ctx, ask);
  if (channelId === null)
    throw new DomainError("CHANNEL_NONE_FITS", { amount: ask.amount.toString(), currency: ask.currency });
  return { channelId, considered };
}

/** "Which channel for this amount?": the router's comparison, nothing is changed. */
export async function tryRoute(ctx: Ctx, input: unknown): Promise<Routing> {
  requirePermission(ctx, "channel:read");
  const { amount } = tryRouteInput.parse(input);
  return withTransaction(ctx, (ctx) =>
    compare(ctx, { amount: BigInt(amount), currency: ctx.tenant.currency }),
  );
}

async function compare(
  ctx: TxCtx,
  ask: { amount: bigint; currency: string; candidates?: readonly string[] },
): Promise<Routing> {
  const rows = await channelRows(ctx, ask.candidates);
  const routable = rows.filter((row) => row.provider !== "wallet");
  const scheduled = await channelFeesNow(
    ctx,
    routable.map((row) => row.id),
    ask,
  );
  return route(
    ask.amount,
    ask.currency,
    routable.map((row) => ({ ...candidateOf(ctx, row), scheduled: scheduled.get(row.id) })),
  );
}

function candidateOf(ctx: TxCtx, row: ChannelRow): Candidate {
  return {
    channelId: row.id,
    name: row.name,
    enabled: row.enabled && row.status === "active",
    feeRate: row.fee_rate ?? "0",
    feeMin: row.fee_min,
    feeMax: row.fee_max,
    minAmount: row.min_amount,
    maxAmount: row.max_amount,
    // A channel has one currency, the tenant's: its bounds are amounts of it.
    currency: ctx.tenant.currency,
  };
}
