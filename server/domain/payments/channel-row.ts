import { rawSql } from "@/db/client";
import type { Cycle } from "@/db/schema/types";
import type { TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import type { ChannelFeeBearer } from "./schemas";

/** A channel as it is stored: its party and how it is used. */
export interface ChannelRow {
  id: string;
  number: string;
  name: string;
  status: "active" | "suspended";
  cycle: Cycle;
  fee_rate: string | null;
  refunds_fee: boolean;
  provider: "wallet" | "sandbox";
  enabled: boolean;
  fee_min: bigint | null;
  fee_max: bigint | null;
  fee_bearer: ChannelFeeBearer | null;
  min_amount: bigint | null;
  max_amount: bigint | null;
  endpoint: string | null;
  merchant_no: string | null;
  secret_sealed: Buffer | null;
  created_at: string;
  updated_at: string;
}

/** The channels of the tenant, or those of `ids`, by name. A party of kind channel that was never configured is none. */
export function channelRows(ctx: TxCtx, ids?: readonly string[]): Promise<ChannelRow[]> {
  const sql = rawSql(ctx.tx);
  return sql<ChannelRow[]>`
    select p.id, p.number, p.name, p.status, p.cycle, p.channel_fee_rate as fee_rate,
      p.channel_refunds_fee as refunds_fee, c.provider, c.enabled, c.fee_min, c.fee_max, c.fee_bearer, c.min_amount,
      c.max_amount, c.endpoint, c.merchant_no, c.secret_sealed, c.created_at, c.updated_at
    from payment_channels c join parties p on p.tenant_id = c.tenant_id and p.id = c.party_id
    where c.tenant_id = ${ctx.tenant.id} ${ids ? sql`and c.party_id = any(${[...ids]}::uuid[])` : sql``}
    order by p.name collate "C", p.id`.execute();
}

/** Throws NOT_FOUND. */
export async function channelRow(ctx: TxCtx, id: string): Promise<ChannelRow> {
  const [row] = await channelRows(ctx, [id]);
  if (!row) throw new DomainError("NOT_FOUND", { noun: "channel" });
  return row;
}
