import { displayAmount, rateParts } from "@/server/core/money";
import type { Base, LegDefinition, SplitRuleDefinition } from "./schemas";

export type RuleLocale = "zh-CN" | "en";

/**
 * A rule in plain words, a sentence an item: who bears the discount, then each leg, then who bears the channel's
 * fee. `nameOf` gives the names of parties that stand by id.
 */
export function describeRule(
  definition: SplitRuleDefinition,
  locale: RuleLocale,
  nameOf: (partyId: string) => string | undefined = () => undefined,
): string[] {
  const words = locale === "zh-CN" ? zh : en;
  const party = (ref: string) => partyName(ref, words, nameOf);
  const money = (minor: string) =>
    definition.currency ? displayAmount(BigInt(minor), definition.currency, locale) : minor;
  const sentences: string[] = [];
  const shares = definition.funding.filter(({ share }) => share !== "0");
  if (shares.length > 0) {
    sentences.push(
      words.funding(
        shares
          .map((s) => (shares.length === 1 ? party(s.party) : `${party(s.party)} ${percent(s.share)}`))
          .join(words.comma),
        shares.length,
      ),
    );
  }
  for (const leg of definition.legs) sentences.push(legSentence(leg, words, party, money));
  if (definition.legs.some(({ amount }) => amount.kind === "channel_fee")) {
    sentences.push(words.bearer[definition.feeBearer]);
  }
  return sentences;
}

/** "0.006" → "0.6%". */
export function percent(rate: string): string {
  const { numerator, denominator } = rateParts(rate);
  const millionths = (numerator * 1_000_000n) / denominator; // a percent is 10,000 of them
  const places = (millionths % 10_000n).toString().padStart(4, "0").replace(/0+$/, "");
  return `${millionths / 10_000n}${places ? `.${places}` : ""}%`;
}

function partyName(ref: string, words: Words, nameOf: (id: string) => string | undefined): string {
  const known = words.parties[ref];
  if (known) return known;
  if (ref.startsWith("upline:")) return words.upline(Number(ref.slice("upline:".length)));
  return nameOf(ref) ?? ref;
}

function legSentence(
  leg: LegDefinition,
  words: Words,
  party: (ref: string) => string,
  money: (minor: string) => string,
): string {
  const { amount } = leg;
  const from = party(leg.from);
  const to = party(leg.to);
  const limits: string[] = [];
  if (leg.min !== undefined) limits.push(words.atLeast(money(leg.min)));
  if (leg.max !== undefined) limits.push(words.atMost(money(leg.max)));
  const bounds = [
    limits.join(words.comma),
    leg.rounding !== undefined && leg.rounding !== "half_up" ? words.rounding[leg.rounding] : "",
  ];
  switch (amount.kind) {
    case "rate": {
      const base = baseName(leg.base, words, party);
      const notes = [amount.agreed ? words.agreed : "", ...bounds];
      return words.pays(from, to, words.rateOf(percent(amount.rate), base) + bracketed(notes, words));
    }
    case "fee_schedule":
      return words.pays(
        from,
        to,
        words.bySchedule(baseName(leg.base, words, party)) +
          bracketed([words.otherwise(percent(amount.rate)), amount.agreed ? words.agreed : ""], words),
      );
    case "fixed":
      return words.pays(from, to, words.each(money(amount.amount)));
    case "paid":
      return words.collected(to);
    case "funding":
      return words.pays(from, to, words.ownPart);
    case "stored_value":
      return words.storedValue(to);
    case "supplier_cost":
      return words.cost(to);
    case "markup":
      return words.markup(to);
    case "remainder":
      return words.remainder(to);
    case "channel_fee":
      return words.channelFee + bracketed(bounds, words) + words.stop;
  }
}

/** All that there is to note, in one bracket. */
function bracketed(notes: readonly string[], words: Words): string {
  const said = notes.filter(Boolean);
  return said.length > 0 ? words.bracket(said.join(words.semicolon)) : "";
}

function baseName(base: Base | undefined, words: Words, party: (ref: string) => string): string {
  return base?.startsWith("funding:")
    ? words.partOf(party(base.slice("funding:".length)))
    : words.bases[(base ?? "gross") as Exclude<Base, `funding:${string}`>];
}

interface Words {
  comma: string;
  semicolon: string;
  stop: string;
  parties: Record<string, string>;
  upline(level: number): string;
  bases: Record<Exclude<Base, `funding:${string}`>, string>;
  partOf(party: string): string;
  /** `count` of funders; one bears all of it. */
  funding(shares: string, count: number): string;
  pays(from: string, to: string, what: string): string;
  rateOf(percent: string, base: string): string;
  bySchedule(base: string): string;
  /** The rate of who has no fee schedule. */
  otherwise(rate: string): string;
  each(amount: string): string;
  ownPart: string;
  collected(to: string): string;
  storedValue(to: string): string;
  cost(to: string): string;
  markup(to: string): string;
  /** Said of a rate that a party's own one wins over. */
  agreed: string;
  remainder(to: string): string;
  channelFee: string;
  bearer: Record<SplitRuleDefinition["feeBearer"], string>;
  atLeast(amount: string): string;
  atMost(amount: string): string;
  bracket(text: string): string;
  rounding: Record<"half_even" | "down" | "up", string>;
}

const en: Words = {
  comma: ", ",
  semicolon: "; ",
  stop: ".",
  parties: {
    platform: "the platform",
    merchant: "the merchant",
    brand: "the brand",
    channel: "the payment channel",
    supplier: "the supplier",
    distributor: "the distributor",
    payer: "the customer's payment",
    programme: "the gift-card programme",
    fee_bearer: "whoever bears the fee",
  },
  upline: (level) =>
    level === 1 ? "the distributor's recruiter" : `the distributor's recruiter of level ${level}`,
  bases: {
    gross: "the order amount",
    paid: "what the customer pays",
    discount: "the discount",
    net_of_merchant_discount: "the order amount less the merchant's own part of the discount",
    face: "the face value",
    net_of_markup: "the price before the distributor's mark-up",
  },
  partOf: (party) => `${party}'s part of the discount`,
  funding: (shares) => `Unless the campaign says otherwise, the discount is borne by ${shares}.`,
  pays: (from, to, what) =>
    from === "the customer's payment"
      ? `Of the customer's payment, ${to} gets ${what}.`
      : `${from.charAt(0).toUpperCase()}${from.slice(1)} pays ${to} ${what}.`,
  rateOf: (rate, base) => `${rate} of ${base}`,
  bySchedule: (base) => `what the fee schedule says of ${base}`,
  otherwise: (rate) => `${rate} without one`,
  each: (amount) => `${amount} per trade`,
  ownPart: "its part of the discount",
  collected: (to) =>
    to === "the merchant"
      ? "What the customer pays is the merchant's; if the platform collects it, the platform owes it to the merchant."
      : `What the customer pays goes to ${to}.`,
  storedValue: (to) => `What is paid from a gift card's balance goes from its programme to ${to}.`,
  cost: (to) => `Of the customer's payment, ${to} gets the cost of the card.`,
  markup: (to) => `Of the customer's payment, ${to} gets its own mark-up.`,
  agreed: "or the rate agreed with it",
  remainder: (to) => `What is left of the customer's payment goes to ${to}.`,
  channelFee: "Where a payment channel collects, it keeps its fee",
  bearer: {
    platform: "The platform bears the channel's fee.",
    merchant: "The merchant bears the channel's fee.",
    distributor: "The distributor bears the channel's fee.",
    proportional:
      "Each party bears the channel's fee in proportion to what it keeps of the customer's payment.",
  },
  atLeast: (amount) => `at least ${amount}`,
  atMost: (amount) => `at most ${amount}`,
  bracket: (text) => ` (${text})`,
  rounding: { half_even: "halves round to even", down: "rounded down", up: "rounded up" },
};

const zh: Words = {
  comma: "、",
  semicolon: "；",
  stop: "。",
  parties: {
    platform: "平台",
    merchant: "商户",
    brand: "品牌方",
    channel: "支付渠道",
    supplier: "供应商",
    distributor: "分销商",
    payer: "顾客实付",
    programme: "礼品卡储值",
    fee_bearer: "手续费承担方",
  },
  upline: (level) => (level === 1 ? "上级分销商" : `第 ${level} 级上级分销商`),
  bases: {
    gross: "订单金额",
    paid: "顾客实付金额",
    discount: "优惠金额",
    net_of_merchant_discount: "订单金额减去商户自担优惠后的金额",
    face: "面值",
    net_of_markup: "不含分销商加价的售价",
  },
  partOf: (party) => `${party}承担的优惠`,
  funding: (shares, count) => `活动未另行约定时，优惠由${shares}${count === 1 ? "全部承担" : " 分担"}。`,
  pays: (from, to, what) =>
    from === "顾客实付" ? `从顾客实付中分给${to}：${what}。` : `${from}付给${to}：${what}。`,
  rateOf: (rate, base) => `${base}的 ${rate}`,
  bySchedule: (base) => `${base}按费率方案计`,
  otherwise: (rate) => `无方案时 ${rate}`,
  each: (amount) => `每笔 ${amount}`,
  ownPart: "其承担的优惠",
  collected: (to) =>
    to === "商户" ? "顾客实付归商户；由平台代收时，平台应付给商户。" : `顾客实付归入${to}。`,
  storedValue: (to) => `用礼品卡余额支付的部分，从礼品卡储值付给${to}。`,
  cost: (to) => `从顾客实付中分给${to}：卡的成本。`,
  markup: (to) => `从顾客实付中分给${to}：其自定加价。`,
  agreed: "另有约定费率的从其约定",
  remainder: (to) => `顾客实付的剩余部分归${to}。`,
  channelFee: "支付渠道代收时，渠道扣取手续费",
  bearer: {
    platform: "渠道手续费由平台承担。",
    merchant: "渠道手续费由商户承担。",
    distributor: "渠道手续费由分销商承担。",
    proportional: "渠道手续费由各方按其从顾客实付中所得的比例分担。",
  },
  atLeast: (amount) => `最低 ${amount}`,
  atMost: (amount) => `最高 ${amount}`,
  bracket: (text) => `（${text}）`,
  rounding: { half_even: "四舍六入五成双", down: "舍去尾数", up: "进一" },
};
