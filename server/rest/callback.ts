import type { Database } from "@/db/client";
import { clientAddress } from "@/server/auth/origin";
import { requestIdOf } from "@/server/auth/request";
import { type Clock, type Ctx, systemClock } from "@/server/core/context";
import { DomainError, isDomainError } from "@/server/core/errors";
import { isId } from "@/server/core/ids";
import { logger } from "@/server/core/logger";
import { appDatabase } from "@/server/core/runtime";
import { SYSTEM_ACTORS } from "@/server/core/system-words";
import { receiveCallback } from "@/server/domain/orders";
import { findTenantId, loadTenant, systemCtx } from "@/server/domain/parties";
import { portOf } from "@/server/domain/payments";
import { readText } from "./body";

const MAX_BODY = 16 * 1024;

/**
 * A channel's notice that something was paid. Its signature is checked, then the channel is asked; only what it then
 * says is booked. 200 once all of it is; 4xx for what will never be right; 5xx so that the channel sends it again.
 */
export async function answerCallback(
  request: Request,
  at: { slug: string; channelId: string },
  { db = appDatabase(), clock = systemClock }: { db?: Database; clock?: Clock } = {},
): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  try {
    const ctx = await contextOf(db, clock, at.slug);
    if (!isId(at.channelId)) throw new DomainError("NOT_FOUND", { noun: "channel" });
    const port = await portOf(ctx, at.channelId);
    const body = await readText(request, MAX_BODY);
    const { paymentId } = port.parseCallback(request.headers, body);
    await receiveCallback(
      { ...ctx, requestId, ip: clientAddress(request.headers) },
      { channelId: at.channelId, paymentId },
    );
    return answer(200, "OK");
  } catch (error) {
    if (isDomainError(error) && error.status < 500) {
      logger.warn({ refusal: error.code, params: error.params, requestId, ...at }, "callback refused");
      return answer(error.status, error.code);
    }
    logger.error({ err: error, requestId, ...at }, "callback failed");
    return answer(503, "UNAVAILABLE");
  }
}

async function contextOf(db: Database, clock: Clock, slug: string): Promise<Ctx> {
  const tenantId = /^[\w-]{1,64}$/.test(slug) ? await findTenantId(db, slug) : null;
  if (!tenantId) throw new DomainError("NOT_FOUND", { noun: "tenant" });
  return systemCtx(db, await loadTenant(db, tenantId), SYSTEM_ACTORS.channel, clock);
}

function answer(status: number, code: string): Response {
  return Response.json({ code }, { status, headers: { "Cache-Control": "no-store" } });
}
