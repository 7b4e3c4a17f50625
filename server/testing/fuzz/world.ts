import fc from "fast-check";
import { type Database, inTenant, rawSql } from "@/db/client";
import { accounts, campaigns, products } from "@/db/schema";
import type { FundingShare } from "@/db/schema/types";
import { isDomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import {
  type Cleared,
  clearTrades,
  createFeeSchedule,
  createRule,
  createRuleVersion,
  postCleared,
  type RuleScope,
  reverseTrade,
  saveFeeDraft,
  submitFeeDraft,
  type TradeKind,
  type TradeToClear,
  validateDefinition,
} from "@/server/domain/clearing";
import { openBooks } from "@/server/domain/ledger";
import { makeParty, makeTenant, TestClock, type TestTenant } from "../factories";
import {
  anyCampaignShares,
  anyKind,
  anyRule,
  anySchedule,
  anyTrade,
  CURRENCY,
  type SomeTrade,
} from "./arbitraries";

type Party = Awaited<ReturnType<typeof makeParty>>;
const KINDS = ["redemption", "card_sale", "stored_value"] as const;
const TIERS = ["gold", "silver"];

/** A clearing house with random rules and fee schedules; the same seed makes the same one. */
export class FuzzWorld {
  readonly posted: Cleared[] = [];
  readonly refused = new Map<string, number>();
  reversals = 0;
  merchants: Party[] = [];
  brands: Party[] = [];
  channels: Party[] = [];
  suppliers: Party[] = [];
  /** Each was recruited by the one before it. */
  distributors: Party[] = [];
  readonly products = [newId(), newId()];
  readonly campaigns: { id: string; funding: FundingShare[] }[] = [];
  readonly rules: { id: string; kind: TradeKind }[] = [];
  readonly schedules: { id: string; isChannel: boolean; scope: Scope; appliesTo: AppliesTo }[] = [];
  #drawn = 0;

  private constructor(
    readonly t: TestTenant,
    readonly seed: number,
  ) {}

  static async open(owner: Database, db: Database, seed: number): Promise<FuzzWorld> {
    const t = await makeTenant(owner, db, { clock: new TestClock("2026-11-27T04:00:00.000Z") });
    const world = new FuzzWorld(t, seed);
    await world.#settle();
    return world;
  }

  /** The next value of an arbitrary. */
  draw<T>(arbitrary: fc.Arbitrary<T>): T {
    this.#drawn += 1;
    const [value] = fc.sample(arbitrary, { numRuns: 1, seed: (this.seed + this.#drawn * 7919) % 2 ** 31 });
    return value as T;
  }
  int(max: number): number {
    return this.draw(fc.integer({ min: 0, max }));
  }
  of<T>(list: readonly T[]): T {
    return list[this.int(list.length - 1)] as T;
  }

  async #settle(): Promise<void> {
    const { t } = this;
    for (let i = 0; i < 3; i++) this.merchants.push(await makeParty(t, "merchant"));
    for (let i = 0; i < 2; i++) this.brands.push(await makeParty(t, "brand", { cycle: { kind: "monthly" } }));
    for (const refunds of [true, false])
      this.channels.push(
        await makeParty(t, "channel", {
          channelFeeRate: refunds ? "0.006" : "0.0038",
          channelRefundsFee: refunds,
        }),
      );
    for (let i = 0; i < 2; i++) this.suppliers.push(await makeParty(t, "supplier"));
    for (let i = 0; i < 3; i++) this.distributors.push(await makeParty(t, "distributor"));
    await this.#openOffers();
    await this.#allowDebts();
    for (const kind of KINDS) {
      await this.#rule(kind, {}, -1);
      for (let i = 0; i < 5; i++) await this.#rule(kind, this.#scope(kind), this.int(2));
    }
    for (const [role, leg, party] of [
      ["merchant", "fee.commission", this.merchants[0]],
      ["distributor", "card.commission", this.distributors[2]],
      ["distributor", "card.upline_1", this.distributors[1]],
      ["channel", "fee.channel", this.channels[0]],
    ] as const) {
      // not all are priced by one: others by the rate of their leg, or of their channel
      if (role !== "channel" && this.int(2) > 0)
        await this.#schedule({ role, leg }, { everyone: true, tiers: [], parties: [] });
      if (role === "distributor")
        await this.#schedule({ role, leg }, { everyone: false, tiers: [this.of(TIERS)], parties: [] });
      await this.#schedule({ role, leg }, { everyone: false, tiers: [], parties: [party?.id ?? ""] });
    }
  }

  async #openOffers(): Promise<void> {
    const { t } = this;
    await inTenant(t.system.db, t.tenant.id, async (tx) => {
      await rawSql(tx)`
        insert into tiers (tenant_id, code, name, rank, min_volume, currency, created_at)
        select ${t.tenant.id}, code, code, place, 0, ${CURRENCY}, now() from unnest(${TIERS}::text[]) with ordinality as n (code, place)`;
      for (const [i, id] of this.products.entries()) {
        await tx.insert(products).values({
          tenantId: t.tenant.id,
          id,
          number: `P-${i}`,
          supplierId: this.suppliers[0]?.id ?? "",
          name: `Product ${i}`,
          face: 10_000n,
          currency: CURRENCY,
          status: "on_sale",
          createdAt: t.clock.now(),
          updatedAt: t.clock.now(),
        });
      }
      for (let i = 0; i < 5; i++) {
        const campaign = { id: newId(), funding: this.draw(anyCampaignShares) };
        this.campaigns.push(campaign);
        await tx.insert(campaigns).values({
          tenantId: t.tenant.id,
          ...campaign,
          number: `C-${i}`,
          name: `Campaign ${i}`,
          status: "active",
          type: "fixed",
          currency: CURRENCY,
          terms: { type: "fixed", amount: "100" },
          verification: "static",
          collectedBy: "platform",
          createdAt: t.clock.now(),
          updatedAt: t.clock.now(),
        });
      }
    });
  }

  /** Wallets and gift-card programmes that may be drawn on without having been filled: that is tested elsewhere. */
  async #allowDebts(): Promise<void> {
    const { t } = this;
    const strict = [
      ...this.distributors.map(({ id }) => ({ partyId: id, kind: "wallet" as const, ref: "" })),
      ...this.campaigns.map(({ id }) => ({
        partyId: t.tenant.platformPartyId,
        kind: "stored_value" as const,
        ref: id,
      })),
    ];
    await inTenant(t.system.db, t.tenant.id, (tx) =>
      tx.insert(accounts).values(
        strict.map((account) => ({
          tenantId: t.tenant.id,
          id: newId(),
          ...account,
          currency: CURRENCY,
          strict: true,
          floor: -1_000_000_000_000n,
          createdAt: t.clock.now(),
        })),
      ),
    );
  }

  #scope(kind: TradeKind): Omit<RuleScope, "tradeKind"> {
    const names = <T>(make: () => T): T | undefined => (this.int(2) === 0 ? make() : undefined);
    return kind === "card_sale"
      ? {
          productId: names(() => this.of(this.products)),
          channelId: names(() => this.of(this.channels).id),
          tier: names(() => this.of(TIERS)),
        }
      : {
          campaignId: names(() => this.of(this.campaigns).id),
          merchantId: names(() => this.of(this.merchants).id),
          channelId: names(() => this.of(this.channels).id),
        };
  }

  /** One that an order's books can be told by: a card's cost and mark-up are passed on. */
  #definition(kind: TradeKind) {
    for (;;) {
      const definition = this.draw(anyRule(kind));
      const carries = definition.legs.some(({ amount }) => amount.kind === "markup");
      if (kind !== "card_sale" || carries) {
        if (validateDefinition(definition, kind).length > 0)
          throw new Error(`not a rule: ${JSON.stringify(definition)}`);
        return definition;
      }
    }
  }

  async #rule(kind: TradeKind, scope: Omit<RuleScope, "tradeKind">, priority: number): Promise<void> {
    const id = await createRule(this.t.as("operator"), {
      name: `${kind} ${this.rules.length}`,
      scope: { tradeKind: kind, ...scope },
      priority,
      definition: this.#definition(kind),
    });
    this.rules.push({ id, kind });
  }

  async #schedule({ role, leg }: Omit<Scope, "currency">, appliesTo: AppliesTo): Promise<void> {
    const isChannel = role === "channel";
    const scope = { role, leg, currency: CURRENCY };
    const id = await createFeeSchedule(this.t.as("operator"), {
      name: `${leg} ${this.schedules.length}`,
      scope,
      definition: this.draw(anySchedule(appliesTo, isChannel)),
    });
    this.schedules.push({ id, isChannel, scope, appliesTo });
  }

  /** New versions of some rules, at once; and of a fee schedule, from a month on. */
  async change(month: string): Promise<void> {
    this.t.clock.advance({ minutes: 1 }); // what was sold in the moment of publishing would be neither's
    for (let i = 0; i < 4; i++) {
      const { id, kind } = this.of(this.rules);
      await orUnchanged(
        createRuleVersion(this.t.as("operator"), { ruleId: id, definition: this.#definition(kind) }),
      );
    }
    const { id, scope, appliesTo, isChannel } = this.of(this.schedules);
    const draft = await saveFeeDraft(this.t.as("operator"), {
      scheduleId: id,
      name: "changed",
      scope,
      definition: this.draw(anySchedule(appliesTo, isChannel)),
      effectiveFrom: `${month}-01`,
      note: "",
    });
    await orUnchanged(
      submitFeeDraft(this.t.as("operator"), { scheduleId: id, revision: draft.revision, publish: true }),
    );
  }

  /** Clears and posts some trades in one transaction; those that a rule refuses are counted and left out. */
  async post(count: number): Promise<void> {
    const trades = Array.from({ length: count }, () => this.#trade(this.draw(anyKindTrade)));
    await withTransaction(this.t.system, async (ctx) => {
      const books = await openBooks(ctx);
      const answers = await clearTrades(ctx, books, trades);
      const good: Cleared[] = [];
      for (const answer of answers) {
        if (isDomainError(answer)) this.refused.set(answer.code, (this.refused.get(answer.code) ?? 0) + 1);
        else good.push(answer);
      }
      await postCleared(ctx, books, good);
      this.posted.push(...good);
    });
  }

  #trade(some: SomeTrade): TradeToClear {
    const { kind, dice } = some;
    const pick = <T>(list: readonly T[], i: number) => list[(dice[i] ?? 0) % list.length] as T;
    const now = this.t.clock.now().getTime();
    const common = {
      kind,
      // late ones, too
      tradedAt: new Date(now - ((dice[0] ?? 0) % 4 === 0 ? ((dice[1] ?? 0) % 3_600) * 1000 : 0)),
      currency: CURRENCY,
      discount: some.discount,
      paid: some.paid,
      voucherId: null,
      collectedBy: some.collectedBy,
      channelId: pick(this.channels, 2).id,
    };
    if (kind === "card_sale") {
      const place = (dice[3] ?? 0) % this.distributors.length;
      const seller = this.distributors[place]?.id ?? "";
      return {
        ...common,
        gross: some.paid,
        merchantId: null,
        brandId: null,
        campaignId: null,
        card: {
          productId: pick(this.products, 4),
          supplierId: pick(this.suppliers, 5).id,
          distributorId: seller,
          orderId: newId(),
          terms: {
            face: `${some.face}`,
            cost: `${some.cost}`,
            markup: `${some.markup}`,
            tier: pick(TIERS, 6),
            uplines: this.distributors
              .slice(0, place)
              .map(({ id }) => id)
              .reverse(),
            supplierTerms: some.supplierTerms,
            ...(some.ownRate !== null && { rates: { [seller]: some.ownRate } }),
            ...(some.feeBearer !== null && { feeBearer: some.feeBearer }),
            ...(some.feeMin !== null && { feeMin: `${some.feeMin}` }),
            ...(some.feeMax !== null && { feeMax: `${some.feeMax}` }),
          },
        },
      };
    }
    const brand = pick(this.brands, 3).id;
    const merchant = pick(this.merchants, 4).id;
    const campaign =
      kind === "stored_value" || some.drawn > 0n || (dice[5] ?? 0) % 2 === 0 ? pick(this.campaigns, 6) : null;
    return {
      ...common,
      gross: some.gross,
      merchantId: merchant,
      brandId: brand,
      campaignId: campaign?.id ?? null,
      fundingShares: campaign?.funding,
      ...(some.funding && {
        fundingAmounts: [brand, this.t.tenant.platformPartyId, merchant].map((partyId, i) => ({
          partyId,
          amount: some.funding?.[i] ?? 0n,
        })),
      }),
      ...(kind === "redemption" && some.drawn > 0n && { storedValue: some.drawn }),
    };
  }

  /** Gives back some of what was posted: whole, in parts, or what is left of it. */
  async refund(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const { trade } = this.of(this.posted);
      if (trade.kind === "stored_value") continue;
      const given = trade.gross - trade.discount;
      const percent = this.of([100, 100, 1, 10, 33, 50]);
      const part = (given * BigInt(percent)) / 100n;
      try {
        await withTransaction(this.t.system, (ctx) =>
          reverseTrade(ctx, {
            tradeId: trade.id,
            reason: "fuzz",
            exchange: false,
            ...(percent < 100 && part > 0n && { amount: part }),
          }),
        );
        this.reversals += 1;
      } catch (error) {
        if (!isDomainError(error)) throw error;
        this.refused.set(error.code, (this.refused.get(error.code) ?? 0) + 1);
      }
    }
  }
}

interface Scope {
  role: "merchant" | "distributor" | "channel";
  leg: string;
  currency: string;
}
interface AppliesTo {
  everyone: boolean;
  tiers: string[];
  parties: string[];
}
const anyKindTrade = anyKind.chain(anyTrade);

/** What was drawn may be what is in force. */
async function orUnchanged(work: Promise<unknown>): Promise<void> {
  await work.catch((error) => {
    if (!isDomainError(error) || error.code !== "RULE_UNCHANGED") throw error;
  });
}
