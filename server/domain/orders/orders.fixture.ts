import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";
import { inTenant, rawSql } from "@/db/client";
import type { Sandbox } from "@/server/channels/sandbox/service";
import type { Ctx } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { answerCallback } from "@/server/rest/callback";
import { makeParty, type TestClock } from "@/server/testing/factories";
import { makeChannel, testSandbox } from "@/server/testing/sandbox";
import { makeStore, type Store } from "../cards/cards.fixture";
import { cardSaleRule, createRule } from "../clearing";
import { topUpWallet, walletOf } from "../payments";
import { createTier, setDistributor, setPrices, setShopItems, updateShop } from "../pricing";
import { createOrder, getOrder, type OrderDetail, type OrderMade, orderInShop, payByLink, payOrder } from ".";

/** A store with a supplier, a distributor and its upline on tier gold, a rule, a channel at the sandbox, and a shop. */
export interface Market extends Store {
  distributor: { id: string; kind: "distributor" };
  upline: { id: string; kind: "distributor" };
  /** A person of the distributor. */
  buyer: Ctx;
  productId: string;
  channel: { id: string; merchantNo: string };
  sandbox: Sandbox;
  shop: string;
  topUp(amount: bigint): Promise<void>;
  wallet(): Promise<bigint>;
  /** An order in the shop, and where its buyer pays. */
  inShop(quantity?: number): Promise<{ id: string; token: string; paymentId: string; total: bigint }>;
  /** By the distributor; price 9,850 a card. */
  ordered(quantity?: number): Promise<OrderMade>;
  /** Ordered and paid from the wallet. */
  delivered(quantity?: number): Promise<OrderDetail>;
  see(id: string): Promise<OrderDetail>;
  /** The buyer pays at the channel. */
  pay(paymentId: string, options?: Parameters<Sandbox["bank"]["pay"]>[1]): void;
  behave(paymentId: string, how: Parameters<Sandbox["bank"]["behave"]>[1]): void;
  sums(sql: string): Promise<Record<string, bigint>>;
  link(token: string): { tenant: string; token: string };
}

export const PRICE = 9_850n;
export const COST = 9_500n;
export const MARKUP = 150n;

export async function makeMarket(options: { keys?: number; clock?: TestClock } = {}): Promise<Market> {
  const store = await makeStore(options.clock);
  const { t } = store;
  const operator = t.as("operator");
  await portalFor(t.system);
  const sandbox = await testSandbox(t.clock);
  await createTier(operator, { code: "gold", name: "Gold" });
  const upline = { id: (await makeParty(t, "distributor")).id, kind: "distributor" as const };
  const distributor = { id: (await makeParty(t, "distributor")).id, kind: "distributor" as const };
  const shop = `shop-${newId().slice(-8)}`;
  await setDistributor(operator, { partyId: upline.id, tier: "gold" });
  await setDistributor(operator, {
    partyId: distributor.id,
    tier: "gold",
    uplineId: upline.id,
    shopSlug: shop,
  });
  await createRule(operator, {
    name: "Card sales",
    scope: { tradeKind: "card_sale" },
    priority: 0,
    definition: cardSaleRule({ commissionRate: "0.01", uplineRates: ["0.002"] }),
  });
  const productId = await store.product();
  await setPrices(operator, { prices: [{ productId, tier: "gold", price: PRICE }] });
  const buyer = t.as("distributor", distributor);
  await setShopItems(buyer, { items: [{ productId, markup: MARKUP, listed: true }] });
  await updateShop(buyer, { slug: shop, open: true, title: "A shop" });
  if (options.keys !== 0) await store.fill(productId, options.keys ?? 20, { cost: COST });
  const channel = await makeChannel(t);
  const link = (token: string) => ({ tenant: t.tenant.slug, token });
  const visitor = { db: t.system.db, clock: t.clock };

  const market: Market = {
    ...store,
    distributor,
    upline,
    buyer,
    productId,
    channel,
    sandbox,
    shop,
    link,
    topUp: async (amount) => {
      await topUpWallet(t.as("finance"), {
        distributorId: distributor.id,
        amount,
        bankReference: newId(),
        receivedAt: t.clock.now(),
      });
    },
    wallet: () => withTransaction(t.system, async (ctx) => (await walletOf(ctx, distributor.id)).balance),
    inShop: async (quantity = 1) => {
      const made = await orderInShop(visitor, {
        tenant: t.tenant.slug,
        shop,
        lines: [{ productId, quantity }],
        contact: "buyer@example.test",
        idempotencyKey: newId(),
      });
      const paid = await payByLink(visitor, link(made.token));
      return { id: paid.orderId, token: made.token, paymentId: paid.paymentId, total: made.total };
    },
    ordered: (quantity = 1) => createOrder(buyer, { lines: [{ productId, quantity }] }),
    delivered: async (quantity = 1) => {
      const { id } = await market.ordered(quantity);
      await payOrder(buyer, { orderId: id, method: { kind: "wallet" } });
      return market.see(id);
    },
    see: (id) => getOrder(operator, { id }),
    pay: (paymentId, how) => sandbox.bank.pay(sandbox.bank.find(channel.merchantNo, paymentId), how),
    behave: (paymentId, how) => sandbox.bank.behave(sandbox.bank.find(channel.merchantNo, paymentId), how),
    sums: (sql) =>
      inTenant(t.system.db, t.tenant.id, async (tx) => {
        const rows = await rawSql(tx).unsafe<{ name: string; amount: bigint }[]>(sql);
        return Object.fromEntries(rows.map((row) => [row.name, row.amount]));
      }),
  };
  return market;
}

/** The portal's address for callbacks, over real HTTP. */
async function portalFor(ctx: Ctx): Promise<void> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const url = new URL(request.url ?? "/", "http://localhost");
      const [, , , slug = "", channelId = ""] = url.pathname.split("/");
      const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
        typeof value === "string" ? [[name, value]] : [],
      );
      const asked = new Request(url, { method: "POST", headers, body: Buffer.concat(chunks) });
      const answer = await answerCallback(asked, { slug, channelId }, { db: ctx.db, clock: ctx.clock });
      response.writeHead(answer.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env.NEXTAUTH_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
}

/** Waits for what another process or a callback brings about. */
export async function eventually<T>(look: () => Promise<T>, isThere: (value: T) => boolean): Promise<T> {
  const until = Date.now() + 10_000;
  for (;;) {
    const value = await look();
    if (isThere(value) || Date.now() > until) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Of all postings, what each account kind holds (credits less debits). */
export const BY_ACCOUNT = `
  select a.kind || case when p.kind in ('distributor', 'supplier') then ' ' || p.kind || ' ' || p.number else '' end as name,
    sum(case when a.id = x.credit_account_id then x.amount else -x.amount end)::bigint as amount
  from transfers x join accounts a on a.tenant_id = x.tenant_id and a.id in (x.credit_account_id, x.debit_account_id)
  join parties p on p.tenant_id = a.tenant_id and p.id = a.party_id
  where x.tenant_id = kaqing_tenant() group by 1 having sum(case when a.id = x.credit_account_id then x.amount else -x.amount end) <> 0`;
