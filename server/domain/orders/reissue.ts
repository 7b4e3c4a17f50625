import { rawSql } from "@/db/client";
import type { TradeTerms } from "@/db/schema/types";
import type { TxCtx } from "@/server/core/context";
import { isDomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { record } from "../audit";
import { killKeys, type TakenKey, takeReplacement } from "../cards";
import { clearTrades, postCleared, reverseTrade } from "../clearing";
import { openBooks } from "../ledger";
import { channelTerms } from "../payments";
import { insertDeliveries, saleOf } from "./deliver";
import { refusalOf } from "./dry-run";
import { recordEvents } from "./order-events";
import type { StoredDelivery } from "./stored-delivery";
import type { StoredOrder } from "./stored-order";

/**
 * Replaces a dead key: its sale is undone with every leg, and the replacement is a sale of the same moment, price,
 * channel and fee. The buyer's money and the commissions net to what they were; the supplier is charged back the
 * dead key and credited the new one. The caller holds the order's lock. Returns the new delivery's id.
 * @throws OUT_OF_STOCK · PRICE_BELOW_COST
 */
export async function reissue(
  ctx: TxCtx,
  order: StoredOrder,
  dead: StoredDelivery,
  reason: string,
): Promise<string> {
  const old = await saleOfDelivery(ctx, dead.tradeId);
  // First, so that a looped product does not give the same key again.
  await killKeys(ctx, [dead.keyId], reason);
  const key = await takeReplacement(ctx, dead.lineId, dead.productId);
  const { reversalId } = await reverseTrade(ctx, { tradeId: dead.tradeId, reason, exchange: true });
  const books = await openBooks(ctx);
  const payer = {
    order,
    tradedAt: new Date(old.traded_at),
    channelId: old.channel_id,
    byWallet: old.collected_by === "wallet",
  };
  const trade = saleOf(payer, old.paid, {
    productId: key.productId,
    supplierId: key.supplierId,
    distributorId: order.distributorId,
    orderId: order.id,
    terms: await termsOfReplacement(ctx, old, key),
  });
  const [cleared] = await clearTrades(ctx, books, [trade]);
  if (isDomainError(cleared)) throw refusalOf(cleared, dead.productName);
  if (!cleared) throw new Error("clearing gave no answer");
  const deliveryId = newId();
  await Promise.all([
    postCleared(ctx, books, [cleared]),
    insertDeliveries(ctx, [
      {
        deliveryId,
        orderId: order.id,
        lineId: dead.lineId,
        keyId: key.keyId,
        batchId: key.batchId,
        looped: key.looped,
        tradeId: trade.id,
        replacesId: dead.id,
      },
    ]),
    rawSql(ctx.tx)`
      update card_deliveries set state = 'replaced', report_outcome = 'confirmed'
      where tenant_id = ${ctx.tenant.id} and id = ${dead.id}`.execute(),
  ]);
  await recordEvents(ctx, [
    {
      orderId: order.id,
      kind: "reissued",
      tradeId: trade.id,
      data: { dead: dead.id, replacement: deliveryId, reversal: reversalId },
    },
  ]);
  await record(ctx, {
    action: "order.card_reissued",
    subject: { kind: "order", id: order.id },
    partyId: order.distributorId,
    data: { dead: dead.id, replacement: deliveryId, reversal: reversalId, sale: trade.id },
  });
  return deliveryId;
}

interface OldSale {
  traded_at: string;
  paid: bigint;
  channel_id: string;
  collected_by: "platform" | "wallet";
  channel_fee_rate: string | null;
  terms: TradeTerms;
  /** What the channel took of it. */
  fee: bigint;
}

async function saleOfDelivery(ctx: TxCtx, tradeId: string): Promise<OldSale> {
  const [row] = await rawSql(ctx.tx)<OldSale[]>`
    select t.traded_at, t.paid, t.channel_id, t.collected_by, t.channel_fee_rate, t.terms, coalesce((
      select sum(x.amount) from transfers x join accounts c on c.tenant_id = x.tenant_id and c.id = x.credit_account_id
      where x.tenant_id = t.tenant_id and x.trade_id = t.id and c.kind = 'channel_receivable'), 0)::bigint as fee
    from trades t where t.tenant_id = ${ctx.tenant.id} and t.id = ${tradeId} and t.kind = 'card_sale'`;
  if (!row) throw new Error(`the sale ${tradeId} of a delivery is not there`);
  return row;
}

async function termsOfReplacement(ctx: TxCtx, old: OldSale, key: TakenKey): Promise<TradeTerms> {
  const terms: TradeTerms = {
    ...old.terms,
    cost: `${key.cost}`,
    face: `${key.face}`,
    supplierTerms: key.supplierTerms,
  };
  if (old.collected_by === "wallet") return terms;
  // The buyer paid once, so the fee is the one that was taken then, whatever the channel charges by now.
  const { feeRate } = await channelTerms(ctx, old.channel_id);
  return feeRate === old.channel_fee_rate ? terms : { ...terms, feeMin: `${old.fee}`, feeMax: `${old.fee}` };
}
