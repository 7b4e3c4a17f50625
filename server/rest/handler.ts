import type { z } from "zod";
import { type Ctx, requirePermission } from "@/server/core/context";
import { DomainError, type ErrorCode, type ErrorParams } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { API_SCOPES } from "@/server/core/permissions";
import { readJson } from "./body";
import { type Answer, type Answerer, type ApiRequest, type HeaderReader, webHandler } from "./exchange";
import type { Operation, Reply } from "./operation";
import { InputProblem, itemProblem, problemAnswer, problemOf, type Reader } from "./problem";
import type { RateLimit } from "./rate-limit";
import { makeRouter } from "./router";

export const PREFIX = "/api/v1";
const DEFAULT_LIMIT = 1024 * 1024;
/** Visible ASCII (RFC 9110 calls it VCHAR), so that it means the same to every proxy on the way. */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;
const REQUEST_ID = /^[\w.:-]{1,100}$/;

export interface RestOptions {
  operations: readonly Operation[];
  /** The API key's context. Throws UNAUTHENTICATED. */
  authenticate(req: { headers: HeaderReader }): Promise<Ctx>;
  /** Sentences in the language of an Accept-Language header. */
  reader(acceptLanguage: string | null, timeZone: string): Reader;
  rateLimit: RateLimit;
}

/** The public API as one function from request to answer. It never throws: whatever goes wrong is a problem document. */
export function restAnswerer(options: RestOptions): Answerer {
  const route = makeRouter(options.operations);

  return async (req) => {
    const requestId = requestIdOf(req);
    const headers: Record<string, string> = { "x-request-id": requestId };
    let timeZone = "UTC";
    let made: Reader | undefined; // most calls need no sentence
    const reader = () => {
      made ??= options.reader(req.headers.get("accept-language"), timeZone);
      return made;
    };
    try {
      const match = route(req.method, req.path.slice(PREFIX.length).replace(/\/$/, ""));
      if (match.kind === "unknown") throw new DomainError("NOT_FOUND", { noun: "path" });
      if (match.kind === "wrong_method") {
        headers.allow = match.allow.join(", ");
        throw new DomainError("METHOD_NOT_ALLOWED", { method: req.method, allow: headers.allow });
      }
      const ctx = await options.authenticate(req);
      timeZone = ctx.tenant.timezone;
      options.rateLimit.take(ctx.actor.kind === "apiKey" ? ctx.actor.keyId : ctx.tenant.id);
      const reply = await call(match.operation, match.params, { ...ctx, requestId }, req, reader);
      return replyAnswer(reply, headers);
    } catch (error) {
      const problem = problemOf(error, reader(), requestId);
      if (problem.code === "UNAUTHENTICATED") headers["www-authenticate"] = 'Bearer realm="Kaqing API"';
      if (problem.code === "RATE_LIMITED") headers["retry-after"] = String(problem.params.seconds ?? 1);
      return problemAnswer(problem, { ...headers, "content-language": reader().locale });
    }
  };
}

export function restHandler(options: RestOptions): (req: Request) => Promise<Response> {
  return webHandler(restAnswerer(options));
}

/** The caller's own number of the request if it looks like one. */
export function requestIdOf(req: { headers: HeaderReader }): string {
  const given = req.headers.get("x-request-id");
  return given && REQUEST_ID.test(given) ? given : newId();
}

async function call(
  operation: Operation,
  segments: Record<string, string>,
  ctx: Ctx,
  req: ApiRequest,
  reader: () => Reader,
): Promise<Reply> {
  const fieldError: Reader["fieldError"] = (issue) => reader().fieldError(issue);
  const refusal = (code: ErrorCode, params: ErrorParams) =>
    itemProblem(code, params, reader(), ctx.requestId);
  requirePermission(ctx, API_SCOPES[operation.scope]);
  const idempotencyKey = operation.idempotent ? readIdempotencyKey(req) : "";
  const params = operation.params
    ? parse(operation.params, decodeAll(segments), "path", fieldError)
    : undefined;
  const query = operation.query ? parse(operation.query, queryOf(req), "query", fieldError) : undefined;
  const body = operation.body
    ? parse(operation.body, await readJson(req, operation.bodyLimit ?? DEFAULT_LIMIT), "body", fieldError)
    : undefined;
  return operation.handle({ ctx, params, query, body, idempotencyKey, refusal } as Parameters<
    Operation["handle"]
  >[0]);
}

function readIdempotencyKey(req: ApiRequest): string {
  const key = req.headers.get("idempotency-key");
  if (key === null || key === "") throw new DomainError("IDEMPOTENCY_KEY_REQUIRED");
  if (!IDEMPOTENCY_KEY.test(key)) throw new DomainError("IDEMPOTENCY_KEY_INVALID");
  return key;
}

function parse<S extends z.ZodType>(
  schema: S,
  input: unknown,
  place: string,
  error: Reader["fieldError"],
): z.output<S> {
  const result = schema.safeParse(input, { error });
  if (!result.success) throw new InputProblem(result.error.issues, place);
  return result.data;
}

function decodeAll(segments: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(segments).map(([name, text]) => {
      try {
        return [name, decodeURIComponent(text)];
      } catch {
        throw new DomainError("NOT_FOUND", { noun: "path" });
      }
    }),
  );
}

/** A parameter given twice is an array here, which no schema takes. */
function queryOf(req: ApiRequest): Record<string, unknown> {
  const searchParams = req.query();
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

function replyAnswer(reply: Reply, headers: Record<string, string>): Answer {
  headers["content-type"] = "application/json; charset=utf-8";
  headers["cache-control"] = "no-store";
  if (reply.replayed) headers["idempotency-replayed"] = "true";
  return { status: reply.status, headers, body: JSON.stringify(reply.body) };
}
