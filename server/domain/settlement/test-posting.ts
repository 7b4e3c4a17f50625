import type { Cycle } from "@/db/schema/types";
import type { Ctx } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { dueAtAfter, loadCalendar } from "../calendar";
import { findAccounts, type NewTrade, type NewTransfer, openBooks, post } from "../ledger";

/** For tests: a redemption of 100.00 with 20.00 off, of which the brand bears 10.00, without asking a rule. */
export interface TestSale {
  merchant: { id: string; cycle?: Cycle };
  brand: { id: string; cycle?: Cycle };
  tradedAt?: Date;
  campaignId?: string;
  /** Of the brand's part; the collected money is eight times as much. */
  amount?: bigint;
  /** Undoes a sale instead, whole: due at once. */
  reverses?: string;
}

const T1: Cycle = { kind: "windows", windowsPerDay: 1, delay: 1, dayCount: "calendar" };

export async function postSales(ctx: Ctx, sales: readonly TestSale[], currency = "CNY"): Promise<string[]> {
  return withTransaction(ctx, async (ctx) => {
    const books = await openBooks(ctx);
    const calendar = await loadCalendar(ctx, books.revision);
    const platform = ctx.tenant.platformPartyId;
    const account = await findAccounts(ctx, currency, [
      { partyId: platform, kind: "channel_receivable" },
      { partyId: platform, kind: "commission_revenue" },
      ...sales.map((s) => ({ partyId: s.merchant.id, kind: "payable" as const })),
      ...sales.map((s) => ({ partyId: s.brand.id, kind: "receivable" as const })),
    ]);
    const trades: NewTrade[] = [];
    const transfers: NewTransfer[] = [];
    for (const { merchant, brand, amount = 1_000n, ...sale } of sales) {
      const tradedAt = sale.tradedAt ?? ctx.clock.now();
      const tradeId = newId();
      const due = (cycle: Cycle = T1) =>
        dueAtAfter(
          sale.reverses ? { kind: "immediate" } : cycle,
          tradedAt,
          books.closedThrough,
          ctx.tenant.timezone,
          calendar,
        );
      const payable = account({ partyId: merchant.id, kind: "payable" });
      const receivable = account({ partyId: brand.id, kind: "receivable" });
      const leg = (
        leg: string,
        from: typeof payable,
        to: typeof payable,
        amount: bigint,
        partyId: string,
      ): NewTransfer => {
        const [debit, credit] = sale.reverses ? [to, from] : [from, to];
        return {
          tradeId,
          leg,
          debit,
          credit,
          amount,
          currency,
          partyId,
          tradedAt,
          debitDueAt: debit.settled ? due(debit === payable ? merchant.cycle : brand.cycle) : null,
          creditDueAt: credit.settled ? due(credit === payable ? merchant.cycle : brand.cycle) : null,
        };
      };
      const sign = sale.reverses ? -1n : 1n;
      trades.push({
        id: tradeId,
        kind: sale.reverses ? "reversal" : "redemption",
        tradedAt,
        currency,
        gross: sign * 10n * amount,
        discount: sign * 2n * amount,
        paid: sign * 8n * amount,
        merchantId: merchant.id,
        brandId: brand.id,
        campaignId: sale.campaignId ?? null,
        collectedBy: "platform",
        reversesId: sale.reverses ?? null,
        refundedBefore: sale.reverses ? 0n : null,
      });
      transfers.push(
        leg(
          "sale.collected",
          account({ partyId: platform, kind: "channel_receivable" }),
          payable,
          8n * amount,
          merchant.id,
        ),
        leg("subsidy.brand", receivable, payable, amount, brand.id),
        leg(
          "fee.commission",
          payable,
          account({ partyId: platform, kind: "commission_revenue" }),
          amount / 5n,
          merchant.id,
        ),
      );
    }
    await post(ctx, books.closedThrough, trades, transfers);
    return trades.map((t) => t.id);
  });
}
