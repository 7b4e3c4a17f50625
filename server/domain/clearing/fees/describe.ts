import { displayAmount } from "@/server/core/money";
import { percent, type RuleLocale } from "../describe";
import type { FeeBearer } from "../schemas";
import type { FeeAppliesTo, FeeBand, FeeMethod, FeeRole, FeeScheduleDefinition } from "./schemas";

/** Fee schedules in plain words, and what changes from one version to the next. Pure; runs in the browser too. */

export interface FeeNames {
  party: (id: string) => string | undefined;
  tier: (code: string) => string | undefined;
}
const UNNAMED: FeeNames = { party: () => undefined, tier: () => undefined };

/** How a schedule prices, a sentence an item; whom it applies to is not among it. `zone`: of the tenant, where it is known. */
export function describeFee(
  { method, bands, fixed, min, max, rounding, bearer }: FeeScheduleDefinition,
  currency: string,
  locale: RuleLocale,
  zone?: string,
): string[] {
  const words = locale === "zh-CN" ? zh : en;
  const money = (minor: string) => displayAmount(BigInt(minor), currency, locale);
  const sentences = [words.prices(method, bandPhrases(method, bands, money, words), bands.length)];
  if (fixed !== undefined && fixed !== "0") sentences.push(words.fixed(money(fixed)));
  const month = method !== "flat";
  if (month && zone !== undefined) sentences.push(words.counted(zone));
  if (min !== undefined) sentences.push(words.min(money(min), month));
  if (max !== undefined) sentences.push(words.max(money(max), month));
  if (rounding !== undefined && rounding !== "half_up")
    sentences.push(words.rounds(words.roundings[rounding]));
  if (bearer !== undefined) sentences.push(words.borne(words.bearers[bearer]));
  return sentences;
}

/** Whom a schedule applies to: "all merchants", "tier Gold, Chang Feng Trading". */
export function describeAppliesTo(
  { everyone, tiers, parties }: FeeAppliesTo,
  role: FeeRole,
  locale: RuleLocale,
  names: FeeNames = UNNAMED,
): string {
  const words = locale === "zh-CN" ? zh : en;
  const parts = [
    ...(everyone ? [words.all[role]] : []),
    ...tiers.map((code) => words.tier(names.tier(code) ?? code)),
    ...parties.map((id) => names.party(id) ?? "…"),
  ];
  return parts.length > 0 ? few(parts, words) : words.nobody;
}

const MOST_NAMES = 10;
/** Names one by one while they are few; of many, how many more there are. */
function few(names: readonly string[], words: Words): string {
  const more = names.length - MOST_NAMES;
  return [...names.slice(0, MOST_NAMES), ...(more > 0 ? [words.more(more)] : [])].join(words.list);
}

/** What changes from one definition to another, a sentence an item; empty if nothing does. */
export function feeDifference(
  before: FeeScheduleDefinition,
  after: FeeScheduleDefinition,
  {
    role,
    currency,
    locale,
    names = UNNAMED,
  }: { role: FeeRole; currency: string; locale: RuleLocale; names?: FeeNames },
): string[] {
  const words = locale === "zh-CN" ? zh : en;
  const money = (minor: string | undefined) =>
    minor === undefined ? words.none : displayAmount(BigInt(minor), currency, locale);
  const sentences: string[] = [];
  const compare = (what: string, was: string, is: string) => {
    if (was !== is) sentences.push(words.change(what, was, is));
  };
  compare(words.method, words.methods[before.method], words.methods[after.method]);
  sentences.push(...bandChanges(before.bands, after.bands, money, words));
  compare(words.fixedPart, money(before.fixed), money(after.fixed));
  compare(words.atLeast(after.method !== "flat"), money(before.min), money(after.min));
  compare(words.atMost(after.method !== "flat"), money(before.max), money(after.max));
  compare(
    words.rounding,
    words.roundings[before.rounding ?? "half_up"],
    words.roundings[after.rounding ?? "half_up"],
  );
  const bearer = (of: FeeBearer | undefined) => (of ? words.bearers[of] : words.byRule);
  compare(words.bearer, bearer(before.bearer), bearer(after.bearer));
  return [...sentences, ...whomChanges(before.appliesTo, after.appliesTo, role, names, words)];
}

function bandPhrases(
  method: FeeMethod,
  bands: readonly FeeBand[],
  money: (minor: string) => string,
  words: Words,
): string {
  return bands
    .map(({ from, rate }, i) => {
      const to = bands[i + 1]?.from;
      if (bands.length === 1) return percent(rate);
      return words.band(
        method,
        i === 0 ? null : money(from),
        to === undefined ? null : money(to),
        percent(rate),
      );
    })
    .join(words.comma);
}

/** Bands that stayed in number changed place by place; else they came and went by where they begin. */
function bandChanges(
  before: readonly FeeBand[],
  after: readonly FeeBand[],
  money: (minor: string | undefined) => string,
  words: Words,
): string[] {
  const only = before.length === 1 && after.length === 1;
  if (before.length === after.length) {
    return after.flatMap(({ from, rate }, i) => {
      const was = before[i];
      if (!was) return [];
      return [
        ...(was.from === from ? [] : [words.change(words.edge(i + 1), money(was.from), money(from))]),
        ...(was.rate === rate
          ? []
          : [
              words.change(only ? words.rate : words.rateFrom(money(from)), percent(was.rate), percent(rate)),
            ]),
      ];
    });
  }
  const old = new Map(before.map((band) => [band.from, band.rate]));
  const sentences = after.flatMap(({ from, rate }) => {
    const was = old.get(from);
    old.delete(from);
    if (was === rate) return [];
    return was === undefined
      ? [words.added(words.rateFrom(money(from)), percent(rate))]
      : [words.change(words.rateFrom(money(from)), percent(was), percent(rate))];
  });
  return [
    ...sentences,
    ...[...old].map(([from, rate]) => words.removed(words.rateFrom(money(from)), percent(rate))),
  ];
}

function whomChanges(
  before: FeeAppliesTo,
  after: FeeAppliesTo,
  role: FeeRole,
  names: FeeNames,
  words: Words,
): string[] {
  const one = (list: "tiers" | "parties", who: string) =>
    list === "tiers" ? words.tier(names.tier(who) ?? who) : (names.party(who) ?? "…");
  const gone = (from: FeeAppliesTo, than: FeeAppliesTo) => [
    ...(from.everyone && !than.everyone ? [words.all[role]] : []),
    ...(["tiers", "parties"] as const).flatMap((list) =>
      from[list].filter((who) => !than[list].includes(who)).map((who) => one(list, who)),
    ),
  ];
  const came = gone(after, before);
  const left = gone(before, after);
  return [
    ...(came.length > 0 ? [words.appliesTo(few(came, words))] : []),
    ...(left.length > 0 ? [words.appliesNoMore(few(left, words))] : []),
  ];
}

type Roundings = Record<"half_up" | "half_even" | "down" | "up", string>;
interface Words {
  comma: string;
  /** Between names. */
  list: string;
  /** `count` of bands. */
  prices(method: FeeMethod, bands: string, count: number): string;
  /** Null: from zero, and without end. */
  band(method: FeeMethod, from: string | null, to: string | null, rate: string): string;
  counted(zone: string): string;
  fixed(amount: string): string;
  min(amount: string, month: boolean): string;
  max(amount: string, month: boolean): string;
  rounds(how: string): string;
  borne(by: string): string;
  all: Record<FeeRole, string>;
  tier(name: string): string;
  nobody: string;
  more(count: number): string;
  change(what: string, was: string, is: string): string;
  added(band: string, rate: string): string;
  removed(band: string, rate: string): string;
  none: string;
  byRule: string;
  method: string;
  methods: Record<FeeMethod, string>;
  rate: string;
  rateFrom(amount: string): string;
  edge(place: number): string;
  fixedPart: string;
  atLeast(month: boolean): string;
  atMost(month: boolean): string;
  rounding: string;
  roundings: Roundings;
  bearer: string;
  bearers: Record<FeeBearer, string>;
  appliesTo(who: string): string;
  appliesNoMore(who: string): string;
}

const en: Words = {
  comma: ", ",
  list: ", ",
  prices: (method, bands, count) =>
    method === "flat" || count === 1
      ? `${bands} of each trade.`
      : method === "graduated"
        ? `Of the month's volume: ${bands}.`
        : `The whole month's volume at one rate: ${bands}. Charged by the volume so far, trued up when the month is over.`,
  band: (method, from, to, rate) => {
    const on = method === "volume" ? "" : "on what is ";
    if (from === null) return `${rate} ${on}below ${to}`;
    return to === null ? `${rate} ${on}from ${from}` : `${rate} ${on}from ${from} to ${to}`;
  },
  counted: (zone) => `Counted by calendar month (${zone}).`,
  fixed: (amount) => `${amount} besides for each trade.`,
  min: (amount, month) =>
    month
      ? `At least ${amount} a month; what it lacks is charged when the month is over.`
      : `At least ${amount} a trade.`,
  max: (amount, month) => `At most ${amount} a ${month ? "month" : "trade"}.`,
  rounds: (how) => `Rounded ${how}.`,
  borne: (by) => `Borne by ${by}.`,
  all: { merchant: "all merchants", distributor: "all distributors", channel: "all channels" },
  tier: (name) => `tier ${name}`,
  nobody: "nobody",
  more: (count) => `and ${count} more`,
  change: (what, was, is) => `${what} ${was} → ${is}`,
  added: (band, rate) => `New: ${band} ${rate}`,
  removed: (band, rate) => `Falls away: ${band} ${rate}`,
  none: "none",
  byRule: "as the rule or the channel says",
  method: "Priced",
  methods: { flat: "at one rate", graduated: "slice by slice", volume: "by the whole month" },
  rate: "Rate",
  rateFrom: (amount) => `Band from ${amount}:`,
  edge: (place) => `Band ${place} begins at`,
  fixedPart: "Fixed part of each trade:",
  atLeast: (month) => `At least, a ${month ? "month" : "trade"}:`,
  atMost: (month) => `At most, a ${month ? "month" : "trade"}:`,
  rounding: "Rounded",
  roundings: { half_up: "half up", half_even: "half to even", down: "down", up: "up" },
  bearer: "Borne by",
  bearers: {
    platform: "the platform",
    merchant: "the merchant",
    distributor: "the distributor",
    proportional: "each in proportion to what it keeps",
  },
  appliesTo: (who) => `Applies to ${who} as well`,
  appliesNoMore: (who) => `No longer applies to ${who}`,
};

const zh: Words = {
  comma: "，",
  list: "、",
  prices: (method, bands, count) =>
    method === "flat" || count === 1
      ? `每笔按 ${bands} 计费。`
      : method === "graduated"
        ? `按当月累计交易额分段计费：${bands}。`
        : `当月全部交易额按达到的档位计费：${bands}。先按累计交易额预收，月末多退少补。`,
  band: (method, from, to, rate) => {
    const part = method === "graduated" ? " 的部分" : "";
    const at = method === "graduated" ? " " : " 为 ";
    if (from === null) return `不满 ${to}${part}${at}${rate}`;
    return to === null ? `满 ${from}${part}${at}${rate}` : `${from} 至 ${to}${part}${at}${rate}`;
  },
  counted: (zone) => `按自然月累计（${zone}）。`,
  fixed: (amount) => `每笔另加 ${amount}。`,
  min: (amount, month) => (month ? `每月最低 ${amount}，不足部分月末补收。` : `每笔最低 ${amount}。`),
  max: (amount, month) => `${month ? "每月" : "每笔"}最高 ${amount}。`,
  rounds: (how) => `${how}。`,
  borne: (by) => `由${by}承担。`,
  all: { merchant: "全部商户", distributor: "全部分销商", channel: "全部支付渠道" },
  tier: (name) => `等级 ${name}`,
  nobody: "无适用对象",
  more: (count) => `另 ${count} 个`,
  change: (what, was, is) => `${what} ${was} → ${is}`,
  added: (band, rate) => `新增${band} ${rate}`,
  removed: (band, rate) => `取消${band} ${rate}`,
  none: "无",
  byRule: "按规则或渠道约定",
  method: "计费方式",
  methods: { flat: "单一费率", graduated: "分段累进", volume: "全量阶梯" },
  rate: "费率",
  rateFrom: (amount) => `月交易额 ${amount} 起`,
  edge: (place) => `第 ${place} 档起点`,
  fixedPart: "每笔固定部分",
  atLeast: (month) => (month ? "每月下限" : "每笔下限"),
  atMost: (month) => (month ? "每月上限" : "每笔上限"),
  rounding: "舍入",
  roundings: { half_up: "四舍五入", half_even: "四舍六入五成双", down: "舍去尾数", up: "进一" },
  bearer: "承担方",
  bearers: { platform: "平台", merchant: "商户", distributor: "分销商", proportional: "各方按所得比例" },
  appliesTo: (who) => `新增适用：${who}`,
  appliesNoMore: (who) => `不再适用：${who}`,
};
