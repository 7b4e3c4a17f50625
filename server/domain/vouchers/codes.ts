/**
 * Voucher codes: 16 characters of Crockford base32, e.g. `7K3M-9QWX-A0ZT-5HRC`. Fifteen are random (75 bits), the
 * last one is a check character. Pure, runs in the browser too.
 *
 * The check: a character is an element of the field GF(32); a code is right when Σ cᵢ·α^(15−i) = 0, α being a
 * generator of the field. Changing one character changes the sum by d·α^k ≠ 0. Exchanging the characters at two
 * places changes it by (a + b)(α^j + α^k), which is 0 only for equal characters, as the powers of α at 16 places
 * all differ. So each single wrong character and each transposition, of neighbours or not, is told from an unknown
 * code; of other mistakes 31 in 32.
 */

/** Without I, L, O (read as 1, 1, 0) and U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const CODE_LENGTH = 16;
const RANDOM_LENGTH = CODE_LENGTH - 1;

/** x⁵ + x² + 1, which is primitive: x (= 2) generates the field. */
const MODULUS = 0b100101;

/** value · α */
function timesAlpha(value: number): number {
  const shifted = value << 1;
  return shifted & 32 ? shifted ^ MODULUS : shifted;
}

const VALUES = new Map<string, number>([...ALPHABET].map((symbol, value) => [symbol, value]));
for (const [alike, symbol] of [
  ["O", "0"],
  ["I", "1"],
  ["L", "1"],
] as const) {
  VALUES.set(alike, VALUES.get(symbol) ?? 0);
}

/** Values of the alphabet's characters by their number; of any other, 255. */
const VALUE_OF = new Uint8Array(128).fill(255);
for (const [value, symbol] of [...ALPHABET].entries()) VALUE_OF[symbol.charCodeAt(0)] = value;

/** Whether it is a right code as it is kept, which machines send: there is nothing to read into it. */
function isCanonical(text: string): boolean {
  if (text.length !== CODE_LENGTH) return false;
  let sum = 0;
  for (let i = 0; i < CODE_LENGTH; i++) {
    const value = VALUE_OF[text.charCodeAt(i)] ?? 255;
    if (value === 255) return false;
    sum = timesAlpha(sum) ^ value;
  }
  return sum === 0;
}

/** A new code from 15 random bytes, starting at `offset`. Canonical form: 16 characters, no hyphens. */
export function generateCode(randomBytes: Uint8Array, offset = 0): string {
  if (randomBytes.length < offset + RANDOM_LENGTH) throw new RangeError("15 random bytes make a code");
  let code = "";
  let sum = 0;
  for (let i = offset; i < offset + RANDOM_LENGTH; i++) {
    const value = (randomBytes[i] ?? 0) & 31; // 32 divides 256: no bias
    sum = timesAlpha(sum) ^ value;
    code += ALPHABET.charAt(value);
  }
  return code + ALPHABET.charAt(timesAlpha(sum));
}

/** The most that getRandomValues gives at once, in whole codes. */
const CODES_AT_ONCE = Math.floor(65_536 / RANDOM_LENGTH);

/** Many new codes from the platform's secure randomness; a million in about a second. */
export function generateCodes(count: number): string[] {
  const codes: string[] = new Array(count);
  const bytes = new Uint8Array(Math.min(count, CODES_AT_ONCE) * RANDOM_LENGTH);
  let offset = bytes.length;
  for (let i = 0; i < count; i++) {
    if (offset === bytes.length) {
      globalThis.crypto.getRandomValues(bytes);
      offset = 0;
    }
    codes[i] = generateCode(bytes, offset);
    offset += RANDOM_LENGTH;
  }
  return codes;
}

/** For people: groups of four. */
export function formatCode(code: string): string {
  return code.replace(/.{4}(?=.)/g, "$&-");
}

export type ReadCode =
  | { kind: "code"; code: string }
  /** Meant as a code, but wrong: a character too many, too few, exchanged or misread. */
  | { kind: "mistyped" }
  | { kind: "not_a_code" };

/**
 * Reads what was typed or scanned: any case, hyphens and spaces anywhere, full-width characters, O for 0, I and L
 * for 1. Says whether the code is right in itself, not whether it exists.
 */
export function readCode(text: string): ReadCode {
  if (text.length > 60) return { kind: "not_a_code" };
  const typed = strip(text);
  if (typed.length < CODE_LENGTH - 2 || typed.length > CODE_LENGTH + 2) return { kind: "not_a_code" };
  let code = "";
  let sum = 0;
  let foreign = 0;
  for (const symbol of typed) {
    const value = VALUES.get(symbol);
    if (value === undefined) {
      foreign += 1;
      continue;
    }
    sum = timesAlpha(sum) ^ value;
    code += ALPHABET.charAt(value);
  }
  if (foreign > 0) return { kind: foreign <= 2 && /^[0-9A-Z]+$/.test(typed) ? "mistyped" : "not_a_code" };
  return typed.length === CODE_LENGTH && sum === 0 ? { kind: "code", code } : { kind: "mistyped" };
}

function strip(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\s\u200b-\u200f\ufeff_.·・\-\u2010-\u2015\u2212]/gu, "")
    .toUpperCase();
}

// ── what a holder shows ─────────────────────────────────────────────────────────────────────────────────

/** The 8 digits of the moment, as `dynamic-codes.ts` makes them. */
const DYNAMIC_DIGITS = 8;

export type Presented =
  | { kind: "static"; code: string }
  /** The content of a rotating QR: which voucher, and the digits of the moment. */
  | { kind: "dynamic"; code: string; digits: string }
  /** The digits alone, read off the holder's screen. */
  | { kind: "digits"; digits: string }
  | { kind: "mistyped" }
  | { kind: "not_a_code" };

/** Content of a rotating QR: `7K3M-9QWX-A0ZT-5HRC*12345678`. */
export function dynamicPayload(code: string, digits: string): string {
  return `${formatCode(code)}*${digits}`;
}

/** Tells a static code, the content of a rotating QR and the bare 8 digits apart. */
export function readPresented(text: string): Presented {
  if (isCanonical(text)) return { kind: "static", code: text };
  if (text.length > 80) return { kind: "not_a_code" };
  const [head = "", tail, ...more] = strip(text).split("*");
  if (tail !== undefined) {
    if (more.length > 0) return { kind: "not_a_code" };
    const read = readCode(head);
    if (read.kind !== "code") return read;
    return isDigits(tail) ? { kind: "dynamic", code: read.code, digits: tail } : { kind: "mistyped" };
  }
  if (isDigits(head)) return { kind: "digits", digits: head };
  const read = readCode(head);
  return read.kind === "code" ? { kind: "static", code: read.code } : read;
}

function isDigits(text: string): boolean {
  return text.length === DYNAMIC_DIGITS && /^\d+$/.test(text);
}
