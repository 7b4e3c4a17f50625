import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Problem } from "./problem";
import { SECURITY_HEADERS } from "./security-headers";

/** Any address under the API, however it is written; caught is what follows the prefix. */
const UNDER = /^(?:https?:\/\/[^/?#]*)?\/+api\/v1(?=[/?#]|$)([^?#]*)/;
/** The routes beside the registry. */
const BESIDE: Readonly<Record<string, string>> = {
  "/ping": "GET, HEAD",
  "/openapi.json": "GET, HEAD",
  "/pickup": "POST",
};
/** All that the API takes somewhere, where the registry is not to be asked. */
const ANYWHERE = "GET, HEAD, POST";
const SECURITY = Object.entries(SECURITY_HEADERS).flat();

/**
 * Answers TRACE under the API with 405, and says whether it did. No web request can have that method, so that Next
 * fails on one (500) before any route or proxy of ours sees it.
 */
export function refuseTrace({ method, url = "" }: IncomingMessage, res: ServerResponse): boolean {
  const path = method === "TRACE" ? UNDER.exec(url)?.[1] : undefined;
  if (path === undefined) return false;
  const allow = BESIDE[path] ?? ANYWHERE;
  const requestId = randomUUID();
  const problem: Problem = {
    type: "urn:kaqing:problem:method-not-allowed",
    title: "Method not allowed",
    status: 405,
    detail:
      "This address does not take this method. Nothing was processed and no money moved. See the API documentation.",
    code: "METHOD_NOT_ALLOWED",
    params: { method: "TRACE", allow },
    instance: `urn:kaqing:request:${requestId}`,
  };
  const body = JSON.stringify(problem);
  res.writeHead(405, [
    ...SECURITY,
    ...["allow", allow],
    ...["content-type", "application/problem+json; charset=utf-8"],
    ...["content-language", "en"],
    ...["cache-control", "no-store"],
    ...["x-request-id", requestId],
    ...["content-length", String(Buffer.byteLength(body))],
  ]);
  res.on("error", () => {}).end(body);
  return true;
}
