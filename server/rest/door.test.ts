import type http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDoor } from "./door";
import { ask, serve, Wire } from "./door.fixture";
import type { Answer, ApiRequest } from "./exchange";
import { nodeHandler } from "./node";
import { SECURITY_HEADERS } from "./security-headers";

/** The door on real sockets. What answers behind it says what it was asked; the API itself is in door.int.test.ts. */
const LIMIT = 100_000;
let server: http.Server;
let port: number;
let wires: Wire[] = [];
let calls: { path: string; outcome: string }[] = [];
const unhandled: unknown[] = [];
const onUnhandled = (error: unknown) => unhandled.push(error);
const wire = (at = port) => {
  const made = new Wire(at);
  wires.push(made);
  return made;
};

async function echo(req: ApiRequest): Promise<Answer> {
  const call = { path: req.path, outcome: "open" };
  calls.push(call);
  try {
    if (req.path.endsWith("/throw")) throw new Error("a handler that throws");
    if (req.path.endsWith("/bad-header")) return { status: 200, headers: { "x-bad": "a\nb" }, body: "" };
    const delay = Number(req.query().get("wait") ?? 0);
    if (delay) await sleep(delay);
    const large = Number(req.query().get("size") ?? 0);
    const bytes = req.path.endsWith("/unread") ? new Uint8Array() : await req.readBytes(LIMIT);
    call.outcome = "answered";
    const said = {
      method: req.method,
      path: req.path,
      query: [...req.query()],
      from: req.headers.get("x-forwarded-for"),
      absent: req.headers.get("x-absent"),
      bytes: bytes.length,
      text: Buffer.from(bytes).toString().slice(0, 40),
      pad: "卡".repeat(large),
    };
    return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(said) };
  } catch (error) {
    const { code, params } = error as { code?: string; params?: { reason?: string } };
    call.outcome = `${code ?? "Error"} ${params?.reason ?? ""}`.trim();
    if (!code) throw error;
    return { status: 413, headers: {}, body: code };
  }
}

const outcomeOf = async (path: string) => {
  for (let i = 0; i < 400; i++) {
    const found = calls.find((call) => call.path === path);
    if (found && found.outcome !== "open") return found.outcome;
    await sleep(5);
  }
  throw new Error(`${path} never ended`);
};

beforeAll(async () => {
  process.on("unhandledRejection", onUnhandled);
  process.on("uncaughtException", onUnhandled);
  ({ server, port } = await serve((_, res) => res.end("next")));
});
beforeEach(() => {
  calls = [];
  openDoor(nodeHandler(echo));
});
afterEach(() => {
  for (const each of wires) each.close();
  wires = [];
  expect(unhandled).toEqual([]);
});
afterAll(() => {
  process.off("unhandledRejection", onUnhandled);
  process.off("uncaughtException", onUnhandled);
  server.closeAllConnections();
  server.close();
});

describe("what goes through the door", () => {
  const taken = async (method: string, target: string) =>
    !(
      await wire()
        .write(ask(method, target))
        .reply({ head: method === "HEAD" })
    ).body.startsWith("next");

  it("is a plain path of the API", async () => {
    for (const path of ["", "/redemptions", "/redemptions?x=%E0%A4%A", "?a", "/vouchers/a-b_C/9", "/ping/x"])
      expect([path, await taken("GET", `/api/v1${path}`)]).toEqual([path, true]);
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
      expect([method, await taken(method, "/api/v1/redemptions")]).toEqual([method, true]);
  });

  it("is nothing that Next has a route of its own for, rewrites or redirects", async () => {
    for (const target of [
      "/",
      "/api/v1x",
      "/api/v10/redemptions",
      "/API/v1/redemptions",
      "/api/v1/ping",
      "/api/v1/ping?x=1",
      "/api/v1/pickup",
      "/api/v1/openapi.json",
      "/api/v1/redemptions/",
      "/api/v1//redemptions",
      "//api/v1/redemptions",
      "/api/v1/../health",
      "/api/v1/./redemptions",
      "/api/v1/%72edemptions",
      "/api/v1/redemptions#x",
      "/api/v1/redemptions;x",
      "/api/v1\\redemptions",
      "http://localhost/api/v1/redemptions",
    ])
      expect([target, await taken("GET", target)]).toEqual([target, false]);
    for (const method of ["PROPFIND", "QUERY"])
      expect([method, await taken(method, "/api/v1/redemptions")]).toEqual([method, false]);
  });

  it("is nothing before the API is there", async () => {
    Reflect.deleteProperty(globalThis, Symbol.for("kaqing.api-door"));
    expect(await taken("GET", "/api/v1/redemptions")).toBe(false);
  });

  it("is no TRACE, on which Next would fail: that is refused wherever it is under the API, open or not", async () => {
    const refused = async (target: string) => {
      const { status, headers, body } = await wire().write(ask("TRACE", target)).reply();
      if (body === "next") return body;
      for (const [name, value] of Object.entries(SECURITY_HEADERS))
        expect(headers[name.toLowerCase()]).toBe(value);
      expect(headers["content-type"]).toBe("application/problem+json; charset=utf-8");
      expect(JSON.parse(body)).toMatchObject({
        type: "urn:kaqing:problem:method-not-allowed",
        title: "Method not allowed",
        status: 405,
        code: "METHOD_NOT_ALLOWED",
        instance: `urn:kaqing:request:${headers["x-request-id"]}`,
      });
      return `${status} ${headers.allow}`;
    };
    const beside = {
      "/api/v1/ping": "405 GET, HEAD",
      "/api/v1/pickup?x=1": "405 POST",
      "/api/v1/openapi.json": "405 GET, HEAD",
      "/api/v1/redemptions/": "405 GET, HEAD, POST",
      "/api/v1/%E0%A4%A": "405 GET, HEAD, POST",
      "http://localhost/api/v1/redemptions": "405 GET, HEAD, POST",
      "/api/v1x": "next",
      "/api/health": "next",
      "/": "next",
    };
    for (const [target, said] of Object.entries(beside))
      expect([target, await refused(target)]).toEqual([target, said]);
    Reflect.deleteProperty(globalThis, Symbol.for("kaqing.api-door"));
    expect(await refused("/api/v1/redemptions?limit=1")).toBe("405 GET, HEAD, POST");
    expect(await refused("/api/v1")).toBe("405 GET, HEAD, POST");
  });
});

describe("a request", () => {
  it("is told with its method, path, query, and where it comes from", async () => {
    const headers = { "x-forwarded-for": "203.0.113.9" };
    const { body } = await wire()
      .write(ask("POST", "/api/v1/a/b?x=1&x=%E5%8D%A1", headers, '{"a":1}'))
      .reply();
    expect(JSON.parse(body)).toMatchObject({
      method: "POST",
      path: "/api/v1/a/b",
      query: [
        ["x", "1"],
        ["x", "卡"],
      ],
      from: "203.0.113.9, 127.0.0.1",
      absent: null,
      text: '{"a":1}',
    });
  });

  it("may come in pieces, chunked, and after 100 Continue", async () => {
    const chunked = wire().write(ask("POST", "/api/v1/a", { "transfer-encoding": "chunked" }));
    for (const piece of ['3\r\n{"a', '\r\n4\r\n":1}\r\n', "0\r\n\r\n"]) {
      await sleep(5);
      chunked.write(piece);
    }
    expect(JSON.parse((await chunked.reply()).body).text).toBe('{"a":1}');

    const careful = wire().write(ask("POST", "/api/v1/a", { expect: "100-continue", "content-length": "7" }));
    expect((await careful.reply()).status).toBe(100);
    expect(JSON.parse((await careful.write('{"b":2}').reply()).body).text).toBe('{"b":2}');
  });

  it("may stand behind others on its connection, and is answered in order", async () => {
    const one = wire().write(
      [
        ask("POST", "/api/v1/one?wait=60", {}, "1"),
        ask("POST", "/api/v1/two", {}, "22"),
        ask("GET", "/api/v1/ping"),
        ask("POST", "/api/v1/unread", {}, "333"),
        ask("GET", "/api/v1/four?wait=5"),
      ].join(""),
    );
    const first = JSON.parse((await one.reply()).body);
    const second = JSON.parse((await one.reply()).body);
    expect((await one.reply()).body).toBe("next");
    const third = JSON.parse((await one.reply()).body);
    const fourth = JSON.parse((await one.reply()).body);
    expect([first, second, third, fourth].map((r) => [r.path, r.bytes])).toEqual([
      ["/api/v1/one", 1],
      ["/api/v1/two", 2],
      ["/api/v1/unread", 0],
      ["/api/v1/four", 0],
    ]);
  });

  it("shares its connection with those before and after", async () => {
    const one = wire();
    for (let i = 0; i < 50; i++) {
      const { body, headers } = await one.write(ask("POST", "/api/v1/a", {}, `${i}`)).reply();
      expect(JSON.parse(body).text).toBe(`${i}`);
      expect(headers.connection).toBe("keep-alive");
    }
    expect((await one.write(ask("GET", "/api/v1/a", { connection: "close" })).reply()).status).toBe(200);
    await one.closed;
  });

  it("is one of many at once", async () => {
    const replies = await Promise.all(
      Array.from({ length: 64 }, async (_, i) => {
        const one = wire();
        for (let n = 0; n < 20; n++) {
          const text = `${i}/${n}`;
          const { body } = await one.write(ask("POST", `/api/v1/a?wait=${n % 3}`, {}, text)).reply();
          if (JSON.parse(body).text !== text) return false;
        }
        return true;
      }),
    );
    expect(replies.every(Boolean)).toBe(true);
  });
});

describe("a body", () => {
  it("is whole up to the limit, to the byte", async () => {
    const one = wire();
    const fits = await one.write(ask("POST", "/api/v1/a", {}, "x".repeat(LIMIT))).reply();
    expect(JSON.parse(fits.body).bytes).toBe(LIMIT);
    const over = await one.write(ask("POST", "/api/v1/a", {}, "x".repeat(LIMIT + 1))).reply();
    expect([over.status, over.body]).toEqual([413, "BODY_TOO_LARGE"]);
  });

  it("that is too large is answered while it is sent, thrown away, and the next one is heard", async () => {
    const size = 200_000_000;
    const one = wire().write(ask("POST", "/api/v1/a", { "content-length": String(size) }));
    const before = process.memoryUsage().rss;
    one.write(Buffer.alloc(LIMIT * 2, 0x20));
    expect((await one.reply()).status).toBe(413);
    const rest = Buffer.alloc(1_000_000, 0x20);
    for (let sent = LIMIT * 2; sent < size; sent += rest.length) {
      const part = rest.subarray(0, Math.min(rest.length, size - sent));
      if (!one.socket.write(part)) await new Promise((resolve) => one.socket.once("drain", resolve));
    }
    expect((await one.write(ask("GET", "/api/v1/after")).reply()).status).toBe(200);
    expect(process.memoryUsage().rss - before).toBeLessThan(size / 2);
  });

  it("that is cut off is told from a whole one", async () => {
    const cut = wire().write(ask("POST", "/api/v1/cut", { "content-length": "10" }));
    await sleep(20);
    cut.write("12345");
    await sleep(20);
    cut.close();
    expect(await outcomeOf("/api/v1/cut")).toBe("BODY_MALFORMED cut_off");
    // Gone before anybody has looked at the body.
    const gone = wire().write(ask("POST", "/api/v1/gone?wait=80", { "content-length": "10" }));
    await sleep(20);
    gone.close();
    expect(await outcomeOf("/api/v1/gone")).toBe("BODY_MALFORMED cut_off");
    // Chunks that are none: the parser's business, which answers 400.
    const garbled = wire().write(ask("POST", "/api/v1/garbled", { "transfer-encoding": "chunked" }));
    await sleep(20);
    garbled.write("zz\r\n");
    expect((await garbled.reply()).status).toBe(400);
    expect(await outcomeOf("/api/v1/garbled")).toBe("BODY_MALFORMED cut_off");
  });

  it("nobody reads does not stand in the way of the next request", async () => {
    const one = wire().write(ask("POST", "/api/v1/unread", {}, "x".repeat(300_000)));
    expect((await one.reply()).status).toBe(200);
    expect((await one.write(ask("GET", "/api/v1/a")).reply()).status).toBe(200);
  });
});

describe("an answer", () => {
  it("has the headers of every answer, its length, and no body for HEAD", async () => {
    const one = wire();
    const { headers, body } = await one.write(ask("GET", "/api/v1/a")).reply();
    for (const [name, value] of Object.entries(SECURITY_HEADERS))
      expect(headers[name.toLowerCase()]).toBe(value);
    expect(headers["content-length"]).toBe(String(Buffer.byteLength(body)));
    expect(headers.date).toBeDefined();
    expect(headers["x-powered-by"]).toBeUndefined();
    const head = await one.write(ask("HEAD", "/api/v1/a?size=20")).reply({ head: true });
    expect(Number(head.headers["content-length"])).toBeGreaterThan(60);
    expect((await one.write(ask("GET", "/api/v1/b")).reply()).status).toBe(200);
  });

  it("is zipped where it is worth it and wanted", async () => {
    const encodingOf = async (accepted: string | null, size = 1_000) => {
      const headers: Record<string, string> = accepted === null ? {} : { "accept-encoding": accepted };
      const reply = await fetchRaw(`/api/v1/a?size=${size}`, headers);
      const plain = reply.headers["content-encoding"] === "gzip" ? gunzipSync(reply.bytes) : reply.bytes;
      expect(JSON.parse(plain.toString()).pad).toBe("卡".repeat(size));
      return [reply.headers["content-encoding"], reply.headers.vary];
    };
    for (const wanted of ["gzip", "br, gzip;q=0.5", "*", "GZIP", "identity, x-gzip"])
      expect([wanted, ...(await encodingOf(wanted))]).toEqual([wanted, "gzip", "Accept-Encoding"]);
    for (const unwanted of [null, "br", "gzip;q=0", "*, gzip;q=0.000", "*;q=0", ""])
      expect([unwanted, ...(await encodingOf(unwanted))]).toEqual([unwanted, undefined, "Accept-Encoding"]);
    expect(await encodingOf("gzip", 10)).toEqual([undefined, undefined]);
  });

  it("that fails is a 500 of its own, and the server goes on", async () => {
    const one = wire();
    for (const path of ["throw", "bad-header"]) {
      const { status, headers } = await one.write(ask("GET", `/api/v1/${path}`)).reply();
      expect(status).toBe(500);
      expect(headers["x-frame-options"]).toBe("DENY");
    }
    expect((await wire().write(ask("GET", "/api/v1/a")).reply()).status).toBe(200);
  });

  it("to somebody who has hung up goes nowhere", async () => {
    const gone = wire().write(ask("GET", "/api/v1/slow/unread?wait=60"));
    const large = wire().write(
      ask("GET", "/api/v1/large/unread?wait=60&size=100000", { "accept-encoding": "gzip" }),
    );
    await sleep(20);
    gone.close();
    large.close();
    expect(await outcomeOf("/api/v1/slow/unread")).toBe("answered");
    expect(await outcomeOf("/api/v1/large/unread")).toBe("answered");
    await sleep(50);
    expect((await wire().write(ask("GET", "/api/v1/a")).reply()).status).toBe(200);
  });

  it("is still given by a server that closes", async () => {
    const other = await serve((_, res) => res.end("next"));
    const one = wire(other.port).write(ask("POST", "/api/v1/late?wait=80", {}, "x"));
    await sleep(30);
    const closed = new Promise((resolve) => other.server.close(resolve));
    expect(JSON.parse((await one.reply()).body).text).toBe("x");
    one.close();
    await closed;
  });
});

/** Bytes as they came, by node's own client. */
async function fetchRaw(path: string, headers: Record<string, string>) {
  const { get } = await import("node:http");
  return new Promise<{ headers: http.IncomingHttpHeaders; bytes: Buffer }>((resolve, reject) => {
    get({ port, path, headers, agent: false }, (res) => {
      const chunks: Buffer[] = [];
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("end", () => resolve({ headers: res.headers, bytes: Buffer.concat(chunks) }));
    }).on("error", reject);
  });
}
