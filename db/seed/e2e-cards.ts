import { type Database, inTenant, rawSql } from "@/db/client";
import type { Ctx } from "@/server/core/context";
import { SYSTEM_ACTORS } from "@/server/core/system-words";
import { withTransaction } from "@/server/core/transaction";
import { addKeys, createProduct, setProductStatus, setSupplierTerms } from "@/server/domain/cards";
import { cardSaleRule, createFeeSchedule, createRule } from "@/server/domain/clearing";
import { loadTenant, systemCtx } from "@/server/domain/parties";
import { createChannel, topUpWallet } from "@/server/domain/payments";
import { createTier, setDistributor, setPrices, setShopItems, updateShop } from "@/server/domain/pricing";
import { E2E_SHOP } from "./e2e-shop";

const TIER = "silver";
const KEYS = 60;

/** One tier, a distributor with a wallet and a shop, two products of one supplier, a cheap channel and a rule. */
export async function openCardShop(owner: Database, app: Database, tenantId: string): Promise<void> {
  const tenant = await loadTenant(owner, tenantId);
  const house = systemCtx(app, tenant, SYSTEM_ACTORS.system);
  const party = await dealers(owner, tenantId);
  await withTransaction(house, async (ctx) => {
    await setSupplierTerms(ctx, { partyId: party.supplier, terms: "credit" });
    await createTier(ctx, { code: TIER, name: "银牌" });
    await setDistributor(ctx, { partyId: party.distributor, tier: TIER });
    await createChannel(ctx, {
      name: "沙盒支付",
      feeRate: "0.003",
      feeMin: null,
      feeMax: null,
      feeBearer: null,
      refundsFee: true,
      cycle: { kind: "windows", windowsPerDay: 1, delay: 1, dayCount: "calendar" },
      minAmount: null,
      maxAmount: null,
      enabled: true,
      account: null,
    });
    await createRule(ctx, {
      name: "卡密销售分账",
      scope: { tradeKind: "card_sale" },
      definition: cardSaleRule({ commissionRate: "0.01", uplineRates: [] }),
    });
    await topUpWallet(ctx, {
      distributorId: party.distributor,
      amount: 1_000_000n,
      bankReference: "E2E-000001",
      receivedAt: ctx.clock.now(),
    });
    const card = await product(ctx, party.supplier, E2E_SHOP.card.name, 1_500n);
    const soldOut = await product(ctx, party.supplier, E2E_SHOP.soldOut.name, 19_800n);
    await addKeys(ctx, {
      productId: card,
      cost: 1_100n,
      keys: keys(E2E_SHOP.card.numbers, "E2E"),
    });
    await sellGraduated(ctx, party);
    const { slug, title } = E2E_SHOP;
    await updateShop(ctx, { partyId: party.distributor, slug, title, open: true });
    await setShopItems(ctx, {
      partyId: party.distributor,
      items: [card, soldOut].map((productId) => ({ productId, markup: 50n, listed: true })),
    });
  });
}

/** A product of a rule and a fee schedule of its own: what else is sold is priced as ever. */
async function sellGraduated(
  ctx: Ctx,
  { supplier, distributor }: { supplier: string; distributor: string },
): Promise<void> {
  const { name, numbers } = E2E_SHOP.graduated;
  const productId = await product(ctx, supplier, name, 1_500n);
  await addKeys(ctx, { productId, cost: 1_100n, keys: keys(numbers, "E2G") });
  await createRule(ctx, {
    name: "流量卡：佣金按方案",
    scope: { tradeKind: "card_sale", productId },
    definition: cardSaleRule({ commissionRate: "0.01", bySchedule: true }),
  });
  await createFeeSchedule(ctx, {
    name: "流量卡阶梯佣金",
    scope: { role: "distributor", leg: "card.commission", currency: "CNY" },
    definition: {
      method: "graduated",
      bands: [
        { from: "0", rate: "0.01" },
        { from: "1000", rate: "0.02" },
      ],
      appliesTo: { everyone: false, tiers: [], parties: [distributor] },
    },
  });
}

function keys(numbers: string, prefix: string) {
  return Array.from({ length: KEYS }, (_, i) => ({
    number: `${numbers}${String(i).padStart(5, "0")}`,
    secret: `${prefix}-${String(i).padStart(4, "0")}-${String(7_919 * (i + 1)).padStart(6, "0")}`,
  }));
}

async function product(ctx: Ctx, supplierId: string, name: string, face: bigint): Promise<string> {
  const { id } = await createProduct(ctx, {
    supplierId,
    name,
    description: "付款后即时发卡，一卡一密；请在官方渠道兑换。",
    face,
    maxPerOrder: 20,
  });
  await setPrices(ctx, { prices: [{ productId: id, tier: TIER, price: face - 150n }] });
  await setProductStatus(ctx, { id, status: "on_sale" });
  return id;
}

/** The story's two parties that deal in cards, with their people. */
async function dealers(
  owner: Database,
  tenantId: string,
): Promise<{ supplier: string; distributor: string }> {
  const rows = await inTenant(
    owner,
    tenantId,
    (tx) => rawSql(tx)<{ id: string; kind: string }[]>`
      select id, kind from parties
      where tenant_id = ${tenantId} and kind in ('supplier', 'distributor') order by number`,
  );
  const idOf = (kind: string) => {
    const found = rows.find((row) => row.kind === kind);
    if (!found) throw new Error(`the story has no ${kind}`);
    return found.id;
  };
  return { supplier: idOf("supplier"), distributor: idOf("distributor") };
}
