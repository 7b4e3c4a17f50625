import { beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "@/server/channels/sandbox/service";
import { sign, signatureHeaders } from "@/server/channels/signing";
import { newId } from "@/server/core/ids";
import { portOf } from "@/server/domain/payments";
import { testDatabase } from "@/server/testing/database";
import { makeTenant, type TestTenant } from "@/server/testing/factories";
import { makeChannel, testSandbox } from "@/server/testing/sandbox";
import { answerCallback } from "./callback";

let t: TestTenant;
let sandbox: Sandbox;
let channel: Awaited<ReturnType<typeof makeChannel>>;

beforeAll(async () => {
  const { owner, db } = await testDatabase();
  t = await makeTenant(owner, db);
  sandbox = await testSandbox(t.clock);
  channel = await makeChannel(t);
  // The first call opens the account, with the secret that only the two of them know.
  await (await portOf(t.system, channel.id)).query(newId()).catch(() => {});
});

function told(
  body: string,
  change: { slug?: string; channelId?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const secret = sandbox.bank.secretOf(channel.merchantNo) ?? "";
  const headers = signatureHeaders(channel.merchantNo, sign(secret, "callback", body, t.clock.now()));
  const request = new Request("http://localhost/api/callbacks", {
    method: "POST",
    body,
    headers: { ...headers, ...change.headers },
  });
  const at = { slug: change.slug ?? t.tenant.slug, channelId: change.channelId ?? channel.id };
  return answerCallback(request, at, { db: t.system.db, clock: t.clock });
}
const about = (paymentId: string) => JSON.stringify({ paymentId, transactionId: "42" });

describe("a callback", () => {
  it("is refused for what will never be right", async () => {
    const body = about(newId());
    const cases: [Promise<Response>, number, string][] = [
      [told(body, { headers: { "x-sandbox-signature": "AAAA" } }), 401, "CALLBACK_INVALID"],
      [told(body, { headers: { "x-sandbox-merchant": "somebody" } }), 401, "CALLBACK_INVALID"],
      [told("{}"), 401, "CALLBACK_INVALID"],
      [told(body, { slug: "no-such-tenant" }), 404, "NOT_FOUND"],
      [told(body, { slug: "../../etc" }), 404, "NOT_FOUND"],
      [told(body, { channelId: newId() }), 404, "NOT_FOUND"],
      [told(body, { channelId: "x" }), 404, "NOT_FOUND"],
      [told("x".repeat(20_000)), 413, "BODY_TOO_LARGE"],
      // Rightly signed, and about nothing that we asked for.
      [told(body), 404, "PAYMENT_UNKNOWN"],
    ];
    for (const [answer, status, code] of cases) {
      const response = await answer;
      expect([response.status, await response.json()]).toEqual([status, { code }]);
    }
  });

  it("is asked for again when the house cannot do its part", async () => {
    const { db: _, ...rest } = t.system;
    const broken = { sql: () => Promise.reject(new Error("the database is away")) } as never;
    const request = new Request("http://localhost/", { method: "POST", body: about(newId()) });
    const at = { slug: rest.tenant.slug, channelId: channel.id };
    expect((await answerCallback(request, at, { db: broken, clock: t.clock })).status).toBe(503);
  });
});
