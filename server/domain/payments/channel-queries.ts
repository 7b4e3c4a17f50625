import type { Cycle } from "@/db/schema/types";
import { type Ctx, requirePermission } from "@/server/core/context";
import { withTransaction } from "@/server/core/transaction";
import { type ChannelRow, channelRow, channelRows } from "./channel-row";
import { sandboxEndpoint } from "./port-of";
import { type ChannelFeeBearer, channelIdInput } from "./schemas";

/** A channel as people see it: everything but its secret. */
export interface Channel {
  id: string;
  number: string;
  name: string;
  provider: "wallet" | "sandbox";
  enabled: boolean;
  /** Its party is suspended: it takes no payments, whatever `enabled` says. */
  suspended: boolean;
  feeRate: string;
  feeMin: bigint | null;
  feeMax: bigint | null;
  feeBearer: ChannelFeeBearer | null;
  refundsFee: boolean;
  cycle: Cycle;
  minAmount: bigint | null;
  maxAmount: bigint | null;
  /** Null: at the service that comes with Kaqing. */
  account: { endpoint: string; merchantNo: string } | null;
  /** It is at the service that comes with Kaqing, and that does not run. */
  serviceMissing: boolean;
  currency: string;
  createdAt: Date;
  updatedAt: Date;
}

/** All of them; a tenant has a few. */
export async function listChannels(ctx: Ctx): Promise<{ items: Channel[] }> {
  requirePermission(ctx, "channel:read");
  const rows = await withTransaction(ctx, (ctx) => channelRows(ctx));
  return { items: rows.map((row) => channelOf(row, ctx.tenant.currency)) };
}

/** Throws NOT_FOUND. */
export async function getChannel(ctx: Ctx, input: { id: string }): Promise<Channel> {
  requirePermission(ctx, "channel:read");
  const { id } = channelIdInput.parse(input);
  const row = await withTransaction(ctx, (ctx) => channelRow(ctx, id));
  return channelOf(row, ctx.tenant.currency);
}

function channelOf(row: ChannelRow, currency: string): Channel {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    provider: row.provider,
    enabled: row.enabled,
    suspended: row.status === "suspended",
    feeRate: row.fee_rate ?? "0",
    feeMin: row.fee_min,
    feeMax: row.fee_max,
    feeBearer: row.fee_bearer,
    refundsFee: row.refunds_fee,
    cycle: row.cycle,
    minAmount: row.min_amount,
    maxAmount: row.max_amount,
    account: row.endpoint && row.merchant_no ? { endpoint: row.endpoint, merchantNo: row.merchant_no } : null,
    serviceMissing: row.provider === "sandbox" && row.endpoint === null && sandboxEndpoint() === null,
    currency,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  };
}
