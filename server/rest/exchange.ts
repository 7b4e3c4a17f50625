import { DomainError } from "@/server/core/errors";

/** One header by its name in lower case; a web `Headers` is one, too. */
export interface HeaderReader {
  get(name: string): string | null;
}

/** What the API needs of a request, whichever server it came by. */
export interface ApiRequest {
  method: string;
  /** Without the query. */
  path: string;
  query(): URLSearchParams;
  headers: HeaderReader;
  /** The whole body, counted while it streams in. @throws DomainError BODY_TOO_LARGE, BODY_MALFORMED */
  readBytes(limit: number): Promise<Uint8Array>;
}

/** What the API answers; the header names are in lower case. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export type Answerer = (req: ApiRequest) => Promise<Answer>;

/** The same as a handler of web requests: what Next's routes are, and tests call. */
export function webHandler(answer: Answerer): (req: Request) => Promise<Response> {
  return async (req) => webResponse(await answer(webRequest(req)));
}

export function webRequest(req: Request): ApiRequest {
  const { pathname, searchParams } = new URL(req.url);
  return {
    method: req.method,
    path: pathname,
    query: () => searchParams,
    headers: req.headers,
    readBytes: (limit) => bytesOf(req, limit),
  };
}

export function webResponse({ status, headers, body }: Answer): Response {
  return new Response(body, { status, headers });
}

/** @throws DomainError BODY_TOO_LARGE, BODY_MALFORMED */
export async function bytesOf(req: Request, limit: number): Promise<Uint8Array> {
  if (!req.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = req.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > limit) throw new DomainError("BODY_TOO_LARGE", { limit });
      chunks.push(value);
    }
  } catch (error) {
    // Not cancelled: that would reset the connection under a caller who is still sending, and hide the answer.
    reader.releaseLock();
    if (error instanceof DomainError) throw error;
    throw new DomainError("BODY_MALFORMED", { reason: "cut_off" }, { cause: error });
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size);
}
