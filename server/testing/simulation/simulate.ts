import { type Database, rawSql } from "@/db/client";
import { Random } from "@/db/seed/random";
import type { Ctx } from "@/server/core/context";
import { isDomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import {
  createFeeSchedule,
  createRule,
  createRuleVersion,
  listRules,
  redemptionRule,
  trueUpFees,
} from "@/server/domain/clearing";
import type { FeeScheduleDefinition } from "@/server/domain/clearing/fees/schemas";
import { closeBooks, listStatements, recordPayment, stateRun } from "@/server/domain/settlement";
import {
  activateCampaign,
  createCampaign,
  expireVouchers,
  issueVouchers,
  lockVoucher,
  redeemBatch,
  redeemVoucher,
  reverseRedemption,
  undoRedemption,
  unlockVoucher,
  voidVouchers,
} from "@/server/domain/vouchers";
import type { RedeemItem } from "@/server/domain/vouchers/schemas";
import type { VoucherTermsInput } from "@/server/domain/vouchers/terms-schemas";
import { checkInvariants } from "@/server/ops/invariants/checks";
import { makeParty, makeTenant, type TestTenant } from "../factories";

type Party = Awaited<ReturnType<typeof makeParty>>;

/** What the simulation itself believes of a voucher: an auditor beside the books. */
interface Voucher {
  id: string;
  code: string;
  campaign: Campaign;
  usesLeft: number;
  /** Of a gift card, in minor units. */
  balance: bigint | null;
  void: boolean;
  expiresAt: Date;
  lock: { ref: string; merchant: string; until: number } | null;
  /** Its state could not be followed (a fault hit it): the books decide. */
  unsure: boolean;
}
interface Campaign {
  id: string;
  type: VoucherTermsInput["type"];
  merchants: readonly Party[];
  quota: number;
  issued: number;
}
interface Redemption {
  id: string;
  voucher: Voucher;
  merchant: Party;
  at: number;
  given: bigint;
  refunded: bigint;
  reversed: boolean;
}

class World {
  readonly vouchers: Voucher[] = [];
  readonly campaigns: Campaign[] = [];
  readonly redemptions: Redemption[] = [];
  merchants: Party[] = [];
  brand!: Party;
  channel!: Party;
  counter = 0;

  constructor(
    readonly t: TestTenant,
    readonly random: Random,
    readonly owner: Database,
    readonly db: Database,
  ) {}

  get operator(): Ctx {
    return this.t.as("operator");
  }
  unique(prefix: string): string {
    this.counter += 1;
    return `${prefix}-${this.counter}`;
  }
  now(): number {
    return this.t.clock.now().getTime();
  }
}

class Aborted extends Error {}

function oneOf<T>(random: Random, list: readonly T[]): T | undefined {
  return list.length > 0 ? random.pick(list) : undefined;
}

/** The steps of life, each with how often it happens. */
const STEPS: readonly (readonly [number, string, (w: World) => Promise<void>])[] = [
  [4, "create campaign", newCampaign],
  [12, "issue", issue],
  [30, "redeem", redeem],
  [8, "redeem twice at once", redeemTwice],
  [8, "redeem a batch", redeemMany],
  [8, "refund a part", refundPart],
  [6, "reverse whole", reverseWhole],
  [4, "undo", undo],
  [4, "lock and release", lockAndRelease],
  [3, "void", voidSome],
  [3, "expire", expire],
  [5, "close", close],
  [3, "pay", pay],
  [2, "change a rule", changeRule],
  [2, "publish a fee schedule", publishFees],
  [2, "true up", trueUp],
  [5, "abort a transaction", abort],
  [3, "drop connections", dropConnections],
  [14, "time passes", passTime],
];

export interface SimulationReport {
  seed: number;
  steps: number;
  redemptions: number;
  reversals: number;
  refused: number;
}

/**
 * Drives a tenant through random life and checks every invariant of the books after each step.
 * A failure names the seed and the step; the same seed lives the same life.
 */
export async function simulate(options: {
  owner: Database;
  db: Database;
  seed: number;
  steps: number;
}): Promise<SimulationReport> {
  const { owner, db, seed, steps } = options;
  const random = new Random(seed);
  const t = await makeTenant(owner, db, {
    settings: { undoMinutes: 5, reversedVoucher: random.chance(0.5) ? "issued" : "void" },
  });
  const w = new World(t, random, owner, db);
  await settle(w);
  const trail: string[] = [];
  for (let i = 0; i < steps; i++) {
    const [, name, run] = random.weighted(STEPS, ([weight]) => weight);
    trail.push(name);
    try {
      await run(w);
      await audit(w);
    } catch (error) {
      throw new Error(
        `simulation failed: replay with KAQING_SIMULATION_SEED=${seed}; step ${i + 1}: ${trail.slice(-6).join(" → ")}`,
        { cause: error },
      );
    }
  }
  return {
    seed,
    steps,
    redemptions: w.redemptions.length,
    reversals: w.redemptions.filter((r) => r.refunded > 0n || r.reversed).length,
    refused: refusals,
  };
}

let refusals = 0;

async function settle(w: World): Promise<void> {
  const cycles = [
    { kind: "immediate" as const },
    { kind: "windows" as const, windowsPerDay: 1 as const, delay: 1, dayCount: "calendar" as const },
    { kind: "windows" as const, windowsPerDay: 2 as const, delay: 1, dayCount: "calendar" as const },
    { kind: "windows" as const, windowsPerDay: 1 as const, delay: 3, dayCount: "calendar" as const },
    { kind: "weekly" as const, weekStart: 1 },
  ];
  for (const cycle of cycles) w.merchants.push(await makeParty(w.t, "merchant", { cycle }));
  w.brand = await makeParty(w.t, "brand", { cycle: { kind: "monthly" } });
  w.channel = await makeParty(w.t, "channel", {
    channelFeeRate: "0.006",
    channelRefundsFee: w.random.chance(0.5),
  });
  await createRule(w.operator, {
    name: "General",
    scope: { tradeKind: "redemption" },
    definition: redemptionRule({
      commissionRate: "0.02",
      bySchedule: w.random.chance(0.7),
      funding: [
        { party: "brand", share: "0.5" },
        { party: "platform", share: "0.3" },
        { party: "merchant", share: "0.2" },
      ],
    }),
    effectiveFrom: w.t.clock.now(),
  });
  await publishFees(w);
  await newCampaign(w);
  await issue(w);
}

async function audit(w: World): Promise<void> {
  const results = await checkInvariants(w.owner, w.t.tenant.id);
  const broken = results.filter((r) => !r.ok);
  if (broken.length > 0)
    throw new Error(
      `invariants broken: ${JSON.stringify(broken, (_, v) => (typeof v === "bigint" ? `${v}` : v), 1)}`,
    );
}

// ── steps ───────────────────────────────────────────────────────────────────────────────────────────────

const TERMS: readonly (() => VoucherTermsInput)[] = [
  () => ({ type: "fixed", amount: "500" }),
  () => ({ type: "threshold", threshold: "10000", amount: "2000" }),
  () => ({ type: "threshold", threshold: "5000", amount: "333", every: true, ceiling: "2000" }),
  () => ({ type: "percent", off: "0.15", ceiling: "3000" }),
  () => ({ type: "exchange", productCodes: ["SKU-1"] }),
  () => ({ type: "gift_card", balance: "20000" }),
];

async function newCampaign(w: World): Promise<void> {
  const { random } = w;
  const terms = oneOf(random, TERMS)?.();
  if (!terms) return;
  const few = random.chance(0.3);
  const merchants = few ? w.merchants.slice(0, 2) : w.merchants;
  const platformCollects = random.chance(0.6);
  const quota = random.int(5, 60);
  const campaign = await createCampaign(w.operator, {
    name: w.unique("campaign"),
    type: terms.type,
    terms,
    brandId: w.brand.id,
    funding: fundingOf(terms.type, random),
    merchantIds: few ? merchants.map((m) => m.id) : [],
    quota,
    validDays: random.int(1, 20),
    collectedBy: platformCollects ? "platform" : "merchant",
    channelId: platformCollects ? w.channel.id : null,
  });
  await activateCampaign(w.operator, { id: campaign.id });
  w.campaigns.push({ id: campaign.id, type: terms.type, merchants, quota, issued: 0 });
}

/** A gift card is loaded where there is no merchant yet, so none can bear its grant. */
function fundingOf(type: Campaign["type"], random: Random) {
  if (type === "gift_card") {
    return [
      { party: "brand", share: "0.6" },
      { party: "platform", share: "0.4" },
    ];
  }
  if (random.chance(0.5)) return [];
  return [
    { party: "brand", share: "0.333333" },
    { party: "platform", share: "0.333333" },
    { party: "merchant", share: "0.333334" },
  ];
}

async function issue(w: World): Promise<void> {
  const campaign = oneOf(w.random, w.campaigns);
  if (!campaign) return;
  const items = Array.from({ length: w.random.int(1, 12) }, () => ({ sourceId: w.unique("source") }));
  const room = campaign.quota - campaign.issued;
  try {
    const issued = await issueVouchers(w.operator, { campaignId: campaign.id, items });
    if (items.length > room) throw new Error(`issued ${items.length} with room for ${room}`);
    const again = await issueVouchers(w.operator, { campaignId: campaign.id, items });
    for (const [i, voucher] of issued.entries()) {
      if (again[i]?.voucherId !== voucher.voucherId || again[i]?.code !== voucher.code)
        throw new Error("issued twice");
      w.vouchers.push({
        id: voucher.voucherId,
        code: voucher.code ?? "",
        campaign,
        usesLeft: 1,
        balance: voucher.balance,
        void: false,
        expiresAt: voucher.validTo ?? new Date(8.64e15),
        lock: null,
        unsure: false,
      });
    }
    campaign.issued += items.length;
  } catch (error) {
    expectRefusal(error, ["CAMPAIGN_QUOTA_EXHAUSTED"]);
    if (items.length <= room) throw error;
  }
}

/** Whether the books must take a voucher now, as far as the auditor knows. */
function usable(w: World, voucher: Voucher, merchant: Party): boolean {
  const open = voucher.balance === null ? voucher.usesLeft > 0 : voucher.balance > 0n;
  const locked = voucher.lock !== null && voucher.lock.until > w.now();
  return (
    open &&
    !voucher.void &&
    !locked &&
    voucher.expiresAt.getTime() > w.now() &&
    voucher.campaign.merchants.includes(merchant)
  );
}

const REFUSALS = [
  "VOUCHER_REDEEMED",
  "VOUCHER_EXPIRED",
  "VOUCHER_VOID",
  "VOUCHER_LOCKED",
  "VOUCHER_WRONG_MERCHANT",
  "VOUCHER_WRONG_PRODUCT",
  "VOUCHER_BELOW_THRESHOLD",
  "VOUCHER_BALANCE_TOO_LOW",
];

function expectRefusal(error: unknown, codes: readonly string[]): void {
  if (!isDomainError(error) || !codes.includes(error.code)) throw error;
  refusals += 1;
}

function order(w: World) {
  return {
    orderAmount: BigInt(w.random.int(1, 30_000)),
    productCode: w.random.chance(0.9) ? "SKU-1" : "SKU-9",
    orderRef: w.unique("order"),
  };
}

function note(
  w: World,
  voucher: Voucher,
  merchant: Party,
  receipt: { redemptionId: string; payable: bigint; storedValue: bigint; balance: bigint | null },
) {
  if (voucher.balance === null) voucher.usesLeft -= 1;
  else voucher.balance -= receipt.storedValue;
  if (voucher.balance !== null && receipt.balance !== voucher.balance && !voucher.unsure) {
    throw new Error(`gift card says ${receipt.balance}, the auditor ${voucher.balance}`);
  }
  // What was refunded onto it meanwhile, the books know.
  if (voucher.unsure) voucher.balance = receipt.balance;
  voucher.lock = null;
  w.redemptions.push({
    id: receipt.redemptionId,
    voucher,
    merchant,
    at: w.now(),
    given: receipt.payable + receipt.storedValue,
    refunded: 0n,
    reversed: false,
  });
}

async function redeemOne(ctx: Ctx, input: RedeemItem, key?: string) {
  const { result } = await redeemVoucher(ctx, input, key);
  return result;
}

async function redeem(w: World): Promise<void> {
  const voucher = oneOf(w.random, w.vouchers);
  const merchant = oneOf(w.random, w.merchants);
  if (!voucher || !merchant) return;
  const may = usable(w, voucher, merchant);
  const key = w.unique("key");
  const input = { code: voucher.code, ...order(w) };
  try {
    const receipt = await redeemOne(w.t.as("merchant", merchant), input, key);
    if (!may && !voucher.unsure) throw new Error("redeemed what could not be redeemed");
    note(w, voucher, merchant, receipt);
    voucher.unsure = false;
  } catch (error) {
    expectRefusal(error, REFUSALS);
    if (may && !voucher.unsure && voucher.campaign.type === "fixed") throw error;
  }
}

async function redeemTwice(w: World): Promise<void> {
  const voucher = oneOf(
    w.random,
    w.vouchers.filter((v) => v.balance === null),
  );
  const merchant = voucher && oneOf(w.random, voucher.campaign.merchants);
  if (!voucher || !merchant) return;
  const input = { code: voucher.code, ...order(w) };
  const results = await Promise.allSettled(
    Array.from({ length: 6 }, () => redeemOne(w.t.as("merchant", merchant), input)),
  );
  const done = results.filter((r) => r.status === "fulfilled");
  if (done.length > 1) throw new Error(`redeemed ${done.length} times`);
  for (const r of results) if (r.status === "rejected") expectRefusal(r.reason, REFUSALS);
  const [first] = done;
  if (first?.status === "fulfilled") note(w, voucher, merchant, first.value);
}

async function redeemMany(w: World): Promise<void> {
  const merchant = oneOf(w.random, w.merchants);
  if (!merchant) return;
  const chosen = Array.from({ length: w.random.int(2, 20) }, () => oneOf(w.random, w.vouchers)).filter(
    (v) => v !== undefined,
  );
  if (chosen.length === 0) return;
  const { result: outcomes } = await redeemBatch(w.t.as("merchant", merchant), {
    items: chosen.map((voucher) => ({ code: voucher.code, ...order(w) })),
  });
  if (outcomes.length !== chosen.length) throw new Error("an outcome is missing");
  for (const [i, outcome] of outcomes.entries()) {
    const voucher = chosen[i];
    if (!voucher) continue;
    if (outcome.ok) note(w, voucher, merchant, outcome.receipt);
    else if (!REFUSALS.includes(outcome.error.code)) throw new Error(`refused by ${outcome.error.code}`);
  }
}

function reversible(w: World): Redemption | undefined {
  return oneOf(
    w.random,
    w.redemptions.filter((r) => !r.reversed),
  );
}

async function refundPart(w: World): Promise<void> {
  const redemption = reversible(w);
  if (!redemption) return;
  const left = redemption.given - redemption.refunded;
  const amount = BigInt(w.random.int(1, 8_000));
  try {
    const { whole } = await reverseRedemption(w.t.as("support"), {
      redemptionId: redemption.id,
      amount,
      reason: "refund",
    });
    if (amount > left) throw new Error(`refunded ${amount} of ${left}`);
    redemption.refunded += amount;
    given(w, redemption, whole);
  } catch (error) {
    expectRefusal(error, ["REVERSAL_EXCEEDS_TRADE", "INPUT_INVALID", "TRADE_ALREADY_REVERSED"]);
    if (amount <= left) throw error;
  }
}

async function reverseWhole(w: World): Promise<void> {
  const redemption = reversible(w);
  if (!redemption) return;
  const { whole } = await reverseRedemption(w.t.as("operator"), {
    redemptionId: redemption.id,
    reason: "mistake",
  });
  if (!whole) throw new Error("a whole reversal left something");
  redemption.refunded = redemption.given;
  given(w, redemption, whole);
}

/** After a reversal the voucher's state follows the tenant's policy; the books are asked, and the auditor goes on from there. */
function given(_w: World, redemption: Redemption, whole: boolean): void {
  if (whole) redemption.reversed = true;
  redemption.voucher.unsure = true;
}

async function undo(w: World): Promise<void> {
  const redemption = reversible(w);
  if (!redemption) return;
  const inTime = w.now() - redemption.at <= 5 * 60_000;
  try {
    await undoRedemption(w.t.as("merchant", redemption.merchant), { redemptionId: redemption.id });
    if (!inTime) throw new Error("undone too late");
    redemption.refunded = redemption.given;
    given(w, redemption, true);
  } catch (error) {
    expectRefusal(error, ["UNDO_TOO_LATE", "TRADE_ALREADY_REVERSED"]);
    if (inTime) throw error;
  }
}

async function lockAndRelease(w: World): Promise<void> {
  const voucher = oneOf(w.random, w.vouchers);
  const merchant = voucher && oneOf(w.random, voucher.campaign.merchants);
  if (!voucher || !merchant) return;
  const ctx = w.t.as("merchant", merchant);
  const lockRef = w.unique("lock");
  try {
    const lock = await lockVoucher(ctx, { code: voucher.code, lockRef });
    if (w.random.chance(0.5)) await unlockVoucher(ctx, { voucherId: voucher.id, lockRef });
    else voucher.lock = { ref: lockRef, merchant: merchant.id, until: lock.lockedUntil.getTime() };
  } catch (error) {
    expectRefusal(error, REFUSALS);
  }
}

async function voidSome(w: World): Promise<void> {
  const chosen = [oneOf(w.random, w.vouchers), oneOf(w.random, w.vouchers)].filter((v) => v !== undefined);
  if (chosen.length === 0) return;
  try {
    const { results } = await voidVouchers(w.t.as("support"), {
      voucherIds: [...new Set(chosen.map((v) => v.id))],
      reason: "test",
    });
    if (results.length === 0) throw new Error("nothing answered");
  } catch (error) {
    expectRefusal(error, ["VOUCHER_NOT_VOIDABLE"]);
  }
  for (const voucher of chosen) voucher.unsure = true;
}

async function expire(w: World): Promise<void> {
  w.t.clock.advance({ days: 1 });
  await expireVouchers(w.t.system);
}

async function close(w: World): Promise<void> {
  try {
    const closing = await closeBooks(w.t.as("finance"));
    await stateRun(w.t.system, closing.runId); // twice: the second changes nothing
  } catch (error) {
    expectRefusal(error, ["CLOSING_NOT_FORWARD"]);
  }
}

async function pay(w: World): Promise<void> {
  const { items } = await listStatements(w.t.as("finance"), { states: ["draft"], limit: 50 });
  const statement = oneOf(w.random, items);
  if (!statement) return;
  await recordPayment(w.t.as("finance"), {
    statementId: statement.id,
    bankReference: w.unique("BANK"),
    paidAt: w.t.clock.now(),
  });
}

async function changeRule(w: World): Promise<void> {
  const [rule] = await listRules(w.operator);
  if (!rule) return;
  await createRuleVersion(w.operator, {
    ruleId: rule.id,
    definition: redemptionRule({
      commissionRate: `0.0${w.random.int(1, 9)}`,
      bySchedule: w.random.chance(0.8),
      feeBearer: w.random.chance(0.5) ? "platform" : "proportional",
      funding: [
        { party: "brand", share: "0.7" },
        { party: "merchant", share: "0.3" },
      ],
    }),
    effectiveFrom: new Date(w.now() + w.random.int(1, 48) * 3_600_000),
  }).catch((error) => expectRefusal(error, ["RULE_UNCHANGED"]));
}

/** Of all merchants, of one, or of the channel; small bands, so that a month passes some. */
async function publishFees(w: World): Promise<void> {
  const { random } = w;
  const method = random.pick(["graduated", "graduated", "volume", "flat"] as const);
  const ofChannel = random.chance(0.25);
  const parties = ofChannel ? [w.channel.id] : random.chance(0.5) ? [random.pick(w.merchants).id] : [];
  const bands = [
    { from: "0", rate: `0.0${random.int(10, 50)}` },
    { from: `${random.int(1, 40_000)}`, rate: `0.00${random.int(1, 99)}` },
    { from: `${random.int(50_000, 300_000)}`, rate: `0.0000${random.int(1, 99)}` },
  ];
  const definition: FeeScheduleDefinition = {
    method,
    bands: method === "flat" ? bands.slice(0, 1) : bands,
    ...(method !== "flat" && random.chance(0.3) && { max: `${random.int(100, 5_000)}` }),
    ...(method !== "flat" && random.chance(0.3) && { min: `${random.int(0, 99)}` }),
    rounding: random.pick(["half_up", "half_even", "down", "up"] as const),
    appliesTo: { everyone: parties.length === 0, tiers: [], parties },
  };
  await createFeeSchedule(w.operator, {
    name: w.unique("fees"),
    scope: ofChannel
      ? { role: "channel", leg: "fee.channel", currency: "CNY" }
      : { role: "merchant", leg: "fee.commission", currency: "CNY" },
    definition,
  });
}

async function trueUp(w: World): Promise<void> {
  await trueUpFees(w.t.system);
  if ((await trueUpFees(w.t.system)) > 0) throw new Error("trued up twice");
}

/** A verb succeeds inside a transaction that then fails: nothing of it remains. */
async function abort(w: World): Promise<void> {
  const voucher = oneOf(w.random, w.vouchers);
  const merchant = voucher && oneOf(w.random, voucher.campaign.merchants);
  if (!voucher || !merchant) return;
  const before = await footprint(w);
  const input = { code: voucher.code, ...order(w) };
  await withTransaction(w.t.as("merchant", merchant), async (ctx) => {
    await redeemOne(ctx, input);
    throw new Aborted();
  }).catch((error: unknown) => {
    if (!(error instanceof Aborted)) expectRefusal(error, REFUSALS);
  });
  const after = await footprint(w);
  if (before !== after) throw new Error(`an aborted transaction left ${before} → ${after}`);
}

async function footprint(w: World): Promise<string> {
  const rows = await withTransaction(
    w.t.system,
    ({ tx }) =>
      rawSql(tx)<{ n: string }[]>`
      select concat_ws('/', (select count(*) from trades), (select count(*) from transfers), (select count(*) from audit_log),
        (select count(*) from vouchers where state = 1), (select coalesce(sum(balance), 0) from vouchers)) as n`,
  );
  return rows[0]?.n ?? "";
}

/** The server's connections die while vouchers are being redeemed: each one is redeemed once or not at all. */
async function dropConnections(w: World): Promise<void> {
  const merchant = oneOf(w.random, w.merchants);
  const chosen = [...new Set(Array.from({ length: 8 }, () => oneOf(w.random, w.vouchers)))].filter(
    (v) => v !== undefined,
  );
  if (!merchant || chosen.length === 0) return;
  const attempts = chosen.map((voucher) => ({
    voucher,
    key: w.unique("key"),
    input: { code: voucher.code, ...order(w) },
  }));
  const ctx = w.t.as("merchant", merchant);
  const first = Promise.allSettled(attempts.map(({ input, key }) => redeemOne(ctx, input, key)));
  await w.owner.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'kaqing' and pid <> pg_backend_pid()
      and (query ilike '%vouchers%' or query ilike '%trades%' or state = 'idle in transaction')`;
  await first;
  // Whoever did not get an answer asks again with the same key, and gets the one answer there is.
  for (const { voucher, key, input } of attempts) {
    voucher.unsure = true;
    try {
      const receipt = await redeemOne(ctx, input, key);
      const again = await redeemOne(ctx, input, key);
      if (again.redemptionId !== receipt.redemptionId) throw new Error("one key, two redemptions");
      w.redemptions.push({
        id: receipt.redemptionId,
        voucher,
        merchant,
        at: w.now(),
        given: receipt.payable + receipt.storedValue,
        refunded: 0n,
        reversed: false,
      });
    } catch (error) {
      expectRefusal(error, REFUSALS);
    }
  }
}

async function passTime(w: World): Promise<void> {
  const spans = [
    { weight: 5, minutes: w.random.int(1, 4) },
    { weight: 3, minutes: w.random.int(10, 300) },
    { weight: 2, minutes: w.random.int(600, 3_000) },
    { weight: 0.5, minutes: w.random.int(10_000, 25_000) },
  ];
  const { minutes } = w.random.weighted(spans, ({ weight }) => weight);
  w.t.clock.advance({ minutes });
}
