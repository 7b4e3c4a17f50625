import { DomainError } from "@/server/core/errors";
import { PREFIX, requestIdOf } from "./handler";
import { problemOf, problemResponse, type Reader } from "./problem";

/** Whether every escape of a path stands for text, as those of `%E0%A4%A` do not. */
export function decodes(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** What is said of a path that does not decode: no route can be found for it. A problem document under the API, else a sentence. */
export function malformedPath(req: Request, reader: Reader): Response {
  const requestId = requestIdOf(req);
  const problem = problemOf(new DomainError("INPUT_INVALID", { path: "path" }), reader, requestId);
  const headers = { "x-request-id": requestId, "content-language": reader.locale };
  const { pathname } = new URL(req.url);
  if (pathname === PREFIX || pathname.startsWith(`${PREFIX}/`)) return problemResponse(problem, headers);
  return new Response(problem.detail, {
    status: problem.status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", ...headers },
  });
}
