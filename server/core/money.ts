import { CURRENCY_EXPONENTS } from "./currencies";
import { DomainError } from "./errors";

/**
 * Money is a `bigint` of minor units beside a currency; a rate is an exact decimal text. No float anywhere.
 * Runs in the browser too.
 */

/** Exact decimal, not negative, at most 6 places, e.g. "0.006". */
export type Rate = string;
export const ROUNDING_MODES = ["half_up", "half_even", "down", "up"] as const;
/** Applied once, where an amount becomes a leg; negative amounts round as the mirror image of positive ones. */
export type RoundingMode = (typeof ROUNDING_MODES)[number];

/** The largest amount the database holds (int8). */
export const MAX_AMOUNT = 9_223_372_036_854_775_807n;

// ── currencies ──────────────────────────────────────────────────────────────────────────────────────────

export function isCurrency(code: string): boolean {
  return CURRENCY_EXPONENTS.has(code);
}

/** Digits of the minor unit. Throws CURRENCY_UNKNOWN. */
export function currencyExponent(code: string): number {
  const exponent = CURRENCY_EXPONENTS.get(code);
  if (exponent === undefined) throw new DomainError("CURRENCY_UNKNOWN", { currency: shown(code) });
  return exponent;
}

// ── text to amount ──────────────────────────────────────────────────────────────────────────────────────

/** Strict, for machines: digits, an optional point and at most the currency's places. Throws AMOUNT_INVALID. */
export function parseAmount(text: string, currency: string): bigint {
  const exponent = currencyExponent(currency);
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const places = match?.[3] ?? "";
  if (!match || text.length > 40 || places.length > exponent) {
    throw new DomainError("AMOUNT_INVALID", { value: shown(text), currency });
  }
  const magnitude = BigInt(`${match[2]}${places.padEnd(exponent, "0")}`);
  if (magnitude > MAX_AMOUNT) throw new DomainError("AMOUNT_INVALID", { value: shown(text), currency });
  return match[1] ? -magnitude : magnitude;
}

/**
 * Lenient, for people: "1,234.50", "１２３４．５", "￥1,234.50", "1 234.5", "12.30 元", ".5".
 * Null when it cannot be read without guessing: "12,34", "1.2.3", another currency's sign, too many places.
 */
export function readAmountInput(text: string, currency: string): bigint | null {
  const exponent = currencyExponent(currency);
  if (text.length > 60) return null;
  let rest = text
    .normalize("NFKC")
    .replace(/[\s\u200b-\u200f\ufeff]+/gu, " ")
    .replace(/[。·]/gu, ".")
    .replace(/[、']/gu, ",")
    .replace(/[−–—]/gu, "-")
    .trim();
  let negative = rest.startsWith("-");
  if (negative) rest = rest.slice(1).trim();
  for (const sign of signsOf(currency)) {
    if (rest.toUpperCase().startsWith(sign)) rest = rest.slice(sign.length).trim();
    else if (rest.toUpperCase().endsWith(sign)) rest = rest.slice(0, -sign.length).trim();
    else continue;
    break;
  }
  // "USDT -5" means what "-USDT 5" does
  if (!negative && rest.startsWith("-")) {
    negative = true;
    rest = rest.slice(1).trim();
  }
  const match = /^(\d+|\d{1,3}(?:([, ])\d{3})(?:\2\d{3})*)?(?:\.(\d*))?$/.exec(rest);
  if (!match || (match[1] === undefined && !match[3])) return null;
  const places = (match[3] ?? "").replace(/0+$/, "");
  if (places.length > exponent) return null;
  const magnitude = BigInt(`${(match[1] ?? "0").replace(/[, ]/g, "")}${places.padEnd(exponent, "0")}`);
  if (magnitude > MAX_AMOUNT) return null;
  return negative ? -magnitude : magnitude;
}

// ── amount to text ──────────────────────────────────────────────────────────────────────────────────────

/** Exact, without grouping: "1234.50". `parseAmount` reads it back. */
export function formatAmount(amount: bigint, currency: string): string {
  const exponent = currencyExponent(currency);
  const digits = (amount < 0n ? -amount : amount).toString().padStart(exponent + 1, "0");
  const cut = digits.length - exponent;
  const text = exponent === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return amount < 0n ? `-${text}` : text;
}

/** For people, in their language: "¥1,234.50". Exact at any size. */
export function displayAmount(amount: bigint, currency: string, locale: string): string {
  const { format, prefix } = displayFormat(currency, locale);
  // Intl reads a decimal text exactly; its type wants a numeric literal
  return prefix + format.format(formatAmount(amount, currency) as `${number}`);
}

const displayFormats = new Map<string, { format: Intl.NumberFormat; prefix: string }>();

function displayFormat(currency: string, locale: string) {
  const key = `${locale} ${currency}`;
  let found = displayFormats.get(key);
  if (!found) {
    const digits = currencyExponent(currency);
    const places = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    // ¥ alone is the yuan in this house; the yen is told apart by its code, tokens have no sign
    const coded = currency.length !== 3 || currency === "JPY";
    found = coded
      ? { format: new Intl.NumberFormat(locale, places), prefix: `${currency}\u00a0` }
      : {
          format: new Intl.NumberFormat(locale, {
            ...places,
            style: "currency",
            currency,
            currencyDisplay: currency === "CNY" ? "narrowSymbol" : "symbol",
          }),
          prefix: "",
        };
    displayFormats.set(key, found);
  }
  return found;
}

const signs = new Map<string, readonly string[]>();

/** What people write beside an amount of this currency, longest first. */
function signsOf(currency: string): readonly string[] {
  let found = signs.get(currency);
  if (!found) {
    const set = new Set([currency]);
    if (currency.length === 3) {
      for (const locale of ["en", "zh-CN"]) {
        for (const currencyDisplay of ["symbol", "narrowSymbol"] as const) {
          const parts = new Intl.NumberFormat(locale, {
            style: "currency",
            currency,
            currencyDisplay,
          }).formatToParts(0);
          const sign = parts.find((part) => part.type === "currency")?.value;
          if (sign) set.add(sign.normalize("NFKC").toUpperCase());
        }
      }
    }
    if (currency === "CNY") for (const sign of ["RMB", "人民币", "元", "圆", "块", "CN¥"]) set.add(sign);
    if (currency === "USD") set.add("US$").add("美元");
    found = [...set].sort((a, b) => b.length - a.length);
    signs.set(currency, found);
  }
  return found;
}

// ── rates ───────────────────────────────────────────────────────────────────────────────────────────────

/** Checks and canonicalises: "0.0060" → "0.006". Throws RATE_INVALID. */
export function parseRate(text: string): Rate {
  const match = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text);
  if (!match) throw new DomainError("RATE_INVALID", { value: shown(text) });
  const whole = (match[1] ?? "").replace(/^0+(?=\d)/, "");
  const places = (match[2] ?? "").replace(/0+$/, "");
  return places ? `${whole}.${places}` : whole;
}

const parts = new Map<Rate, { numerator: bigint; denominator: bigint }>();

/** "0.006" → 6 / 1000. Throws RATE_INVALID. */
export function rateParts(rate: Rate): { numerator: bigint; denominator: bigint } {
  let found = parts.get(rate);
  if (!found) {
    const [whole = "0", places = ""] = parseRate(rate).split(".");
    found = { numerator: BigInt(whole + places), denominator: 10n ** BigInt(places.length) };
    if (parts.size > 10_000) parts.clear();
    parts.set(rate, found);
  }
  return found;
}

/** amount × rate, rounded once. */
export function applyRate(amount: bigint, rate: Rate, mode: RoundingMode = "half_up"): bigint {
  const { numerator, denominator } = rateParts(rate);
  return roundDiv(amount * numerator, denominator, mode);
}

/** amount × rate in minor units, unrounded, as decimal text: (9850, "0.01") → "98.5". */
export function exactProduct(amount: bigint, rate: Rate): string {
  const { numerator, denominator } = rateParts(rate);
  const product = amount * numerator;
  const places = denominator.toString().length - 1;
  const digits = (product < 0n ? -product : product).toString().padStart(places + 1, "0");
  const cut = digits.length - places;
  const fraction = digits.slice(cut).replace(/0+$/, "");
  const text = fraction ? `${digits.slice(0, cut)}.${fraction}` : digits.slice(0, cut);
  return product < 0n ? `-${text}` : text;
}

// ── rounding and sharing ────────────────────────────────────────────────────────────────────────────────

/** numerator ÷ denominator as a whole number. "down" is towards zero, "up" away from it: negatives mirror. */
export function roundDiv(numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
  if (denominator < 0n) return roundDiv(-numerator, -denominator, mode);
  if (numerator < 0n) return -roundDiv(-numerator, denominator, mode);
  const quotient = numerator / denominator; // throws RangeError for a zero denominator
  const rest = numerator - quotient * denominator;
  if (rest === 0n) return quotient;
  switch (mode) {
    case "down":
      return quotient;
    case "up":
      return quotient + 1n;
    case "half_up":
      return rest * 2n >= denominator ? quotient + 1n : quotient;
    case "half_even": {
      const twice = rest * 2n;
      return twice > denominator || (twice === denominator && (quotient & 1n) === 1n)
        ? quotient + 1n
        : quotient;
    }
  }
}

/**
 * Divides a total into shares by weight with the largest remainder: floor every share, hand the remaining units
 * to the largest fractions; ties go to the lower priority, then the smaller id, then the earlier place. A zero
 * weight never gets a unit; Σ shares = total; a negative total is the mirror of the positive one.
 * Throws RangeError for a negative weight, or if there is something to share and nobody to take it.
 */
export function allocate(
  total: bigint,
  weights: readonly bigint[],
  order?: readonly { priority?: number; id?: string }[],
): bigint[] {
  if (total < 0n) return allocate(-total, weights, order).map((share) => -share);
  let sum = 0n;
  for (const weight of weights) {
    if (weight < 0n) throw new RangeError("negative weight");
    sum += weight;
  }
  if (sum === 0n) {
    if (total !== 0n) throw new RangeError("an amount to share, and no weight to share it by");
    return weights.map(() => 0n);
  }
  let left = total;
  const shares: bigint[] = [];
  const fractions: bigint[] = [];
  for (const weight of weights) {
    const product = total * weight;
    const share = product / sum;
    shares.push(share);
    fractions.push(product - share * sum);
    left -= share;
  }
  if (left === 0n) return shares;
  // a fraction of zero is never reached: the fractions add up to `left` units, each being less than one
  const ranked = shares.map((_, place) => place);
  ranked.sort((a, b) => {
    const x = fractions[a] ?? 0n;
    const y = fractions[b] ?? 0n;
    if (x !== y) return x > y ? -1 : 1;
    return compareTies(order?.[a], order?.[b]) || a - b;
  });
  for (const place of ranked.slice(0, Number(left))) shares[place] = (shares[place] ?? 0n) + 1n;
  return shares;
}

function compareTies(a?: { priority?: number; id?: string }, b?: { priority?: number; id?: string }): number {
  const priority = (a?.priority ?? 0) - (b?.priority ?? 0);
  if (priority !== 0) return priority;
  const x = a?.id ?? "";
  const y = b?.id ?? "";
  return x < y ? -1 : x > y ? 1 : 0;
}

/** A value from outside, cut to what may stand in an error. */
function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
