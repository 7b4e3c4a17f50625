import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  hash,
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
 *
 * While the master key is changed there are several: what is sealed names its key, and opens with it; sealing uses
 * the newest. Keyed hashes come from a root of their own, which stays (docs/decisions/0022-master-key-rotation.md).
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
  return hmacSha256(indexPads(purpose), text).subarray(0, 16);
}

/**
 * AES-256-GCM: version (1 byte), key id (4), IV (12), ciphertext, tag (16).
 * `aad` binds it to its place (tenant, record): it opens with the same only.
 */
export function seal(purpose: Purpose, plaintext: string | Uint8Array, aad: string): Buffer {
  const iv = takeRandom(IV_LENGTH);
  const master = ring().current;
  const cipher = createCipheriv("aes-256-gcm", sealKey(master, purpose), iv);
  cipher.setAAD(Buffer.from(aad));
  const body = typeof plaintext === "string" ? cipher.update(plaintext, "utf8") : cipher.update(plaintext);
  return Buffer.concat([master.header, iv, body, cipher.final(), cipher.getAuthTag()]);
}

/** Throws if it was sealed for another purpose or place, with a master key that is not known, or was changed. */
export function open(purpose: Purpose, sealed: Uint8Array, aad: string): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const start = HEADER_LENGTH + IV_LENGTH;
  const end = bytes.length - TAG_LENGTH;
  if (end < start || bytes[0] !== VERSION) throw new Error("Not a sealed secret");
  const master = masterOf(bytes);
  if (!master) throw new Error("Sealed with another master key");
  const decipher = createDecipheriv(
    "aes-256-gcm",
    sealKey(master, purpose),
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

/** What signs sessions: NEXTAUTH_SECRET, else derived from the root that stays, so that nobody is signed out by a new master key. */
export function authSecret(): string {
  return process.env.NEXTAUTH_SECRET || derive(ring().indexRoot, "auth").toString("base64");
}

/** Id of the master key that seals now, hex. */
export function currentMasterKeyId(): string {
  return ring().current.id;
}
/** Id of the master key that something was sealed with, hex. */
export function masterKeyIdOf(sealed: Uint8Array): string {
  return Buffer.from(sealed.subarray(1, HEADER_LENGTH)).toString("hex");
}

// ── keys ──

const VERSION = 1;
const HEADER_LENGTH = 5;
const IV_LENGTH = 12;
const TAG_LENGTH = 16;
const KEY_LENGTH = 32;

interface MasterKey {
  /** 4 bytes, hex. */
  id: string;
  bytes: Buffer;
  /** Version and id: how what it seals begins. */
  header: Buffer;
  sealKeys: Map<Purpose, KeyObject>;
}
interface Ring {
  current: MasterKey;
  byId: Map<string, MasterKey>;
  indexRoot: Buffer;
  indexKeys: Map<Purpose, HmacPads>;
  /** From the environment, which does not change. */
  fixed: boolean;
}

/** What the file of secrets holds: base64, 32 bytes each. */
export interface KeptSecrets {
  masterKey: string;
  /** Keys that may still have sealed something. */
  previousKeys?: string[];
  /** Root of keyed hashes; the first master key, where it is missing. */
  indexKey?: string;
}

let known: Ring | undefined;
/** The file is looked at again so that a new key comes to servers that run. */
const LOOK_MS = 5_000;
let lookedAt = 0;
let changedAt = -1;

function ring(): Ring {
  if (known && (known.fixed || Date.now() - lookedAt < LOOK_MS)) return known;
  return readRing();
}

function readRing(): Ring {
  const { KAQING_MASTER_KEY: given, KAQING_MASTER_KEY_NEXT: next, KAQING_INDEX_KEY: index } = process.env;
  if (given) {
    known = makeRing(
      (next ? [next, given] : [given]).map((text) => parseMasterKey(text, "KAQING_MASTER_KEY")),
      parseMasterKey(index || given, "KAQING_INDEX_KEY"),
      true,
    );
    return known;
  }
  const file = secretsFile();
  lookedAt = Date.now();
  if (!fs.existsSync(file)) makeMasterKey(file);
  const { mtimeMs } = fs.statSync(file);
  if (known && mtimeMs === changedAt) return known;
  const kept = JSON.parse(fs.readFileSync(file, "utf8")) as Partial<KeptSecrets>;
  const masters = [kept.masterKey ?? "", ...(kept.previousKeys ?? [])];
  known = makeRing(
    masters.map((text) => parseMasterKey(text, file)),
    parseMasterKey(kept.indexKey ?? masters.at(-1) ?? "", file),
    false,
  );
  changedAt = mtimeMs;
  return known;
}

/** Reads the keys again: for whoever has just changed them. */
export function reloadSecrets(): void {
  known = undefined;
  readRing();
}

export function secretsFile(): string {
  return path.join(/* turbopackIgnore: true */ dataFolder(), "secrets.json");
}

/** @param masters newest first */
function makeRing(masters: readonly Buffer[], indexRoot: Buffer, fixed: boolean): Ring {
  const keys = masters.map((bytes): MasterKey => {
    const id = derive(bytes, "key-id").subarray(0, HEADER_LENGTH - 1);
    return {
      id: id.toString("hex"),
      bytes,
      header: Buffer.concat([Buffer.of(VERSION), id]),
      sealKeys: new Map(),
    };
  });
  const [current] = keys;
  if (!current) throw new Error("no master key");
  return { current, byId: new Map(keys.map((one) => [one.id, one])), indexRoot, indexKeys: new Map(), fixed };
}

/** The key that something was sealed with, if it is known: another process may have brought it a moment ago. */
function masterOf(sealed: Buffer): MasterKey | undefined {
  const { current, byId, fixed } = ring();
  if (sealed.subarray(0, HEADER_LENGTH).equals(current.header)) return current;
  const id = masterKeyIdOf(sealed);
  return byId.get(id) ?? (fixed ? undefined : readRing().byId.get(id));
}

function sealKey(master: MasterKey, purpose: Purpose): KeyObject {
  let found = master.sealKeys.get(purpose);
  if (!found) {
    found = createSecretKey(derive(master.bytes, `${purpose}/seal`));
    master.sealKeys.set(purpose, found);
  }
  return found;
}

function indexPads(purpose: Purpose): HmacPads {
  const { indexRoot, indexKeys } = ring();
  let found = indexKeys.get(purpose);
  if (!found) {
    found = hmacPads(derive(indexRoot, `${purpose}/index`));
    indexKeys.set(purpose, found);
  }
  return found;
}

/** What HMAC hashes first, inside and outside: its key, of at most a block, made unrecognisable. */
interface HmacPads {
  inner: Buffer;
  outer: Buffer;
}
const BLOCK = 64;

function hmacPads(key: Buffer): HmacPads {
  const pad = (mask: number) => Buffer.alloc(BLOCK).map((_, i) => (key[i] ?? 0) ^ mask) as Buffer;
  return { inner: pad(0x36), outer: pad(0x5c) };
}

/** HMAC-SHA256 (RFC 2104) by hand: an `Hmac` object costs five times what it computes, and a batch needs hundreds. */
function hmacSha256({ inner, outer }: HmacPads, text: string): Buffer {
  const digest = hash("sha256", Buffer.concat([inner, Buffer.from(text)]), "buffer");
  return hash("sha256", Buffer.concat([outer, digest]), "buffer");
}

function derive(root: Buffer, info: string): Buffer {
  return Buffer.from(hkdfSync("sha256", root, "kaqing", info, KEY_LENGTH));
}

function parseMasterKey(text: string, source: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== KEY_LENGTH)
    throw new Error(`${source} must hold ${KEY_LENGTH} bytes in base64 (openssl rand -base64 32)`);
  return bytes;
}

export function newMasterKey(): string {
  return randomBytes(KEY_LENGTH).toString("base64");
}

/** Whole or not at all, and never over another's: two servers may start at once. */
function makeMasterKey(file: string): void {
  const folder = path.dirname(file);
  if (!fs.existsSync(folder)) {
    fs.mkdirSync(folder, { recursive: true });
    fs.chmodSync(folder, 0o711);
  }
  const draft = `${file}.${process.pid}`;
  const kept: KeptSecrets = { masterKey: newMasterKey(), indexKey: newMasterKey() };
  const text = `${JSON.stringify(kept)}\n`;
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
