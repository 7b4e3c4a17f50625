import { draftOfDefinition } from "@/server/domain/clearing/draft";
import {
  type AmountKind,
  BASES,
  type DraftDefinition,
  type DraftLeg,
  type FeeBearer,
  ROLES_IN_TRADE,
  type RuleScope,
  type SplitRuleDefinition,
  type TradeKind,
} from "@/server/domain/clearing/schemas";
import { cardSaleRule, redemptionRule, storedValueRule } from "@/server/domain/clearing/standard";

/** What the editor holds. Values are as they could be read: null while there is nothing, or nothing that can be. */
export interface RuleDoc {
  name: string;
  scope: RuleScope;
  priority: number;
  currency: string;
  funding: ShareRow[];
  legs: LegRow[];
  feeBearer: FeeBearer;
  /** A day of the tenant's zone; null: as soon as it is published. */
  effectiveFrom: string | null;
  note: string;
  /** The trades that the rule has to come out right for; amounts in minor units. */
  checked: { from: string | null; to: string | null; share: string | null };
}

export interface ShareRow {
  key: string;
  party: string;
  share: string | null;
  priority?: number;
}

export interface LegRow {
  key: string;
  code: string;
  from: string;
  to: string;
  kind: AmountKind;
  /** Kept while another kind is tried. */
  rate: string | null;
  amount: string | null;
  agreed: boolean;
  base: string;
  rounding: "half_up" | "half_even" | "down" | "up";
  min: string | null;
  max: string | null;
}

let made = 0;
/** Keys are for the screen alone. */
const newKey = () => {
  made += 1;
  return `r${made}`;
};

// ── from and to drafts ──

export function docOf(
  definition: DraftDefinition,
  rest: Pick<RuleDoc, "name" | "scope" | "priority" | "effectiveFrom" | "note" | "checked">,
): RuleDoc {
  return {
    ...rest,
    currency: definition.currency ?? "",
    funding: definition.funding.map((share) => ({ key: newKey(), ...share })),
    legs: definition.legs.map(legRow),
    feeBearer: definition.feeBearer,
  };
}

function legRow({ code, from, to, amount, base, rounding, min, max }: DraftLeg): LegRow {
  return {
    key: newKey(),
    code,
    from,
    to,
    kind: amount.kind,
    rate: amount.rate ?? null,
    amount: amount.amount ?? null,
    agreed: amount.agreed === true,
    base: base ?? "gross",
    rounding: rounding ?? "half_up",
    min: min ?? null,
    max: max ?? null,
  };
}

export function draftOf({ currency, funding, legs, feeBearer }: RuleDoc): DraftDefinition {
  const bounded = legs.some(
    ({ kind, min, max }) => kind === "fixed" || (rounds(kind) && (min ?? max) !== null),
  );
  return {
    // a rule without amounts serves every currency
    ...(bounded && currency !== "" && { currency }),
    funding: funding.map(({ key: _, ...share }) => share),
    legs: legs.map(draftLeg),
    feeBearer,
  };
}

function draftLeg(leg: LegRow): DraftLeg {
  const { code, from, to, kind, rate, amount, agreed, base, rounding, min, max } = leg;
  return {
    code,
    from,
    to,
    amount: {
      kind,
      ...(rated(kind) && { rate }),
      ...(rated(kind) && agreed && { agreed: true as const }),
      ...(kind === "fixed" && { amount }),
    },
    ...(rated(kind) && { base }),
    ...(rounds(kind) && rounding !== "half_up" && { rounding }),
    ...(rounds(kind) && min !== null && { min }),
    ...(rounds(kind) && max !== null && { max }),
  };
}

/** Has a rate and what it is taken of; of a leg by fee schedule, the rate of who has none. */
export const rated = (kind: AmountKind) => kind === "rate" || kind === "fee_schedule";
export const rounds = (kind: AmountKind) => kind === "rate" || kind === "channel_fee";

/** A rule to begin with, of a trade kind; rates are for the author to say. */
export function templateOf(kind: TradeKind): DraftDefinition {
  const definition: SplitRuleDefinition =
    kind === "redemption"
      ? redemptionRule({ commissionRate: "0" })
      : kind === "card_sale"
        ? cardSaleRule({ commissionRate: "0" })
        : storedValueRule();
  const draft = draftOfDefinition(definition);
  for (const leg of draft.legs) if (leg.amount.kind === "rate") leg.amount.rate = null;
  return draft;
}

/** Orders of 1 to 100,000 of the currency; all of an order may be discount, of a card's price 95 % may be its cost. */
export function usualRange(kind: TradeKind, exponent: number): RuleDoc["checked"] {
  const one = 10n ** BigInt(exponent);
  return { from: `${one}`, to: `${100_000n * one}`, share: kind === "card_sale" ? "0.95" : "1" };
}

export function newDoc(kind: TradeKind, currency: string, exponent: number): RuleDoc {
  return {
    ...docOf(templateOf(kind), {
      name: "",
      scope: { tradeKind: kind },
      priority: 0,
      effectiveFrom: null,
      note: "",
      checked: usualRange(kind, exponent),
    }),
    currency,
  };
}

// ── what can be chosen ──

export const FUNDERS = ["brand", "platform", "merchant"] as const;
const UPLINES = ["upline:1", "upline:2", "upline:3"] as const;

export function payersOf(kind: TradeKind): string[] {
  const roles = rolesOf(kind);
  return ["payer", ...(kind === "card_sale" ? [] : ["programme"]), "fee_bearer", ...roles];
}

export function payeesOf(kind: TradeKind): string[] {
  return [...rolesOf(kind), ...(kind === "stored_value" ? ["programme"] : [])];
}

function rolesOf(kind: TradeKind): string[] {
  const absent = kind === "card_sale" ? ["merchant", "brand"] : ["supplier", "distributor"];
  const roles: string[] = ROLES_IN_TRADE.filter((role) => !absent.includes(role));
  return kind === "card_sale" ? [...roles, ...UPLINES] : roles;
}

export function kindsOf(kind: TradeKind): AmountKind[] {
  const shared = ["rate", "fee_schedule", "fixed", "remainder", "channel_fee"] as const;
  if (kind === "card_sale") return [...shared, "supplier_cost", "markup"];
  return [...shared, "paid", "funding", ...(kind === "redemption" ? (["stored_value"] as const) : [])];
}

export function basesOf(kind: TradeKind): string[] {
  if (kind === "card_sale") return ["net_of_markup", "paid", "gross", "face"];
  return [
    ...BASES.filter((base) => base !== "net_of_markup" && base !== "face"),
    ...FUNDERS.map((f) => `funding:${f}`),
  ];
}

// ── changes ──

export function addShare(doc: RuleDoc): RuleDoc {
  const party = FUNDERS.find((funder) => doc.funding.every((share) => share.party !== funder)) ?? "";
  const rest = 1_000_000 - sumOf(doc.funding);
  return {
    ...doc,
    funding: [...doc.funding, { key: newKey(), party, share: rest > 0 ? fraction(rest) : null }],
  };
}

/** A leg above the channel's fee and the remainder, which have to be last. */
export function addLeg(doc: RuleDoc): { doc: RuleDoc; key: string } {
  const leg: LegRow = {
    key: newKey(),
    code: freeCode(doc.legs),
    from: doc.scope.tradeKind === "card_sale" ? "payer" : "merchant",
    to: "platform",
    kind: "rate",
    rate: null,
    amount: null,
    agreed: false,
    base: doc.scope.tradeKind === "card_sale" ? "net_of_markup" : "gross",
    rounding: "half_up",
    min: null,
    max: null,
  };
  const last = doc.legs.findIndex(({ kind }) => kind === "remainder" || kind === "channel_fee");
  const at = last < 0 ? doc.legs.length : last;
  return { doc: { ...doc, legs: [...doc.legs.slice(0, at), leg, ...doc.legs.slice(at)] }, key: leg.key };
}

function freeCode(legs: readonly LegRow[]): string {
  const taken = new Set(legs.map(({ code }) => code));
  for (let n = 1; ; n++) if (!taken.has(`fee.extra_${n}`)) return `fee.extra_${n}`;
}

export function changeLeg(doc: RuleDoc, key: string, change: Partial<LegRow>): RuleDoc {
  return { ...doc, legs: doc.legs.map((leg) => (leg.key === key ? { ...leg, ...change } : leg)) };
}

export function removeLeg(doc: RuleDoc, key: string): RuleDoc {
  return { ...doc, legs: doc.legs.filter((leg) => leg.key !== key) };
}

/** The leg one place up (-1) or down (1); the same document at the ends. */
export function moveLeg(doc: RuleDoc, key: string, by: -1 | 1): RuleDoc {
  const from = doc.legs.findIndex((leg) => leg.key === key);
  const to = from + by;
  const leg = doc.legs[from];
  const other = doc.legs[to];
  if (!leg || !other) return doc;
  const legs = [...doc.legs];
  legs[from] = other;
  legs[to] = leg;
  return { ...doc, legs };
}

/** Another trade kind has other parties and amounts: the legs begin anew from its template. */
export function changeKind(doc: RuleDoc, kind: TradeKind, exponent: number): RuleDoc {
  const fresh = docOf(templateOf(kind), {
    ...doc,
    scope: { tradeKind: kind },
    checked: usualRange(kind, exponent),
  });
  return { ...fresh, currency: doc.currency };
}

/** Millionths. */
export function sumOf(shares: readonly { share: string | null }[]): number {
  return shares.reduce((sum, { share }) => sum + millionths(share), 0);
}

export function millionths(share: string | null): number {
  if (share === null) return 0;
  const [whole = "0", rest = ""] = share.split(".");
  return Number(whole) * 1_000_000 + Number(rest.padEnd(6, "0"));
}

/** Millionths as an exact decimal. */
export function fraction(parts: number): string {
  const digits = String(parts).padStart(7, "0");
  const places = digits.slice(-6).replace(/0+$/, "");
  return `${digits.slice(0, -6)}${places ? `.${places}` : ""}`;
}
