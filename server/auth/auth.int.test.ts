import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { systemClock } from "@/server/core/context";
import {
  createApiKey,
  hashPassword,
  type SessionClaims,
  signIn,
  updateTenantSettings,
} from "@/server/domain/parties";
import { type TestDatabase, testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, makeUser, TestClock, type TestTenant } from "@/server/testing/factories";
import { readClaims, sealClaims } from "./cookie";
import { authOptions } from "./options";
import { clientAddress, isSameOrigin } from "./origin";
import { apiKeyContext, requestContext } from "./request";

let base: TestDatabase;
beforeAll(async () => {
  base = await testDatabase();
  (globalThis as { kaqingDatabase?: unknown }).kaqingDatabase = base.db;
});
afterEach(() => vi.unstubAllEnvs());

const PASSWORD = "correct horse battery";

/** The clock of requests is the system's. */
async function house(): Promise<TestTenant> {
  return makeTenant(base.owner, base.db, { clock: new TestClock(systemClock.now()) });
}

async function signedIn(t: TestTenant): Promise<{ claims: SessionClaims; cookie: string; email: string }> {
  const { id, email } = await makeUser(t, "finance");
  const hash = await hashPassword(PASSWORD);
  await base.owner.sql`update users set password_hash = ${hash} where id = ${id}`;
  await base.owner
    .sql`insert into sign_in_names (email, tenant_id, user_id) values (${email}, ${t.tenant.id}, ${id})`;
  const claims = await signIn(base.db, { email, password: PASSWORD }, { minimumMs: 0 });
  return { claims, email, cookie: `kq_session=${await sealClaims(claims)}` };
}

const request = (headers: Record<string, string>, method = "GET") =>
  new Request("http://portal.test/api/trpc/account.get", {
    method,
    headers: { host: "portal.test", ...headers },
  });

test("a request's session becomes its context", async () => {
  const t = await house();
  const { cookie, claims } = await signedIn(t);
  const headers = {
    cookie: `other=1; ${cookie}`,
    "x-request-id": "request-0001",
    "x-forwarded-for": "203.0.113.9",
  };
  expect(await requestContext(request(headers))).toMatchObject({
    requestId: "request-0001",
    ip: "203.0.113.9",
    ctx: {
      requestId: "request-0001",
      ip: "203.0.113.9",
      tenant: { id: t.tenant.id },
      actor: { kind: "user", userId: claims.userId, sessionId: claims.sessionId, role: "finance" },
    },
  });
  const bad = await requestContext(request({ cookie, "x-request-id": "<script>" }));
  expect(bad.requestId).toMatch(/^[0-9a-f-]{36}$/);
});

test("what is no session of ours is nobody", async () => {
  const t = await house();
  const { cookie, claims } = await signedIn(t);
  const other = await house();
  const forged = [
    "",
    "kq_session=",
    "kq_session=x.y.z",
    cookie.slice(0, -3),
    `kq_session=${await sealClaims({ ...claims, tenantId: other.tenant.id })}`,
    `kq_session=${await sealClaims({ ...claims, sessionVersion: claims.sessionVersion + 1 })}`,
    `kq_session=${await sealClaims({ ...claims, sessionId: "x" })}`,
  ];
  for (const text of forged) expect((await requestContext(request({ cookie: text }))).ctx, text).toBeNull();
  vi.stubEnv("NEXTAUTH_SECRET", "another server's secret");
  expect((await requestContext(request({ cookie }))).ctx, "sealed with another secret").toBeNull();
});

test("a change from another site's page has no context, a reading one has", async () => {
  const t = await house();
  const { cookie } = await signedIn(t);
  const foreign = { cookie, "sec-fetch-site": "cross-site" };
  expect(await requestContext(request(foreign, "POST"))).toMatchObject({
    ctx: null,
    refusal: "CROSS_ORIGIN",
  });
  expect((await requestContext(request(foreign))).ctx).not.toBeNull();
  expect(
    (await requestContext(request({ cookie, "sec-fetch-site": "same-origin" }, "POST"))).ctx,
  ).not.toBeNull();
});

test("same origin, by what browsers say", () => {
  const said = (headers: Record<string, string>) =>
    isSameOrigin(new Headers({ host: "portal.test:3000", ...headers }));
  expect(said({})).toBe(true);
  expect(said({ origin: "http://portal.test:3000" })).toBe(true);
  expect(said({ origin: "https://portal.test:3000" }), "TLS ends in front of us").toBe(true);
  for (const origin of [
    "http://portal.test",
    "http://evil.test",
    "null",
    "http://portal.test:3000.evil.test",
  ])
    expect(said({ origin }), origin).toBe(false);
  for (const site of ["cross-site", "same-site", "none"])
    expect(said({ "sec-fetch-site": site, origin: "http://portal.test:3000" }), site).toBe(false);
  vi.stubEnv("NEXTAUTH_URL", "https://kaqing.example");
  expect(said({ origin: "https://kaqing.example" })).toBe(true);
});

test("the address is what our own proxies say, not what a client claims", () => {
  const of = (hops: string) => clientAddress(new Headers(hops ? { "x-forwarded-for": hops } : {}));
  expect(of("1.1.1.1, 203.0.113.9")).toBe("203.0.113.9");
  expect(of("::ffff:10.0.0.1")).toBe("10.0.0.1");
  expect(of("")).toBeUndefined();
  vi.stubEnv("KAQING_TRUSTED_PROXIES", "1");
  expect(of("1.1.1.1, 203.0.113.9, 10.0.0.7")).toBe("203.0.113.9");
  expect(of("10.0.0.7")).toBe("10.0.0.7");
});

test("where a second factor is demanded and missing, there is no context but for the own account", async () => {
  const t = await house();
  const { cookie, claims } = await signedIn(t);
  await updateTenantSettings(t.as("operator"), { ...t.tenant.settings, secondFactorRoles: ["finance"] });
  const context = await requestContext(request({ cookie }));
  expect(context).toMatchObject({ ctx: null, refusal: "SECOND_FACTOR_SETUP_REQUIRED" });
  expect(context.enrolling?.actor).toMatchObject({ userId: claims.userId });
});

test("the cookie holds the claims alone, encrypted, and is the browser's only", async () => {
  vi.stubEnv("NEXTAUTH_URL", "https://kaqing.example");
  const { cookies } = authOptions();
  expect(cookies?.sessionToken).toEqual({
    name: "__Host-kq_session",
    options: { httpOnly: true, sameSite: "lax", secure: true, path: "/" },
  });
  const t = await house();
  const { claims, email } = await signedIn(t);
  const sealed = await sealClaims(claims);
  expect(await readClaims(sealed)).toEqual(claims);
  expect(Buffer.from(sealed, "base64url").toString()).not.toContain(email);
});

test("the form is told why, and nothing more", async () => {
  const t = await house();
  const { email } = await signedIn(t);
  const [provider] = authOptions().providers as unknown as [
    {
      options: { authorize(input: object, request: object): Promise<{ id: string; claims: SessionClaims }> };
    },
  ];
  const authorize = (password: string) =>
    provider.options.authorize({ email, password }, { headers: { "x-forwarded-for": "203.0.113.77" } });
  expect((await authorize(PASSWORD)).claims.tenantId).toBe(t.tenant.id);
  await expect(authorize("wrong")).rejects.toThrow(/^SIGN_IN_FAILED$/);
  for (let i = 0; i < 9; i++) await authorize("wrong").catch(() => {});
  await expect(authorize(PASSWORD)).rejects.toThrow(/^RATE_LIMITED:\d+$/);
  const [session] = await base.owner
    .sql`select ip from sessions where tenant_id = ${t.tenant.id} order by id desc limit 1`;
  expect(session?.ip).toBe("203.0.113.77");
});

test("a key in the header becomes a context of its party", async () => {
  const t = await house();
  const party = await makeParty(t, "merchant");
  const { key, id } = await createApiKey(t.as("merchant", party), {
    name: "till",
    scopes: ["vouchers:redeem"],
  });
  const ask = (authorization?: string) =>
    apiKeyContext(request(authorization ? { authorization } : {}, "POST"));
  expect(await ask(`Bearer ${key}`)).toMatchObject({
    tenant: { id: t.tenant.id },
    actor: { kind: "apiKey", keyId: id, partyId: party.id, scopes: ["vouchers:redeem"] },
  });
  expect((await ask(`bearer ${key}`)).actor.kind).toBe("apiKey");
  for (const wrong of [undefined, "", "Bearer", "Bearer x", `Basic ${key}`, `Bearer ${key.slice(0, -1)}0x`])
    await expect(ask(wrong), wrong).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});
