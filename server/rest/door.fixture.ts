import http, { type RequestListener } from "node:http";
import net, { type AddressInfo } from "node:net";
import { noteSocketAddresses } from "@/server/auth/socket-address";
import { throughDoor } from "./door";

/** A server as `next start` has it: patched, with `next` for what does not go through the door. */
export async function serve(next: RequestListener): Promise<{ server: http.Server; port: number }> {
  noteSocketAddresses(throughDoor);
  const server = http.createServer(next);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

export interface RawReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A connection on which a test writes bytes as it likes and reads whole answers, in their order. */
export class Wire {
  readonly socket: net.Socket;
  readonly closed: Promise<void>;
  #received = Buffer.alloc(0);
  #ended = false;
  #more = () => {};

  constructor(port: number) {
    this.socket = net.connect(port, "127.0.0.1");
    this.socket.on("error", () => {});
    this.socket.on("data", (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#more();
    });
    this.closed = new Promise((resolve) =>
      this.socket.on("close", () => {
        this.#ended = true;
        this.#more();
        resolve();
      }),
    );
  }

  write(text: string | Buffer): this {
    this.socket.write(text);
    return this;
  }

  /** The next answer; one to HEAD has no body, whatever it says. Fails if the connection ends before. */
  async reply({ head = false } = {}): Promise<RawReply> {
    const end = await this.#upTo(() => this.#received.indexOf("\r\n\r\n"));
    const [first = "", ...lines] = this.#received.toString("latin1", 0, end).split("\r\n");
    const headers = Object.fromEntries(
      lines.map((line) => {
        const [name = "", ...value] = line.split(": ");
        return [name.toLowerCase(), value.join(": ")];
      }),
    );
    const status = Number(first.split(" ")[1]);
    const start = end + 4;
    const length = head || status === 100 ? 0 : Number(headers["content-length"] ?? 0);
    await this.#upTo(() => (this.#received.length >= start + length ? 0 : -1));
    const body = this.#received.toString("utf8", start, start + length);
    this.#received = this.#received.subarray(start + length);
    return { status, headers, body };
  }

  close(): void {
    this.socket.destroy();
  }

  async #upTo(found: () => number): Promise<number> {
    for (;;) {
      const at = found();
      if (at >= 0) return at;
      if (this.#ended) throw new Error(`the connection ended after ${this.#received.toString("latin1")}`);
      await new Promise<void>((resolve) => {
        this.#more = resolve;
      });
    }
  }
}

/** The text of a request; a body brings its length along. */
export function ask(
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body?: string,
): string {
  const all = {
    host: "localhost",
    ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n${body ?? ""}`;
}
