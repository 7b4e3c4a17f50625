import { randomFillSync } from "node:crypto";

/**
 * UUIDv7 (RFC 9562): 48 bits of milliseconds, a 12-bit counter within the millisecond that starts at
 * random, 62 random bits. Ids made by one process sort in the order in which they were made.
 */
const pool = Buffer.allocUnsafe(8 * 1024);
let used = pool.length;
let lastMs = 0;
let counter = 0;

function random8(): Buffer {
  if (used + 8 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 8;
  return pool.subarray(used - 8, used);
}

export function newId(now: number = Date.now()): string {
  const bytes = random8();
  const hex = bytes.toString("hex");
  if (now > lastMs) {
    lastMs = now;
    counter = Number.parseInt(hex.slice(0, 3), 16) & 0x7ff; // room for at least 2,048 more in this millisecond
  } else {
    counter += 1;
    if (counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
  }
  const time = lastMs.toString(16).padStart(12, "0");
  const variant = ((Number.parseInt(hex.charAt(3), 16) & 0x3) | 0x8).toString(16);
  const low = counter.toString(16).padStart(3, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${low}-${variant}${hex.slice(4, 7)}-${hex.slice(7, 16)}${random8().toString("hex").slice(0, 3)}`;
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
  const hex = id.replaceAll("-", "");
  const ms = BigInt(`0x${hex.slice(0, 12)}`);
  const low = BigInt(`0x${hex.slice(13, 16)}`);
  const tail = (BigInt(`0x${hex.slice(16, 20)}`) >> 8n) & 0x3fn;
  let bits = ((ms & ((1n << 42n) - 1n)) << 18n) | (low << 6n) | tail;
  let text = "";
  for (let i = 0; i < 12; i++) {
    text = CROCKFORD.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return `${prefix}-${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
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
