import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { DomainError, isDomainError } from "@/server/core/errors";
import { clearTrades } from "../clearing";
import type { Books } from "../ledger";
import { channelTerms, walletChannel } from "../payments";
import { sellerTermsOf } from "../pricing";
import { payerOf, saleOf } from "./deliver";
import { feeBoundsOf, type PricedKey, tradeTermsOf } from "./sale-terms";
import type { StoredLine, StoredOrder } from "./stored-order";

/**
 * Clears the sales an order would post, and posts nothing: so that nobody pays for what cannot be cleared.
 * @throws PRICE_BELOW_COST · RULE_NOT_FOUND and what else clearing refuses
 */
export async function requireClearable(
  ctx: TxCtx,
  books: Books,
  { order, lines, channelId }: { order: StoredOrder; lines: readonly StoredLine[]; channelId: string | null },
): Promise<void> {
  const [keys, sellers, channel, wallet] = await Promise.all([
    kindsOfKeys(ctx, lines),
    sellerTermsOf(ctx, [order.distributorId]),
    channelId === null ? null : channelTerms(ctx, channelId),
    channelId === null ? walletChannel(ctx) : null,
  ]);
  const seller = sellers.get(order.distributorId);
  if (!seller) throw new DomainError("NOT_FOUND", { noun: "distributor" });
  const of = payerOf({ order, channelId, tradedAt: ctx.clock.now() }, wallet);
  const bounds = feeBoundsOf(
    channel,
    keys.map(({ line }) => line.price),
  );
  const trades = keys.map(({ line, supplierId, key }, i) =>
    saleOf(of, line.price, {
      productId: line.productId,
      supplierId,
      distributorId: order.distributorId,
      orderId: order.id,
      terms: tradeTermsOf(order.distributorId, key, seller, channel, bounds[i] ?? {}),
    }),
  );
  const answers = await clearTrades(ctx, books, trades, { dry: true });
  for (const [i, answer] of answers.entries())
    if (isDomainError(answer)) throw refusalOf(answer, keys[i]?.productName ?? "");
}

/** A sale that would leave the house with less than nothing is a price below cost. */
export function refusalOf(error: DomainError, product: string): DomainError {
  if (error.code !== "RULE_NEGATIVE_RESULT") return error;
  return new DomainError("PRICE_BELOW_COST", product ? { product } : {}, { cause: error });
}

interface KindOfKey {
  line: StoredLine;
  productName: string;
  supplierId: string;
  key: PricedKey;
}

/** One key of each batch that a line holds; of a looped product, the one it would get. */
async function kindsOfKeys(ctx: TxCtx, lines: readonly StoredLine[]): Promise<KindOfKey[]> {
  const rows = await rawSql(ctx.tx)<
    {
      line_id: string;
      name: string;
      face: bigint;
      supplier_id: string;
      cost: bigint;
      terms: "credit" | "prepaid";
    }[]
  >`
    select l.id as line_id, p.name, p.face, b.supplier_id, b.cost, coalesce(s.terms, 'credit') as terms
    from order_lines l
    join products p on p.tenant_id = l.tenant_id and p.id = l.product_id
    cross join lateral (
      select k.batch_id from card_keys k
        where not p.looped and k.tenant_id = l.tenant_id and k.order_line_id = l.id and k.state = 1 group by 1
      union all
      (select k.batch_id from card_keys k
        where p.looped and k.tenant_id = l.tenant_id and k.product_id = l.product_id and k.state = 0
        order by k.expires_at, k.id limit 1)) held
    join card_batches b on b.tenant_id = l.tenant_id and b.id = held.batch_id
    left join suppliers s on s.tenant_id = b.tenant_id and s.party_id = b.supplier_id
    where l.tenant_id = ${ctx.tenant.id} and l.id = any(${lines.map((line) => line.id)}::uuid[])`;
  return rows.flatMap((row) => {
    const line = lines.find((one) => one.id === row.line_id);
    if (!line) return [];
    const { price, markup, tier } = line;
    const key = { price, markup, tier, cost: row.cost, face: row.face, supplierTerms: row.terms };
    return [{ line, productName: row.name, supplierId: row.supplier_id, key }];
  });
}
