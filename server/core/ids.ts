import { randomFillSync } from "node:crypto";

/**
 * UUIDv7 (RFC 9562): 48 bits of milliseconds, a 12-bit counter within the millisecond that starts at
 * random, 62 random bits. Ids made by one process sort in the order in which they were made.
 */
const pool = Buffer.allocUnsafe(16 * 1024);
/** Random digits not yet used; taken from the platform many at a time, as most of an id's cost is asking. */
let digits = "";
let used = 0;
let lastMs = 0;
/** The first 48 bits of `lastMs`, as they are written. */
let lastTime = "";
let counter = 0;

/** Random hexadecimal digits: three to begin a counter at, one for the variant, fifteen for the end. */
const DIGITS = 19;
const VARIANT = "89ab";

export function newId(now: number = Date.now()): string {
  if (used + DIGITS > digits.length) {
    digits = randomFillSync(pool).toString("hex");
    used = 0;
  }
  const at = used;
  used += DIGITS;
  if (now > lastMs) {
    countFrom(now, Number.parseInt(digits.slice(at, at + 3), 16) & 0x7ff); // room for at least 2,048 more in this millisecond
  } else {
    counter += 1;
    if (counter > 0xfff) countFrom(lastMs + 1, 0);
  }
  const variant = VARIANT.charAt(Number.parseInt(digits.charAt(at + 3), 16) & 0x3);
  const low = (0x7000 | counter).toString(16);
  return `${lastTime}-${low}-${variant}${digits.slice(at + 4, at + 7)}-${digits.slice(at + 7, at + 19)}`;
}

function countFrom(ms: number, first: number): void {
  lastMs = ms;
  const time = ms.toString(16).padStart(12, "0");
  lastTime = `${time.slice(0, 8)}-${time.slice(8)}`;
  counter = first;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export function isId(text: string): boolean {
  return UUID.test(text);
}

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * The number people read for a record with a UUIDv7, e.g. `RD-1KQX-7M2P-9TAB`: 42 bits of its milliseconds,
 * its 12-bit counter and 6 random bits in Crockford base32. Nothing is stored: `referenceRange` gives the
 * interval of ids to look in.
 */
export function referenceOf(prefix: string, id: string): string {
  // 60 bits as two numbers of 30: the milliseconds' bits 41…12, then their last 12, the counter and 6 random bits.
  const ms = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  const high = Math.floor(ms / 4096) % 2 ** 30;
  const low =
    ((ms % 4096) << 18) |
    (Number.parseInt(id.slice(15, 18), 16) << 6) |
    ((Number.parseInt(id.slice(19, 23), 16) >> 8) & 0x3f);
  return `${prefix}-${symbols(high, 25, 10)}-${symbols(high, 5, 0)}${symbols(low, 25, 20)}-${symbols(low, 15, 0)}`;
}

function symbols(bits: number, from: number, to: number): string {
  let text = "";
  for (let shift = from; shift >= to; shift -= 5) text += CROCKFORD.charAt((bits >> shift) & 31);
  return text;
}

/** The closed interval of ids that bear a reference, or null if the text is none. Case, O/0 and I/L/1 are read alike. */
export function referenceRange(prefix: string, reference: string): { from: string; to: string } | null {
  const text = reference
    .toUpperCase()
    .replace(/[\s-]/g, "")
    .replace(new RegExp(`^${prefix}`), "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
  if (text.length !== 12) return null;
  let bits = 0n;
  for (const c of text) {
    const v = CROCKFORD.indexOf(c);
    if (v < 0) return null;
    bits = (bits << 5n) | BigInt(v);
  }
  const ms = (bits >> 18n).toString(16).padStart(12, "0");
  const low = ((bits >> 6n) & 0xfffn).toString(16).padStart(3, "0");
  const high = (0x80n | (bits & 0x3fn)).toString(16).padStart(2, "0");
  const head = `${ms.slice(0, 8)}-${ms.slice(8)}-7${low}-${high}`;
  return { from: `${head}00-000000000000`, to: `${head}ff-ffffffffffff` };
}
