import { timingSafeEqual } from "node:crypto";
import { blindIndex } from "@/server/core/secrets";

/**
 * Address of a holder's page. The token is the voucher's id and 128 bits of a keyed hash of it: nobody guesses
 * one, and nothing is stored for it.
 */
export function walletPath(tenant: { id: string; slug: string }, voucherId: string): string {
  return `/w/${tenant.slug}/${walletToken(tenant.id, voucherId)}`;
}

export function walletToken(tenantId: string, voucherId: string): string {
  const id = Buffer.from(voucherId.replaceAll("-", ""), "hex");
  return Buffer.concat([id, signature(tenantId, voucherId)]).toString("base64url");
}

/** The voucher of a token, or null if the token is none of ours. */
export function readWalletToken(tenantId: string, token: string): string | null {
  if (!/^[\w-]{43}$/.test(token)) return null;
  const bytes = Buffer.from(token, "base64url");
  if (bytes.length !== 32) return null;
  const hex = bytes.subarray(0, 16).toString("hex");
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return timingSafeEqual(bytes.subarray(16), signature(tenantId, id)) ? id : null;
}

/** The slug and token in a scanned address of a holder's page, or null. */
export function readWalletAddress(text: string): { slug: string; token: string } | null {
  const match = /\/w\/([\w-]{1,64})\/([\w-]{43})(?:[?#]|$)/.exec(text);
  return match ? { slug: match[1] ?? "", token: match[2] ?? "" } : null;
}

function signature(tenantId: string, voucherId: string): Buffer {
  return blindIndex("voucher.code", `wallet/${tenantId}/${voucherId}`);
}
