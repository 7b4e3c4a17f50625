import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { date } from "./stored-order";

/** A delivery as its verbs read it. */
export interface StoredDelivery {
  id: string;
  orderId: string;
  lineId: string;
  keyId: string;
  productId: string;
  productName: string;
  tail: string;
  looped: boolean;
  tradeId: string;
  state: "delivered" | "replaced" | "refunded";
  replacesId: string | null;
  deliveredAt: Date;
  revealedAt: Date | null;
  reveals: number;
  reportedAt: Date | null;
  reportOutcome: "open" | "confirmed" | "refused" | null;
}

type Row = {
  [K in keyof StoredDelivery]: StoredDelivery[K] extends Date
    ? string
    : StoredDelivery[K] extends Date | null
      ? string | null
      : StoredDelivery[K];
};

/** Of an order, as it was delivered; the caller holds the order's lock where it goes on to change them. */
export async function deliveriesOf(ctx: TxCtx, orderId: string): Promise<StoredDelivery[]> {
  const rows = await rawSql(ctx.tx)<Row[]>`
    select d.id, d.order_id as "orderId", d.order_line_id as "lineId", d.key_id as "keyId", l.product_id as "productId",
      p.name as "productName", coalesce(k.tail, '') as tail, d.looped, d.trade_id as "tradeId", d.state, d.replaces_id as "replacesId",
      d.delivered_at as "deliveredAt", d.revealed_at as "revealedAt", d.reveals, d.reported_at as "reportedAt",
      d.report_outcome as "reportOutcome"
    from card_deliveries d
    join order_lines l on l.tenant_id = d.tenant_id and l.id = d.order_line_id
    join products p on p.tenant_id = l.tenant_id and p.id = l.product_id
    left join card_keys k on k.tenant_id = d.tenant_id and k.id = d.key_id
    where d.tenant_id = ${ctx.tenant.id} and d.order_id = ${orderId} order by l.position, d.id`;
  return rows.map((row) => ({
    ...row,
    deliveredAt: new Date(row.deliveredAt),
    revealedAt: date(row.revealedAt),
    reportedAt: date(row.reportedAt),
  }));
}

/** The order of a delivery, or null. */
export async function orderOfDelivery(ctx: TxCtx, deliveryId: string): Promise<string | null> {
  const [row] = await rawSql(ctx.tx)<{ order_id: string }[]>`
    select order_id from card_deliveries where tenant_id = ${ctx.tenant.id} and id = ${deliveryId}`;
  return row?.order_id ?? null;
}
