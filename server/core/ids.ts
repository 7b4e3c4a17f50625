import { randomFillSync } from "node:crypto";

/**
 * UUIDv7 (RFC 9562): 48 bits of milliseconds, a 12-bit counter within the millisecond that starts at
 * random, 62 random bits. Ids made by one process sort in the order in which they were made.
 *
 * They are written byte by byte into one place and read from there: put together as texts, an id costs twice as much.
 */
const LENGTH = 36;
const written = Buffer.from("00000000-0000-7000-8000-000000000000");
const HEX = Buffer.from("0123456789abcdef");
/** Random bytes, taken from the platform many at a time, as most of their cost is asking. */
const pool = Buffer.allocUnsafe(16 * 1024);
/** Two to begin a counter at, two for the variant and what follows it, six for the end. */
const BYTES = 10;
let used = pool.length;
let lastMs = 0;
let counter = 0;

export function newId(now: number = Date.now()): string {
  next(now);
  return written.toString("latin1", 0, LENGTH);
}

/** New ids, in their order, as an array parameter of a statement. */
export function newIds(count: number, now: number = Date.now()): string {
  const all = Buffer.allocUnsafe(count * (LENGTH + 1) + 2);
  let at = 0;
  all[at++] = "{".charCodeAt(0);
  for (let i = 0; i < count; i++) {
    if (i > 0) all[at++] = ",".charCodeAt(0);
    next(now);
    for (let k = 0; k < LENGTH; k++) all[at++] = written[k] as number;
  }
  all[at++] = "}".charCodeAt(0);
  return all.toString("latin1", 0, at);
}

/** Writes the next one. */
function next(now: number): void {
  if (used + BYTES > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const at = used;
  used += BYTES;
  if (now > lastMs) {
    countFrom(now, pool.readUInt16BE(at) & 0x7ff); // room for at least 2,048 more in this millisecond
  } else {
    counter += 1;
    if (counter > 0xfff) countFrom(lastMs + 1, 0);
  }
  written[15] = HEX[counter >> 8] as number;
  written[16] = HEX[(counter >> 4) & 15] as number;
  written[17] = HEX[counter & 15] as number;
  const first = pool[at + 2] as number;
  written[19] = HEX[8 | (first >> 6)] as number;
  written[20] = HEX[first & 15] as number;
  writeByte(21, at + 3);
  for (let k = 0; k < 6; k++) writeByte(24 + 2 * k, at + 4 + k);
}

function writeByte(to: number, from: number): void {
  const byte = pool[from] as number;
  written[to] = HEX[byte >> 4] as number;
  written[to + 1] = HEX[byte & 15] as number;
}

function countFrom(ms: number, first: number): void {
  lastMs = ms;
  counter = first;
  const time = ms.toString(16).padStart(12, "0");
  written.write(`${time.slice(0, 8)}-${time.slice(8)}`, 0, "latin1");
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
