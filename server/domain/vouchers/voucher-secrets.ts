import { blindIndex, open, seal } from "@/server/core/secrets";

/** A code as it is kept: a keyed hash to find it by, and a ciphertext bound to its voucher to show it again. */

/** `code`: canonical, 16 characters. */
export function codeHash(code: string): Buffer {
  return blindIndex("voucher.code", code);
}
export function sealCode(tenantId: string, voucherId: string, code: string): Buffer {
  return seal("voucher.code", code, `${tenantId}/${voucherId}`);
}
export function openCode(tenantId: string, voucherId: string, sealed: Uint8Array): string {
  return open("voucher.code", sealed, `${tenantId}/${voucherId}`).toString("utf8");
}
export function sealDynamicSecret(tenantId: string, voucherId: string, secret: Uint8Array): Buffer {
  return seal("voucher.dynamic", secret, `${tenantId}/${voucherId}`);
}
export function openDynamicSecret(tenantId: string, voucherId: string, sealed: Uint8Array): Buffer {
  return open("voucher.dynamic", sealed, `${tenantId}/${voucherId}`);
}
/** Finds the vouchers that show these 8 digits now. */
export function displayHash(tenantId: string, digits: string): Buffer {
  return blindIndex("voucher.dynamic", `${tenantId}/${digits}`);
}
