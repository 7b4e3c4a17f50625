import type { IncomingMessage, ServerResponse } from "node:http";
import { refuseTrace } from "./refuse-trace";

/**
 * The API's own way past Next's router. Two bundles meet here: the route of the API opens the door with its handler
 * when Next loads it, the patched server (instrumentation.ts) hands requests over. So the handler, and all that it
 * holds – pool, batcher, rate limits –, is the one that Next's route uses. Nothing of the domain is imported here.
 */

export type DoorHandler = (req: IncomingMessage, res: ServerResponse) => void;

const HANDLER = Symbol.for("kaqing.api-door");
const holder = globalThis as unknown as { [HANDLER]?: DoorHandler };

export function openDoor(handler: DoorHandler): void {
  holder[HANDLER] = handler;
}

/**
 * Whether the request was taken: the API answers it then. Until the door is open every request is Next's, but for
 * TRACE, on which Next would fail.
 */
export function throughDoor(req: IncomingMessage, res: ServerResponse): boolean {
  const handler = holder[HANDLER];
  if (!handler || !isForApi(req)) return refuseTrace(req, res);
  handler(req, res);
  return true;
}

/** Those that Next's route of the API is there for, and TRACE; any other method is answered by Next. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]);
/**
 * Plain paths alone. Whatever Next makes something of before a route sees it (escapes, double and trailing slashes,
 * dots, another host in the request line) is left to it, and so are the routes beside the registry.
 */
const PLAIN = /^\/api\/v1(?!\/(?:ping|pickup)(?:\?|$))(?:\/[\w-]+)*(?:\?|$)/;

function isForApi({ method = "", url = "" }: IncomingMessage): boolean {
  return PLAIN.test(url) && METHODS.has(method);
}
