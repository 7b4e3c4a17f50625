import type { ResponseCookie } from "next/dist/compiled/@edge-runtime/cookies";
import { decode, encode } from "next-auth/jwt";
import { isId } from "@/server/core/ids";
import { logger } from "@/server/core/logger";
import { authSecret } from "@/server/core/secrets";
import { SESSION_DAYS, type SessionClaims } from "@/server/domain/parties";

/** The session's cookie: an encrypted token with the claims, out of reach of scripts and of other sites' forms. */
export const SESSION_SECONDS = SESSION_DAYS * 86_400;

export function isSecure(): boolean {
  return (process.env.NEXTAUTH_URL ?? "").startsWith("https://");
}

export function sessionCookieName(): string {
  return isSecure() ? "__Host-kq_session" : "kq_session";
}

export function cookieOptions(): Pick<ResponseCookie, "httpOnly" | "sameSite" | "secure" | "path"> {
  return { httpOnly: true, sameSite: "lax", secure: isSecure(), path: "/" };
}

export async function sealClaims(claims: SessionClaims): Promise<string> {
  return encode({ token: { ...claims }, secret: authSecret(), maxAge: SESSION_SECONDS });
}

/** Null for what was not sealed by us, or is past its time. */
export async function readClaims(cookie: string | undefined): Promise<SessionClaims | null> {
  if (!cookie) return null;
  try {
    return claimsOf(await decode({ token: cookie, secret: authSecret() }));
  } catch {
    return null;
  }
}

export function claimsOf(token: unknown): SessionClaims | null {
  const { tenantId, userId, sessionId, sessionVersion } = (token ?? {}) as Record<string, unknown>;
  if (typeof tenantId !== "string" || typeof userId !== "string" || typeof sessionId !== "string")
    return null;
  if (![tenantId, userId, sessionId].every(isId) || typeof sessionVersion !== "number") return null;
  return { tenantId, userId, sessionId, sessionVersion };
}

/** Hands the browser its new session after a rotation. Only in a route handler; elsewhere there is no browser. */
export async function handOverSession(claims: SessionClaims): Promise<void> {
  const { cookies } = await import("next/headers");
  let jar: Awaited<ReturnType<typeof cookies>>;
  try {
    jar = await cookies();
  } catch {
    logger.debug("no browser to hand a session to");
    return;
  }
  jar.set(sessionCookieName(), await sealClaims(claims), { ...cookieOptions(), maxAge: SESSION_SECONDS });
}

export function cookieOf(header: string | null, name: string): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}
