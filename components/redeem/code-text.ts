/** What stands in the code field. Whether a code is right and known is the server's to say. */

const CODE = 16;
const DIGITS = 8;

/** Scanned contents that are no typed code: a rotating QR (`…*12345678`) or a holder's address. */
function isPayload(text: string): boolean {
  return text.includes("*") || text.includes("/");
}

/** What counts of a text: capitals and digits, look-alikes read as what was meant. */
export function codeSymbols(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\s\u200b-\u200f\ufeff_.·・\-\u2010-\u2015\u2212]/gu, "")
    .toUpperCase()
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
}

/** In groups of four, as it is printed. */
export function tidyCode(text: string): string {
  if (isPayload(text)) return text.trim().slice(0, 300);
  return codeSymbols(text)
    .slice(0, CODE + 4)
    .replace(/.{4}(?=.)/gu, "$&-");
}

/** `sure`: nothing more can come. `maybe`: 8 digits are a rotating code, or the half of a code. */
export function completeness(text: string): "sure" | "maybe" | "no" {
  if (isPayload(text)) return /\*\d{8}$/.test(text) || /\/w\/[\w-]+\/[\w-]{43}$/.test(text) ? "sure" : "no";
  const symbols = codeSymbols(text);
  if (symbols.length === CODE) return "sure";
  return symbols.length === DIGITS && /^\d+$/.test(symbols) ? "maybe" : "no";
}

/** Where the caret belongs in the tidy text: behind as many symbols as it stood behind before. */
export function caretAfter(tidy: string, symbolsBefore: number): number {
  let seen = 0;
  let at = 0;
  while (at < tidy.length && seen < symbolsBefore) {
    if (tidy[at] !== "-") seen++;
    at++;
  }
  // Typing goes on behind the hyphen.
  return tidy[at] === "-" && symbolsBefore % 4 === 0 && symbolsBefore > 0 ? at + 1 : at;
}
