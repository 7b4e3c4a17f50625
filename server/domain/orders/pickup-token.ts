import { timingSafeEqual } from "node:crypto";
import { blindIndex } from "@/server/core/secrets";

/**
 * Address of a buyer's page. The token is the order's id and 128 bits of a keyed hash of it and its version: nobody
 * guesses one, nothing is stored for it, and a new version makes the old one worthless.
 */
interface Linked {
  id: string;
  pickupVersion: number;
}

export function pickupPath(tenant: { id: string; slug: string }, order: Linked): string {
  return `/p/${tenant.slug}/${pickupToken(tenant.id, order)}`;
}

export function pickupToken(tenantId: string, order: Linked): string {
  const id = Buffer.from(order.id.replaceAll("-", ""), "hex");
  return Buffer.concat([id, signature(tenantId, order)]).toString("base64url");
}

/** The order that a token names; whether it is a token of it, `isTokenOf` says. */
export function orderOfToken(token: string): string | null {
  if (!/^[\w-]{43}$/.test(token)) return null;
  const hex = Buffer.from(token, "base64url").subarray(0, 16).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function isTokenOf(tenantId: string, order: Linked, token: string): boolean {
  const bytes = Buffer.from(token, "base64url");
  return bytes.length === 32 && timingSafeEqual(bytes.subarray(16), signature(tenantId, order));
}

function signature(tenantId: string, { id, pickupVersion }: Linked): Buffer {
  return blindIndex("order.pickup", `${tenantId}/${id}/${pickupVersion}`);
}
