import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import { ZodError } from "zod";
import type { Ctx } from "@/server/core/context";
import { DomainError, type ErrorCode, type ErrorParams, isDomainError } from "@/server/core/errors";
import { logger } from "@/server/core/logger";

/** What a request brings: who asks, or null before sign-in. Built by `server/auth`. */
export interface RequestContext {
  ctx: Ctx | null;
  requestId: string;
  /** Network address of the caller. */
  ip?: string;
  /** Why there is no `ctx` although a session may exist. */
  refusal?: "CROSS_ORIGIN" | "SECOND_FACTOR_SETUP_REQUIRED";
  /** A user who has to set a second factor up first: good for the own account alone. */
  enrolling?: Ctx;
}

/** What a screen gets of an error: a code with a sentence in the dictionaries, and the number that finds the log line. */
export interface ErrorShape {
  code: ErrorCode;
  params: ErrorParams;
  requestId: string;
  /** Problems of the input, by path. */
  issues?: { path: string; message: string }[];
}

const TRPC_CODES: Record<number, TRPCError["code"]> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "CONFLICT",
  410: "NOT_FOUND",
  413: "PAYLOAD_TOO_LARGE",
  422: "UNPROCESSABLE_CONTENT",
  429: "TOO_MANY_REQUESTS",
  500: "INTERNAL_SERVER_ERROR",
};

const t = initTRPC.context<RequestContext>().create({
  transformer: superjson,
  errorFormatter({ shape, error, ctx }) {
    const { stack: _, ...data } = shape.data;
    return {
      ...shape,
      message: data.code,
      data: { ...data, error: errorShape(error, ctx?.requestId ?? "") },
    };
  },
});

/** The one mapping of errors to what leaves the server. An error nobody foresaw is logged and tells nothing. */
export function errorShape(error: TRPCError, requestId: string): ErrorShape {
  const cause = error.cause;
  if (cause instanceof ZodError) {
    const issues = cause.issues.map((i) => ({ path: i.path.join("."), message: i.message }));
    return { code: "INPUT_INVALID", params: { path: issues[0]?.path ?? "" }, requestId, issues };
  }
  if (isDomainError(cause)) return { code: cause.code, params: cause.params, requestId };
  if (error.code === "BAD_REQUEST" || error.code === "PARSE_ERROR")
    return { code: "BODY_MALFORMED", params: {}, requestId };
  if (error.code === "NOT_FOUND") return { code: "NOT_FOUND", params: { noun: "procedure" }, requestId };
  return { code: "INTERNAL", params: {}, requestId };
}

const mapErrors = t.middleware(async ({ next, path, ctx }) => {
  const result = await next();
  if (!result.ok) {
    const cause = result.error.cause;
    if (isDomainError(cause)) {
      throw new TRPCError({ code: TRPC_CODES[cause.status] ?? "INTERNAL_SERVER_ERROR", cause });
    }
    if (cause instanceof ZodError) throw new TRPCError({ code: "BAD_REQUEST", cause });
    if (result.error.code === "INTERNAL_SERVER_ERROR") {
      logger.error({ err: cause ?? result.error, path, requestId: ctx.requestId }, "procedure failed");
    }
  }
  return result;
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;
/** Open to the world: sign-in help, invitations, the holder's wallet. */
export const publicProcedure = t.procedure.use(mapErrors).use(({ ctx, type, next }) => {
  if (type === "mutation" && ctx.refusal === "CROSS_ORIGIN") throw new DomainError("CROSS_ORIGIN");
  return next();
});
/** For signed-in users. Permissions are the verbs' first line. */
export const procedure = publicProcedure.use(({ ctx, next }) => {
  if (!ctx.ctx) throw refusal(ctx);
  return next({ ctx: ctx.ctx });
});
/** The own account: also for a user who has to set a second factor up before anything else. */
export const accountProcedure = publicProcedure.use(({ ctx, next }) => {
  const self = ctx.ctx ?? ctx.enrolling;
  if (!self) throw refusal(ctx);
  return next({ ctx: self });
});

function refusal(ctx: RequestContext): DomainError {
  return new DomainError(ctx.refusal ?? "UNAUTHENTICATED");
}
