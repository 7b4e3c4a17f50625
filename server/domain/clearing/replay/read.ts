import { rawSql } from "@/db/client";
import type { FundingAmount, FundingShare, TradeFee, TradeTerms } from "@/db/schema/types";
import { unpackFees } from "@/db/trade-fees";
import type { Ctx, TxCtx } from "@/server/core/context";
import { withTransaction } from "@/server/core/transaction";
import { factsOf } from "../clear";
import type { TradeFacts } from "../engine";
import type { TradeKind } from "../schemas";

/** A posted trade as it is computed again. Amounts in minor units. Texts are parts of their page: copy what is kept. */
export interface PastTrade {
  id: string;
  kind: TradeKind;
  /** Milliseconds. */
  at: number;
  currency: string;
  gross: bigint;
  discount: bigint;
  paid: bigint;
  collectedBy: "platform" | "merchant" | "wallet";
  merchantId: string | null;
  brandId: string | null;
  campaignId: string | null;
  channelId: string | null;
  productId: string | null;
  supplierId: string | null;
  distributorId: string | null;
  orderId: string | null;
  ruleVersionId: string | null;
  channelFeeRate: string | null;
  terms: TradeTerms | null;
  funding: FundingAmount[] | null;
  fees: TradeFee[] | null;
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

/**
 * The trades of a period as they were traded, page by page, each a line for `tradeOf`: read one by one, a trade is
 * forgotten before the next. The next page is on its way while one is worked on.
 */
export async function* eachPage(ctx: Ctx, period: Period): AsyncGenerator<string[]> {
  let coming = readPage(ctx, period, null);
  for (;;) {
    const page = await coming;
    const last = page.at(-1);
    if (page.length === PAGE && last) {
      coming = readPage(ctx, period, tradeOf(last));
      coming.catch(() => {}); // its failure is met when it is awaited, if it ever is
    }
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
  }
}

function readPage(ctx: Ctx, { kinds, from, until }: Period, after: PastTrade | null): Promise<string[]> {
  return withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const begin = after
      ? sql`(t.traded_at, t.id) > (${new Date(after.at).toISOString()}::timestamptz, ${after.id}::uuid)`
      : sql`t.traded_at >= ${from.toISOString()}::timestamptz`;
    const [page] = await sql<{ text: string | null }[]>`
      select string_agg(${sql.unsafe(LINE)}, E'\n' order by t.traded_at, t.id) as text from (
        select * from trades t
        where t.tenant_id = ${ctx.tenant.id} and t.kind = any(${kinds as string[]}::text[]) and ${begin}
          and t.traded_at < ${until.toISOString()}::timestamptz
        order by t.traded_at, t.id limit ${PAGE}) t`;
    return page?.text ? page.text.split("\n") : [];
  });
}

export async function readTrade(ctx: TxCtx, id: string): Promise<PastTrade | null> {
  const sql = rawSql(ctx.tx);
  const [row] = await sql<{ text: string }[]>`
    select ${sql.unsafe(LINE)} as text from trades t where t.tenant_id = ${ctx.tenant.id} and t.id = ${id}`;
  return row ? tradeOf(row.text) : null;
}

/**
 * A page comes as one text, a line a trade: the driver takes as long for a column as the engine for a leg. No column
 * holds a control character: they are ids, numbers, codes and json.
 */
const COLUMNS = [
  "id",
  "kind",
  "(date_part('epoch', t.traded_at) * 1000)::bigint",
  "currency",
  "gross",
  "discount",
  "paid",
  "collected_by",
  "merchant_id",
  "brand_id",
  "campaign_id",
  "channel_id",
  "product_id",
  "supplier_id",
  "distributor_id",
  "order_id",
  "rule_version_id",
  "channel_fee_rate",
  "terms",
  "funding",
  "fees",
];
const LINE = `concat(${COLUMNS.map((column) => (column.startsWith("(") ? column : `t.${column}`)).join(", E'\\t', ")})`;

export function tradeOf(line: string): PastTrade {
  const cells = line.split("\t");
  return {
    id: cells[0] ?? "",
    kind: cells[1] as TradeKind,
    at: Number(cells[2]),
    currency: cells[3] ?? "",
    gross: BigInt(cells[4] ?? 0),
    discount: BigInt(cells[5] ?? 0),
    paid: BigInt(cells[6] ?? 0),
    collectedBy: cells[7] as PastTrade["collectedBy"],
    merchantId: cells[8] || null,
    brandId: cells[9] || null,
    campaignId: cells[10] || null,
    channelId: cells[11] || null,
    productId: cells[12] || null,
    supplierId: cells[13] || null,
    distributorId: cells[14] || null,
    orderId: cells[15] || null,
    ruleVersionId: cells[16] || null,
    channelFeeRate: cells[17] || null,
    terms: json(cells[18]),
    funding: json(cells[19]),
    fees: unpackFees(cells[20] || null),
  };
}

function json<T>(cell: string | undefined): T | null {
  return cell ? (JSON.parse(cell) as T) : null;
}

/** What went back of trades of the period, whole or in part, until a moment: amounts by trade. */
export async function loadRefunds(ctx: Ctx, { from }: Period, asOf: Date): Promise<Map<string, bigint>> {
  return withTransaction(ctx, async (ctx) => {
    const rows = await rawSql(ctx.tx)<{ id: string; refunded: bigint }[]>`
      select reverses_id as id, sum(discount - gross)::bigint as refunded from trades
      where tenant_id = ${ctx.tenant.id} and reverses_id is not null and traded_at >= ${from.toISOString()}::timestamptz
        and traded_at <= ${asOf.toISOString()}::timestamptz
      group by reverses_id`;
    return new Map(rows.map(({ id, refunded }) => [id, refunded]));
  });
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
      merchantId: row.merchantId,
      brandId: row.brandId,
      campaignId: row.campaignId,
      voucherId: null,
      collectedBy: row.collectedBy,
      channelId: row.channelId,
      fundingShares: row.campaignId === null ? undefined : funding.get(row.campaignId),
      fundingAmounts: row.funding?.map(({ partyId, amount }) => ({ partyId, amount: BigInt(amount) })),
      storedValue: stored > 0n ? stored : undefined,
      card:
        row.terms && row.productId && row.supplierId && row.distributorId && row.orderId
          ? {
              productId: row.productId,
              supplierId: row.supplierId,
              distributorId: row.distributorId,
              orderId: row.orderId,
              terms: row.terms,
            }
          : undefined,
    },
    row.channelFeeRate,
  );
}

const EVER = new Date(0);
