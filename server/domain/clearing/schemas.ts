import { z } from "zod";
import { ROUNDING_MODES } from "@/server/core/money";
import { currencyCode, minorText, rateText } from "@/server/core/money-schemas";

/**
 * The language of split rules. A rule says who bears a discount (`funding`) and which flows of money (`legs`)
 * follow from a trade. It names parties by role, so that one rule serves every merchant.
 *
 * The worked voucher of the design, as a definition:
 * ```json
 * { "funding": [{ "party": "brand", "share": "0.5" }, { "party": "platform", "share": "0.3" }, { "party": "merchant", "share": "0.2" }],
 *   "legs": [
 *     { "code": "sale.collected",   "from": "payer",      "to": "merchant", "amount": { "kind": "paid" } },
 *     { "code": "subsidy.brand",    "from": "brand",      "to": "merchant", "amount": { "kind": "funding" } },
 *     { "code": "subsidy.platform", "from": "platform",   "to": "merchant", "amount": { "kind": "funding" } },
 *     { "code": "fee.commission",   "from": "merchant",   "to": "platform", "amount": { "kind": "rate", "rate": "0.02" }, "base": "net_of_merchant_discount" },
 *     { "code": "fee.channel",      "from": "fee_bearer", "to": "channel",  "amount": { "kind": "channel_fee" } } ],
 *   "feeBearer": "platform" }
 * ```
 */

/** What a rule can apply to. `stored_value` is the loading of a gift card. */
export const TRADE_KINDS = ["redemption", "card_sale", "stored_value"] as const;
export type TradeKind = (typeof TRADE_KINDS)[number];

export const ROLES_IN_TRADE = [
  "platform",
  "merchant",
  "brand",
  "channel",
  "supplier",
  "distributor",
] as const;
export type RoleInTrade = (typeof ROLES_IN_TRADE)[number];

/** A role in the trade, "upline:1" (the distributor's recruiter) to "upline:9", or a party's id. */
export type PartyRef = RoleInTrade | `upline:${number}` | (string & {});
const PARTY_REF =
  /^(platform|merchant|brand|channel|supplier|distributor|upline:[1-9]|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
export const partyRef = z.string().regex(PARTY_REF, { message: "PARTY_INVALID" });

/** "payer": the money collected from the customer. "programme": a gift card's stored value. "fee_bearer": who bears the channel's fee. */
export const SOURCES = ["payer", "programme", "fee_bearer"] as const;
const from = z.union([z.enum(SOURCES), partyRef]);
const to = z.union([z.literal("programme"), partyRef]);

export const FEE_BEARERS = ["platform", "merchant", "distributor", "proportional"] as const;
/** "proportional": each party bears by what it keeps of the collected money; suppliers and funders bear nothing. */
export type FeeBearer = (typeof FEE_BEARERS)[number];

export const BASES = [
  "gross",
  "paid",
  "discount",
  "net_of_merchant_discount",
  "face",
  "net_of_markup",
] as const;
/** What a rate is taken of. "net_of_markup": of a card, what was paid less the distributor's mark-up. "funding:brand": that party's part of the discount. */
export type Base = (typeof BASES)[number] | `funding:${string}`;
const base = z.union([
  z.enum(BASES),
  z
    .templateLiteral(["funding:", z.string()])
    .refine((text) => PARTY_REF.test(text.slice("funding:".length)), { message: "PARTY_INVALID" }),
]);

/** How much a leg moves. */
export const legAmount = z.discriminatedUnion("kind", [
  /** A rate of the leg's base, rounded once. `agreed`: where the payee has a rate of its own, that one. */
  z.strictObject({ kind: z.literal("rate"), rate: rateText, agreed: z.literal(true).optional() }),
  /**
   * By the fee schedule of the merchant or distributor that pays the leg or is paid it; at `rate` where it has none.
   * `agreed`: a rate of the party's own goes before a schedule that does not name it.
   */
  z.strictObject({ kind: z.literal("fee_schedule"), rate: rateText, agreed: z.literal(true).optional() }),
  /** An amount in minor units of the rule's currency. */
  z.strictObject({ kind: z.literal("fixed"), amount: minorText }),
  /** All that was collected from the customer. */
  z.strictObject({ kind: z.literal("paid") }),
  /** The part of the discount that the leg's `from` bears. */
  z.strictObject({ kind: z.literal("funding") }),
  /** The part paid from a gift card's balance. */
  z.strictObject({ kind: z.literal("stored_value") }),
  /** What the card cost; a fact of the trade. */
  z.strictObject({ kind: z.literal("supplier_cost") }),
  /** What the distributor put on the price of its tier; a fact of the trade. */
  z.strictObject({ kind: z.literal("markup") }),
  /** What is left of the collected money after the payer's other legs. */
  z.strictObject({ kind: z.literal("remainder") }),
  /** The channel's rate on what it collected; nothing where no channel collected. */
  z.strictObject({ kind: z.literal("channel_fee") }),
]);
export type LegAmount = z.output<typeof legAmount>;
export type AmountKind = LegAmount["kind"];
export const AMOUNT_KINDS = [
  "paid",
  "rate",
  "fee_schedule",
  "fixed",
  "funding",
  "stored_value",
  "supplier_cost",
  "markup",
  "remainder",
  "channel_fee",
] as const satisfies readonly AmountKind[];

/** Codes of transfers that no rule makes: reports and statements tell them by these. */
export const RESERVED_LEGS = ["payout", "receipt", "fee.true_up", "fee.walk_back"] as const;
export const legCode = z
  .string()
  .regex(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/, { message: "LEG_CODE_INVALID" })
  .max(40)
  .refine((code) => !(RESERVED_LEGS as readonly string[]).includes(code), { message: "LEG_CODE_INVALID" });

export const legDefinition = z.strictObject({
  code: legCode,
  from,
  to,
  amount: legAmount,
  /** Of a rate or a fee schedule. */
  base: base.optional(),
  /** Of a rate; a fee schedule has its own. */
  rounding: z.enum(ROUNDING_MODES).optional(),
  /** Bounds of a rate's or channel fee's result, in minor units. A base of zero owes nothing, whatever `min` says. */
  min: minorText.optional(),
  max: minorText.optional(),
});
export type LegDefinition = z.output<typeof legDefinition>;

export const fundingShare = z.strictObject({
  party: partyRef,
  share: rateText,
  /** Ties of the last unit go to the lower priority, then to the smaller party id. */
  priority: z.number().int().min(0).max(999).optional(),
});
export type FundingShare = z.output<typeof fundingShare>;
/** Of a rule or a campaign. Empty: nobody is named here. `validateFunding` checks that shares sum to 1. */
export const fundingShares = z.array(fundingShare).max(20);

export const splitRuleDefinition = z.strictObject({
  /** Needed when an amount (fixed, min, max) stands in the rule: it then serves this currency only. */
  currency: currencyCode.optional(),
  /** Who bears the discount where the campaign does not say. */
  funding: fundingShares.default([]),
  legs: z.array(legDefinition).min(1).max(40),
  feeBearer: z.enum(FEE_BEARERS).default("platform"),
});
export type SplitRuleDefinition = z.output<typeof splitRuleDefinition>;
export type SplitRuleInput = z.input<typeof splitRuleDefinition>;

/** What a rule applies to; what is left out (or null) is any. */
export interface RuleScope {
  tradeKind: TradeKind;
  campaignId?: string | null;
  productId?: string | null;
  merchantId?: string | null;
  channelId?: string | null;
  tier?: string | null;
}
export const ruleScope = z.object({
  tradeKind: z.enum(TRADE_KINDS),
  campaignId: z.uuid().nullish(),
  productId: z.uuid().nullish(),
  merchantId: z.uuid().nullish(),
  channelId: z.uuid().nullish(),
  tier: z.string().max(60).nullish(),
});

/** A defect of a definition: a code for the dictionaries, and where it is. */
export interface Problem {
  code: ProblemCode;
  path: readonly (string | number)[];
  params?: Record<string, string>;
}
export const PROBLEM_CODES = [
  "SHAPE_INVALID",
  "PARTY_INVALID",
  "AMOUNT_INVALID",
  "RATE_INVALID",
  "CURRENCY_UNKNOWN",
  "LEG_CODE_INVALID",
  "LEG_CODE_DUPLICATE",
  "SHARES_NOT_ONE",
  "SHARE_DUPLICATE",
  "BASE_MISSING",
  "BASE_NOT_ALLOWED",
  "ROUNDING_NOT_ALLOWED",
  "LIMIT_NOT_ALLOWED",
  "MIN_ABOVE_MAX",
  "CURRENCY_REQUIRED",
  "SAME_PARTY",
  "SOURCE_MISMATCH",
  "COLLECTED_NOT_CARRIED",
  "COLLECTED_CARRIED_TWICE",
  "REMAINDER_NOT_LAST",
  "FUNDING_LEG_MISSING",
  "FUNDING_LEG_DUPLICATE",
  "FUNDING_LEG_OF_MERCHANT",
  "STORED_VALUE_NOT_ALLOWED",
  "STORED_VALUE_DUPLICATE",
  "SUPPLIER_COST_NOT_ALLOWED",
  "MARKUP_NOT_ALLOWED",
  /** Found by clearing, and by the corners of a draft. */
  "SUPPLIER_COST_NOT_CARRIED",
  "MARKUP_NOT_CARRIED",
  "CHANNEL_FEE_NOT_LAST",
  "SCHEDULE_WITHOUT_PARTY",
  /** Of fee schedules. */
  "BANDS_NOT_FROM_ZERO",
  "BANDS_NOT_ASCENDING",
  "RATE_ABOVE_ONE",
  "FLAT_HAS_ONE_BAND",
  "BEARER_NOT_ALLOWED",
  "APPLIES_TO_NOBODY",
  "TIER_NOT_ALLOWED",
  "NOT_MONTH_START",
  /** Of drafts and of scopes; `checkRuleDraft` finds them. */
  "VALUE_MISSING",
  "NEGATIVE_RESULT",
  "RANGE_INVALID",
  "SCOPE_IMPOSSIBLE",
  "SCOPE_UNKNOWN",
  "CURRENCY_WITHOUT_ACCOUNT",
  "CURRENCY_OTHER_THAN_SCOPE",
  "EFFECTIVE_IN_PAST",
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export { validateDefinition, validateFunding } from "./validate";

// ── drafts ──

/** A definition on its way: what is not typed yet, or cannot be read, is null. `definitionOfDraft` makes it whole. */
const open = z.string().max(64).nullable();
export const draftLeg = z.strictObject({
  code: z.string().max(60),
  from: z.string().max(60),
  to: z.string().max(60),
  amount: z.strictObject({
    kind: z.enum(AMOUNT_KINDS),
    rate: open.optional(),
    amount: open.optional(),
    agreed: z.literal(true).optional(),
  }),
  base: z.string().max(60).optional(),
  rounding: z.enum(ROUNDING_MODES).optional(),
  min: open.optional(),
  max: open.optional(),
});
export type DraftLeg = z.output<typeof draftLeg>;
export const draftShare = z.strictObject({
  party: z.string().max(60),
  share: open,
  priority: z.number().int().min(0).max(999).optional(),
});
export const draftDefinition = z.strictObject({
  currency: z.string().max(12).optional(),
  funding: z.array(draftShare).max(20),
  legs: z.array(draftLeg).max(40),
  feeBearer: z.enum(FEE_BEARERS),
});
export type DraftDefinition = z.output<typeof draftDefinition>;

/**
 * The trades for which a rule has to come out right: order amounts in minor units, and `share`, the largest part of
 * an order that may be discount (of a card: that may be the supplier's cost).
 */
export const checkedRange = z.strictObject({ from: minorText, to: minorText, share: rateText });
export type CheckedRange = z.output<typeof checkedRange>;

const draftName = z.string().trim().max(120);
const draftOf = {
  scope: ruleScope,
  definition: draftDefinition,
  /** Day of the tenant's zone; null: as soon as it is published. */
  effectiveFrom: z.iso.date().nullable(),
  checked: checkedRange,
};
export const saveRuleDraftInput = z.object({
  ...draftOf,
  /** Left out: a new rule. Name, scope and priority of a rule that was submitted once stay as they are. */
  ruleId: z.uuid().optional(),
  /** Of the draft that is written over; left out where there is none yet. */
  revision: z.number().int().optional(),
  name: draftName,
  priority: z.number().int().min(-1000).max(1000),
  note: z.string().trim().max(500),
});
export type SaveRuleDraftInput = z.output<typeof saveRuleDraftInput>;
export const submitRuleDraftInput = z.object({
  ruleId: z.uuid(),
  revision: z.number().int(),
  /** Publishes it, without anybody's review. */
  publish: z.boolean().default(false),
});
export const discardRuleDraftInput = z.object({ ruleId: z.uuid(), revision: z.number().int() });
export const approveRuleVersionInput = z.object({
  versionId: z.uuid(),
  /** In force at once instead of on its day. */
  atOnce: z.boolean().default(false),
});
const reason = z.string().trim().min(1).max(500);
export const refuseRuleVersionInput = z.object({ versionId: z.uuid(), reason });
export const checkRuleDraftInput = z.object({ ...draftOf, ruleId: z.uuid().optional() });
/** Which rule clears the trades of a case, the draft among them. */
export const ruleWinnerInput = z.object({
  case: ruleScope,
  draft: z
    .object({
      ruleId: z.uuid().optional(),
      scope: ruleScope,
      priority: z.number().int(),
      effectiveFrom: z.iso.date().nullable(),
    })
    .optional(),
});

/** A trade that a party asks about; amounts as text in minor units of the tenant's currency. */
const askedAmount = z.union([
  z.bigint().min(0n),
  z
    .string()
    .regex(/^\d{1,13}$/)
    .transform(BigInt),
]);
export const tryTermsInput = z.object({
  /** The order, or the price of the distributor's tier. */
  amount: askedAmount,
  discount: askedAmount.default(0n),
  markup: askedAmount.default(0n),
  campaignId: z.uuid().nullish(),
  productId: z.uuid().nullish(),
});

/** An instant, or a day of the tenant's zone, at whose beginning it starts; left out: at once. */
const effectiveFrom = z.union([z.date(), z.iso.date()]).optional();

/** A rule's first version. `effectiveFrom` may be past only where nothing was traded since. */
export const newRule = z.object({
  name: z.string().trim().min(1).max(120),
  scope: ruleScope,
  priority: z.number().int().min(-1000).max(1000).default(0),
  definition: splitRuleDefinition,
  effectiveFrom,
  note: z.string().trim().max(500).optional(),
});
export const newRuleVersion = z.object({
  ruleId: z.uuid(),
  /** The version the author looked at; another one by now is a CONFLICT. */
  expectedVersion: z.number().int().optional(),
  definition: splitRuleDefinition,
  effectiveFrom,
  note: z.string().trim().max(500).optional(),
});
