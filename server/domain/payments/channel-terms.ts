import type { TxCtx } from "@/server/core/context";
import { channelRow } from "./channel-row";
import type { ChannelFeeBearer } from "./schemas";

/** What was agreed with a channel, as a sale keeps it. */
export interface ChannelTerms {
  channelId: string;
  name: string;
  provider: "wallet" | "sandbox";
  feeRate: string;
  feeMin: bigint | null;
  feeMax: bigint | null;
  /** Null: as the split rule says. */
  feeBearer: ChannelFeeBearer | null;
  refundsFee: boolean;
  enabled: boolean;
}

/** Throws NOT_FOUND, also for a channel's party that was never configured. */
export async function channelTerms(ctx: TxCtx, channelId: string): Promise<ChannelTerms> {
  const row = await channelRow(ctx, channelId);
  return {
    channelId: row.id,
    name: row.name,
    provider: row.provider,
    feeRate: row.fee_rate ?? "0",
    feeMin: row.fee_min,
    feeMax: row.fee_max,
    feeBearer: row.fee_bearer,
    refundsFee: row.refunds_fee,
    enabled: row.enabled && row.status === "active",
  };
}
