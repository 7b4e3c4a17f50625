import type http from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { apiReader } from "@/components/apiDocs/reader";
import type { Ctx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { API_SCOPES, type ApiScope } from "@/server/core/permissions";
import { operations, RateLimit, restAnswerer } from "@/server/rest";
import { testDatabase } from "@/server/testing/database";
import { makeRestWorld, type RestWorld } from "@/server/testing/rest";
import { openDoor } from "./door";
import { ask, type RawReply, serve, Wire } from "./door.fixture";
import { webHandler } from "./exchange";
import { nodeHandler } from "./node";
import { SECURITY_HEADERS } from "./security-headers";

/** The whole API behind the door, against the same behind a handler of web requests, which is what Next calls. */
const KEY = "Bearer merchant";
let w: RestWorld;
let server: http.Server;
let port: number;
let asNext: (req: Request) => Promise<Response>;

beforeAll(async () => {
  w = await makeRestWorld(await testDatabase());
  const merchant = w.t.withKey(Object.keys(API_SCOPES) as ApiScope[], w.merchant);
  const slow = w.t.withKey(["vouchers:read"], w.otherMerchant);
  const keys: Record<string, Ctx> = { [KEY]: merchant, "Bearer slow": slow };
  const limit = new RateLimit(0, 0);
  const answer = restAnswerer({
    operations,
    reader: apiReader,
    rateLimit: {
      take(key: string) {
        if (slow.actor.kind === "apiKey" && key === slow.actor.keyId)
          throw new DomainError("RATE_LIMITED", { seconds: 3 });
        limit.take(key);
      },
    } as RateLimit,
    async authenticate(req) {
      const ctx = keys[req.headers.get("authorization") ?? ""];
      if (!ctx) throw new DomainError("UNAUTHENTICATED");
      return ctx;
    },
  });
  asNext = webHandler(answer);
  openDoor(nodeHandler(answer));
  ({ server, port } = await serve((_, res) => res.writeHead(599).end()));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

interface Asked {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

async function throughNext({ method, path, headers = {}, body }: Asked): Promise<RawReply> {
  const init = { method, headers, ...(body === undefined ? {} : { body, duplex: "half" }) };
  const response = await asNext(new Request(`http://localhost${path}`, init as RequestInit));
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: method === "HEAD" ? "" : text,
  };
}

async function throughDoor({ method, path, headers, body }: Asked): Promise<RawReply> {
  const wire = new Wire(port);
  const reply = await wire.write(ask(method, path, headers, body)).reply({ head: method === "HEAD" });
  wire.close();
  return reply;
}

/** Of the connection, or of every answer of the server: what Node and Next add to a route's answer. */
const AROUND = new Set([
  ...["connection", "keep-alive", "date", "content-length", "vary"],
  ...Object.keys(SECURITY_HEADERS).map((name) => name.toLowerCase()),
]);
const own = ({ status, headers, body }: RawReply) => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !AROUND.has(name))),
  body,
});

const json = { "content-type": "application/json" };
const as = { authorization: KEY, "x-request-id": "mine-1" };
const order = { orderAmount: 10_000, currency: "CNY" };

it("answers as the route under Next does, header by header and byte by byte", async () => {
  const code = await w.code();
  const redeem = JSON.stringify({ code, ...order });
  const keyed = { ...as, ...json, "idempotency-key": "k-1" };
  // The first of them redeems; both ways then replay it.
  expect((await throughDoor(post("/redemptions", keyed, redeem))).status).toBe(201);
  const seen = await throughDoor({ method: "GET", path: "/api/v1/redemptions", headers: as });
  const { reference } = JSON.parse(seen.body).items[0];

  const asked: [number, Asked][] = [
    [201, post("/redemptions", keyed, redeem)],
    [422, post("/redemptions", keyed, JSON.stringify({ code, orderAmount: 1, currency: "CNY" }))],
    [409, post("/redemptions", { ...keyed, "idempotency-key": "k-2" }, redeem)],
    [409, post("/redemptions", { ...keyed, "idempotency-key": "k-2", "accept-language": "zh-CN" }, redeem)],
    [400, post("/redemptions", { ...as, ...json }, redeem)],
    [400, post("/redemptions", { ...keyed, "idempotency-key": "a b" }, redeem)],
    [400, post("/redemptions", keyed, '{"code":"卡"')],
    [400, post("/redemptions", keyed, "")],
    [400, post("/redemptions", keyed)],
    [400, post("/redemptions", keyed, JSON.stringify({ code, ...order, orderAmount: 1.5, more: "卡" }))],
    [415, post("/redemptions", { ...keyed, "content-type": "text/plain" }, redeem)],
    [415, post("/redemptions", { ...keyed, "content-encoding": "gzip" }, redeem)],
    [413, post("/redemptions", keyed, " ".repeat(1024 * 1024 + 1))],
    [401, post("/redemptions", { ...json, "x-request-id": "mine-1", "idempotency-key": "k" }, redeem)],
    [401, post("/redemptions", { ...keyed, authorization: "Basic eDp5" }, redeem)],
    [401, post("/redemptions", { ...keyed, authorization: "Bearer kq_x" }, redeem)],
    [429, post("/vouchers/lookup", { ...keyed, authorization: "Bearer slow" }, JSON.stringify({ code }))],
    [200, post("/vouchers/lookup", { ...as, ...json }, JSON.stringify({ code }))],
    [
      200,
      post(
        "/redemptions/batch",
        { ...keyed, "idempotency-key": "b" },
        JSON.stringify({ items: [{ code, ...order }] }),
      ),
    ],
    [200, { method: "GET", path: "/api/v1/redemptions?limit=1", headers: as }],
    [200, { method: "GET", path: `/api/v1/redemptions/${reference}`, headers: as }],
    [404, { method: "GET", path: "/api/v1/redemptions/RD-0", headers: as }],
    [400, { method: "GET", path: "/api/v1/redemptions?limit=1&limit=2", headers: as }],
    [400, { method: "GET", path: "/api/v1/redemptions?from=%E0%A4%A&x=%E5%8D%A1", headers: as }],
    [200, { method: "HEAD", path: "/api/v1/redemptions", headers: as }],
    [405, { method: "HEAD", path: "/api/v1/redemptions/batch", headers: as }],
    [404, { method: "GET", path: "/api/v1", headers: as }],
    [404, { method: "GET", path: "/api/v1/nothing/here", headers: as }],
    ...["PUT", "PATCH", "DELETE", "OPTIONS"].map((method): [number, Asked] => [
      405,
      { method, path: "/api/v1/redemptions", headers: as },
    ]),
  ];
  for (const [status, one] of asked) {
    const what = `${one.method} ${one.path} ${JSON.stringify(one.headers)} ${one.body?.slice(0, 60)}`;
    const [door, next] = [await throughDoor(one), await throughNext(one)];
    expect([what, own(door)]).toEqual([what, own(next)]);
    expect([what, door.status]).toEqual([what, status]);
    for (const [name, value] of Object.entries(SECURITY_HEADERS))
      expect(door.headers[name.toLowerCase()]).toBe(value);
  }
});

it("refuses TRACE, which no web request can be, as it refuses every other method", async () => {
  for (const [path, allow] of [
    ["/api/v1/redemptions", "GET, POST"],
    ["/api/v1/redemptions/batch", "POST"],
  ] as const) {
    const { status, headers, body } = await throughDoor({ method: "TRACE", path, headers: as });
    expect([status, headers.allow, headers["x-request-id"]]).toEqual([405, allow, "mine-1"]);
    expect(headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(JSON.parse(body)).toMatchObject({
      type: "urn:kaqing:problem:method-not-allowed",
      status: 405,
      code: "METHOD_NOT_ALLOWED",
      params: { method: "TRACE", allow },
    });
  }
  expect((await throughDoor({ method: "TRACE", path: "/api/v1/nothing" })).status).toBe(404);
});

it("redeems a voucher once, however many ask for it at once on connections that break", async () => {
  const codes = await Promise.all(Array.from({ length: 20 }, () => w.code()));
  const replies = await Promise.all(
    codes.flatMap((code) =>
      [0, 1, 2].map(async (n) => {
        const headers = { ...as, ...json, "idempotency-key": newId() };
        const request = post("/redemptions", headers, JSON.stringify({ code, ...order }));
        if (n > 0) return (await throughDoor(request)).status;
        const wire = new Wire(port);
        wire.write(ask(request.method, request.path, request.headers, request.body));
        setTimeout(() => wire.close(), Math.random() * 20);
        return 0;
      }),
    ),
  );
  expect(replies.filter((status) => status === 201).length).toBeLessThanOrEqual(codes.length);
  for (const code of codes) {
    const { body } = await throughDoor(
      post("/vouchers/lookup", { ...as, ...json }, JSON.stringify({ code })),
    );
    expect(JSON.parse(body).status).toBe("redeemed");
  }
  expect(replies.filter((status) => ![0, 201, 409].includes(status))).toEqual([]);
});

function post(path: string, headers: Record<string, string>, body?: string): Asked {
  return { method: "POST", path: `/api/v1${path}`, headers, ...(body === undefined ? {} : { body }) };
}
