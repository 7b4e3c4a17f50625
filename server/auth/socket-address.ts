import http, { type IncomingMessage } from "node:http";

/**
 * Adds the address a connection really comes from to X-Forwarded-For, as every proxy in front of us does.
 * Next fills the header only where it is missing, and so would believe what a client writes into it.
 */
export function noteSocketAddresses(): void {
  const { prototype } = http.Server as unknown as { prototype: http.Server & { [NOTED]?: boolean } };
  if (prototype[NOTED]) return;
  prototype[NOTED] = true;
  const emit = prototype.emit as (this: http.Server, event: string, ...args: unknown[]) => boolean;
  prototype.emit = function (this: http.Server, event: string, ...args: unknown[]): boolean {
    if (event === "request" || event === "upgrade") noteOn(args[0] as IncomingMessage);
    return emit.call(this, event, ...args);
  };
}

const NOTED = Symbol.for("kaqing.socket-address");

function noteOn(request: IncomingMessage): void {
  const address = request.socket.remoteAddress ?? "unknown";
  const before = request.headers["x-forwarded-for"];
  request.headers["x-forwarded-for"] = before ? `${before}, ${address}` : address;
}
