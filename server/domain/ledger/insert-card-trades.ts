import { rawSql } from "@/db/client";
import { packFees } from "@/db/trade-fees";
import type { TxCtx } from "@/server/core/context";
import type { NewTrade } from "./post";

/** Inserts trades with the columns that only those of cards have; the others, many more, need not send them. */
export async function insertCardTrades(ctx: TxCtx, trades: readonly NewTrade[]): Promise<void> {
  if (trades.length === 0) return;
  const now = ctx.clock.now().toISOString();
  const rows = trades.map((t) => ({
    id: t.id,
    kind: t.kind,
    traded_at: t.tradedAt.toISOString(),
    currency: t.currency,
    gross: `${t.gross}`,
    discount: `${t.discount}`,
    paid: `${t.paid}`,
    channel_id: t.channelId,
    collected_by: t.collectedBy,
    rule_version_id: t.ruleVersionId,
    channel_fee_rate: t.channelFeeRate,
    reverses_id: t.reversesId,
    refunded_before: t.refundedBefore?.toString(),
    order_ref: t.orderRef,
    external_ref: t.externalRef,
    actor_id: t.actorId,
    reason: t.reason,
    product_id: t.card?.productId,
    supplier_id: t.card?.supplierId,
    distributor_id: t.card?.distributorId,
    order_id: t.card?.orderId,
    terms: t.card?.terms,
    fees: packFees(t.fees),
  }));
  await rawSql(ctx.tx)`
    insert into trades (tenant_id, id, kind, traded_at, posted_at, currency, gross, discount, paid, channel_id,
      collected_by, rule_version_id, channel_fee_rate, reverses_id, refunded_before, order_ref, external_ref, actor_id,
      reason, product_id, supplier_id, distributor_id, order_id, terms, fees)
    select ${ctx.tenant.id}, id, kind, traded_at, ${now}::timestamptz, currency, gross, discount, paid, channel_id,
      collected_by, rule_version_id, channel_fee_rate, reverses_id, refunded_before, order_ref, external_ref, actor_id,
      reason, product_id, supplier_id, distributor_id, order_id, terms, fees
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as n (id uuid, kind text, traded_at timestamptz,
      currency text, gross bigint, discount bigint, paid bigint, channel_id uuid, collected_by text,
      rule_version_id uuid, channel_fee_rate text, reverses_id uuid, refunded_before bigint, order_ref text,
      external_ref text, actor_id uuid, reason text, product_id uuid, supplier_id uuid, distributor_id uuid,
      order_id uuid, terms jsonb, fees text)`;
}
