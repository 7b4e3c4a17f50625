import { beforeAll, describe, expect, test } from "vitest";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import { openBooks } from "../ledger";
import {
  cardSaleRule,
  clearTrades,
  createRule,
  explainTrade,
  holdPayment,
  postCleared,
  reverseTrade,
  type TradeToClear,
} from ".";

const base = await testDatabase();
let t: TestTenant;
let sale: TradeToClear;
let ids: Record<"alipay" | "supplier" | "distributor" | "upline", string>;

beforeAll(async () => {
  t = await makeTenant(base.owner, base.db);
  const party = async (...args: Parameters<typeof makeParty> extends [unknown, ...infer R] ? R : never) =>
    (await makeParty(t, ...args)).id;
  ids = {
    alipay: await party("channel", { name: "Alipay", channelFeeRate: "0.006" }),
    supplier: await party("supplier"),
    distributor: await party("distributor"),
    upline: await party("distributor"),
  };
  await createRule(t.as("operator"), {
    name: "Card sales",
    scope: { tradeKind: "card_sale" },
    priority: 0,
    definition: cardSaleRule({ commissionRate: "0.01", uplineRates: ["0.002"] }),
  });
  sale = {
    kind: "card_sale",
    tradedAt: t.clock.now(),
    currency: "CNY",
    gross: 9850n,
    discount: 0n,
    paid: 9850n,
    merchantId: null,
    brandId: null,
    campaignId: null,
    voucherId: null,
    collectedBy: "platform",
    channelId: ids.alipay,
    card: {
      productId: newId(),
      supplierId: ids.supplier,
      distributorId: ids.distributor,
      orderId: newId(),
      terms: {
        face: "10000",
        cost: "9500",
        markup: "0",
        tier: "gold",
        uplines: [ids.upline],
        supplierTerms: "credit",
      },
    },
  };
});

async function post(trade: TradeToClear): Promise<string> {
  return withTransaction(t.system, async (ctx) => {
    const books = await openBooks(ctx);
    const [cleared] = await clearTrades(ctx, books, [trade]);
    if (!cleared || cleared instanceof Error) throw cleared;
    await postCleared(ctx, books, [cleared]);
    return cleared.trade.id;
  });
}

const legs = async (id: string) =>
  (await explainTrade(t.as("operator"), id)).transfers.map(
    ({ leg, debit, credit, amount }) => `${leg} ${debit.kind} ${credit.kind} ${amount}`,
  );

describe("a card sale", () => {
  test("posts the design's legs, and its trace agrees with them", async () => {
    const id = await post(sale);
    expect(await legs(id)).toEqual([
      "card.supplier channel_receivable payable 9500",
      "card.commission channel_receivable payable 99",
      "card.upline channel_receivable payable 20",
      "card.margin channel_receivable margin 231",
      "fee.channel channel_fee channel_receivable 59",
    ]);
    const seen = await explainTrade(t.as("operator"), id);
    expect(seen).toMatchObject({ agrees: true, trade: { orderId: sale.card?.orderId } });
    const own = await explainTrade(t.as("distributor", { id: ids.distributor, kind: "distributor" }), id);
    expect(own.transfers.map((transfer) => transfer.leg)).toEqual(["card.commission"]);
    expect(own.trace?.legs.map((leg) => leg.code)).toEqual(["card.commission"]);
  });

  test("keeps what was agreed: own rate, mark-up, prepaid supplier, the channel's bearer and bounds", async () => {
    if (!sale.card) throw new Error("no card");
    const terms = {
      ...sale.card.terms,
      markup: "150",
      rates: { [ids.distributor]: "0.02" },
      supplierTerms: "prepaid" as const,
      feeBearer: "distributor" as const,
      feeMin: "60",
    };
    const id = await post({ ...sale, gross: 10000n, paid: 10000n, card: { ...sale.card, terms } });
    expect(await legs(id)).toEqual([
      "card.supplier channel_receivable prepaid 9500",
      "card.markup channel_receivable payable 150",
      "card.commission channel_receivable payable 197",
      "card.upline channel_receivable payable 20",
      "card.margin channel_receivable margin 133",
      "fee.channel payable channel_receivable 60",
    ]);
    expect((await explainTrade(t.as("operator"), id)).agrees).toBe(true);
  });

  test("an exchange undoes every leg, the channel's fee too; a refund leaves the fee", async () => {
    const undo = async (exchange: boolean) => {
      const tradeId = await post(sale);
      const { reversalId } = await withTransaction(t.system, (ctx) =>
        reverseTrade(ctx, { tradeId, reason: "test", exchange }),
      );
      return (await legs(reversalId)).map((leg) => leg.split(" ")[0]);
    };
    const all = ["card.supplier", "card.commission", "card.upline", "card.margin", "fee.channel"];
    expect(await undo(true)).toEqual(all);
    expect(await undo(false)).toEqual(all.slice(0, 4));
  });

  test("money that no sale takes lies in suspense, and leaves it whole", async () => {
    const held = {
      orderId: newId(),
      distributorId: ids.distributor,
      channelId: ids.alipay,
      amount: 9850n,
      currency: "CNY",
      paidAt: t.clock.now(),
      fee: { feeRate: "0.006", feeMin: null, feeMax: null },
      externalRef: "payment/1",
      reason: "duplicate",
    };
    const tradeId = await withTransaction(t.system, (ctx) => holdPayment(ctx, held));
    expect(await legs(tradeId)).toEqual([
      "payment.held channel_receivable suspense 9850",
      "fee.channel channel_fee channel_receivable 59",
    ]);
    const { reversalId, whole } = await withTransaction(t.system, (ctx) =>
      reverseTrade(ctx, { tradeId, reason: "refund" }),
    );
    expect(whole).toBe(true);
    expect(await legs(reversalId)).toEqual(["payment.held suspense channel_receivable 9850"]);
  });
});
