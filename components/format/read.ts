/** What people type, read without guessing; `null` when it cannot be. */

/** Full-width digits and signs to plain ones. */
function plain(text: string): string {
  return text.normalize("NFKC").replaceAll("。", ".").trim();
}

/** "0.6", "0.6%", "０．６％" → "0.006": at most 6 places as a rate, 4 as a percentage; 0 to 1000 %. */
export function readPercent(text: string): string | null {
  const match = /^(\d{1,4})?(?:\.(\d*))?\s*%?$/.exec(plain(text));
  if (!match || (match[1] === undefined && !match[2])) return null;
  const places = (match[2] ?? "").replace(/0+$/, "");
  if (places.length > 4) return null;
  const digits = `${(match[1] ?? "0").padStart(3, "0")}${places}`;
  const point = digits.length - places.length - 2;
  const whole = digits.slice(0, point).replace(/^0+(?=\d)/, "");
  const rest = digits.slice(point).replace(/0+$/, "");
  return rest ? `${whole}.${rest}` : whole;
}

/**
 * A rate as people say it: "0.6 %", "6‰", "60 bp", "万分之六", "千6"; a bare number is a percentage. The answer is an
 * exact decimal of at most 6 places, 0 to 10; null for what cannot be read, or would need more places.
 */
export function readRate(text: string): string | null {
  const cleaned = plain(text).replace(/\s+/g, "").toLowerCase();
  const spoken = /^([百千万])(?:分之)?(.+)$/.exec(cleaned);
  if (spoken) return scaled(chineseNumber(spoken[2] ?? ""), { 百: 2, 千: 3, 万: 4 }[spoken[1] as "百"]);
  const typed = /^([\d.]+)(%|‰|‱|bps?|个?基点)?$/.exec(cleaned);
  return typed ? scaled(typed[1] ?? "", UNIT_PLACES[typed[2] ?? "%"] ?? 4) : null;
}

const UNIT_PLACES: Record<string, number> = { "%": 2, "‰": 3 };

/** "60" moved 4 places is "0.006". */
function scaled(number: string, places: number): string | null {
  const match = /^(\d{0,6})(?:\.(\d*))?$/.exec(number);
  if (!match || !(match[1] || match[2])) return null;
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  const digits = `${match[1] ?? ""}${fraction}`.padStart(places + fraction.length + 1, "0");
  const point = digits.length - places - fraction.length;
  const whole = digits.slice(0, point).replace(/^0+(?=\d)/, "");
  const rest = digits.slice(point).replace(/0+$/, "");
  if (rest.length > 6 || BigInt(whole) > 10n || (whole === "10" && rest !== "")) return null;
  return rest ? `${whole}.${rest}` : whole;
}

const DIGITS = "零一二三四五六七八九";

/** "六" → "6", "十五" → "15", "二点五" → "2.5"; plain digits stay. "" for anything else. */
function chineseNumber(text: string): string {
  if (/^[\d.]+$/.test(text)) return text;
  const [whole = "", fraction, ...more] = text.replaceAll("〇", "零").replaceAll("两", "二").split("点");
  const digit = (char: string) => DIGITS.indexOf(char);
  const tens = /^([一二三四五六七八九]?)十([一二三四五六七八九]?)$/.exec(whole);
  const value = tens
    ? (tens[1] ? digit(tens[1]) : 1) * 10 + (tens[2] ? digit(tens[2]) : 0)
    : whole.length === 1
      ? digit(whole)
      : -1;
  const places = [...(fraction ?? "")].map(digit);
  if (value < 0 || more.length > 0 || fraction === "" || places.includes(-1)) return "";
  return places.length > 0 ? `${value}.${places.join("")}` : `${value}`;
}

/** "2026-11-21", "2026/11/21", "2026.1.5", "20261121", "2026年11月21日" → "2026-11-21". */
export function readDay(text: string): string | null {
  const cleaned = plain(text);
  const match =
    /^(\d{4})(\d{2})(\d{2})$/.exec(cleaned) ??
    /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(cleaned);
  if (!match) return null;
  const [, year = "", month = "", day = ""] = match;
  const made = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const at = new Date(`${made}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === made ? made : null;
}

/** "1,000", "１０００" → 1000: a whole number, 0 included, of at most 10 digits. */
export function readCount(text: string): number | null {
  const cleaned = plain(text).replace(/[\s,]/g, "");
  return /^\d{1,10}$/.test(cleaned) ? Number(cleaned) : null;
}
