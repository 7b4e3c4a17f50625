import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { blindIndex, open, seal } from "@/server/core/secrets";

/**
 * Envelope encryption of keys: each batch has a data key, wrapped by the master key; each key is sealed by its
 * batch's data key and bound to tenant and key, so that it opens nowhere else.
 */
const VERSION = 1;
const IV_LENGTH = 12;
const TAG_LENGTH = 16;
/** Neither a number nor a secret holds control characters. */
const BETWEEN = "\n";

export interface PlainKey {
  /** Empty where it has none. */
  number: string;
  secret: string;
}

export function newDataKey(): Buffer {
  return randomBytes(32);
}
export function dataKeyPlace(tenantId: string, batchId: string): string {
  return `${tenantId}/${batchId}`;
}
export function wrapDataKey(tenantId: string, batchId: string, dataKey: Uint8Array): Buffer {
  return seal("card.data_key", dataKey, dataKeyPlace(tenantId, batchId));
}
export function unwrapDataKey(tenantId: string, batchId: string, sealed: Uint8Array): KeyObject {
  return createSecretKey(open("card.data_key", sealed, dataKeyPlace(tenantId, batchId)));
}

/** A key's identity is its number; its secret, where it has none. Finds duplicates of a product without keeping it. */
export function identityHash(tenantId: string, productId: string, { number, secret }: PlainKey): Buffer {
  const identity = number === "" ? `s/${secret}` : `n/${number}`;
  return blindIndex("card.identity", `${tenantId}/${productId}/${identity}`);
}

/** Bytes of a sealed key: version (1), IV (12), ciphertext, tag (16). */
export function sealedLength({ number, secret }: PlainKey): number {
  return 1 + IV_LENGTH + Buffer.byteLength(number) + BETWEEN.length + Buffer.byteLength(secret) + TAG_LENGTH;
}

/** Seals a key into `target` from `at` on, where its 12 random bytes of IV stand already behind the version. */
export function sealKeyInto(
  target: Buffer,
  at: number,
  dataKey: KeyObject,
  place: { tenantId: string; keyId: string },
  { number, secret }: PlainKey,
): void {
  const body = at + 1 + IV_LENGTH;
  const cipher = createCipheriv("aes-256-gcm", dataKey, target.subarray(at + 1, body));
  cipher.setAAD(Buffer.from(`${place.tenantId}/${place.keyId}`));
  const sealed = cipher.update(`${number}${BETWEEN}${secret}`, "utf8");
  cipher.final();
  target[at] = VERSION;
  sealed.copy(target, body);
  cipher.getAuthTag().copy(target, body + sealed.length);
}

/** Throws if it was sealed for another key or with another data key, or was changed. */
export function openKey(dataKey: KeyObject, tenantId: string, keyId: string, sealed: Buffer): PlainKey {
  const end = sealed.length - TAG_LENGTH;
  if (end < 1 + IV_LENGTH || sealed[0] !== VERSION) throw new Error("Not a sealed key");
  const decipher = createDecipheriv("aes-256-gcm", dataKey, sealed.subarray(1, 1 + IV_LENGTH));
  decipher.setAAD(Buffer.from(`${tenantId}/${keyId}`));
  decipher.setAuthTag(sealed.subarray(end));
  const plain =
    decipher.update(sealed.subarray(1 + IV_LENGTH, end), undefined, "utf8") + decipher.final("utf8");
  const at = plain.indexOf(BETWEEN);
  return { number: plain.slice(0, at), secret: plain.slice(at + 1) };
}
