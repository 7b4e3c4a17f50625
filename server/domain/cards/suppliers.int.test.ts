import { beforeAll, describe, expect, test } from "vitest";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { makeParty, type TestTenant } from "@/server/testing/factories";
import { cardSaleRule, clearTrades, createRule, postCleared, reverseTrade } from "../clearing";
import { openBooks } from "../ledger";
import { getSupplier, listPrepayments, listSuppliers, recordPrepayment, setSupplierTerms } from ".";
import { makeStore, type Store } from "./cards.fixture";

let store: Store;
let t: TestTenant;
let distributorId: string;
let channelId: string;
beforeAll(async () => {
  store = await makeStore();
  t = store.t;
  distributorId = (await makeParty(t, "distributor")).id;
  channelId = (await makeParty(t, "channel", { channelFeeRate: "0" })).id;
  await createRule(t.as("operator"), {
    name: "Card sales",
    scope: { tradeKind: "card_sale" },
    priority: 0,
    definition: cardSaleRule({ commissionRate: "0.01", uplineRates: [] }),
  });
});

async function sell(supplierId: string, supplierTerms: "credit" | "prepaid", cost: string): Promise<string> {
  return withTransaction(t.system, async (ctx) => {
    const books = await openBooks(ctx);
    const [cleared] = await clearTrades(ctx, books, [
      {
        kind: "card_sale",
        tradedAt: t.clock.now(),
        currency: "CNY",
        gross: 9_850n,
        discount: 0n,
        paid: 9_850n,
        merchantId: null,
        brandId: null,
        campaignId: null,
        voucherId: null,
        collectedBy: "platform",
        channelId,
        card: {
          productId: newId(),
          supplierId,
          distributorId,
          orderId: newId(),
          terms: { face: "10000", cost, markup: "0", tier: "gold", uplines: [], supplierTerms },
        },
      },
    ]);
    if (!cleared || cleared instanceof Error) throw cleared;
    await postCleared(ctx, books, [cleared]);
    return cleared.trade.id;
  });
}

const topUp = (partyId: string, amount: bigint, bankReference: string) =>
  recordPrepayment(t.as("finance"), { partyId, amount, bankReference, paidAt: t.clock.now() });

describe("a supplier's account", () => {
  test("on credit: what it is due grows with its sales and shrinks with what comes back", async () => {
    const { id } = await makeParty(t, "supplier");
    const tradeId = await sell(id, "credit", "9500");
    await sell(id, "credit", "9400");
    expect(await getSupplier(t.as("operator"), { partyId: id })).toMatchObject({
      terms: "credit",
      payable: 18_900n,
      remaining: 0n,
      warn: false,
    });
    await withTransaction(t.system, (ctx) => reverseTrade(ctx, { tradeId, reason: "returned" }));
    expect(await getSupplier(t.as("auditor"), { partyId: id })).toMatchObject({ payable: 9_400n });
  });

  test("prepaid: topped up, consumed and remaining come from the ledger, and warn in time", async () => {
    const { id } = await makeParty(t, "supplier");
    await setSupplierTerms(t.as("operator"), { partyId: id, terms: "prepaid", warnBelow: 10_000n });
    await topUp(id, 30_000n, newId());
    const tradeId = await sell(id, "prepaid", "9500");
    await sell(id, "prepaid", "9500");
    expect(await getSupplier(t.as("finance"), { partyId: id })).toMatchObject({
      toppedUp: 30_000n,
      consumed: 19_000n,
      remaining: 11_000n,
      payable: 0n,
      warn: false,
    });
    await sell(id, "prepaid", "9500");
    expect(await getSupplier(t.as("finance"), { partyId: id })).toMatchObject({
      remaining: 1_500n,
      warn: true,
    });
    await withTransaction(t.system, (ctx) => reverseTrade(ctx, { tradeId, reason: "returned" }));
    const after = await getSupplier(t.as("finance"), { partyId: id });
    expect(after).toMatchObject({ toppedUp: 30_000n, consumed: 19_000n, remaining: 11_000n, warn: false });
    const own = t.as("supplier", { id, kind: "supplier" });
    expect(await getSupplier(own, { partyId: id })).toEqual(after);
    expect((await listSuppliers(own, {})).items).toEqual([after]);
    await expect(getSupplier(own, { partyId: store.supplierId })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(listPrepayments(own, { partyId: store.supplierId })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  test("a bank's number is booked once, told by twenty at once or again", async () => {
    const { id } = await makeParty(t, "supplier");
    const reference = newId();
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => topUp(id, 500n, reference)));
    expect(outcomes.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    for (const one of outcomes) {
      if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "BANK_REF_USED" });
    }
    await expect(topUp(store.supplierId, 1n, reference)).rejects.toMatchObject({ code: "BANK_REF_USED" });
    expect(await getSupplier(t.as("finance"), { partyId: id })).toMatchObject({ toppedUp: 500n });
    expect((await listPrepayments(t.as("finance"), { partyId: id })).items).toEqual([
      expect.objectContaining({ amount: 500n, bankReference: reference }),
    ]);
  });

  test("is a supplier's, and is paid in the past", async () => {
    await expect(topUp(distributorId, 1n, newId())).rejects.toMatchObject({ code: "NOT_FOUND" });
    const paidAt = new Date(t.clock.now().getTime() + 1_000);
    await expect(
      recordPrepayment(t.as("finance"), {
        partyId: store.supplierId,
        amount: 1n,
        bankReference: newId(),
        paidAt,
      }),
    ).rejects.toMatchObject({ code: "INPUT_INVALID" });
    await expect(
      setSupplierTerms(t.as("operator"), { partyId: distributorId, terms: "prepaid" }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
