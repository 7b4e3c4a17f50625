import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { DomainError } from "@/server/core/errors";
import { logger } from "@/server/core/logger";
import type { DoorHandler } from "./door";
import type { Answer, Answerer, ApiRequest } from "./exchange";
import { SECURITY_HEADERS } from "./security-headers";

/** Bytes. A smaller answer fits into a packet as it is. */
const WORTH_ZIPPING = 1024;
const zipped = promisify(gzip);
const SECURITY = Object.entries(SECURITY_HEADERS).flat();

/** The API on Node's own requests. Whatever goes wrong stays with its request: nothing is thrown. */
export function nodeHandler(answer: Answerer): DoorHandler {
  return (req, res) => {
    // A connection that is lost says so here; who reads or writes then learns it by itself.
    req.on("error", ignore);
    res.on("error", ignore);
    respond(answer, req, res).catch((error: unknown) => {
      logger.error({ err: error }, "API answer failed");
      if (res.headersSent) res.destroy();
      else res.writeHead(500, [...SECURITY, "content-length", "0"]).end();
    });
  };
}

const ignore = () => {};

async function respond(answer: Answerer, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const said = await answer(nodeRequest(req));
  if (res.destroyed) return; // the caller has hung up
  const length = Buffer.byteLength(said.body);
  if (length < WORTH_ZIPPING) return write(res, said, said.body, length);
  said.headers.vary = "Accept-Encoding";
  if (!takesGzip(req.headers["accept-encoding"])) return write(res, said, said.body, length);
  const bytes = await zipped(said.body);
  said.headers["content-encoding"] = "gzip";
  write(res, said, bytes, bytes.length);
}

function write(
  res: ServerResponse,
  { status, headers }: Answer,
  body: string | Buffer,
  length: number,
): void {
  const lines = [...SECURITY, "content-length", String(length)];
  for (const name in headers) lines.push(name, headers[name] ?? "");
  res.writeHead(status, lines).end(body); // of a HEAD request, Node keeps the body back
}

/** As RFC 9110 reads it: by its name or by `*`, unless the weight is zero. */
function takesGzip(accepted: string | string[] | undefined): boolean {
  if (accepted === undefined) return false;
  let any = false;
  for (const part of String(accepted).toLowerCase().split(",")) {
    const [coding = "", ...attributes] = part.split(";").map((text) => text.trim());
    const refused = attributes.some((text) => /^q=0(?:\.0*)?$/.test(text));
    if (coding === "gzip" || coding === "x-gzip") return !refused;
    if (coding === "*") any = !refused;
  }
  return any;
}

function nodeRequest(req: IncomingMessage): ApiRequest {
  const { method = "", url = "" } = req;
  const mark = url.indexOf("?");
  return {
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    // By way of a URL, which drops a fragment as the web's requests do.
    query: () => new URL(url, "http://localhost").searchParams,
    headers: {
      get(name) {
        const value = req.headers[name];
        return value === undefined ? null : String(value);
      },
    },
    readBytes: (limit) => readBytes(req, limit),
  };
}

/** What is past the limit is thrown away as it comes in, so that a caller who is still sending gets the answer. */
function readBytes(req: IncomingMessage, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = () => {
      req.off("data", onData).off("end", onEnd).off("close", onClose);
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      settle();
      req.resume();
      reject(new DomainError("BODY_TOO_LARGE", { limit }));
    };
    const onEnd = () => {
      settle();
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size));
    };
    const onClose = () => {
      settle();
      reject(new DomainError("BODY_MALFORMED", { reason: "cut_off" }));
    };
    if (req.destroyed) onClose();
    else req.on("data", onData).on("end", onEnd).on("close", onClose);
  });
}
