import { eq } from "drizzle-orm";
import { inTenant } from "@/db/client";
import { apiKeys, payments, products, refunds, sessions, users } from "@/db/schema";
import type { Ctx } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { type PartyKind, ROLE_PARTY_KIND, ROLES, type Role } from "@/server/core/permissions";
import { seedChineseCalendar } from "@/server/domain/calendar";
import {
  addKeys,
  createProduct,
  listKeys,
  setProductStatus,
  startKeyImport,
  storeKeyFile,
} from "@/server/domain/cards";
import {
  cardSaleRule,
  createFeeSchedule,
  createRule,
  getFeeSchedule,
  getRule,
  redemptionRule,
  runReplay,
  saveRuleDraft,
  startReplay,
} from "@/server/domain/clearing";
import { draftOfDefinition } from "@/server/domain/clearing/draft";
import type { SplitRuleDefinition } from "@/server/domain/clearing/schemas";
import { saveMapping, startImport, storeFile } from "@/server/domain/imports";
import { createOrder, payOrder, reportDelivery, revealOrder, settlePayments } from "@/server/domain/orders";
import { createApiKey, hashPassword, inviteUser } from "@/server/domain/parties";
import { topUpWallet } from "@/server/domain/payments";
import { createTier, setDistributor, setPrices } from "@/server/domain/pricing";
import { closeBooks, listStatements, stateRun } from "@/server/domain/settlement";
import { activateCampaign, createCampaign, issueVouchers, redeemVoucher } from "@/server/domain/vouchers";
import type { TestDatabase } from "./database";
import { makeParty, makeTenant, makeUser, type TestTenant } from "./factories";
import { makeChannel } from "./sandbox";

/** Everything there is to reach, twice in a tenant: what is one's own, and what is another party's. */
export interface AccessWorld {
  t: TestTenant;
  own: Side;
  foreign: Side;
  /** Of the tenant as a whole. */
  ruleId: string;
  ruleVersionId: string;
  /** Of the rule's draft, with a result, and waiting. */
  replayId: string;
  waitingReplayId: string;
  scheduleId: string;
  scheduleVersionId: string;
  runId: string;
  jobId: string;
  importId: string;
  mappingId: string;
  fileId: string;
  channelId: string;
  /** Where card-keys are paid. */
  payChannelId: string;
  /** The tier of both sides' distributors, and a card that it is sold. */
  tier: string;
  cardProductId: string;
  /** A person of the role, in the party of its kind on the own side, signed in. */
  person(role: Role): Ctx;
}

export type Kind = Exclude<PartyKind, "platform" | "channel">;

/** What belongs to one merchant, one brand, one distributor and one supplier. */
export interface Side {
  parties: Record<Kind, { id: string; kind: PartyKind }>;
  users: Record<Kind, string>;
  invitations: Record<Kind, string>;
  apiKeys: Record<Kind, string>;
  statements: Record<Kind, string>;
  campaignId: string;
  redemptionId: string;
  /** Of the side's supplier: a card on sale, with a key in stock and a file of keys that waits. */
  stock: StockOfSide;
  /** Of the side's distributor. */
  orders: OrdersOfSide;
  /** Codes nobody has used. */
  freshCode(): { code: string; voucherId: string };
}

export interface StockOfSide {
  productId: string;
  batchId: string;
  keyId: string;
  fileId: string;
  importId: string;
}

export interface OrdersOfSide {
  pendingId: string;
  deliveredId: string;
  lineId: string;
  /** Shown and not reported, and shown and reported. */
  deliveryId: string;
  reportedId: string;
  /** Given up by its channel. */
  refundId: string;
  /** Its money came in a wrong amount. */
  flaggedId: string;
}

export const PASSWORD = "a phrase for the matrix";
const KINDS: readonly Kind[] = ["merchant", "brand", "distributor", "supplier"];

export async function makeAccessWorld({ owner, db }: TestDatabase): Promise<AccessWorld> {
  const t = await makeTenant(owner, db);
  await seedChineseCalendar(t.system);
  const { id: channelId } = await makeParty(t, "channel", { channelFeeRate: "0.006" });
  const { id: payChannelId } = await makeChannel(t);
  const { ruleId, versionId } = await makeRule(t.system);
  const schedule = await makeFeeSchedule(t.system);
  const [own, foreign] = [await makeSide(t, channelId), await makeSide(t, channelId)];
  const tier = await makeTier(t, [own, foreign]);
  const cardProductId = await makePricedCard(t, tier, own.parties.supplier.id);
  const replays = await makeReplays(t, ruleId);
  t.clock.advance({ days: 2 });
  const { runId } = await closeBooks(t.system);
  await stateRun(t.system, runId);
  await findStatements(t.system, own);
  await findStatements(t.system, foreign);
  for (const side of [own, foreign]) side.orders = await makeOrders(t, side, cardProductId, payChannelId);
  const mapping = {
    currency: "CNY",
    merchant: "shop",
    amount: { column: "amount", means: "gross" as const },
    discounts: [{ column: "off", by: "merchant" as const }],
    soldAt: { column: "at", format: "yyyy-MM-dd" as const, timeZone: "Asia/Shanghai" },
    collectedBy: "merchant" as const,
  };
  const { id: fileId } = await storeFile(t.system, {
    name: "sales.csv",
    content: text("shop,amount,off,at\n1,2,1,3\n"),
  });
  const mappingId = await saveMapping(t.system, { name: "Sales", definition: mapping });
  const { jobId, importId } = await startImport(t.system, { fileId, mapping });
  const people = await makePeople(t, own);
  return {
    t,
    own,
    foreign,
    ruleId,
    ruleVersionId: versionId,
    ...replays,
    ...schedule,
    runId,
    jobId,
    importId,
    mappingId,
    fileId,
    channelId,
    payChannelId,
    tier,
    cardProductId,
    person: (role) => people[role],
  };
}

async function makeSide(t: TestTenant, channelId: string): Promise<Side> {
  const entries = <T>(values: T[]) =>
    Object.fromEntries(KINDS.map((kind, i) => [kind, values[i]])) as Record<Kind, T>;
  const each = async <T>(make: (kind: Kind) => Promise<T>) => {
    const values: T[] = [];
    for (const kind of KINDS) values.push(await make(kind));
    return entries(values);
  };
  const parties = await each((kind) => makeParty(t, kind));
  const people = await each(async (kind) => (await makeUser(t, kind, parties[kind].id)).id);
  const invitations = await each(
    async (kind) =>
      (
        await inviteUser(t.system, {
          email: `${newId()}@example.test`,
          name: kind,
          role: kind,
          partyId: parties[kind].id,
        })
      ).id,
  );
  const apiKeys = await each((kind) => makeApiKey(t, parties[kind].id, kind));
  const { id: campaignId } = await createCampaign(t.system, {
    name: "20 off 100",
    type: "threshold",
    terms: { type: "threshold", threshold: "10000", amount: "2000" },
    funding: [
      { party: "brand", share: "0.7" },
      { party: "merchant", share: "0.3" },
    ],
    brandId: parties.brand.id,
    merchantIds: [parties.merchant.id],
    collectedBy: "platform",
    channelId,
  });
  await activateCampaign(t.system, { id: campaignId });
  const vouchers = await issueVouchers(t.system, {
    campaignId,
    items: Array.from({ length: 200 }, () => ({})),
  });
  const next = () => {
    const one = vouchers.pop();
    if (!one) throw new Error("no fresh voucher is left");
    return { code: one.code ?? "", voucherId: one.voucherId };
  };
  const { result } = await redeemVoucher(t.as("merchant", parties.merchant), {
    code: next().code,
    orderAmount: 10_000n,
  });
  const { redemptionId } = result;
  const stock = await makeStock(t, parties.supplier.id);
  const none = entries(KINDS.map(() => newId()));
  return {
    parties,
    users: people,
    invitations,
    apiKeys,
    statements: none,
    campaignId,
    redemptionId,
    stock,
    orders: NO_ORDERS,
    freshCode: next,
  };
}

/** A code that no other tenant's tier has. */
async function makeTier(t: TestTenant, sides: readonly Side[]): Promise<string> {
  const { code } = await createTier(t.system, { code: `t-${t.tenant.id.slice(-8)}`, name: "Silver" });
  for (const side of sides) {
    await setDistributor(t.system, { partyId: side.parties.distributor.id, tier: code });
  }
  return code;
}

async function makePricedCard(t: TestTenant, tier: string, supplierId: string): Promise<string> {
  const id = newId();
  const now = t.clock.now();
  await inTenant(t.system.db, t.tenant.id, (tx) =>
    tx.insert(products).values({
      tenantId: t.tenant.id,
      id,
      number: "P-9001",
      supplierId,
      name: "Card 100",
      face: 10_000n,
      currency: t.tenant.currency,
      status: "on_sale",
      createdAt: now,
      updatedAt: now,
    }),
  );
  await setPrices(t.system, { prices: [{ productId: id, tier, price: 9_800n }] });
  return id;
}

const NO_ORDERS: OrdersOfSide = {
  pendingId: "",
  deliveredId: "",
  lineId: "",
  deliveryId: "",
  reportedId: "",
  refundId: "",
  flaggedId: "",
};

async function makeOrders(
  t: TestTenant,
  side: Side,
  productId: string,
  channelId: string,
): Promise<OrdersOfSide> {
  const { distributor } = side.parties;
  const buyer = t.as("distributor", distributor);
  const keys = Array.from({ length: 10 }, () => ({ number: newId(), secret: "the secret" }));
  await addKeys(t.system, { productId, cost: 9_500n, keys });
  await topUpWallet(t.system, {
    distributorId: distributor.id,
    amount: 29_400n,
    bankReference: newId(),
    receivedAt: t.clock.now(),
  });
  const order = (quantity: number) => createOrder(buyer, { lines: [{ productId, quantity }] });
  const delivered = await order(2);
  await payOrder(buyer, { orderId: delivered.id, method: { kind: "wallet" } });
  const { cards } = await revealOrder(buyer, { orderId: delivered.id });
  const [deliveryId = "", reportedId = ""] = cards.map((card) => card.deliveryId);
  await reportDelivery(buyer, { deliveryId: reportedId, reason: "It does not work" });
  const [flagged, pending, refundId, paymentId] = [await order(1), await order(1), newId(), newId()];
  const now = t.clock.now();
  await inTenant(t.system.db, t.tenant.id, async (tx) => {
    const money = { tenantId: t.tenant.id, currency: t.tenant.currency, createdAt: now };
    const attempt = { id: paymentId, orderId: flagged.id, channelId, amount: flagged.total };
    await tx.insert(payments).values({ ...money, ...attempt, state: "created" });
  });
  const fact = { channelId, paymentId, transactionId: paymentId, amount: 1n, paidAt: now };
  await settlePayments(t.system, [fact]);
  await inTenant(t.system.db, t.tenant.id, async (tx) => {
    const money = { tenantId: t.tenant.id, currency: t.tenant.currency, createdAt: now };
    const refund = { id: refundId, orderId: flagged.id, paymentId, amount: 1n, reason: "Paid twice" };
    await tx.insert(refunds).values({ ...money, ...refund, state: "flagged" });
  });
  return {
    pendingId: pending.id,
    deliveredId: delivered.id,
    lineId: delivered.lines[0]?.id ?? "",
    deliveryId,
    reportedId,
    refundId,
    flaggedId: flagged.id,
  };
}

async function makeStock(t: TestTenant, supplierId: string): Promise<StockOfSide> {
  const { id: productId } = await createProduct(t.system, { supplierId, name: "100 points", face: 10_000n });
  await setProductStatus(t.system, { id: productId, status: "on_sale" });
  const keys = [{ number: newId(), secret: "the secret" }];
  const { batchId } = await addKeys(t.system, { productId, cost: 9_500n, keys });
  const { items } = await listKeys(t.system, { batchId });
  const upload = async () =>
    (await storeKeyFile(t.system, { name: "keys.csv", content: text(`${newId()},secret\n`) })).id;
  const { importId } = await startKeyImport(t.system, { fileId: await upload(), productId, cost: 9_500n });
  return { productId, batchId, keyId: items[0]?.id ?? "", fileId: await upload(), importId };
}

async function makeRule(ctx: Ctx): Promise<{ ruleId: string; versionId: string }> {
  const ruleId = await createRule(ctx, {
    name: "Worked example",
    scope: { tradeKind: "redemption" },
    definition: redemptionRule({ commissionRate: "0.02" }),
  });
  await createRule(ctx, {
    name: "Card sales",
    scope: { tradeKind: "card_sale" },
    definition: cardSaleRule({ commissionRate: "0.01", uplineRates: [] }),
  });
  const { versions } = await getRule(ctx, ruleId);
  return { ruleId, versionId: versions[0]?.id ?? "" };
}

/** Of a leg that nothing is cleared by: amounts of the world stay what they are. */
async function makeFeeSchedule(ctx: Ctx): Promise<{ scheduleId: string; scheduleVersionId: string }> {
  const scheduleId = await createFeeSchedule(ctx, {
    name: "For everyone",
    scope: { role: "merchant", leg: "fee.other", currency: ctx.tenant.currency },
    definition: {
      method: "flat",
      bands: [{ from: "0", rate: "0.003" }],
      appliesTo: { everyone: true, tiers: [], parties: [] },
    },
  });
  const { versions } = await getFeeSchedule(ctx, scheduleId);
  return { scheduleId, scheduleVersionId: versions[0]?.id ?? "" };
}

/** Of the second version of a rule that nobody has submitted. */
async function makeReplays(
  t: TestTenant,
  subjectId: string,
): Promise<{ replayId: string; waitingReplayId: string }> {
  const definition = redemptionRule({ commissionRate: "0.018" }) as SplitRuleDefinition;
  await saveRuleDraft(t.system, {
    ruleId: subjectId,
    name: "Worked example",
    scope: { tradeKind: "redemption" },
    priority: 0,
    definition: draftOfDefinition(definition),
    effectiveFrom: null,
    checked: { from: "100", to: "1000000", share: "1" },
    note: "",
  });
  const start = (from: string) =>
    startReplay(t.system, { subject: "rule", subjectId, from, to: "2026-11-30" });
  const replayId = await start("2026-11-01");
  await runReplay(t.system, replayId);
  return { replayId, waitingReplayId: await start("2026-11-02") };
}

async function makeApiKey(t: TestTenant, partyId: string, kind: Kind): Promise<string> {
  if (kind === "merchant") {
    const { id } = await createApiKey(t.system, { name: "till", scopes: ["vouchers:read"], partyId });
    return id;
  }
  // Of a kind that no scope is given to today.
  const id = newId();
  await inTenant(t.system.db, t.tenant.id, (tx) =>
    tx.insert(apiKeys).values({
      tenantId: t.tenant.id,
      id,
      partyId,
      name: kind,
      prefix: `kq_${id}`,
      secretHash: Buffer.from(id),
      scopes: [],
      createdAt: t.clock.now(),
    }),
  );
  return id;
}

async function findStatements(ctx: Ctx, side: Side): Promise<void> {
  for (const kind of ["merchant", "brand"] as const) {
    const { items } = await listStatements(ctx, { partyId: side.parties[kind].id, limit: 1 });
    const [statement] = items;
    if (!statement) throw new Error(`the ${kind} has no statement`);
    side.statements[kind] = statement.id;
  }
}

async function makePeople(t: TestTenant, side: Side): Promise<Record<Role, Ctx>> {
  const passwordHash = await hashPassword(PASSWORD);
  const people: Partial<Record<Role, Ctx>> = {};
  for (const role of ROLES) {
    const kind = ROLE_PARTY_KIND[role];
    const party = isSideKind(kind) ? side.parties[kind] : { id: t.tenant.platformPartyId, kind };
    const { id: userId } = await makeUser(t, role, party.id);
    const sessionId = newId();
    await inTenant(t.system.db, t.tenant.id, async (tx) => {
      await tx.update(users).set({ passwordHash }).where(eq(users.id, userId));
      const at = t.clock.now();
      await tx.insert(sessions).values({
        tenantId: t.tenant.id,
        id: sessionId,
        userId,
        sessionVersion: 1,
        createdAt: at,
        lastSeenAt: at,
      });
    });
    const ctx = t.as(role, party);
    if (ctx.actor.kind !== "user") throw new Error("not a user");
    people[role] = { ...ctx, actor: { ...ctx.actor, userId, sessionId } };
  }
  return people as Record<Role, Ctx>;
}

export function isSideKind(kind: PartyKind): kind is Kind {
  return KINDS.some((one) => one === kind);
}

async function* text(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content);
}
