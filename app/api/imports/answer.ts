import { requestContext } from "@/server/auth/request";
import type { Ctx } from "@/server/core/context";
import {
  DomainError,
  ERROR_KINDS,
  type ErrorCode,
  type ErrorParams,
  isDomainError,
} from "@/server/core/errors";
import { logger } from "@/server/core/logger";

/** A route for signed-in people outside of tRPC: files in, files out. Errors have the shape that screens know. */
export async function answer(req: Request, work: (ctx: Ctx) => Promise<Response>): Promise<Response> {
  const { ctx, requestId, refusal } = await requestContext(req);
  try {
    if (!ctx) throw new DomainError(refusal ?? "UNAUTHENTICATED");
    return await work(ctx);
  } catch (error) {
    if (isDomainError(error)) return failure(error.code, error.params, requestId);
    logger.error({ err: error, path: new URL(req.url).pathname, requestId }, "request failed");
    return failure("INTERNAL", {}, requestId);
  }
}

function failure(code: ErrorCode, params: ErrorParams, requestId: string): Response {
  return Response.json({ error: { code, params, requestId } }, { status: ERROR_KINDS[code] });
}
