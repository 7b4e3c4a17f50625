import type { Database } from "@/db/client";
import type { SandboxBank } from "@/server/channels/sandbox/bank";
import type { Payment } from "@/server/channels/sandbox/state";
import type { Ctx, Tenant } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import {
  addKeys,
  createProduct,
  recordPrepayment,
  setProductStatus,
  setSupplierTerms,
} from "@/server/domain/cards";
import { cardSaleRule, createRule } from "@/server/domain/clearing";
import {
  createOrder,
  expireOrders,
  getOrder,
  orderInShop,
  payByLink,
  payOrder,
  receiveCallback,
  refundOrder,
  reportByLink,
  reportDelivery,
  resolveReport,
  revealByLink,
  revealOrder,
  sendRefunds,
  type Visitor,
} from "@/server/domain/orders";
import { createParty, getTenantSettings, updateTenantSettings } from "@/server/domain/parties";
import { setCreditLimit, topUpWallet, walletChannel } from "@/server/domain/payments";
import { createTier, setDistributor, setPrices, setShopItems, updateShop } from "@/server/domain/pricing";
import {
  CARD_SUPPLIERS,
  type CardSupplierKey,
  DEAD_REASONS,
  DISTRIBUTORS,
  type DistributorRole,
  ORDER_REFUND_REASONS,
  PRODUCTS,
  type ProductRole,
  TIERS,
  type TierCode,
} from "./card-cast";
import { publishDistributorFees } from "./fee-story";
import type { Random } from "./random";

/** What the card-keys' part of a story takes from the story. */
export interface CardSetting {
  db: Database;
  tenant: Tenant;
  random: Random;
  as(role: "operator" | "finance" | "support"): Ctx;
  house: Ctx;
  /** Parties that have people: the first supplier and the first distributor. */
  supplierId: string;
  distributorId: string;
  /** The payment service of the demo, living by the story's clock. */
  sandbox: { bank: SandboxBank; merchantNo(channelId: string): string };
  setClock(time: number): void;
  /** Orders of an ordinary day. */
  perDay: number;
  bankAccount(ctx: Ctx, partyId: string, holder: string): Promise<void>;
}

export interface CardSummary {
  orders: number;
  cards: number;
  duplicates: number;
  late: number;
  expired: number;
  reissued: number;
  refunded: number;
}

interface Line {
  productId: string;
  quantity: number;
}
interface Product extends ProductRole {
  id: string;
  stock: number;
}
interface Distributor extends DistributorRole {
  id: string;
  /** What its wallet holds, as far as the story knows. */
  wallet: bigint;
  ctx: Ctx;
}

const MINUTE = 60_000;
const WALLET_LOW = 300_000n;

/** Suppliers, stock, distributors and their orders: the second half of a clearing house's life. */
export class CardStory {
  readonly summary: CardSummary = {
    orders: 0,
    cards: 0,
    duplicates: 0,
    late: 0,
    expired: 0,
    reissued: 0,
    refunded: 0,
  };
  #products: Product[] = [];
  #distributors: Distributor[] = [];
  #suppliers = new Map<CardSupplierKey, string>();
  /** What prepaid suppliers still owe in goods. */
  #prepaid = new Map<string, bigint>();
  #keys = 0;
  #bank = 0;
  /** Payments whose buyers come after their orders have run out. */
  #late: { payment: Payment; channelId: string; paymentId: string }[] = [];
  /** Orders with a key that does not work, and those that are given back. */
  #dead: { orderId: string; reporter: Ctx }[] = [];
  #returned: string[] = [];

  constructor(private readonly setting: CardSetting) {}

  /** Opens shop: everything that stands before the first order. */
  async open(): Promise<void> {
    const operator = this.setting.as("operator");
    const settings = await getTenantSettings(operator);
    await updateTenantSettings(operator, { ...settings, uplineLevels: 2, autoReissueMinutes: 30 });
    this.setting.tenant.settings.uplineLevels = 2;
    this.setting.tenant.settings.autoReissueMinutes = 30;
    await withTransaction(operator, async (ctx) => {
      await this.#openSuppliers(ctx);
      for (const { code, name, minVolume } of TIERS) await createTier(ctx, { code, name, minVolume });
      await this.#openDistributors(ctx);
      await this.#openProducts(ctx);
      await this.#openShops(ctx);
      await this.#publishRules(ctx);
    });
    await this.restock();
    await this.fund();
  }

  async #openSuppliers(ctx: Ctx): Promise<void> {
    for (const { key, name, terms, cycle } of CARD_SUPPLIERS) {
      const isFirst = key === CARD_SUPPLIERS[0].key;
      const id = isFirst
        ? this.setting.supplierId
        : (await createParty(ctx, { kind: "supplier", name, externalId: `GYS-${key}`, cycle })).id;
      await this.setting.bankAccount(ctx, id, name);
      await setSupplierTerms(ctx, { partyId: id, terms, warnBelow: terms === "prepaid" ? 2_000_000n : 0n });
      this.#suppliers.set(key, id);
      if (terms === "prepaid") this.#prepaid.set(id, 0n);
    }
  }

  async #openDistributors(ctx: Ctx): Promise<void> {
    for (const [i, role] of DISTRIBUTORS.entries()) {
      const id =
        i === 0
          ? this.setting.distributorId
          : (
              await createParty(ctx, {
                kind: "distributor",
                name: role.name,
                externalId: `FX${1001 + i}`,
                cycle: { kind: "windows", windowsPerDay: 1, delay: 1, dayCount: "calendar" },
              })
            ).id;
      if (i > 0) await this.setting.bankAccount(ctx, id, role.name);
      await setDistributor(ctx, {
        partyId: id,
        tier: role.tier,
        uplineId: this.#distributors[role.upline]?.id ?? null,
        commissionRate: role.rate ?? null,
      });
      if (role.tier === "gold") await setCreditLimit(ctx, { distributorId: id, creditLimit: 2_000_000n });
      this.#distributors.push({ ...role, id, wallet: 0n, ctx: this.#distributorCtx(id, role.name) });
    }
  }

  /** Orders come from the distributors' own systems. */
  #distributorCtx(partyId: string, name: string): Ctx {
    return {
      ...this.setting.house,
      actor: {
        kind: "user",
        userId: newId(),
        sessionId: newId(),
        role: "distributor",
        partyId,
        partyKind: "distributor",
        name,
      },
    };
  }

  async #openProducts(ctx: Ctx): Promise<void> {
    for (const role of PRODUCTS) {
      const { id } = await createProduct(ctx, {
        supplierId: this.#suppliers.get(role.supplier) ?? "",
        name: role.name,
        description: role.description,
        face: role.face,
        looped: role.looped ?? false,
        lowStockAt: role.lowStockAt,
        maxPerOrder: 50,
      });
      await setPrices(ctx, {
        prices: TIERS.map(({ code }) => ({ productId: id, tier: code, price: priceOf(role, code) })),
      });
      await setProductStatus(ctx, { id, status: "on_sale" });
      this.#products.push({ ...role, id, stock: 0 });
    }
  }

  async #openShops(ctx: Ctx): Promise<void> {
    for (const one of this.#distributors) {
      if (!one.shop) continue;
      const { slug, title, markup } = one.shop;
      await updateShop(ctx, { partyId: one.id, slug, title, open: true });
      await setShopItems(ctx, {
        partyId: one.id,
        items: this.#products.map((product) => ({
          productId: product.id,
          markup: ((priceOf(product, one.tier) * markup) / 10_000n) * 10n,
          listed: product.key !== "game-500",
        })),
      });
    }
  }

  async #publishRules(ctx: Ctx): Promise<void> {
    const scope = { tradeKind: "card_sale" as const };
    await createRule(ctx, {
      name: "卡密销售分账",
      scope,
      definition: cardSaleRule({
        commissionRate: "0.01",
        bySchedule: true,
        uplineRates: ["0.002", "0.001"],
      }),
    });
    await publishDistributorFees(ctx);
    const channelId = await withTransaction(ctx, (inner) => walletChannel(inner));
    await createRule(ctx, {
      name: "钱包进货：等级价，不计佣金",
      scope: { ...scope, channelId },
      definition: cardSaleRule({ commissionRate: null, uplineRates: ["0.002", "0.001"] }),
    });
    const video = this.#products.find((one) => one.key === "video-year");
    await createRule(ctx, {
      name: "视频年卡推广佣金",
      scope: { ...scope, productId: video?.id },
      definition: cardSaleRule({ commissionRate: "0.02", uplineRates: ["0.003"] }),
    });
  }

  /** Fills up what runs low; prepaid suppliers are paid before. */
  async restock(): Promise<void> {
    for (const product of this.#products) {
      const wanted = Math.max(product.lowStockAt * 2, Math.ceil(product.weight * this.setting.perDay * 0.12));
      // Two products are left to run low, as in life.
      if (product.key === "game-500" && product.stock > 4 && product.stock < wanted) continue;
      if (product.stock >= (product.looped ? 1 : wanted)) continue;
      const count = product.looped ? 3 : wanted * 3;
      await this.#prepay(product, BigInt(count) * product.cost);
      const now = this.setting.house.clock.now().getTime();
      await addKeys(this.setting.as("operator"), {
        productId: product.id,
        cost: product.cost,
        expiresAt: product.validDays ? new Date(now + product.validDays * 1_440 * MINUTE) : null,
        note: "供应商到货",
        keys: Array.from({ length: count }, () => this.#key(product)),
      });
      product.stock += count;
    }
  }

  #key(product: ProductRole): { number: string; secret: string } {
    this.#keys += 1;
    const digits = (length: number) => Array.from({ length }, () => this.setting.random.int(0, 9)).join("");
    return {
      number: `${product.face}${String(this.#keys).padStart(8, "0")}${digits(4)}`,
      secret: `${digits(4)}-${digits(4)}-${digits(4)}-${digits(4)}`,
    };
  }

  async #prepay(product: ProductRole, cost: bigint): Promise<void> {
    const supplierId = this.#suppliers.get(product.supplier) ?? "";
    const left = this.#prepaid.get(supplierId);
    if (left === undefined) return;
    let rest = left - cost;
    if (rest < 0n) {
      const amount = ((cost - left) / 1_000_000n + 3n) * 1_000_000n;
      await recordPrepayment(this.setting.as("finance"), {
        partyId: supplierId,
        amount,
        bankReference: this.#bankReference(),
        paidAt: this.setting.house.clock.now(),
      });
      rest += amount;
    }
    this.#prepaid.set(supplierId, rest);
  }

  /** Distributors fill up their wallets. */
  async fund(): Promise<void> {
    for (const one of this.#distributors) {
      if (one.wallet >= WALLET_LOW) continue;
      const amount = BigInt(one.weight) * 200_000n + 400_000n;
      await topUpWallet(this.setting.as("finance"), {
        distributorId: one.id,
        amount,
        bankReference: this.#bankReference(),
        receivedAt: this.setting.house.clock.now(),
      });
      one.wallet += amount;
    }
  }

  #bankReference(): string {
    this.#bank += 1;
    const day = this.setting.house.clock.now().toISOString().slice(0, 10).replaceAll("-", "");
    return `来账 ${day}-K${String(this.#bank).padStart(5, "0")}`;
  }

  /** The orders of these moments, and what becomes of earlier ones by `until`. */
  async live(times: readonly number[], until: number): Promise<void> {
    for (const at of times) {
      this.setting.setClock(at);
      await this.#order(at);
    }
    this.setting.setClock(until);
    await expireOrders(this.setting.house);
    for (const { payment, channelId, paymentId } of this.#late.splice(0)) {
      await this.#pay(payment, channelId, paymentId);
      this.summary.late += 1;
    }
    await this.#resolve();
    await sendRefunds(this.setting.house);
  }

  /** Chance decides everything, in one order, so that the story is the same each time. */
  async #order(at: number): Promise<void> {
    const { random } = this.setting;
    const buyer = random.weighted(this.#distributors, (one) => one.weight);
    const product = random.weighted(this.#products, (one) =>
      one.looped || one.stock > 10 ? one.weight : 0.01,
    );
    const inShop = buyer.shop !== undefined && random.chance(0.55) && product.key !== "game-500";
    const quantity = product.looped || inShop ? (random.chance(0.1) ? 2 : 1) : random.int(1, 6);
    const fate = random.next();
    if (!product.looped && product.stock < quantity + 2) return;
    if (!product.looped) product.stock -= quantity;
    const lines = [{ productId: product.id, quantity }];
    if (inShop && buyer.shop) return this.#sellInShop(buyer.shop.slug, lines, { at, fate });
    const amount = priceOf(product, buyer.tier) * BigInt(quantity);
    if (buyer.wallet < amount) return;
    buyer.wallet -= amount;
    await this.#sellByWallet(buyer, lines, fate);
  }

  async #sellByWallet(buyer: Distributor, lines: Line[], fate: number): Promise<void> {
    await withTransaction(buyer.ctx, async (ctx) => {
      const { id } = await createOrder(ctx, { lines });
      await payOrder(ctx, { orderId: id, method: { kind: "wallet" } });
      if (fate < 0.7) await revealOrder(ctx, { orderId: id });
      if (fate < 0.008) this.#dead.push({ orderId: id, reporter: buyer.ctx });
      else if (fate < 0.016) this.#returned.push(id);
    });
    this.#count(lines);
  }

  async #sellInShop(shop: string, lines: Line[], { at, fate }: { at: number; fate: number }): Promise<void> {
    const { db, tenant, sandbox, house } = this.setting;
    // Each buyer has an address of its own.
    const place = this.summary.orders + this.summary.expired;
    const visitor: Visitor = { db, clock: house.clock, ip: `198.51.${(place >> 8) % 256}.${place % 256}` };
    const made = await orderInShop(visitor, {
      tenant: tenant.slug,
      shop,
      lines,
      idempotencyKey: `demo-${place}-${at}`,
    });
    if (fate < 0.02) {
      this.summary.expired += 1;
      return;
    }
    const link = { tenant: tenant.slug, token: made.token };
    const { paymentId, method } = await payByLink(visitor, link);
    const channelId = method.channelId ?? "";
    const payment = sandbox.bank.find(sandbox.merchantNo(channelId), paymentId);
    // Nobody listens yet where callbacks would go; the story tells the house itself.
    sandbox.bank.behave(payment, { loseCallbacks: true });
    if (fate < 0.03) {
      this.#late.push({ payment, channelId, paymentId });
      return;
    }
    this.setting.setClock(at + 1 + Math.floor(fate * 4 * MINUTE));
    await this.#pay(payment, channelId, paymentId);
    if (fate < 0.04) {
      await this.#pay(payment, channelId, paymentId);
      this.summary.duplicates += 1;
    }
    this.#count(lines);
    if (fate > 0.85) return;
    const { cards } = await revealByLink(visitor, link);
    const [card] = cards;
    if (card && fate > 0.83) {
      const reason = this.setting.random.pick(DEAD_REASONS);
      const { outcome } = await reportByLink(visitor, { ...link, deliveryId: card.deliveryId, reason });
      if (outcome === "replaced") this.summary.reissued += 1;
    }
  }

  async #pay(payment: Payment, channelId: string, paymentId: string): Promise<void> {
    this.setting.sandbox.bank.pay(payment, { force: true });
    await receiveCallback(this.setting.house, { channelId, paymentId });
  }

  /** Support looks at what distributors report, and gives back what was bought by mistake; the latest ones wait. */
  async #resolve(): Promise<void> {
    const support = this.setting.as("support");
    const { random } = this.setting;
    for (const { orderId, reporter } of this.#dead.splice(0)) {
      const { deliveries } = await getOrder(reporter, { id: orderId });
      const delivery = deliveries.find((one) => one.revealedAt !== null && !one.looped);
      if (!delivery) continue;
      await reportDelivery(reporter, { deliveryId: delivery.id, reason: random.pick(DEAD_REASONS) });
      if (random.chance(0.7)) {
        await resolveReport(support, { action: "confirm", deliveryId: delivery.id });
        this.summary.reissued += 1;
      } else if (random.chance(0.5)) {
        const reason = "供应商查询卡密正常，且已由买家账号兑换";
        await resolveReport(support, { action: "refuse", deliveryId: delivery.id, reason });
      }
    }
    for (const orderId of this.#returned.splice(0)) {
      await refundOrder(support, { orderId, reason: random.pick(ORDER_REFUND_REASONS) });
      this.summary.refunded += 1;
    }
  }

  #count(lines: readonly Line[]): void {
    this.summary.orders += 1;
    for (const { quantity } of lines) this.summary.cards += quantity;
  }
}

/** What a tier pays: cost, and its part of the space up to the face; in whole tenths of a yuan. */
export function priceOf({ cost, face }: Pick<ProductRole, "cost" | "face">, tier: TierCode): bigint {
  const part = TIERS.find(({ code }) => code === tier)?.part ?? 1_000n;
  return ((cost + ((face - cost) * part) / 1_000n) / 10n) * 10n;
}
