import { plainArray, rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { DomainError, isDomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { type TakenKey, takeKeys } from "../cards";
import { type CardOfTrade, clearTrades, postCleared, type TradeToClear } from "../clearing";
import type { Books } from "../ledger";
import { type ChannelTerms, channelTerms, walletChannel } from "../payments";
import { sellerTermsOf } from "../pricing";
import { feeBoundsOf, tradeTermsOf } from "./sale-terms";
import type { OrderFlag } from "./schemas";
import type { StoredLine, StoredOrder } from "./stored-order";

/** An order whose money is there, locked by the caller. */
export interface OrderToDeliver {
  order: StoredOrder;
  lines: readonly StoredLine[];
  /** Null: from the distributor's wallet. */
  channelId: string | null;
  /** When the sale was made: it is cleared by the rules of then. */
  tradedAt: Date;
}

export interface Delivered {
  deliveryId: string;
  orderId: string;
  lineId: string;
  keyId: string;
  tradeId: string;
}

/**
 * Thrown by `deliverOrders` when orders cannot be delivered: what it has done has to be rolled back, and the others
 * are then delivered without them.
 */
export class Undeliverable extends Error {
  constructor(readonly orders: ReadonlyMap<string, { flag: OrderFlag; cause: DomainError }>) {
    super("orders cannot be delivered");
  }
}

/**
 * Gives orders their keys and posts the sales, in the caller's transaction: a handful of statements, whatever their
 * number. Writes neither orders nor payments.
 * @throws Undeliverable · ACCOUNT_BELOW_FLOOR (from the wallet)
 */
export async function deliverOrders(
  ctx: TxCtx,
  books: Books,
  orders: readonly OrderToDeliver[],
): Promise<Delivered[]> {
  const [sellers, channels, wallet, taken] = await Promise.all([
    sellerTermsOf(
      ctx,
      orders.map(({ order }) => order.distributorId),
    ),
    channelsOf(ctx, orders),
    orders.some((one) => one.channelId === null) ? walletChannel(ctx) : null,
    take(ctx, orders),
  ]);
  const byLine = Map.groupBy(taken, (key) => key.lineId);
  const sales: Sale[] = [];
  const short = new Map<string, { flag: OrderFlag; cause: DomainError }>();
  for (const one of orders) {
    const seller = sellers.get(one.order.distributorId);
    const got = keysOf(one, byLine);
    if (!got || !seller) {
      short.set(one.order.id, { flag: "NOTHING_TO_DELIVER", cause: new DomainError("OUT_OF_STOCK") });
      continue;
    }
    const channel = one.channelId === null ? null : (channels.get(one.channelId) ?? null);
    const bounds = feeBoundsOf(
      channel,
      got.map(({ line }) => line.price),
    );
    for (const [i, { key, line }] of got.entries()) {
      const priced = { ...key, price: line.price, markup: line.markup, tier: line.tier };
      sales.push({
        key,
        line,
        of: one,
        trade: saleOf(payerOf(one, wallet), line.price, {
          productId: key.productId,
          supplierId: key.supplierId,
          distributorId: one.order.distributorId,
          orderId: one.order.id,
          terms: tradeTermsOf(one.order.distributorId, priced, seller, channel, bounds[i] ?? {}),
        }),
      });
    }
  }
  return post(ctx, books, sales, short);
}

interface Sale {
  key: TakenKey;
  line: StoredLine;
  of: OrderToDeliver;
  trade: TradeToClear & { id: string };
}

async function post(
  ctx: TxCtx,
  books: Books,
  sales: readonly Sale[],
  failed: Map<string, { flag: OrderFlag; cause: DomainError }>,
): Promise<Delivered[]> {
  const answers = await clearTrades(
    ctx,
    books,
    sales.map((sale) => sale.trade),
  );
  const cleared = answers.flatMap((answer, i) => {
    const orderId = sales[i]?.of.order.id ?? "";
    if (!isDomainError(answer)) return failed.has(orderId) ? [] : [answer];
    failed.set(orderId, { flag: "RULE_MISSING", cause: answer });
    return [];
  });
  if (failed.size > 0) throw new Undeliverable(failed);
  const delivered = sales.map(({ key, line, of, trade }) => ({
    deliveryId: newId(),
    orderId: of.order.id,
    lineId: line.id,
    keyId: key.keyId,
    batchId: key.batchId,
    looped: key.looped,
    tradeId: trade.id,
  }));
  await Promise.all([postCleared(ctx, books, cleared), insertDeliveries(ctx, delivered)]);
  return delivered;
}

/** Takes the keys of all lines. With one order, being out of stock is said of it; of many, one by one finds out. */
async function take(ctx: TxCtx, orders: readonly OrderToDeliver[]): Promise<TakenKey[]> {
  const lines = orders.flatMap((one) => one.lines.map((line) => line.id));
  try {
    return await takeKeys(ctx, lines);
  } catch (error) {
    const [only] = orders;
    if (!isDomainError(error) || error.code !== "OUT_OF_STOCK" || orders.length > 1 || !only) throw error;
    throw new Undeliverable(new Map([[only.order.id, { flag: "NOTHING_TO_DELIVER", cause: error }]]));
  }
}

/** The keys of an order with their lines, or null where some are missing. */
function keysOf(
  { lines }: OrderToDeliver,
  byLine: ReadonlyMap<string, readonly TakenKey[]>,
): { key: TakenKey; line: StoredLine }[] | null {
  const got: { key: TakenKey; line: StoredLine }[] = [];
  for (const line of lines) {
    const keys = byLine.get(line.id) ?? [];
    if (keys.length !== line.quantity - line.refunded) return null;
    for (const key of keys) got.push({ key, line });
  }
  return got;
}

async function channelsOf(ctx: TxCtx, orders: readonly OrderToDeliver[]): Promise<Map<string, ChannelTerms>> {
  const ids = new Set(orders.flatMap((one) => one.channelId ?? []));
  const terms = await Promise.all([...ids].map((id) => channelTerms(ctx, id)));
  return new Map(terms.map((one) => [one.channelId, one]));
}

/** Who paid, and when it was sold. */
export interface Payer {
  order: StoredOrder;
  tradedAt: Date;
  /** The channel that collected; the tenant's wallet channel, which rules name, for what a wallet paid. */
  channelId: string;
  byWallet: boolean;
}

export function payerOf(
  { order, tradedAt, channelId }: Pick<OrderToDeliver, "channelId" | "tradedAt" | "order">,
  wallet: string | null,
): Payer {
  return { order, tradedAt, channelId: channelId ?? wallet ?? "", byWallet: channelId === null };
}

export function saleOf(
  { channelId, byWallet, tradedAt, order }: Payer,
  price: bigint,
  card: CardOfTrade,
): TradeToClear & { id: string } {
  return {
    kind: "card_sale",
    id: newId(),
    tradedAt,
    currency: order.currency,
    gross: price,
    discount: 0n,
    paid: price,
    merchantId: null,
    brandId: null,
    campaignId: null,
    voucherId: null,
    collectedBy: byWallet ? "wallet" : "platform",
    channelId,
    card,
    orderRef: order.externalRef,
  };
}

export async function insertDeliveries(
  ctx: TxCtx,
  deliveries: readonly (Delivered & { batchId: string; looped: boolean; replacesId?: string })[],
): Promise<void> {
  const now = ctx.clock.now().toISOString();
  await rawSql(ctx.tx)`
    insert into card_deliveries (tenant_id, id, order_id, order_line_id, key_id, batch_id, looped, trade_id, state,
      replaces_id, delivered_at)
    select ${ctx.tenant.id}, id, order_id, line_id, key_id, batch_id, looped, trade_id, 'delivered', replaces_id, ${now}::timestamptz
    from unnest(${plainArray(deliveries.map((d) => d.deliveryId))}::uuid[], ${plainArray(deliveries.map((d) => d.orderId))}::uuid[],
      ${plainArray(deliveries.map((d) => d.lineId))}::uuid[], ${plainArray(deliveries.map((d) => d.keyId))}::uuid[],
      ${plainArray(deliveries.map((d) => d.batchId))}::uuid[], ${plainArray(deliveries.map((d) => `${d.looped}`))}::boolean[],
      ${plainArray(deliveries.map((d) => d.tradeId))}::uuid[], ${plainArray(deliveries.map((d) => d.replacesId ?? null))}::uuid[])
      as n (id, order_id, line_id, key_id, batch_id, looped, trade_id, replaces_id)`;
}
