import { displayAmount } from "@/server/core/money";
import { describeRule, percent, type RuleLocale } from "./describe";
import type { LegDefinition, SplitRuleDefinition } from "./schemas";

/**
 * What changes from one definition to another, a sentence an item: "Platform commission 2% → 1.8%". Empty if
 * nothing does. `legName` names leg codes, `partyName` parties and roles, `baseName` what a rate is taken of.
 */
export interface DifferenceWords {
  locale: RuleLocale;
  legName: (code: string) => string;
  partyName: (ref: string) => string;
  baseName: (base: string) => string;
}

export function differenceOf(
  before: SplitRuleDefinition,
  after: SplitRuleDefinition,
  given: DifferenceWords,
): string[] {
  const words = given.locale === "zh-CN" ? zh : en;
  const sentences = [...fundingChanges(before, after, given, words)];
  if (before.currency !== after.currency) {
    sentences.push(words.change(words.currency, before.currency ?? words.any, after.currency ?? words.any));
  }
  const old = new Map(before.legs.map((leg) => [leg.code, leg]));
  for (const leg of after.legs) {
    const was = old.get(leg.code);
    if (was) sentences.push(...legChanges(was, leg, before, after, given, words));
    else sentences.push(words.added(given.legName(leg.code), sentenceOf(leg, after, given)));
    old.delete(leg.code);
  }
  for (const leg of old.values()) sentences.push(words.removed(given.legName(leg.code)));
  if (order(before, after) !== order(after, before)) {
    sentences.push(words.order(after.legs.map(({ code }) => given.legName(code)).join(" · ")));
  }
  if (before.feeBearer !== after.feeBearer) {
    sentences.push(
      words.change(words.bearer, words.bearers[before.feeBearer], words.bearers[after.feeBearer]),
    );
  }
  return sentences;
}

/** Codes that both have, in the order of the first. */
function order(a: SplitRuleDefinition, b: SplitRuleDefinition): string {
  const both = new Set(b.legs.map(({ code }) => code));
  return a.legs.flatMap(({ code }) => (both.has(code) ? [code] : [])).join();
}

function fundingChanges(
  before: SplitRuleDefinition,
  after: SplitRuleDefinition,
  { partyName }: DifferenceWords,
  words: Words,
): string[] {
  const shareIn = (definition: SplitRuleDefinition, party: string) =>
    definition.funding.find((one) => one.party === party);
  const parties = new Set([...before.funding, ...after.funding].map(({ party }) => party));
  return [...parties].flatMap((party) => {
    const was = shareIn(before, party);
    const is = shareIn(after, party);
    const label = words.shareOf(partyName(party));
    if ((was?.share ?? "0") !== (is?.share ?? "0")) {
      return [words.change(label, percent(was?.share ?? "0"), percent(is?.share ?? "0"))];
    }
    if ((was?.priority ?? 0) === (is?.priority ?? 0)) return [];
    return [
      words.change(words.detail(label, words.priority), `${was?.priority ?? 0}`, `${is?.priority ?? 0}`),
    ];
  });
}

function legChanges(
  was: LegDefinition,
  is: LegDefinition,
  before: SplitRuleDefinition,
  after: SplitRuleDefinition,
  { legName, partyName, baseName, locale }: DifferenceWords,
  words: Words,
): string[] {
  const name = legName(is.code);
  const sentences: string[] = [];
  const compare = (detail: string | null, a: string, b: string) => {
    if (a !== b) sentences.push(words.change(detail === null ? name : words.detail(name, detail), a, b));
  };
  const bound = (text: string | undefined, definition: SplitRuleDefinition) =>
    text === undefined
      ? words.none
      : definition.currency
        ? displayAmount(BigInt(text), definition.currency, locale)
        : text;
  const amountOf = ({ amount }: LegDefinition, definition: SplitRuleDefinition) => {
    if (amount.kind === "rate") return percent(amount.rate);
    if (amount.kind === "fee_schedule") return words.bySchedule(percent(amount.rate));
    if (amount.kind === "fixed") return bound(amount.amount, definition);
    return words.kinds[amount.kind];
  };
  const agreed = ({ amount }: LegDefinition) =>
    (amount.kind === "rate" || amount.kind === "fee_schedule") && amount.agreed === true;
  compare(null, amountOf(was, before), amountOf(is, after));
  if (agreed(was) !== agreed(is)) {
    compare(words.agreed, agreed(was) ? words.yes : words.no, agreed(is) ? words.yes : words.no);
  }
  compare(words.from, partyName(was.from), partyName(is.from));
  compare(words.to, partyName(was.to), partyName(is.to));
  compare(words.base, was.base ? baseName(was.base) : words.none, is.base ? baseName(is.base) : words.none);
  compare(words.min, bound(was.min, before), bound(is.min, after));
  compare(words.max, bound(was.max, before), bound(is.max, after));
  compare(
    words.rounding,
    words.roundings[was.rounding ?? "half_up"],
    words.roundings[is.rounding ?? "half_up"],
  );
  return sentences;
}

/** A leg in the words of `describeRule`. */
function sentenceOf(
  leg: LegDefinition,
  { currency }: SplitRuleDefinition,
  { locale, partyName }: DifferenceWords,
): string {
  return (
    describeRule({ currency, funding: [], legs: [leg], feeBearer: "platform" }, locale, partyName)[0] ?? ""
  );
}

interface Words {
  change(what: string, before: string, after: string): string;
  detail(leg: string, what: string): string;
  added(leg: string, sentence: string): string;
  removed(leg: string): string;
  order(legs: string): string;
  shareOf(party: string): string;
  priority: string;
  currency: string;
  any: string;
  none: string;
  yes: string;
  no: string;
  bearer: string;
  bearers: Record<SplitRuleDefinition["feeBearer"], string>;
  agreed: string;
  from: string;
  to: string;
  base: string;
  min: string;
  max: string;
  rounding: string;
  roundings: Record<"half_up" | "half_even" | "down" | "up", string>;
  bySchedule(otherwise: string): string;
  kinds: Record<Exclude<LegDefinition["amount"]["kind"], "rate" | "fixed" | "fee_schedule">, string>;
}

const en: Words = {
  change: (what, before, after) => `${what} ${before} → ${after}`,
  detail: (leg, what) => `${leg}, ${what}:`,
  added: (leg, sentence) => `New: ${leg}. ${sentence}`,
  removed: (leg) => `${leg} falls away`,
  order: (legs) => `New order: ${legs}`,
  shareOf: (party) => `Part of the discount borne by ${party}:`,
  priority: "turn for the last unit",
  currency: "Currency",
  any: "any",
  none: "none",
  yes: "yes",
  no: "no",
  bearer: "The channel's fee is borne by",
  bearers: {
    platform: "the platform",
    merchant: "the merchant",
    distributor: "the distributor",
    proportional: "each in proportion",
  },
  agreed: "own rates count",
  from: "from",
  to: "to",
  base: "taken of",
  min: "at least",
  max: "at most",
  rounding: "rounding",
  roundings: { half_up: "half up", half_even: "half to even", down: "down", up: "up" },
  bySchedule: (otherwise) => `by fee schedule (${otherwise} without one)`,
  kinds: {
    paid: "all that was paid",
    funding: "part of the discount",
    stored_value: "stored value",
    supplier_cost: "supplier cost",
    markup: "mark-up",
    remainder: "what is left",
    channel_fee: "channel's rate",
  },
};

const zh: Words = {
  change: (what, before, after) => `${what} ${before} → ${after}`,
  detail: (leg, what) => `${leg}${what}`,
  added: (leg, sentence) => `新增${leg}：${sentence}`,
  removed: (leg) => `取消${leg}`,
  order: (legs) => `顺序改为：${legs}`,
  shareOf: (party) => `${party}承担的优惠`,
  priority: "尾数先后",
  currency: "币种",
  any: "不限",
  none: "无",
  yes: "是",
  no: "否",
  bearer: "渠道手续费承担方",
  bearers: { platform: "平台", merchant: "商户", distributor: "分销商", proportional: "按所得比例" },
  agreed: "从约定费率",
  from: "付款方",
  to: "收款方",
  base: "计算基数",
  min: "下限",
  max: "上限",
  rounding: "舍入",
  roundings: { half_up: "四舍五入", half_even: "四舍六入五成双", down: "舍去尾数", up: "进一" },
  bySchedule: (otherwise) => `按费率方案（无方案时 ${otherwise}）`,
  kinds: {
    paid: "全部实付",
    funding: "承担的优惠",
    stored_value: "储值",
    supplier_cost: "供应商成本",
    markup: "加价",
    remainder: "剩余",
    channel_fee: "渠道费率",
  },
};
