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
