import { cache } from "react";
import { clockOf } from "@/server/core/clock";
import type { Ctx } from "@/server/core/context";
import { systemClock } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { appDatabase } from "@/server/core/runtime";
import { type ResolvedSession, resolveApiKey, resolveSession } from "@/server/domain/parties";
import type { RequestContext } from "@/server/trpc/init";
import { cookieOf, readClaims, sessionCookieName } from "./cookie";
import { clientAddress, isSameOrigin } from "./origin";

/** Who calls a route, by the session's cookie. What changes something has to come from a page of ours. */
export async function requestContext(req: Request): Promise<RequestContext> {
  const context = await contextOfHeaders(req.headers);
  const changes = req.method !== "GET" && req.method !== "HEAD";
  if (!changes || isSameOrigin(req.headers)) return context;
  return { ctx: null, requestId: context.requestId, ip: context.ip, refusal: "CROSS_ORIGIN" };
}

/** The same for a page, resolved once a request. */
export async function requestContextOfPage(headers: Headers): Promise<RequestContext> {
  return contextOfHeaders(headers);
}

/** Who calls the public API. Throws UNAUTHENTICATED. */
export async function apiKeyContext(req: { headers: Pick<Headers, "get"> }): Promise<Ctx> {
  const [scheme, key = ""] = (req.headers.get("authorization") ?? "").split(" ", 2);
  if (scheme?.toLowerCase() !== "bearer") throw new DomainError("UNAUTHENTICATED");
  const db = appDatabase();
  const found = await resolveApiKey(db, key.trim(), systemClock);
  if (!found) throw new DomainError("UNAUTHENTICATED");
  return {
    ...found,
    db,
    clock: clockOf(found.tenant),
    requestId: requestIdOf(req.headers),
    ip: clientAddress(req.headers),
  };
}

/** The caller's own number of the request if it looks like one. */
export function requestIdOf(headers: Pick<Headers, "get">): string {
  const given = headers.get("x-request-id");
  return given && /^[\w.:-]{8,64}$/.test(given) ? given : newId();
}

/** The session behind a cookie header, with what a page shows of it. */
export const sessionOfHeaders = cache(async (headers: Headers): Promise<ResolvedSession | null> => {
  const claims = await readClaims(cookieOf(headers.get("cookie"), sessionCookieName()));
  return claims ? resolveSession(appDatabase(), claims, systemClock) : null;
});

const contextOfHeaders = cache(async (headers: Headers): Promise<RequestContext> => {
  const requestId = requestIdOf(headers);
  const ip = clientAddress(headers);
  const session = await sessionOfHeaders(headers);
  if (!session) return { ctx: null, requestId, ip };
  const { actor, tenant } = session;
  const ctx: Ctx = { actor, tenant, db: appDatabase(), clock: clockOf(tenant), requestId, ip };
  if (session.mustEnrol)
    return { ctx: null, enrolling: ctx, requestId, ip, refusal: "SECOND_FACTOR_SETUP_REQUIRED" };
  return { ctx, requestId, ip };
});
