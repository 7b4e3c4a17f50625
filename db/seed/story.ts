import { connect, type Database, inTenant, rawSql } from "@/db/client";
import { type Sandbox, startSandbox } from "@/server/channels/sandbox/service";
import type { Clock, Ctx, Tenant } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { newToken } from "@/server/core/secrets";
import { SYSTEM_ACTORS } from "@/server/core/system-words";
import { withTransaction } from "@/server/core/transaction";
import {
  addYear,
  chineseDays,
  dayNumber,
  isoDate,
  seedChineseCalendar,
  weekdayOf,
  zoneOf,
} from "@/server/domain/calendar";
import { createRule, createRuleVersion, redemptionRule } from "@/server/domain/clearing";
import { saveMapping } from "@/server/domain/imports";
import {
  acceptInvitation,
  createApiKey,
  createParty,
  createTenant,
  inviteUser,
  setBankAccount,
  systemCtx,
} from "@/server/domain/parties";
import { createChannel } from "@/server/domain/payments";
import { rollUp } from "@/server/domain/reports";
import { closeBooks, recordPayments, stateRun } from "@/server/domain/settlement";
import {
  activateCampaign,
  createCampaign,
  endCampaign,
  expireVouchers,
  issueVouchers,
  pauseCampaign,
  type RedeemOutcome,
  redeemBatch,
  reverseRedemption,
  voidVouchers,
  walletView,
} from "@/server/domain/vouchers";
import type { RedeemItem } from "@/server/domain/vouchers/schemas";
import { CardStory, type CardSummary } from "./card-story";
import {
  BANKS,
  BRANDS,
  type BrandKey,
  CAMPAIGNS,
  type CampaignRole,
  CHANNELS,
  type ChannelKey,
  MERCHANTS,
  type MerchantRole,
  ORDERS,
  PEOPLE,
  REFUND_REASONS,
  VOID_REASONS,
} from "./cast";
import { firstOfNextMonth, publishFees, reviseFees } from "./fee-story";
import { Random } from "./random";

/**
 * Plays months of a clearing house's life through its own verbs, day by day, by a clock that it sets: everything
 * it leaves behind was cleared, posted, stated, paid and audited as in real life.
 */
export interface StoryOptions {
  slug: string;
  name: string;
  /** Whole days before today. */
  days: number;
  /** Redemptions of an ordinary weekday. */
  perDay: number;
  merchants: number;
  /** Orders of card-keys of an ordinary weekday; none without. */
  cardOrders?: number;
  /** Where the demo's payment service keeps its journal; needed for orders. */
  sandboxFolder?: string;
  password: string;
  /** The present; the story ends here. */
  now?: Date;
  seed?: number;
}

export interface StorySummary {
  tenantId: string;
  redemptions: number;
  refused: number;
  refunds: number;
  vouchers: number;
  statements: number;
  cards: CardSummary | null;
}

const ZONE = "Asia/Shanghai";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/**
 * Days after which the tables have grown so much that the planner has to know: months pass in a minute here, and the
 * database itself looks once a minute. Plans made while tables were small read them from end to end.
 */
const GROWN = [1, 4, 16, 48];

export async function tellStory(owner: Database, options: StoryOptions): Promise<StorySummary> {
  const db = connect(withoutWaiting(owner.url), { max: 4 });
  try {
    const story = new Story(owner, db, options);
    try {
      return await story.tell();
    } finally {
      await story.end();
    }
  } finally {
    await db.close();
  }
}

/** A seeding that is interrupted begins anew, so its commits need not wait for the disk one by one. */
function withoutWaiting(url: string): string {
  const address = new URL(url);
  address.searchParams.set("synchronous_commit", "off");
  return address.href;
}

class StoryClock implements Clock {
  constructor(private at: Date) {}
  now(): Date {
    return new Date(this.at);
  }
  set(time: number): void {
    this.at = new Date(time);
  }
}

interface Merchant extends MerchantRole {
  id: string;
  number: string;
}
interface Held {
  voucherId: string;
  walletPath: string;
  issuedAt: number;
  validTo: number;
  /** What a gift card holds. */
  balance: bigint | null;
}
interface Campaign extends CampaignRole {
  id: string;
  merchants: Merchant[];
  /** Vouchers in customers' hands. */
  pool: Held[];
  /** First and last day on which it is used. */
  from: number;
  to: number;
}
interface Refund {
  at: number;
  redemptionId: string;
  /** Part of what the customer paid; null: all of it. */
  amount: bigint | null;
}
interface Planned {
  at: number;
  campaign: Campaign;
  voucher: Held;
  item: RedeemItem;
}

class Story {
  readonly #random: Random;
  readonly #clock: StoryClock;
  readonly #now: number;
  readonly #zone = zoneOf(ZONE);
  readonly #today: number;
  readonly #first: number;
  /** Days that differ from the plain week: true where nobody works. */
  readonly #holidays = new Map<number, boolean>();
  #tenant!: Tenant;
  #house!: Ctx;
  #till!: Ctx;
  #people = new Map<string, Ctx>();
  #brands = new Map<BrandKey, string>();
  #channels = new Map<ChannelKey, string>();
  #merchants: Merchant[] = [];
  #campaigns: Campaign[] = [];
  #refunds: Refund[] = [];
  #customers = 100_000;
  #orders = 0;
  #payments = 0;
  readonly #summary: StorySummary = {
    tenantId: "",
    redemptions: 0,
    refused: 0,
    refunds: 0,
    vouchers: 0,
    statements: 0,
    cards: null,
  };
  #cards: CardStory | null = null;
  #sandbox: Sandbox | null = null;
  #restore = () => {};

  constructor(
    private readonly owner: Database,
    private readonly db: Database,
    private readonly options: StoryOptions,
  ) {
    this.#now = (options.now ?? new Date()).getTime();
    this.#today = this.#zone.dayOf(this.#now);
    this.#first = this.#today - options.days;
    this.#random = new Random(options.seed ?? 20_260_101);
    this.#cardRandom = new Random((options.seed ?? 20_260_101) + 2);
    this.#clock = new StoryClock(new Date(this.#startOf(this.#first - 21) + 9 * HOUR));
  }

  async tell(): Promise<StorySummary> {
    await this.#openHouse();
    await this.#openParties();
    await this.#openDoors();
    await this.#publishRules();
    await this.#openCards();
    await this.#startCampaigns();
    for (let day = this.#first; day <= this.#today; day++) {
      await this.#liveDay(day);
      if (GROWN.includes(day - this.#first)) await this.owner.sql.unsafe("analyze");
    }
    this.#clock.set(this.#now);
    await rollUp(this.#house);
    this.#summary.cards = this.#cards?.summary ?? null;
    return this.#summary;
  }

  async end(): Promise<void> {
    this.#restore();
    await this.#sandbox?.stop();
  }

  // ── opening ──

  async #openHouse(): Promise<void> {
    const { slug, name } = this.options;
    this.#tenant = await createTenant(
      this.owner,
      { slug, name, currency: "CNY", timezone: ZONE, platformName: `${name}平台` },
      this.#clock,
    );
    this.#summary.tenantId = this.#tenant.id;
    this.#house = systemCtx(this.db, this.#tenant, SYSTEM_ACTORS.system, this.#clock);
    await seedChineseCalendar(this.#house);
    // A year without published holidays is told by its source: the plain week, until somebody enters them.
    for (const year of new Set(
      [this.#first - 30, this.#today + 60].map((day) => Number(isoDate(day).slice(0, 4))),
    )) {
      if (!chineseDays(year)) await addYear(this.#house, { year, from: "plain" });
      for (const { day, working } of chineseDays(year) ?? []) this.#holidays.set(dayNumber(day), !working);
    }
    // The platform's own people; those of parties come with their parties.
    for (const person of PEOPLE.slice(0, 4))
      await this.#invite(person, this.#tenant.platformPartyId, "platform");
  }

  async #invite(
    person: (typeof PEOPLE)[number],
    partyId: string,
    partyKind: "platform" | "merchant" | "brand" | "distributor" | "supplier",
  ): Promise<void> {
    const email = emailOf(this.options.slug, person.email);
    const { token } = await inviteUser(this.#people.get("operator") ?? this.#house, {
      email,
      name: person.name,
      role: person.role,
      partyId,
    });
    await acceptInvitation(this.db, { token, password: this.options.password }, { clock: this.#clock });
    const [user] = await inTenant(
      this.db,
      this.#tenant.id,
      (tx) => rawSql(tx)<{ id: string }[]>`
        select id from users where tenant_id = ${this.#tenant.id} and email = ${email}`,
    );
    this.#people.set(person.role, {
      ...this.#house,
      actor: {
        kind: "user",
        userId: user?.id ?? "",
        sessionId: newId(),
        role: person.role,
        partyId,
        partyKind,
        name: person.name,
      },
    });
  }

  #as(role: (typeof PEOPLE)[number]["role"]): Ctx {
    const ctx = this.#people.get(role);
    if (!ctx) throw new Error(`nobody is ${role}`);
    return ctx;
  }

  async #openParties(): Promise<void> {
    const operator = this.#as("operator");
    // One transaction: the parties of a first day.
    await withTransaction(operator, async (ctx) => {
      for (const { key, name, rate, refundsFee } of CHANNELS) {
        const { id } = await createChannel(ctx, {
          name,
          feeRate: rate,
          feeMin: null,
          feeMax: null,
          feeBearer: null,
          refundsFee,
          cycle: { kind: "windows", windowsPerDay: 1, delay: 1, dayCount: "calendar" },
          minAmount: null,
          maxAmount: key === "wechat" ? 5_000_000n : null,
          enabled: true,
          account: null,
        });
        this.#channels.set(key, id);
      }
      for (const { key, name, cycle } of BRANDS) {
        const { id } = await createParty(ctx, { kind: "brand", name, externalId: `PP-${key}`, cycle });
        this.#brands.set(key, id);
        await this.#bankAccount(ctx, id, name);
      }
      for (const [i, role] of MERCHANTS.slice(0, this.options.merchants).entries()) {
        const { id, number } = await createParty(ctx, {
          kind: "merchant",
          name: role.name,
          externalId: `MD${String(1001 + i)}`,
          contact: `${role.city} · ${role.category} · ${mobile(this.#random)}`,
          cycle: role.cycle,
        });
        this.#merchants.push({ ...role, id, number });
        await this.#bankAccount(ctx, id, role.name);
      }
    });
    for (const [role, kind, name] of [
      ["distributor", "distributor", "联众卡券分销"],
      ["supplier", "supplier", "启航卡密供应链"],
    ] as const) {
      const { id } = await createParty(operator, {
        kind,
        name,
        externalId: kind,
        cycle: { kind: "monthly" },
      });
      await this.#invite(personOf(role), id, kind);
      this.#dealers.set(kind, id);
    }
    const [shop] = this.#merchants;
    if (!shop) throw new Error("a story needs merchants");
    await this.#invite(personOf("merchant"), shop.id, "merchant");
    await this.#invite(personOf("brand"), this.#brands.get("dairy") ?? "", "brand");
  }

  /** Parties of the people who deal in card-keys. */
  readonly #dealers = new Map<"distributor" | "supplier", string>();

  /** Suppliers, distributors, products and shops, with the payment service that lives by this clock. */
  async #openCards(): Promise<void> {
    const { cardOrders, sandboxFolder } = this.options;
    if (!cardOrders || !sandboxFolder) return;
    const token = newToken();
    this.#sandbox = await startSandbox({ folder: sandboxFolder, token, clock: this.#clock });
    this.#restore = borrowEnv({
      KAQING_SANDBOX_ENDPOINT: this.#sandbox.endpoint,
      KAQING_SANDBOX_TOKEN: token,
    });
    const merchants = await this.#merchantNumbers();
    this.#cards = new CardStory({
      db: this.db,
      tenant: this.#tenant,
      random: new Random((this.options.seed ?? 20_260_101) + 1),
      as: (role) => this.#as(role),
      house: this.#house,
      supplierId: this.#dealers.get("supplier") ?? "",
      distributorId: this.#dealers.get("distributor") ?? "",
      sandbox: { bank: this.#sandbox.bank, merchantNo: (channelId) => merchants.get(channelId) ?? "" },
      setClock: (time) => this.#clock.set(time),
      perDay: cardOrders,
      bankAccount: (ctx, partyId, holder) => this.#bankAccount(ctx, partyId, holder),
    });
    await this.#cards.open();
  }

  async #merchantNumbers(): Promise<Map<string, string>> {
    const rows = await inTenant(
      this.db,
      this.#tenant.id,
      (tx) => rawSql(tx)<{ id: string; no: string }[]>`
        select party_id as id, merchant_no as no from payment_channels
        where tenant_id = ${this.#tenant.id} and merchant_no is not null`,
    );
    return new Map(rows.map(({ id, no }) => [id, no]));
  }

  async #bankAccount(ctx: Ctx, partyId: string, holder: string): Promise<void> {
    const number = `62${Array.from({ length: 17 }, () => this.#random.int(0, 9)).join("")}`;
    await setBankAccount(ctx, { partyId, bankName: this.#random.pick(BANKS), holder, number });
  }

  /** The tills' key, and a mapping for imports. */
  async #openDoors(): Promise<void> {
    const operator = this.#as("operator");
    const { id } = await createApiKey(operator, {
      name: "门店收银系统",
      scopes: ["vouchers:redeem", "vouchers:read"],
    });
    this.#till = {
      ...this.#house,
      actor: {
        kind: "apiKey",
        keyId: id,
        partyId: this.#tenant.platformPartyId,
        partyKind: "platform",
        scopes: ["vouchers:redeem", "vouchers:read"],
        name: "门店收银系统",
      },
    };
    await saveMapping(operator, {
      name: "门店销售日报",
      definition: {
        currency: "CNY",
        merchant: "门店编号",
        brand: "品牌编号",
        orderRef: "订单号",
        product: "货号",
        amount: { column: "订单金额", means: "gross" },
        discounts: [
          { column: "品牌补贴", by: "brand" },
          { column: "门店让利", by: "merchant" },
        ],
        soldAt: { column: "成交时间", format: "yyyy-MM-dd HH:mm:ss", timeZone: ZONE },
        onlyAbove: "品牌补贴",
        collectedBy: "merchant",
      },
    });
  }

  async #publishRules(): Promise<void> {
    const operator = this.#as("operator");
    const effectiveFrom = new Date(this.#startOf(this.#first - 20));
    const rule = (name: string, scope: object, definition: ReturnType<typeof redemptionRule>) =>
      createRule(operator, {
        name,
        scope: { tradeKind: "redemption", ...scope },
        effectiveFrom,
        definition,
      });
    this.#general = await rule(
      "通用分账规则",
      {},
      redemptionRule({ commissionRate: "0.02", funding: [{ party: "platform", share: "1" }] }),
    );
    const big = this.#merchants.find((one) => one.category === "超市") ?? this.#merchants[0];
    await rule(
      "大客户协议费率",
      { merchantId: big?.id },
      redemptionRule({
        commissionRate: "0.012",
        commissionBase: "paid",
        funding: [{ party: "platform", share: "1" }],
      }),
    );
    await rule(
      "支付宝手续费由商户承担",
      { channelId: this.#channels.get("alipay") },
      redemptionRule({
        commissionRate: "0.015",
        feeBearer: "merchant",
        funding: [{ party: "platform", share: "1" }],
      }),
    );
  }
  #general = "";

  async #startCampaigns(): Promise<void> {
    const operator = this.#as("operator");
    const festival = this.#festivalDays();
    for (const [i, role] of CAMPAIGNS.entries()) {
      this.#clock.set(this.#startOf(this.#first - 12 + i) + 10 * HOUR);
      const merchants = role.categories
        ? this.#merchants.filter((one) => role.categories?.includes(one.category))
        : this.#merchants;
      if (merchants.length === 0) continue;
      const isFestival = role.key === "festival";
      const [from, to] = isFestival ? festival.days : [this.#first, this.#today];
      const campaign = await createCampaign(operator, {
        name: isFestival ? `${festival.name} ${role.name}` : role.name,
        type: role.terms.type,
        terms: role.terms,
        funding: role.funding,
        brandId: role.brand ? this.#brands.get(role.brand) : null,
        merchantIds: role.categories ? merchants.map((one) => one.id) : [],
        productCodes: [...(role.productCodes ?? [])],
        validFrom: isFestival ? new Date(this.#startOf(from)) : null,
        validTo: isFestival ? new Date(this.#startOf(to + 1)) : null,
        validDays: role.validDays,
        quota: role.quota ?? null,
        perCustomerLimit: role.perCustomerLimit ?? null,
        verification: role.verification ?? "static",
        collectedBy: role.channel ? "platform" : "merchant",
        channelId: role.channel ? this.#channels.get(role.channel) : null,
      });
      await activateCampaign(operator, { id: campaign.id });
      this.#campaigns.push({ ...role, id: campaign.id, merchants, pool: [], from, to });
      if (isFestival) {
        await createRule(operator, {
          name: `${festival.name}活动专用规则`,
          scope: { tradeKind: "redemption", campaignId: campaign.id },
          effectiveFrom: new Date(this.#startOf(this.#first - 20)),
          // The brand pays 0.50 a redemption for the stores' work.
          definition: redemptionRule({
            commissionRate: "0.01",
            handling: { amount: "50", currency: "CNY" },
          }),
        });
      }
    }
  }

  /** 双11 if the story has one, else its last days. */
  #festivalDays(): { name: string; days: [number, number] } {
    for (let day = this.#today; day >= this.#first + 1; day--) {
      if (isoDate(day).endsWith("-11-11")) {
        return { name: "双11", days: [Math.max(this.#first, day - 10), Math.min(this.#today, day + 1)] };
      }
    }
    return { name: "周年庆", days: [Math.max(this.#first, this.#today - 11), this.#today] };
  }

  // ── one day ──

  async #liveDay(day: number): Promise<void> {
    const midnight = this.#startOf(day);
    if (day > this.#first && (await this.#reach(midnight + 20_000))) await this.#closeDay(midnight);
    if (await this.#reach(midnight + 5 * MINUTE)) await expireVouchers(this.#house);
    if (await this.#reach(midnight + 7 * HOUR)) await this.#issue(day);
    if (await this.#reach(midnight + 10 * HOUR)) await this.#manage(day);
    let from = midnight;
    const plan = this.#times(day);
    const orders = this.#cards ? this.#times(day, this.options.cardOrders ?? 0, this.#cardRandom) : [];
    if (this.#cards && day % 3 === 0 && (await this.#reach(midnight + 9 * HOUR))) {
      await this.#cards.restock();
      await this.#cards.fund();
    }
    for (const hour of [12, 18, 24]) {
      const to = Math.min(midnight + hour * HOUR - 1_000, this.#now);
      if (to <= from) break;
      this.#clock.set(to);
      await this.#redeem(plan.filter((at) => at > from && at <= to));
      await this.#refund(to);
      await this.#cards?.live(
        orders.filter((at) => at > from && at <= to),
        to,
      );
      if (hour === 12) await this.#pay(day);
      from = to;
    }
  }

  /** Sets the clock; false if that is still to come. */
  async #reach(time: number): Promise<boolean> {
    if (time > this.#now) return false;
    this.#clock.set(time);
    return true;
  }

  #startOf(day: number): number {
    return this.#zone.startOfDay(day);
  }

  async #closeDay(through: number): Promise<void> {
    const { runId } = await closeBooks(this.#house, { through: new Date(through) });
    const { statements } = await stateRun(this.#house, runId);
    this.#summary.statements += statements;
  }

  /** How busy a day is beside an ordinary weekday, but for chance and growth. */
  #appeal(day: number): number {
    const date = isoDate(day).slice(5);
    const weekday = weekdayOf(day);
    const isFree = this.#holidays.get(day) ?? weekday >= 6;
    let factor = isFree ? 1.5 : weekday === 5 ? 1.2 : 1;
    if (date >= "10-01" && date <= "10-07") factor = 1.9;
    if (date >= "11-09" && date <= "11-12") factor *= 1.4;
    if (date === "11-11") factor *= 1.6;
    return factor;
  }

  /** Chance of the card-keys, so that the vouchers' story is the same with them and without. */
  readonly #cardRandom: Random;

  #busyness(day: number, random: Random): number {
    const growth = 0.8 + (0.4 * (day - this.#first)) / Math.max(1, this.options.days);
    return this.#appeal(day) * growth * (0.93 + 0.14 * random.next());
  }

  /** When something is redeemed: few at night, most at noon and in the evening. */
  #times(day: number, perDay = this.options.perDay, random = this.#random): number[] {
    const count = Math.round(perDay * this.#busyness(day, random));
    const midnight = this.#startOf(day);
    const hours = HOURS.map((weight, hour) => ({ hour, weight }));
    const times = Array.from({ length: count }, () => {
      const { hour } = random.weighted(hours, (one) => one.weight);
      return midnight + hour * HOUR + Math.floor(random.next() * HOUR);
    });
    if (day === this.#today) {
      // Whoever starts the demo at night still finds an open day with something in it.
      const few = Math.ceil(perDay / 12) - times.filter((at) => at <= this.#now).length;
      for (let i = 0; i < few; i++) {
        times.push(midnight + Math.floor(random.next() * (this.#now - midnight)));
      }
    }
    return times.sort((a, b) => a - b);
  }

  /** Every third day, for three days; a campaign begins with a stock. */
  async #issue(day: number): Promise<void> {
    const open = this.#campaigns.filter(
      (one) => day >= one.from && day <= one.to && !this.#stopped.has(one.key),
    );
    const total = open.reduce((sum, one) => sum + one.weight, 0);
    for (const campaign of open) {
      const age = day - campaign.from;
      if (age % 3 !== 0) continue;
      const busy = [day, day + 1, day + 2].reduce((sum, one) => sum + this.#appeal(one), age === 0 ? 2 : 0);
      const perUse = campaign.terms.type === "gift_card" ? 0.3 : 1.15;
      const count = Math.ceil(((this.options.perDay * campaign.weight) / total) * busy * perUse);
      for (let done = 0; done < count; done += 1_000) {
        await this.#issueSome(campaign, Math.min(1_000, count - done), day, done);
      }
    }
  }

  async #issueSome(campaign: Campaign, count: number, day: number, done: number): Promise<void> {
    const items = Array.from({ length: count }, (_, i) => ({
      sourceId: `app-${isoDate(day).replaceAll("-", "")}-${done + i + 1}`,
      // who may have one only is new each time
      customerId: `U${campaign.perCustomerLimit ? ++this.#customers : this.#random.int(100_000, 112_000)}`,
    }));
    const issued = await issueVouchers(this.#as("operator"), { campaignId: campaign.id, items });
    for (const { voucherId, walletPath, issuedAt, validTo, balance } of issued) {
      campaign.pool.push({
        voucherId,
        walletPath,
        issuedAt: issuedAt.getTime(),
        validTo: validTo?.getTime() ?? Number.MAX_SAFE_INTEGER,
        balance,
      });
    }
    this.#summary.vouchers += issued.length;
  }

  /** What operators do beside: rules, campaigns that end or pause, vouchers taken back. */
  async #manage(day: number): Promise<void> {
    const operator = this.#as("operator");
    const { days } = this.options;
    if (day === this.#first + Math.floor(days / 2)) {
      await createRuleVersion(operator, {
        ruleId: this.#general,
        effectiveFrom: new Date(this.#startOf(day + 1)),
        definition: redemptionRule({
          commissionRate: "0.018",
          bySchedule: true,
          funding: [{ party: "platform", share: "1" }],
        }),
        note: "让利商户，佣金降至 1.8%，交易额大的再按方案优惠",
      });
      await publishFees(operator, this.#merchants, isoDate(day + 1));
    }
    if (day === this.#today - 2) {
      await createRuleVersion(operator, {
        ruleId: this.#general,
        effectiveFrom: new Date(this.#startOf(this.#today + 10)),
        definition: redemptionRule({
          commissionRate: "0.018",
          bySchedule: true,
          feeBearer: "merchant",
          funding: [{ party: "platform", share: "1" }],
        }),
        note: "渠道手续费改由商户承担",
      });
      await reviseFees(operator, firstOfNextMonth(this.#today));
    }
    for (const campaign of this.#campaigns) {
      const isOver = campaign.key === "festival" && day === campaign.to + 1;
      const isPaused = campaign.key === "member" && day === this.#today - 4 && days > 20;
      if (isOver) await endCampaign(operator, { id: campaign.id });
      if (isPaused) await pauseCampaign(operator, { id: campaign.id });
      if (isOver || isPaused) this.#stopped.add(campaign.key);
    }
    if (day % 6 === 0) await this.#takeBack();
  }
  readonly #stopped = new Set<string>();

  async #takeBack(): Promise<void> {
    const full = this.#campaigns.filter((one) => one.pool.length > 20);
    if (full.length === 0) return;
    const campaign = this.#random.pick(full);
    const taken = Array.from({ length: this.#random.int(1, 4) }, () => this.#take(campaign.pool));
    const voucherIds = taken.map((one) => one.voucherId);
    await voidVouchers(this.#as("support"), { voucherIds, reason: this.#random.pick(VOID_REASONS) });
  }

  #take(pool: Held[]): Held {
    const at = this.#random.int(0, pool.length - 1);
    const found = pool[at];
    const last = pool.pop();
    if (!found || !last) throw new Error("an empty pool");
    if (found !== last) pool[at] = last;
    return found;
  }

  // ── at the tills ──

  async #redeem(times: readonly number[]): Promise<void> {
    const together: Planned[] = [];
    const alone: Planned[] = [];
    for (const at of times) {
      const planned = this.#plan(at);
      if (planned) (planned.campaign.verification === "dynamic" ? alone : together).push(planned);
    }
    const end = this.#clock.now().getTime();
    for (let from = 0; from < together.length; from += 500) {
      const part = together.slice(from, from + 500);
      const { result } = await redeemBatch(this.#till, { items: part.map((one) => one.item) });
      this.#settle(part, result);
    }
    // A rotating code is good for half a minute: these are redeemed when they happen, by what the phone shows.
    for (const planned of alone) {
      this.#clock.set(planned.at);
      const token = planned.voucher.walletPath.split("/").at(-1) ?? "";
      const { rotating } = await walletView(this.db, this.#tenant.slug, token, this.#clock);
      const item = { ...planned.item, voucherId: undefined, redeemedAt: undefined, code: rotating?.qr };
      const { result } = await redeemBatch(this.#till, { items: [item] });
      this.#settle([planned], result);
    }
    this.#clock.set(end);
  }

  #plan(at: number): Planned | null {
    const day = this.#zone.dayOf(at);
    const open = this.#campaigns.filter(
      (one) => one.pool.length > 0 && day >= one.from && day <= one.to && !this.#stopped.has(one.key),
    );
    if (open.length === 0) return null;
    const campaign = this.#random.weighted(open, (one) => one.weight);
    const merchant = this.#random.weighted(campaign.merchants, (one) => one.weight);
    const voucher = this.#take(campaign.pool);
    if (voucher.validTo <= at) return null; // it expires unused
    if (voucher.issuedAt > at) {
      campaign.pool.push(voucher);
      return null;
    }
    this.#orders += 1;
    const item: RedeemItem = {
      voucherId: voucher.voucherId,
      merchantId: merchant.id,
      orderAmount: this.#orderAmount(campaign, merchant),
      orderRef: `${merchant.number}-${isoDate(day).replaceAll("-", "")}-${String(this.#orders).padStart(6, "0")}`,
      redeemedAt: new Date(at),
    };
    if (campaign.productCodes) {
      const price = BigInt(this.#random.int(90, 210) * 10);
      const productCode = this.#random.pick(campaign.productCodes);
      if (item.orderAmount < price) item.orderAmount = price;
      item.lines = [{ productCode, amount: price }];
    }
    return { at, campaign, voucher, item };
  }

  /** Fen; most near the usual order, few far above. */
  #orderAmount(campaign: Campaign, merchant: Merchant): bigint {
    const [least, most, usual] = ORDERS[merchant.category];
    const spread = (this.#random.next() + this.#random.next() + this.#random.next()) / 3; // around a half
    const yuan =
      spread < 0.5 ? least + (usual - least) * 2 * spread : usual + (most - usual) * (2 * spread - 1) ** 2;
    const cents = this.#random.weighted(PRICE_ENDS, (one) => one.weight).fen;
    const fen = Math.floor(yuan) * 100 + cents;
    const minimum = campaign.minimum ?? 0;
    return BigInt(fen >= minimum ? fen : minimum + this.#random.int(0, 40) * 100 + cents);
  }

  #settle(planned: readonly Planned[], outcomes: readonly RedeemOutcome[]): void {
    outcomes.forEach((outcome, i) => {
      const one = planned[i];
      if (!one) return;
      if (!outcome.ok) {
        this.#summary.refused += 1;
        return;
      }
      this.#summary.redemptions += 1;
      const { receipt } = outcome;
      if (receipt.balance !== null && receipt.balance > 0n) {
        one.campaign.pool.push({ ...one.voucher, balance: receipt.balance });
        return;
      }
      const { redemptionId, payable } = receipt;
      const soon = one.at + this.#random.int(10, 60 * 24 * 2) * MINUTE;
      if (this.#random.chance(0.006)) this.#refunds.push({ at: soon, redemptionId, amount: null });
      else if (payable >= 4_000n && this.#random.chance(0.005)) {
        const amount = (payable * BigInt(this.#random.int(15, 60))) / 100n;
        this.#refunds.push({ at: soon, redemptionId, amount });
      }
    });
  }

  async #refund(until: number): Promise<void> {
    const due = this.#refunds.filter((one) => one.at <= until).sort((a, b) => a.at - b.at);
    if (due.length === 0) return;
    this.#refunds = this.#refunds.filter((one) => one.at > until);
    await withTransaction(this.#as("support"), async (ctx) => {
      for (const { redemptionId, amount } of due) {
        await reverseRedemption(ctx, { redemptionId, amount, reason: this.#random.pick(REFUND_REASONS) });
      }
    });
    this.#summary.refunds += due.length;
  }

  // ── paying ──

  /** Finance pays on working days what was closed up to yesterday; brands pay us some days later. */
  async #pay(day: number): Promise<void> {
    const working =
      this.#holidays.get(day) === false || (this.#holidays.get(day) === undefined && weekdayOf(day) < 6);
    if (!working || day > this.#today - 1) return;
    const now = this.#clock.now();
    const rows = await inTenant(
      this.db,
      this.#tenant.id,
      (tx) => rawSql(tx)<{ id: string; kind: string; due_through: string }[]>`
        select s.id, a.kind, s.due_through from statements s
        join accounts a on a.tenant_id = s.tenant_id and a.id = s.account_id
        where s.tenant_id = ${this.#tenant.id} and s.state = 'draft' order by s.id`,
    );
    const paid = rows.filter((row) => {
      const age = now.getTime() - new Date(row.due_through).getTime();
      return row.kind === "payable" ? age < 60 * DAY : age > 5 * DAY && this.#random.chance(0.35);
    });
    if (paid.length === 0) return;
    const stamp = isoDate(day).replaceAll("-", "");
    const payments = paid.map(({ id, kind }) => {
      this.#payments += 1;
      const number = String(this.#payments).padStart(6, "0");
      return {
        statementId: id,
        bankReference: `${kind === "payable" ? "网银付款" : "来账"} ${stamp}-${number}`,
        paidAt: now,
      };
    });
    for (let from = 0; from < payments.length; from += 1_000) {
      await recordPayments(this.#as("finance"), { payments: payments.slice(from, from + 1_000) });
    }
  }
}

/** Weights of the hours of a day. */
const HOURS = [
  2, 1, 0.5, 0.3, 0.3, 0.6, 3, 12, 22, 20, 24, 48, 62, 40, 26, 26, 30, 46, 66, 70, 52, 34, 16, 6,
];
const PRICE_ENDS = [
  { fen: 0, weight: 5 },
  { fen: 50, weight: 2 },
  { fen: 80, weight: 2 },
  { fen: 90, weight: 3 },
  { fen: 99, weight: 1 },
  { fen: 37, weight: 1 },
];

/** Sets variables of the environment; what it returns puts back what was there. */
function borrowEnv(values: Record<string, string>): () => void {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, values);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

export function emailOf(slug: string, address: string): string {
  return slug === "demo" ? address : address.replace("@", `@${slug}.`);
}

function personOf(role: (typeof PEOPLE)[number]["role"]): (typeof PEOPLE)[number] {
  const found = PEOPLE.find((person) => person.role === role);
  if (!found) throw new Error(`nobody is ${role}`);
  return found;
}

function mobile(random: Random): string {
  return `13${random.int(0, 9)}****${String(random.int(0, 9_999)).padStart(4, "0")}`;
}
