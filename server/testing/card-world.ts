import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { addKeys, createProduct, setProductStatus } from "@/server/domain/cards";
import { cardSaleRule, createRule } from "@/server/domain/clearing";
import { createOrder, payOrder, revealOrder } from "@/server/domain/orders";
import { nextNumber } from "@/server/domain/parties";
import { topUpWallet } from "@/server/domain/payments";
import { createTier, setDistributor, setPrices } from "@/server/domain/pricing";
import { makeParty, type TestTenant } from "./factories";

/** Two distributors of one tier, a card that they are sold at 98.50, money in both wallets, and orders of the first. */
export interface CardWorld {
  distributor: Party;
  otherDistributor: Party;
  productId: string;
  /** Of two cards; its secrets are "the secret". */
  deliveredId: string;
  /** A fresh order that waits for its money. */
  order(): Promise<string>;
  /** A fresh delivery that was shown. */
  shown(): Promise<string>;
}
type Party = Awaited<ReturnType<typeof makeParty>>;

export async function makeCardWorld(t: TestTenant): Promise<CardWorld> {
  const supplier = await makeParty(t, "supplier");
  const [distributor, otherDistributor] = [
    await makeParty(t, "distributor"),
    await makeParty(t, "distributor"),
  ];
  await createTier(t.system, { code: "gold", name: "Gold" });
  // Where a rule was put in by hand, its number is taken already.
  await withTransaction(t.system, (ctx) => nextNumber(ctx, "split_rule", "SR"));
  await createRule(t.system, {
    name: "Card sales",
    scope: { tradeKind: "card_sale" },
    definition: cardSaleRule({ commissionRate: "0.01", uplineRates: [] }),
  });
  const { id: productId } = await createProduct(t.system, {
    supplierId: supplier.id,
    name: "100 points",
    face: 10_000n,
  });
  await setProductStatus(t.system, { id: productId, status: "on_sale" });
  await setPrices(t.system, { prices: [{ productId, tier: "gold", price: 9_850n }] });
  const keys = Array.from({ length: 300 }, () => ({ number: newId(), secret: "the secret" }));
  await addKeys(t.system, { productId, cost: 9_500n, keys });
  for (const party of [distributor, otherDistributor]) {
    await setDistributor(t.system, { partyId: party.id, tier: "gold" });
    await topUpWallet(t.system, {
      distributorId: party.id,
      amount: 10_000_000n,
      bankReference: newId(),
      receivedAt: t.clock.now(),
    });
  }
  const buyer = t.as("distributor", distributor);
  const order = async (quantity = 1) => (await createOrder(buyer, { lines: [{ productId, quantity }] })).id;
  const delivered = async (quantity: number) => {
    const orderId = await order(quantity);
    await payOrder(buyer, { orderId, method: { kind: "wallet" } });
    return orderId;
  };
  return {
    distributor,
    otherDistributor,
    productId,
    deliveredId: await delivered(2),
    order,
    shown: async () => {
      const { cards } = await revealOrder(buyer, { orderId: await delivered(1) });
      return cards[0]?.deliveryId ?? "";
    },
  };
}
