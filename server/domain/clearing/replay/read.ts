import { rawSql } from "@/db/client";
import type { FundingAmount, FundingShare, TradeFee, TradeTerms } from "@/db/schema/types";
import type { Ctx, TxCtx } from "@/server/core/context";
import { withTransaction } from "@/server/core/transaction";
import { factsOf } from "../clear";
import type { TradeFacts } from "../engine";
import type { TradeKind } from "../schemas";

/** A posted trade as it is computed again. Amounts in minor units. */
export interface PastTrade {
  id: string;
  kind: TradeKind;
  /** Milliseconds. */
  at: number;
  currency: string;
  gross: bigint;
  discount: bigint;
  paid: bigint;
  collected_by: "platform" | "merchant" | "wallet";
  merchant_id: string | null;
  brand_id: string | null;
  campaign_id: string | null;
  channel_id: string | null;
  product_id: string | null;
  supplier_id: string | null;
  distributor_id: string | null;
  order_id: string | null;
  terms: TradeTerms | null;
  rule_version_id: string | null;
  channel_fee_rate: string | null;
  funding: FundingAmount[] | null;
  fees: TradeFee[] | null;
  /** What went back of it, whole or in part; null: nothing did. */
  refunded: bigint | null;
}

export interface Period {
  kinds: readonly TradeKind[];
  from: Date;
  /** Not included. */
  until: Date;
}

const PAGE = 5_000;

export async function countTrades(ctx: Ctx, { kinds, from, until }: Period): Promise<number> {
  return withTransaction(ctx, async (ctx) => {
    const [row] = await rawSql(ctx.tx)<{ count: bigint }[]>`
      select count(*) as count from trades
      where tenant_id = ${ctx.tenant.id} and kind = any(${kinds as string[]}::text[])
        and traded_at >= ${from.toISOString()}::timestamptz and traded_at < ${until.toISOString()}::timestamptz`;
    return Number(row?.count ?? 0);
  });
}

/** The trades of a period as they were traded, page by page; the next page is on its way while one is worked on. */
export async function* eachPage(ctx: Ctx, period: Period): AsyncGenerator<PastTrade[]> {
  let coming = readPage(ctx, period, null);
  for (;;) {
    const page = await coming;
    const last = page.at(-1);
    if (page.length === PAGE && last) {
      coming = readPage(ctx, period, last);
      coming.catch(() => {}); // its failure is met when it is awaited, if it ever is
    }
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
  }
}

function readPage(ctx: Ctx, { kinds, from, until }: Period, after: PastTrade | null): Promise<PastTrade[]> {
  return withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const begin = after
      ? sql`(t.traded_at, t.id) > (${new Date(after.at).toISOString()}::timestamptz, ${after.id}::uuid)`
      : sql`t.traded_at >= ${from.toISOString()}::timestamptz`;
    return sql<PastTrade[]>`
      select ${columns(ctx)}
      where t.tenant_id = ${ctx.tenant.id} and t.kind = any(${kinds as string[]}::text[]) and ${begin}
        and t.traded_at < ${until.toISOString()}::timestamptz
      order by t.traded_at, t.id limit ${PAGE}`;
  });
}

export async function readTrade(ctx: TxCtx, id: string): Promise<PastTrade | null> {
  const [row] = await rawSql(ctx.tx)<PastTrade[]>`
    select ${columns(ctx)} where t.tenant_id = ${ctx.tenant.id} and t.id = ${id}`;
  return row ?? null;
}

function columns(ctx: TxCtx) {
  return rawSql(ctx.tx)`
    t.id, t.kind, (extract(epoch from t.traded_at) * 1000)::float8 as at, t.currency, t.gross, t.discount, t.paid,
    t.collected_by, t.merchant_id, t.brand_id, t.campaign_id, t.channel_id, t.product_id, t.supplier_id,
    t.distributor_id, t.order_id, t.terms, t.rule_version_id, t.channel_fee_rate, t.funding, t.fees, (
      select sum(r.discount - r.gross)::bigint from trades r
      where r.tenant_id = t.tenant_id and r.reverses_id = t.id and r.reverses_id is not null) as refunded
    from trades t`;
}

/** Funding shares by campaign, as they are compiled once each. */
export async function loadFunding(ctx: Ctx): Promise<Map<string, FundingShare[]>> {
  return withTransaction(ctx, async (ctx) => {
    const rows = await rawSql(ctx.tx)<{ id: string; funding: FundingShare[] | null }[]>`
      select id, funding from campaigns where tenant_id = ${ctx.tenant.id}`;
    return new Map(rows.flatMap(({ id, funding }) => (funding && funding.length > 0 ? [[id, funding]] : [])));
  });
}

/** The facts that it was cleared by. */
export function pastFacts(
  platform: string,
  row: PastTrade,
  funding: ReadonlyMap<string, readonly FundingShare[]>,
): TradeFacts {
  const stored = row.gross - row.discount - row.paid;
  return factsOf(
    platform,
    {
      kind: row.kind,
      tradedAt: EVER, // no fact of the engine's
      currency: row.currency,
      gross: row.gross,
      discount: row.discount,
      paid: row.paid,
      merchantId: row.merchant_id,
      brandId: row.brand_id,
      campaignId: row.campaign_id,
      voucherId: null,
      collectedBy: row.collected_by,
      channelId: row.channel_id,
      fundingShares: row.campaign_id === null ? undefined : funding.get(row.campaign_id),
      fundingAmounts: row.funding?.map(({ partyId, amount }) => ({ partyId, amount: BigInt(amount) })),
      storedValue: stored > 0n ? stored : undefined,
      card:
        row.terms && row.product_id && row.supplier_id && row.distributor_id && row.order_id
          ? {
              productId: row.product_id,
              supplierId: row.supplier_id,
              distributorId: row.distributor_id,
              orderId: row.order_id,
              terms: row.terms,
            }
          : undefined,
    },
    row.channel_fee_rate,
  );
}

const EVER = new Date(0);
