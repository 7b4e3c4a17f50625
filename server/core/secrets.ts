import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  randomFillSync,
} from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { dataFolder } from "@/db/data-folder";

/**
 * Everything secret hangs on one master key of 32 bytes: KAQING_MASTER_KEY (base64), else one made on first
 * start and kept in the data folder with mode 0600. Each purpose has keys of its own, derived by HKDF-SHA256,
 * so that what is sealed for one opens for no other.
 */
export const PURPOSES = [
  "voucher.code",
  "voucher.dynamic",
  "bank_account",
  "totp",
  "recovery_code",
  "api_key",
  "invite",
  "session",
  "card.data_key",
  "card.identity",
  "card.file",
  "order.contact",
  "order.pickup",
  "channel.secret",
] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Keyed hash to look a secret up by: HMAC-SHA256, its first 16 bytes. */
export function blindIndex(purpose: Purpose, text: string): Buffer {
  return createHmac("sha256", key(purpose, "index")).update(text).digest().subarray(0, 16);
}

/**
 * AES-256-GCM: version (1 byte), key id (4), IV (12), ciphertext, tag (16).
 * `aad` binds it to its place (tenant, record): it opens with the same only.
 */
export function seal(purpose: Purpose, plaintext: string | Uint8Array, aad: string): Buffer {
  const iv = takeRandom(IV_LENGTH);
  const cipher = createCipheriv("aes-256-gcm", key(purpose, "seal"), iv);
  cipher.setAAD(Buffer.from(aad));
  const body = typeof plaintext === "string" ? cipher.update(plaintext, "utf8") : cipher.update(plaintext);
  return Buffer.concat([header(), iv, body, cipher.final(), cipher.getAuthTag()]);
}

/** Throws if it was sealed for another purpose or place, with another master key, or was changed. */
export function open(purpose: Purpose, sealed: Uint8Array, aad: string): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const start = HEADER_LENGTH + IV_LENGTH;
  const end = bytes.length - TAG_LENGTH;
  if (end < start || bytes[0] !== VERSION) throw new Error("Not a sealed secret");
  if (!bytes.subarray(0, HEADER_LENGTH).equals(header())) throw new Error("Sealed with another master key");
  const decipher = createDecipheriv(
    "aes-256-gcm",
    key(purpose, "seal"),
    bytes.subarray(HEADER_LENGTH, start),
  );
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(bytes.subarray(end));
  return Buffer.concat([decipher.update(bytes.subarray(start, end)), decipher.final()]);
}

/** SHA-256 of a random token (≥ 128 bits), which needs no key and no salt. */
export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** A token nobody guesses: 256 bits unless told, base64url. */
export function newToken(bytes = 32): string {
  return randomBytes(bytes).toString("base64url");
}

/** What signs sessions: NEXTAUTH_SECRET, else derived from the master key. */
export function authSecret(): string {
  return process.env.NEXTAUTH_SECRET || derive("auth").toString("base64");
}

// ── keys ──

const VERSION = 1;
const HEADER_LENGTH = 5;
const IV_LENGTH = 12;
const TAG_LENGTH = 16;
const KEY_LENGTH = 32;

let master: Buffer | undefined;
let sealedHeader: Buffer | undefined;
const keys = new Map<string, KeyObject>();

function key(purpose: Purpose, use: "index" | "seal"): KeyObject {
  const name = `${purpose}/${use}`;
  let found = keys.get(name);
  if (!found) {
    found = createSecretKey(derive(name));
    keys.set(name, found);
  }
  return found;
}

function header(): Buffer {
  sealedHeader ??= Buffer.concat([Buffer.of(VERSION), derive("key-id").subarray(0, 4)]);
  return sealedHeader;
}

function derive(info: string): Buffer {
  master ??= readMasterKey();
  return Buffer.from(hkdfSync("sha256", master, "kaqing", info, KEY_LENGTH));
}

function readMasterKey(): Buffer {
  const given = process.env.KAQING_MASTER_KEY;
  if (given) return parseMasterKey(given, "KAQING_MASTER_KEY");
  const file = path.join(/* turbopackIgnore: true */ dataFolder(), "secrets.json");
  if (!fs.existsSync(file)) makeMasterKey(file);
  const kept = JSON.parse(fs.readFileSync(file, "utf8")) as { masterKey?: string };
  return parseMasterKey(kept.masterKey ?? "", file);
}

function parseMasterKey(text: string, source: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== KEY_LENGTH)
    throw new Error(`${source} must hold ${KEY_LENGTH} bytes in base64 (openssl rand -base64 32)`);
  return bytes;
}

/** Whole or not at all, and never over another's: two servers may start at once. */
function makeMasterKey(file: string): void {
  const folder = path.dirname(file);
  if (!fs.existsSync(folder)) {
    fs.mkdirSync(folder, { recursive: true });
    fs.chmodSync(folder, 0o711);
  }
  const draft = `${file}.${process.pid}`;
  const text = `${JSON.stringify({ masterKey: randomBytes(KEY_LENGTH).toString("base64") })}\n`;
  fs.writeFileSync(draft, text, { mode: 0o600, flush: true });
  try {
    fs.linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

const pool = Buffer.allocUnsafe(IV_LENGTH * 512);
let used = pool.length;

/** Random bytes in one go for many: a call for each costs more than the sealing itself. */
function takeRandom(length: number): Buffer {
  if (used + length > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += length;
  return Buffer.from(pool.subarray(used - length, used));
}
