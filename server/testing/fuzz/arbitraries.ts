import fc, { type GeneratorValue } from "fast-check";
import { ROUNDING_MODES } from "@/server/core/money";
import { FEE_METHODS, type FeeScheduleDefinition } from "@/server/domain/clearing/fees/schemas";
import {
  BASES,
  type Base,
  FEE_BEARERS,
  type FundingShare,
  type LegAmount,
  type LegDefinition,
  type SplitRuleDefinition,
  type TradeKind,
} from "@/server/domain/clearing/schemas";

/**
 * Random rules, fee schedules and trades that the language allows, by construction: what they come to may still be
 * refused (a merchant left with less than nothing, say), and is then refused whole.
 */
export const CURRENCY = "CNY";

/** Draws of one generated value; shrinks and replays like any arbitrary. */
class Draw {
  constructor(private readonly g: GeneratorValue) {}
  int(min: number, max: number): number {
    return this.g(fc.integer, { min, max });
  }
  chance(percent: number): boolean {
    return this.int(0, 99) < percent;
  }
  of<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)] as T;
  }
  maybe<T>(percent: number, make: () => T): T | undefined {
    return this.chance(percent) ? make() : undefined;
  }
  /** Minor units: of every size, with a liking for the round. */
  money(max: number): bigint {
    const size = this.of([9, 999, 9_999, 99_999, max, max]);
    const amount = BigInt(this.int(0, Math.min(size, max)));
    const step = this.of([1n, 1n, 50n, 100n]);
    return (amount / step) * step;
  }
  /** At most `max` millionths, as a rate. */
  rate(max: number): string {
    // some whose products often lie halfway between two units
    const usual = this.of([0, 5_000, 10_000, 15_000, 30_000].filter((one) => one <= max));
    const millionths = this.of([usual, this.int(0, max / 1000) * 1000, this.int(0, max)]);
    return rateOf(millionths);
  }
}

const drawn = <T>(make: (draw: Draw) => T) => fc.gen().map((g) => make(new Draw(g)));

function rateOf(millionths: number): string {
  const text = (millionths / 1_000_000).toFixed(6);
  return text.replace(/\.?0+$/, "");
}

/** Shares of 1 among the parties, some of them nothing. */
function sharesOf(draw: Draw, parties: readonly string[]): FundingShare[] {
  if (parties.length === 0) return [];
  const cuts = parties.slice(1).map(() => draw.of([draw.int(0, 1_000_000), 333_333, 500_000, 666_667]));
  const edges = [0, ...cuts.sort((a, b) => a - b), 1_000_000];
  return parties.map((party, i) => ({
    party,
    share: rateOf((edges[i + 1] ?? 0) - (edges[i] ?? 0)),
    ...(draw.chance(40) && { priority: draw.int(0, 3) }),
  }));
}

// ── rules ──

/** Who may pay and be paid by legs that are neither the payer's nor a funder's. */
const PARTIES: Record<TradeKind, readonly string[]> = {
  redemption: ["platform", "merchant", "brand", "channel"],
  card_sale: ["platform", "supplier", "distributor", "upline:1", "upline:2", "channel"],
  stored_value: ["platform", "merchant", "brand", "channel"],
};
const FUNDERS: Record<TradeKind, readonly string[]> = {
  redemption: ["brand", "platform", "merchant", "channel"],
  card_sale: [],
  stored_value: ["brand", "platform", "merchant", "channel"],
};

class RuleMaker {
  readonly legs: LegDefinition[] = [];
  constructor(
    private readonly draw: Draw,
    private readonly kind: TradeKind,
  ) {}

  add(code: string, leg: Omit<LegDefinition, "code">): void {
    const taken = this.legs.some((one) => one.code === code);
    this.legs.push({ code: taken ? `${code}_${this.legs.length}` : code, ...leg });
  }

  base(): Base {
    const { draw, kind } = this;
    const bases = BASES.filter(
      (base) => kind === "card_sale" || (base !== "face" && base !== "net_of_markup"),
    );
    const funder = draw.of(["brand", "platform", "merchant"]);
    return kind !== "card_sale" && draw.chance(20) ? `funding:${funder}` : draw.of(bases);
  }

  /** A leg of a rate, or a fixed amount, or by fee schedule, between two parties (or from the payer). */
  share(code: string, from: string, to: string): void {
    const { draw } = this;
    const most = from === "payer" ? 60_000 : 40_000;
    const kind = draw.int(0, 9);
    if (kind < 2) {
      const amount: LegAmount = { kind: "fixed", amount: `${draw.money(60)}` };
      this.add(code, { from, to, amount });
      return;
    }
    const base = this.base();
    if (kind < 7 && isScheduled(from, to)) {
      this.add(code, { from, to, amount: { kind: "fee_schedule", rate: draw.rate(most) }, base });
      return;
    }
    this.add(code, {
      from,
      to,
      amount: { kind: "rate", rate: draw.rate(most), ...(draw.chance(30) && { agreed: true as const }) },
      base,
      ...this.bounds(200),
      ...(draw.chance(70) && { rounding: draw.of(ROUNDING_MODES) }),
    });
  }

  bounds(most: number): Pick<LegDefinition, "min" | "max"> {
    const { draw } = this;
    const min = draw.maybe(25, () => draw.money(most / 4));
    const max = draw.maybe(25, () => (min ?? 0n) + draw.money(most * 20));
    return { ...(min !== undefined && { min: `${min}` }), ...(max !== undefined && { max: `${max}` }) };
  }

  collected(): void {
    const { draw, kind } = this;
    if (kind === "stored_value") {
      this.add("stored_value.issued", { from: "payer", to: "programme", amount: { kind: "paid" } });
      return;
    }
    if (kind === "redemption" && draw.chance(60)) {
      this.add("sale.collected", { from: "payer", to: "merchant", amount: { kind: "paid" } });
      return;
    }
    if (kind === "card_sale") {
      this.add("card.supplier", { from: "payer", to: "supplier", amount: { kind: "supplier_cost" } });
      if (draw.chance(80))
        this.add("card.markup", { from: "payer", to: "distributor", amount: { kind: "markup" } });
    }
    const [rest = "platform", ...others] =
      kind === "card_sale" ? PARTIES.card_sale : ["merchant", "platform", "brand"];
    for (const to of others)
      if (to !== "channel" && draw.chance(50)) this.share(codeOf(kind, to), "payer", to);
    this.add(kind === "card_sale" ? "card.margin" : "sale.rest", {
      from: "payer",
      to: rest,
      amount: { kind: "remainder" },
    });
  }

  build(): SplitRuleDefinition {
    const { draw, kind } = this;
    this.collected();
    const funders = FUNDERS[kind].filter(() => draw.chance(75));
    for (const party of FUNDERS[kind]) {
      if (party === "merchant" && kind === "redemption") continue;
      // each of them, so that campaigns may name whom they like
      const to = kind === "redemption" ? "merchant" : "programme";
      this.add(`subsidy.${party}`, { from: party, to, amount: { kind: "funding" } });
    }
    if (kind === "redemption")
      this.add("stored_value.redeemed", {
        from: "programme",
        to: "merchant",
        amount: { kind: "stored_value" },
      });
    for (let i = draw.int(0, 3); i > 0; i--) {
      const from = draw.of(PARTIES[kind]);
      const to = draw.of(PARTIES[kind].filter((party) => party !== from));
      // a party of a gift card's loading stands in its trade by name alone
      this.share(codeOf(kind, from === "merchant" || from === "distributor" ? from : to), from, to);
    }
    if (draw.chance(80))
      this.add("fee.channel", {
        from: "fee_bearer",
        to: "channel",
        amount: { kind: "channel_fee" },
        ...this.bounds(100),
        ...(draw.chance(50) && { rounding: draw.of(ROUNDING_MODES) }),
      });
    const bearers = FEE_BEARERS.filter(
      (bearer) => bearer !== (kind === "card_sale" ? "merchant" : "distributor"),
    );
    return {
      currency: CURRENCY,
      funding: sharesOf(draw, funders),
      legs: this.legs,
      feeBearer: draw.of(bearers),
    };
  }
}

function codeOf(kind: TradeKind, party: string): string {
  if (party === "channel") return "channel.share"; // "fee.channel" is its fee
  if (kind !== "card_sale") return party === "merchant" ? "fee.commission" : `fee.${party}`;
  return party === "distributor" ? "card.commission" : `card.${party.replace(":", "_")}`;
}

function isScheduled(from: string, to: string): boolean {
  const counted = (ref: string) => ref === "merchant" || ref === "distributor" || ref.startsWith("upline:");
  return counted(from) ? to === "platform" : counted(to) && (from === "platform" || from === "payer");
}

export const anyRule = (kind: TradeKind) => drawn((draw) => new RuleMaker(draw, kind).build());

/** Shares as a campaign has them; empty for "as the rule says". A loading knows no merchant. */
export const anyCampaignShares = drawn((draw) =>
  draw.chance(30)
    ? []
    : sharesOf(
        draw,
        ["brand", "platform", "merchant"].filter(() => draw.chance(70)),
      ),
);

// ── fee schedules ──

/** Months reach a million: bands lie where a few dozen trades go through several. */
export const anySchedule = (appliesTo: FeeScheduleDefinition["appliesTo"], isChannel = false) =>
  drawn((draw): FeeScheduleDefinition => {
    const method = draw.of(FEE_METHODS);
    const edges = new Set([0]);
    if (method !== "flat") for (let i = draw.int(0, 4); i > 0; i--) edges.add(draw.int(1, 400_000));
    const bounded = isChannel && method === "flat" ? 0 : 30;
    const min = draw.maybe(bounded, () => draw.money(method === "flat" ? 30 : 2_000));
    const max = draw.maybe(bounded, () => (min ?? 0n) + draw.money(method === "flat" ? 500 : 20_000));
    return {
      method,
      bands: [...edges].sort((a, b) => a - b).map((from) => ({ from: `${from}`, rate: draw.rate(30_000) })),
      ...(!isChannel && draw.chance(30) && { fixed: `${draw.money(30)}` }),
      ...(min !== undefined && { min: `${min}` }),
      ...(max !== undefined && { max: `${max}` }),
      ...(draw.chance(60) && { rounding: draw.of(ROUNDING_MODES) }),
      ...(isChannel && draw.chance(40) && { bearer: draw.of(["platform", "proportional"] as const) }),
      appliesTo,
    };
  });

// ── trades ──

/** Amounts of a trade that fit together, and who collected. Roles are played by whoever the caller says. */
export interface SomeTrade {
  kind: TradeKind;
  gross: bigint;
  discount: bigint;
  paid: bigint;
  /** Of a redemption: what a gift card gave. */
  drawn: bigint;
  collectedBy: "platform" | "merchant" | "wallet";
  /** Exact amounts of funders, for brand, platform and merchant, instead of shares. */
  funding: readonly [bigint, bigint, bigint] | null;
  face: bigint;
  cost: bigint;
  markup: bigint;
  supplierTerms: "credit" | "prepaid";
  /** Its own rate of the distributor. */
  ownRate: string | null;
  feeBearer: "platform" | "distributor" | "proportional" | null;
  feeMin: bigint | null;
  feeMax: bigint | null;
  /** For choosing parties, campaigns, moments. */
  dice: readonly number[];
}

export const anyTrade = (kind: TradeKind) =>
  drawn((draw): SomeTrade => {
    const cards = kind === "card_sale";
    // nobody loads a gift card with nothing
    const gross = draw.money(300_000) + (kind === "stored_value" ? 1n : 0n);
    const part = (of: bigint) => (of * BigInt(draw.of([0, 0, draw.int(0, 100), 20, 100]))) / 100n;
    const discount = cards ? 0n : part(gross);
    const onCard = kind === "redemption" && draw.chance(35) ? part(gross - discount) : 0n;
    const paid = gross - discount - onCard;
    const byBrand = part(discount);
    const byPlatform = part(discount - byBrand);
    const feeMin = draw.maybe(15, () => draw.money(50)) ?? null;
    return {
      kind,
      gross,
      discount,
      paid,
      drawn: onCard,
      collectedBy: cards
        ? draw.of(["platform", "platform", "wallet"] as const)
        : kind === "stored_value"
          ? "platform"
          : draw.of(["platform", "platform", "merchant"] as const),
      funding:
        !cards && kind !== "stored_value" && draw.chance(20)
          ? [byBrand, byPlatform, discount - byBrand - byPlatform]
          : null,
      face: gross,
      cost: (paid * BigInt(draw.int(0, 97))) / 100n,
      markup: (paid * BigInt(draw.of([0, 0, 1, 2]))) / 100n,
      supplierTerms: draw.of(["credit", "prepaid"] as const),
      ownRate: draw.maybe(40, () => draw.rate(20_000)) ?? null,
      feeBearer: draw.maybe(40, () => draw.of(["platform", "distributor", "proportional"] as const)) ?? null,
      feeMin,
      feeMax: draw.maybe(15, () => (feeMin ?? 0n) + draw.money(500)) ?? null,
      dice: Array.from({ length: 12 }, () => draw.int(0, 1_000_000)),
    };
  });

export const anyKind = fc.constantFrom<TradeKind>("redemption", "redemption", "card_sale", "stored_value");

/** Random from the seed that KAQING_FUZZ_SEED names, or else from the clock; a failure tells it. */
export const FUZZ_SEED = Number(process.env.KAQING_FUZZ_SEED ?? Date.now() % 2 ** 31);
