import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import type { CampaignConfig, ConfigReader } from "./campaign-config";
import type { RedeemRequest } from "./redeem-vouchers";
import type { VouchersRead } from "./vouchers-at-hand";

/** Vouchers of one stacking group are not used together on one order: the same order reference at one merchant. */

type Asked = Pick<RedeemRequest, "subject" | "merchantId" | "item">;

/** Orders of this transaction, and the groups that were used on them. */
export interface Orders {
  taken(asked: Asked, campaign: CampaignConfig): boolean;
  readonly used: Set<string>;
}

/** How long ago a redemption of the same order is looked for. */
const DAYS = 2;

const keyOf = (merchantId: string, orderRef: string, group: string) =>
  JSON.stringify([merchantId, orderRef, group]);

/** Names the order and group of a use; null where no group applies. */
export function orderKey({ merchantId, item }: Asked, campaign: CampaignConfig | undefined): string | null {
  return campaign?.stackingGroup && item.orderRef
    ? keyOf(merchantId, item.orderRef, campaign.stackingGroup)
    : null;
}

/** Locks the orders to which a group applies, and finds what was used on them. Without such orders: no query. */
export async function lockOrders(
  ctx: TxCtx,
  config: ConfigReader,
  vouchers: VouchersRead,
  asked: readonly Asked[],
): Promise<Orders> {
  const used = new Set<string>();
  const orders: Orders = {
    used,
    taken: (one, campaign) => {
      const key = orderKey(one, campaign);
      return key !== null && used.has(key);
    },
  };
  const wanted = new Map<string, { merchantId: string; orderRef: string }>();
  for (const one of asked) {
    const voucher = vouchers.of(one.subject);
    const key = orderKey(one, voucher && config.campaign(voucher.campaignId));
    if (key) wanted.set(key, { merchantId: one.merchantId, orderRef: one.item.orderRef ?? "" });
  }
  if (wanted.size === 0) return orders;

  const sql = rawSql(ctx.tx);
  const locks = [...wanted.keys()].map((key) => `${ctx.tenant.id}${key}`).sort();
  const list = [...wanted.values()];
  const since = new Date(ctx.clock.now().getTime() - DAYS * 86_400_000).toISOString();
  const [, rows] = await Promise.all([
    sql`select pg_advisory_xact_lock(hashtextextended(key, 0)) from unnest(${locks}::text[]) as key`.execute(),
    sql<{ merchant_id: string; order_ref: string; stacking_group: string }[]>`
      select distinct t.merchant_id, t.order_ref, c.stacking_group
      from unnest(${list.map((o) => o.merchantId)}::uuid[], ${list.map((o) => o.orderRef)}::text[]) as o (merchant_id, order_ref)
      join trades t on t.tenant_id = ${ctx.tenant.id} and t.merchant_id = o.merchant_id and t.order_ref = o.order_ref
        and t.traded_at > ${since}::timestamptz and t.kind = 'redemption'
      join campaigns c on c.tenant_id = t.tenant_id and c.id = t.campaign_id and c.stacking_group is not null
      where not exists (select 1 from trades r where r.tenant_id = t.tenant_id and r.reverses_id = t.id)`.execute(),
  ]);
  for (const row of rows) used.add(keyOf(row.merchant_id, row.order_ref, row.stacking_group));
  return orders;
}

/** Notes that a voucher was used on its order. */
export function combined(orders: Orders, asked: Asked, campaign: CampaignConfig): void {
  const key = orderKey(asked, campaign);
  if (key) orders.used.add(key);
}
