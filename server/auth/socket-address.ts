import http, { type IncomingMessage, type ServerResponse } from "node:http";

/**
 * Adds the address a connection really comes from to X-Forwarded-For, as every proxy in front of us does.
 * Next fills the header only where it is missing, and so would believe what a client writes into it.
 * `taken` sees each request after that; one that it takes goes no further. Only the first call counts.
 */
export function noteSocketAddresses(
  taken: (req: IncomingMessage, res: ServerResponse) => boolean = () => false,
): void {
  const { prototype } = http.Server as unknown as { prototype: http.Server & { [NOTED]?: boolean } };
  if (prototype[NOTED]) return;
  prototype[NOTED] = true;
  const emit = prototype.emit as (this: http.Server, event: string, ...args: unknown[]) => boolean;
  prototype.emit = function (this: http.Server, event: string, ...args: unknown[]): boolean {
    if (event === "request" || event === "upgrade") noteOn(args[0] as IncomingMessage);
    if (event === "request" && taken(args[0] as IncomingMessage, args[1] as ServerResponse)) return true;
    return emit.call(this, event, ...args);
  };
}

const NOTED = Symbol.for("kaqing.socket-address");

function noteOn(request: IncomingMessage): void {
  const address = request.socket.remoteAddress ?? "unknown";
  const before = request.headers["x-forwarded-for"];
  request.headers["x-forwarded-for"] = before ? `${before}, ${address}` : address;
}
