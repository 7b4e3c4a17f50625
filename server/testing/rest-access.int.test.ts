import { beforeAll, describe, expect, it } from "vitest";
import type { Ctx } from "@/server/core/context";
import { API_SCOPES, type ApiScope } from "@/server/core/permissions";
import { operations } from "@/server/rest";
import { type CardWorld, makeCardWorld } from "./card-world";
import { testDatabase } from "./database";
import { makeParty } from "./factories";
import { type ApiReply, type ApiRequest, apiClient, makeRestWorld, type RestWorld } from "./rest";

/**
 * Every operation of the API × every scope × own and foreign party × own and foreign tenant, made from the registry:
 * an operation that has no entry here fails. A reply reaches the target, or tells nothing of it.
 */
const SCOPES = Object.keys(API_SCOPES) as ApiScope[];
const CALLERS = [
  "platform",
  "merchant",
  "otherMerchant",
  "brand",
  "otherBrand",
  "distributor",
  "otherDistributor",
] as const;
type Caller = (typeof CALLERS)[number];

interface Entry {
  /** Callers of the own tenant that reach the target with the operation's scope. */
  reach: readonly Caller[];
  /** Callers whose party's people may not do it at all: refused by permission. */
  denied: readonly Caller[];
  /** A request for a target made for it; its campaign is for `merchant` alone. */
  request(w: Restricted): Promise<ApiRequest & { path: string }>;
  reached(reply: ApiReply, w: Restricted): boolean;
}
interface Restricted extends RestWorld {
  onlyHere: string;
  redemption: { redemptionId: string };
  cards: CardWorld;
}
type Body = Omit<ApiRequest, "as">;

const order = { orderAmount: 10_000, currency: "CNY" };
const ok = ({ status }: ApiReply) => status === 200 || status === 201;
const SELLERS = ["distributor", "otherDistributor"] as const;
const BRANDS = ["brand", "otherBrand", ...SELLERS] as const;
/** Whose people never see orders. */
const STRANGERS = ["merchant", "otherMerchant", "brand", "otherBrand"] as const;
const HOUSE_AND_STRANGERS = ["platform", ...STRANGERS] as const;
const codeHere = async (w: Restricted) => (await w.issue(1, w.onlyHere))[0]?.code ?? "";
const to = (path: string, body: Body = {}) => ({ as: null, path, ...body });
const valid = ({ body }: ApiReply) => body.valid === true;
const holds = (name: string, value: (w: Restricted) => string) => (reply: ApiReply, w: Restricted) => {
  const items = (reply.body.items ?? []) as Record<string, unknown>[];
  return ok(reply) && items.some((item) => item[name] === value(w));
};

const ENTRIES: Record<string, Entry> = {
  issueVoucher: {
    reach: ["platform"],
    denied: ["merchant", "otherMerchant", ...BRANDS],
    request: async (w) => to("/vouchers", { body: { campaignId: w.campaignId } }),
    reached: ok,
  },
  issueVouchers: {
    reach: ["platform"],
    denied: ["merchant", "otherMerchant", ...BRANDS],
    request: async (w) => to("/vouchers/batch", { body: { campaignId: w.campaignId, items: [{}] } }),
    reached: ok,
  },
  // A code is a bearer secret: whoever holds it learns what it is, and that it is not for this shop.
  lookUpVoucher: {
    reach: ["platform", "merchant", "otherMerchant"],
    denied: BRANDS,
    request: async (w) => to("/vouchers/lookup", { body: { code: await codeHere(w) } }),
    reached: ok,
  },
  validateVoucher: {
    reach: ["platform", "merchant"],
    denied: BRANDS,
    request: async (w) => to("/vouchers/validate", { body: { code: await codeHere(w), ...order } }),
    reached: valid,
  },
  lockVoucher: {
    reach: ["platform", "merchant"],
    denied: BRANDS,
    request: async (w) => to("/vouchers/lock", { body: { code: await codeHere(w), lockRef: "cart" } }),
    reached: ok,
  },
  unlockVoucher: {
    reach: ["platform", "merchant"],
    denied: BRANDS,
    async request(w) {
      const as = w.t.withKey(["vouchers:redeem"], w.merchant);
      const { body } = await call("POST", "/vouchers/lock", {
        as,
        body: { code: await codeHere(w), lockRef: "cart" },
      });
      return to("/vouchers/unlock", { body: { voucherId: body.voucherId, lockRef: "cart" } });
    },
    reached: ok,
  },
  voidVouchers: {
    reach: ["platform"],
    denied: ["merchant", "otherMerchant", ...BRANDS],
    async request(w) {
      const [voucher] = await w.issue();
      return to("/vouchers/void", { body: { voucherIds: [voucher?.voucherId], reason: "x" } });
    },
    reached: (reply) => ok(reply) && (reply.body.voided as string[]).length === 1,
  },
  redeem: {
    reach: ["platform", "merchant"],
    denied: BRANDS,
    request: async (w) => to("/redemptions", { body: { code: await codeHere(w), ...order } }),
    reached: ok,
  },
  redeemBatch: {
    reach: ["platform", "merchant"],
    denied: BRANDS,
    request: async (w) =>
      to("/redemptions/batch", { body: { items: [{ code: await codeHere(w), ...order }] } }),
    reached: (reply) => reply.body.redeemed === 1,
  },
  listRedemptions: {
    reach: ["platform", "merchant", "brand"],
    denied: SELLERS,
    request: async () => to("/redemptions", { query: { limit: "200" } }),
    reached: holds("redemptionId", (w) => w.redemption.redemptionId),
  },
  getRedemption: {
    reach: ["platform", "merchant", "brand"],
    denied: SELLERS,
    request: async (w) => to(`/redemptions/${w.redemption.redemptionId}`),
    reached: ok,
  },
  reverseRedemption: {
    reach: ["platform", "merchant"],
    denied: BRANDS,
    async request(w) {
      const { redemptionId } = await redeemHere(w);
      return to(`/redemptions/${redemptionId}/reversals`, { body: { reason: "x" } });
    },
    reached: ok,
  },
  listCampaigns: {
    reach: ["platform", "merchant", "brand"],
    denied: SELLERS,
    request: async () => to("/campaigns", { query: { limit: "200" } }),
    reached: holds("campaignId", (w) => w.onlyHere),
  },

  listProducts: {
    reach: SELLERS,
    denied: HOUSE_AND_STRANGERS,
    request: async () => to("/products", { query: { limit: "200" } }),
    reached: holds("productId", (w) => w.cards.productId),
  },
  createOrder: {
    reach: SELLERS,
    denied: HOUSE_AND_STRANGERS,
    request: async (w) => to("/orders", { body: { lines: [{ productId: w.cards.productId, quantity: 1 }] } }),
    reached: ok,
  },
  payOrder: {
    reach: ["distributor"],
    denied: HOUSE_AND_STRANGERS,
    request: async (w) => to(`/orders/${await w.cards.order()}/payments`, { body: undefined }),
    reached: ok,
  },
  listOrders: {
    reach: ["platform", "distributor"],
    denied: STRANGERS,
    request: async () => to("/orders", { query: { limit: "200" } }),
    reached: holds("orderId", (w) => w.cards.deliveredId),
  },
  getOrder: {
    reach: ["platform", "distributor"],
    denied: STRANGERS,
    request: async (w) => to(`/orders/${w.cards.deliveredId}`),
    reached: ok,
  },
  revealCards: {
    reach: ["platform", "distributor"],
    denied: STRANGERS,
    request: async (w) => to(`/orders/${w.cards.deliveredId}/reveal`, { body: {} }),
    reached: (reply) => ok(reply) && JSON.stringify(reply.body).includes("the secret"),
  },
  reportCard: {
    reach: ["platform", "distributor"],
    denied: STRANGERS,
    request: async (w) => to("/card-reports", { body: { deliveryId: await w.cards.shown(), reason: "x" } }),
    reached: ok,
  },
};

/** Where keys of the platform have to say for whom they act. */
const NAMES_MERCHANT = new Set(["validateVoucher", "lockVoucher", "unlockVoucher", "redeem", "redeemBatch"]);

const call = apiClient();
let here: Restricted;
let elsewhere: Restricted;
let otherBrand: RestWorld["brand"];

async function redeemHere(w: Restricted): Promise<{ redemptionId: string }> {
  const as = w.t.withKey(["vouchers:redeem"], w.merchant);
  const { body } = await call<{ redemptionId: string }>("POST", "/redemptions", {
    as,
    body: { code: await codeHere(w), ...order },
  });
  return body;
}

async function makeRestricted(): Promise<Restricted> {
  const w = await makeRestWorld(await testDatabase());
  const restricted: Restricted = {
    ...w,
    cards: await makeCardWorld(w.t),
    onlyHere: await w.campaign({ merchantIds: [w.merchant.id] }),
    redemption: { redemptionId: "" },
  };
  restricted.redemption = await redeemHere(restricted);
  return restricted;
}

beforeAll(async () => {
  here = await makeRestricted();
  elsewhere = await makeRestricted();
  otherBrand = await makeParty(here.t, "brand");
});

function callerOf(w: Restricted, caller: Caller, scopes: readonly ApiScope[]): Ctx {
  switch (caller) {
    case "platform":
      return w.t.withKey(scopes);
    case "merchant":
      return w.t.withKey(scopes, w.merchant);
    case "otherMerchant":
      return w.t.withKey(scopes, w.otherMerchant);
    case "brand":
      return w.t.withKey(scopes, w.brand);
    case "otherBrand":
      return w.t.withKey(scopes, otherBrand);
    case "distributor":
      return w.t.withKey(scopes, w.cards.distributor);
    case "otherDistributor":
      return w.t.withKey(scopes, w.cards.otherDistributor);
  }
}

/** Asks for a fresh target of `here`. */
async function ask(id: string, as: Ctx, merchantId: string): Promise<ApiReply> {
  const operation = operations.find((one) => one.id === id);
  const entry = ENTRIES[id];
  if (!operation || !entry) throw new Error(`no entry for ${id}`);
  const { path, body, ...request } = await entry.request(here);
  const platform = as.actor.kind === "apiKey" && as.actor.partyKind === "platform";
  return call(operation.method, path, {
    ...request,
    as,
    ...(body ? { body: platform && NAMES_MERCHANT.has(id) ? withMerchant(body, merchantId) : body } : {}),
  });
}

function withMerchant(body: unknown, merchantId: string): unknown {
  const { items, ...rest } = body as { items?: object[] };
  return items ? { items: items.map((item) => ({ ...item, merchantId })) } : { ...rest, merchantId };
}

it("has an entry for every operation, and none besides", () => {
  expect(Object.keys(ENTRIES).sort()).toEqual(operations.map((operation) => operation.id).sort());
});

describe.each(operations.map((operation) => [operation.id, operation] as const))("%s", (id, operation) => {
  const entry = () => ENTRIES[id] as Entry;

  it("refuses every key without its scope", async () => {
    const others = SCOPES.filter((scope) => scope !== operation.scope);
    for (const caller of CALLERS) {
      for (const scopes of [[], others, ...others.map((scope) => [scope])]) {
        const reply = await ask(id, callerOf(here, caller, scopes), here.merchant.id);
        expect([caller, scopes, reply.status, reply.problem.code]).toEqual([
          caller,
          scopes,
          403,
          "PERMISSION_DENIED",
        ]);
      }
    }
  });

  it.each(CALLERS)("of the own tenant, called by %s", async (caller) => {
    const reply = await ask(id, callerOf(here, caller, [operation.scope]), here.merchant.id);
    expect(entry().reached(reply, here)).toBe(entry().reach.includes(caller));
    expect(reply.status === 403).toBe(entry().denied.includes(caller));
    expect(reply.status).toBeLessThan(500);
  });

  it.each(["platform", "merchant", "otherMerchant", "brand", "distributor"] as const)(
    "of another tenant, called by %s: reaches nothing",
    async (caller) => {
      const ctx = callerOf(elsewhere, caller, SCOPES);
      for (const merchantId of [here.merchant.id, elsewhere.merchant.id]) {
        const reply = await ask(id, ctx, merchantId);
        expect(entry().reached(reply, here)).toBe(false);
        expect(reply.status).toBeLessThan(500);
        expect(JSON.stringify(reply.body)).not.toContain(here.onlyHere);
      }
    },
  );
});

describe("a key of a party never acts for another one", () => {
  it.each(["validateVoucher", "lockVoucher", "redeem", "redeemBatch"])("%s", async (id) => {
    const entry = ENTRIES[id] as Entry;
    const { path, body, ...request } = await entry.request(here);
    const as = callerOf(here, "otherMerchant", SCOPES);
    const reply = await call("POST", path, { ...request, as, body: withMerchant(body, here.merchant.id) });
    expect(entry.reached(reply, here)).toBe(false);
  });
});
