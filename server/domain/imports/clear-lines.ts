import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { type ErrorCode, isDomainError } from "@/server/core/errors";
import { type Cleared, clearTrades, type TradeToClear } from "../clearing";
import type { Books } from "../ledger";
import { partiesOfLines } from "./parties-of-lines";
import type { SaleLine } from "./sale-line";
import type { SalesMapping } from "./schemas";

/** A redemption line with the reference that makes it one and the same wherever it comes from. */
export interface LineToClear {
  sale: SaleLine;
  externalRef: string;
}

export type LineResult =
  | { kind: "accepted"; cleared: Cleared }
  /** An earlier import brought it, or a line before. */
  | { kind: "repeated" }
  | { kind: "rejected"; codes: ErrorCode[] };

/**
 * Clears lines without posting them: one answer a line, in order. Writes nothing but parties and accounts that did
 * not exist. The caller holds the books.
 */
export async function clearLines(
  ctx: TxCtx,
  books: Books,
  mapping: SalesMapping,
  lines: readonly LineToClear[],
  actorId: string | null,
): Promise<{ results: LineResult[]; opened: number }> {
  if (lines.length === 0) return { results: [], opened: 0 };
  const known = await postedBefore(ctx, lines);
  const fresh = lines.filter((line) => !known.has(line.externalRef));
  const parties = await partiesOfLines(
    ctx,
    fresh.map((line) => line.sale),
    mapping.createParties,
  );

  const trades: TradeToClear[] = [];
  const results = lines.map(({ sale, externalRef }): LineResult | number => {
    if (known.has(externalRef)) return { kind: "repeated" };
    const merchantId = parties.merchant(sale.merchant);
    const brandId = sale.brand === null ? null : parties.brand(sale.brand);
    const codes: ErrorCode[] = [];
    if (sale.brand !== null && !brandId) codes.push("FUNDER_UNKNOWN");
    if (!merchantId) codes.push("MERCHANT_UNKNOWN");
    if (codes.length > 0) return { kind: "rejected", codes };
    return trades.push(tradeOf(ctx, mapping, sale, { merchantId, brandId, externalRef, actorId })) - 1;
  });
  const cleared = await clearTrades(ctx, books, trades);
  return {
    opened: parties.opened,
    results: results.map((result): LineResult => {
      if (typeof result !== "number") return result;
      const made = cleared[result];
      if (!made) throw new Error("a trade without an answer");
      return isDomainError(made)
        ? { kind: "rejected", codes: [made.code] }
        : { kind: "accepted", cleared: made };
    }),
  };
}

function tradeOf(
  ctx: TxCtx,
  mapping: SalesMapping,
  sale: SaleLine,
  ids: { merchantId: string | null; brandId: string | null; externalRef: string; actorId: string | null },
): TradeToClear {
  const funder = { brand: ids.brandId, merchant: ids.merchantId, platform: ctx.tenant.platformPartyId };
  return {
    kind: "redemption",
    tradedAt: sale.soldAt,
    currency: mapping.currency,
    gross: sale.gross,
    discount: sale.discount,
    paid: sale.paid,
    merchantId: ids.merchantId,
    brandId: ids.brandId,
    campaignId: null,
    voucherId: null,
    collectedBy: mapping.collectedBy,
    channelId: mapping.collectedBy === "platform" ? mapping.channelId : null,
    fundingAmounts: sale.funding.map(({ by, amount }) => ({ partyId: funder[by], amount })),
    externalRef: ids.externalRef,
    orderRef: sale.orderRef,
    actorId: ids.actorId,
  };
}

async function postedBefore(ctx: TxCtx, lines: readonly LineToClear[]): Promise<Set<string>> {
  const rows = await rawSql(ctx.tx)<{ external_ref: string }[]>`
    select external_ref from trades
    where tenant_id = ${ctx.tenant.id} and external_ref = any(${lines.map((line) => line.externalRef)}::text[])`;
  return new Set(rows.map((row) => row.external_ref));
}
