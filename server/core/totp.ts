import { createHmac, timingSafeEqual } from "node:crypto";

/** Codes of RFC 6238: HMAC-SHA1 over the number of 30-second steps since 1970. */
export const TOTP_SECONDS = 30;

export function totpStep(now: Date): number {
  return Math.floor(now.getTime() / 1000 / TOTP_SECONDS);
}

export function totpCode(secret: Uint8Array, step: number, digits: 6 | 8 = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const offset = (mac[mac.length - 1] ?? 0) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

/** The step a code belongs to, the current one or `drift` beside it, or null. Takes the same time for each answer. */
export function findTotpStep(
  secret: Uint8Array,
  code: string,
  now: Date,
  options: { digits?: 6 | 8; drift?: number } = {},
): number | null {
  const { digits = 6, drift = 1 } = options;
  if (code.length !== digits) return null;
  const given = Buffer.from(code, "latin1");
  const current = totpStep(now);
  let found: number | null = null;
  for (let step = current - drift; step <= current + drift; step++) {
    if (timingSafeEqual(given, Buffer.from(totpCode(secret, step, digits), "latin1"))) found ??= step;
  }
  return found;
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 4648 without padding: how authenticator apps take a secret. */
export function base32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32.charAt((value >>> bits) & 31);
    }
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + BASE32.charAt((value << (5 - bits)) & 31) : text;
}
