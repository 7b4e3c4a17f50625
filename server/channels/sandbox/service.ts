import { createHash } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { type Clock, systemClock } from "@/server/core/context";
import { SIGNATURE_HEADERS, sign, signatureHeaders } from "../signing";
import { type ApiRequest, administer, answer, authenticate, Nonces } from "./api";
import { Refusal, SandboxBank } from "./bank";
import { STYLE } from "./cashier";
import { answerCashier } from "./cashier-actions";

export interface SandboxOptions {
  /** Where its journal lies. */
  folder: string;
  /** Who knows it may open accounts. */
  token: string;
  /** 0: a free one. */
  port?: number;
  host?: string;
  /** Where the browsers of buyers reach it; by default localhost and its port. */
  publicUrl?: string;
  clock?: Clock;
}

export interface Sandbox {
  /** Of this machine, for merchants. */
  endpoint: string;
  bank: SandboxBank;
  stop(): Promise<void>;
}

const MAX_BODY = 64 * 1024;
const CASHIER_HEADERS = {
  "content-security-policy": `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
};

/** Starts the payment service: the merchants' API and the buyers' cashier on one port. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = options.clock ?? systemClock;
  const bank = new SandboxBank(options.folder, clock);
  const nonces = new Nonces();
  let publicUrl = options.publicUrl;

  const server = http.createServer((request, response) => {
    void handle(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });

  async function handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const method = request.method ?? "GET";
    const path = request.url ?? "/";
    if (path === "/health") return send(response, 200, "application/json", '{"status":"ok"}');
    const body = await readBody(request);
    const headers = { get: (name: string) => headerOf(request, name) };
    const asked: ApiRequest = { method, path, headers, body };
    if (path.startsWith("/pay/")) {
      const { status, html, location } = answerCashier(bank, clock, asked);
      const more = { ...CASHIER_HEADERS, ...(location && { location }) };
      return send(response, status, "text/html; charset=utf-8", html, more);
    }
    try {
      if (path.startsWith("/admin/"))
        return send(
          response,
          200,
          "application/json",
          JSON.stringify(administer(bank, options.token, asked)),
        );
      if (!path.startsWith("/v1/")) throw new Refusal("NOT_FOUND", 404);
      const merchantNo = authenticate(bank, nonces, clock, asked);
      const cashierOf = (token: string) => new URL(`/pay/${token}`, publicUrl).href;
      const result = answer(bank, merchantNo, asked, cashierOf);
      const file = Buffer.isBuffer(result) ? result : Buffer.from(JSON.stringify(result));
      const nonce = headers.get(SIGNATURE_HEADERS.nonce);
      const secret = bank.secretOf(merchantNo) ?? "";
      const signed = sign(secret, `answer ${nonce}`, file.toString("base64"), clock.now());
      const type = Buffer.isBuffer(result) ? "application/octet-stream" : "application/json";
      send(response, 200, type, file, signatureHeaders(merchantNo, signed));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      send(response, error.status, "application/json", JSON.stringify({ error: error.code }));
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  publicUrl ??= `http://localhost:${port}`;
  const host = options.host && !/^(?:0\.0\.0\.0|::)$/.test(options.host) ? options.host : "127.0.0.1";
  return {
    endpoint: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    bank,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      bank.close();
    },
  };
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) throw new Error("the body is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function headerOf(request: http.IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" ? value : null;
}

function send(
  response: http.ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": type, "x-content-type-options": "nosniff", ...headers });
  response.end(body);
}
