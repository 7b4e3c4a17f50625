import { beforeAll, expect, test } from "vitest";
import { totpCode, totpStep } from "@/server/core/totp";
import { searchAudit } from "@/server/domain/audit";
import {
  beginSecondFactor,
  changePassword,
  changeRole,
  confirmSecondFactor,
  disableSecondFactor,
  endOtherSessions,
  endSession,
  getAccount,
  listSessions,
  listUsers,
  renewRecoveryCodes,
  resetSecondFactor,
  resolveSession,
  SIGN_IN_LIMITS,
  setPartyStatus,
  setUserStatus,
  signIn,
  signOut,
  updateTenantSettings,
} from "@/server/domain/parties";
import { type TestDatabase, testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import { ctxOf, makePerson, PASSWORD, signInAs } from "./people.fixture";

let base: TestDatabase;
beforeAll(async () => {
  base = await testDatabase();
});

const refusal = (code: string) => expect.objectContaining({ code });
async function house(): Promise<TestTenant> {
  return makeTenant(base.owner, base.db);
}
async function userIdOf(t: TestTenant, email: string): Promise<string> {
  const { items } = await listUsers(t.as("operator"), { q: email });
  return items[0]?.id ?? "";
}

test("a wrong password and an unknown account are told alike, in like time", async () => {
  const t = await house();
  const { email } = await makePerson(t, "operator");
  const timed = async (address: string, password: string) => {
    const began = performance.now();
    const error = await signIn(
      base.db,
      { email: address, password },
      { clock: t.clock, minimumMs: 150 },
    ).catch((e) => e);
    return { code: error.code, params: error.params, ms: performance.now() - began };
  };
  const wrong = await timed(email, "not the password");
  const unknown = await timed("nobody@example.test", "not the password");
  expect(wrong).toMatchObject({ code: "SIGN_IN_FAILED", params: {} });
  expect(unknown).toMatchObject({ code: "SIGN_IN_FAILED", params: {} });
  expect(Math.min(wrong.ms, unknown.ms)).toBeGreaterThanOrEqual(145);
  await expect(signInAs(t, "not-an-address", { password: "" })).rejects.toEqual(refusal("SIGN_IN_FAILED"));
});

test("an address is read in any case; the session knows its user, tenant and party", async () => {
  const t = await house();
  const shop = await makeParty(t, "merchant", { name: "海底捞" });
  const { email } = await makePerson(t, "merchant", shop);
  const session = await resolveSession(base.db, await signInAs(t, ` ${email.toUpperCase()} `), t.clock);
  expect(session).toMatchObject({
    email,
    partyName: "海底捞",
    mustEnrol: false,
    actor: { kind: "user", role: "merchant", partyId: shop.id, partyKind: "merchant" },
    tenant: { id: t.tenant.id, slug: t.tenant.slug, platformPartyId: t.tenant.platformPartyId },
  });
});

test("failures per account are limited, with the seconds to wait; success forgives them", async () => {
  const t = await house();
  const { email } = await makePerson(t, "operator");
  const { limit, seconds } = SIGN_IN_LIMITS.account;
  for (let i = 0; i < limit - 1; i++)
    await signInAs(t, email, { password: "wrong", ip: `198.51.100.${i}` }).catch(() => {});
  await signInAs(t, email);
  for (let i = 0; i < limit; i++)
    await expect(signInAs(t, email, { password: "wrong", ip: `198.51.100.${i}` })).rejects.toEqual(
      refusal("SIGN_IN_FAILED"),
    );
  const refused = await signInAs(t, email).catch((e) => e);
  expect(refused.code).toBe("RATE_LIMITED");
  expect(refused.params.seconds).toBeGreaterThan(0);
  expect(refused.params.seconds).toBeLessThanOrEqual(seconds);
  // An account nobody has is limited alike.
  for (let i = 0; i < limit; i++)
    await signInAs(t, "ghost@example.test", { ip: `198.51.101.${i}` }).catch(() => {});
  await expect(signInAs(t, "ghost@example.test")).rejects.toEqual(refusal("RATE_LIMITED"));
  t.clock.advance({ seconds: refused.params.seconds });
  await signInAs(t, email);
});

test("many guesses at once are counted as well", async () => {
  const t = await house();
  const { email } = await makePerson(t, "operator");
  const guesses = await Promise.allSettled(
    Array.from({ length: 30 }, (_, i) => signInAs(t, email, { password: "wrong", ip: `203.0.113.${i}` })),
  );
  const limited = guesses.filter((g) => g.status === "rejected" && g.reason.code === "RATE_LIMITED");
  expect(limited).toHaveLength(30 - SIGN_IN_LIMITS.account.limit);
});

test("one address that tries many accounts is limited", async () => {
  const t = await house();
  const { email } = await makePerson(t, "operator");
  t.clock.advance({ hours: 1 });
  const ip = "203.0.113.250";
  await Promise.all(
    Array.from({ length: SIGN_IN_LIMITS.address.limit }, (_, i) =>
      signInAs(t, `guess-${i}@example.test`, { ip }).catch(() => {}),
    ),
  );
  await expect(signInAs(t, email, { ip })).rejects.toEqual(refusal("RATE_LIMITED"));
  await signInAs(t, email, { ip: "203.0.113.251" });
});

test("suspended people and people of suspended parties are out at once", async () => {
  const t = await house();
  const shop = await makeParty(t, "merchant");
  const { email } = await makePerson(t, "merchant", shop);
  const first = await signInAs(t, email);
  const userId = await userIdOf(t, email);
  await setUserStatus(t.as("operator"), { userId, status: "suspended" });
  expect(await resolveSession(base.db, first, t.clock)).toBeNull();
  await expect(signInAs(t, email)).rejects.toEqual(refusal("SIGN_IN_FAILED"));
  await setUserStatus(t.as("operator"), { userId, status: "active" });
  const second = await signInAs(t, email);
  await setPartyStatus(t.as("operator"), { id: shop.id, status: "suspended" });
  expect(await resolveSession(base.db, second, t.clock)).toBeNull();
  await expect(signInAs(t, email)).rejects.toEqual(refusal("SIGN_IN_FAILED"));
  await setPartyStatus(t.as("operator"), { id: shop.id, status: "active" });
  expect(await resolveSession(base.db, second, t.clock), "an ended session does not come back").toBeNull();
  await signInAs(t, email);
});

test("a session ends by hand, by idleness, by age, and with its version", async () => {
  const t = await house();
  const { email } = await makePerson(t, "operator");
  await makePerson(t, "operator");
  const a = await signInAs(t, email);
  const b = await signInAs(t, email);
  const ctx = await ctxOf(t, base.db, a);
  expect((await listSessions(ctx)).map((s) => [s.id, s.current])).toEqual(
    expect.arrayContaining([
      [a.sessionId, true],
      [b.sessionId, false],
    ]),
  );
  await endSession(ctx, { sessionId: b.sessionId });
  await endSession(ctx, { sessionId: b.sessionId });
  expect(await resolveSession(base.db, b, t.clock)).toBeNull();
  expect(await listSessions(ctx)).toHaveLength(1);

  const c = await signInAs(t, email);
  expect(await endOtherSessions(ctx)).toEqual({ ended: 1 });
  expect(await resolveSession(base.db, c, t.clock)).toBeNull();

  const userId = await userIdOf(t, email);
  await changeRole(t.as("operator"), { userId, role: "finance" });
  expect(await resolveSession(base.db, a, t.clock), "rights changed").toBeNull();
  expect(await resolveSession(base.db, { ...a, sessionVersion: a.sessionVersion + 1 }, t.clock)).toBeNull();

  const d = await signInAs(t, email);
  t.clock.advance({ hours: 13 });
  expect(await resolveSession(base.db, d, t.clock), "idle").toBeNull();
  const e = await signInAs(t, email);
  for (let hours = 0; hours < 7 * 24; hours += 8) {
    expect(await resolveSession(base.db, e, t.clock)).not.toBeNull();
    t.clock.advance({ hours: 8 });
  }
  expect(await resolveSession(base.db, e, t.clock), "old").toBeNull();

  const f = await signInAs(t, email);
  await signOut(base.db, f, t.clock);
  await signOut(base.db, f, t.clock);
  expect(await resolveSession(base.db, f, t.clock)).toBeNull();
});

test("last_seen is written at most once a minute", async () => {
  const t = await house();
  const { email } = await makePerson(t, "operator");
  const claims = await signInAs(t, email);
  const seen = async () => {
    const [row] = await base.owner
      .sql`select last_seen_at, xmin::text as version from sessions where id = ${claims.sessionId}`;
    return row?.version;
  };
  const first = await seen();
  t.clock.advance({ seconds: 59 });
  await resolveSession(base.db, claims, t.clock);
  expect(await seen()).toBe(first);
  t.clock.advance({ seconds: 2 });
  await Promise.all(Array.from({ length: 5 }, () => resolveSession(base.db, claims, t.clock)));
  const second = await seen();
  expect(second).not.toBe(first);
  await resolveSession(base.db, claims, t.clock);
  expect(await seen()).toBe(second);
});

test("a session of one tenant opens nothing in another, nor for another user", async () => {
  const [t, other] = [await house(), await house()];
  const { email } = await makePerson(t, "operator");
  const { email: foreign } = await makePerson(other, "operator");
  const claims = await signInAs(t, email);
  const theirs = await signInAs(other, foreign);
  expect(await resolveSession(base.db, { ...claims, tenantId: other.tenant.id }, t.clock)).toBeNull();
  expect(await resolveSession(base.db, { ...claims, userId: theirs.userId }, t.clock)).toBeNull();
  expect(await resolveSession(base.db, { ...theirs, tenantId: t.tenant.id }, t.clock)).toBeNull();
  const ctx = await ctxOf(t, base.db, claims);
  await expect(endSession(ctx, { sessionId: theirs.sessionId })).rejects.toEqual(refusal("NOT_FOUND"));
  await expect(setUserStatus(ctx, { userId: theirs.userId, status: "suspended" })).rejects.toEqual(
    refusal("NOT_FOUND"),
  );
});

test("a new password ends the other sessions and begins this one anew", async () => {
  const t = await house();
  const { email } = await makePerson(t, "operator");
  const [own, other] = [await signInAs(t, email), await signInAs(t, email)];
  const ctx = await ctxOf(t, base.db, own);
  const next = "a quite different phrase";
  await expect(changePassword(ctx, { currentPassword: "wrong", newPassword: next })).rejects.toEqual(
    refusal("PASSWORD_WRONG"),
  );
  for (const weak of ["short", "1234567890", "aaaaaaaaaaaa", "Password123!", `${email.split("@")[0]}1`])
    await expect(changePassword(ctx, { currentPassword: PASSWORD, newPassword: weak }), weak).rejects.toEqual(
      refusal("PASSWORD_WEAK"),
    );
  const { claims, ended } = await changePassword(ctx, { currentPassword: PASSWORD, newPassword: next });
  expect(ended).toBe(1);
  expect(claims.sessionId).not.toBe(own.sessionId);
  expect(await resolveSession(base.db, own, t.clock)).toBeNull();
  expect(await resolveSession(base.db, other, t.clock)).toBeNull();
  expect(await resolveSession(base.db, claims, t.clock)).not.toBeNull();
  await expect(signInAs(t, email)).rejects.toEqual(refusal("SIGN_IN_FAILED"));
  await signInAs(t, email, { password: next });
});

test("of two who change a password at once, one does", async () => {
  const t = await house();
  const { email } = await makePerson(t, "operator");
  const ctx = await ctxOf(t, base.db, await signInAs(t, email));
  const outcomes = await Promise.allSettled(
    ["the first new phrase", "the second new phrase"].map((newPassword) =>
      changePassword(ctx, { currentPassword: PASSWORD, newPassword }),
    ),
  );
  expect(outcomes.map((o) => o.status).sort()).toEqual(["fulfilled", "rejected"]);
});

// ── second factor ──

function unbase32(text: string): Buffer {
  const bits = [...text]
    .map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0"))
    .join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

async function enrolled(t: TestTenant, email: string) {
  const ctx = await ctxOf(t, base.db, await signInAs(t, email));
  const { secret, uri } = await beginSecondFactor(ctx, { password: PASSWORD });
  expect(uri).toMatch(/^otpauth:\/\/totp\/.+secret=/);
  const key = unbase32(secret);
  const code = () => totpCode(key, totpStep(t.clock.now()));
  const result = await confirmSecondFactor(ctx, { code: code() });
  t.clock.advance({ minutes: 1 });
  return { ...result, code, key };
}

test("enrolling: a code of the app is needed, the session begins anew, recovery codes are given", async () => {
  const t = await house();
  const { email } = await makePerson(t, "finance");
  const before = await signInAs(t, email);
  const ctx = await ctxOf(t, base.db, before);
  await expect(beginSecondFactor(ctx, { password: "wrong" })).rejects.toEqual(refusal("PASSWORD_WRONG"));
  await expect(confirmSecondFactor(ctx, { code: "000000" })).rejects.toEqual(refusal("CODE_WRONG"));
  const { claims, recoveryCodes, code, key } = await enrolled(t, email);
  expect(await resolveSession(base.db, before, t.clock)).toBeNull();
  expect(new Set(recoveryCodes).size).toBe(10);
  const after = await ctxOf(t, base.db, claims);
  expect((await getAccount(after)).secondFactor).toMatchObject({ recoveryCodesLeft: 10, demanded: false });
  await expect(beginSecondFactor(after, { password: PASSWORD })).rejects.toEqual(refusal("CONFLICT"));
  await expect(signInAs(t, email)).rejects.toEqual(refusal("SECOND_FACTOR_REQUIRED"));
  await expect(signInAs(t, email, { code: "000000" })).rejects.toEqual(refusal("CODE_WRONG"));
  await expect(signInAs(t, email, { password: "wrong", code: code() })).rejects.toEqual(
    refusal("SIGN_IN_FAILED"),
  );
  await signInAs(t, email, { code: code() });
  const [stored] = await base.owner.sql`select totp_sealed from users where email = ${email}`;
  expect(stored?.totp_sealed.includes(key), "the secret is kept sealed").toBe(false);
  const { items } = await searchAudit(t.as("auditor"), { action: "user.second_factor_enabled" });
  expect(items).toHaveLength(1);
});

test("a code is good once, even for two at once, and a later step makes earlier ones stale", async () => {
  const t = await house();
  const { email } = await makePerson(t, "finance");
  const { code } = await enrolled(t, email);
  const now = code();
  const both = await Promise.allSettled([
    signInAs(t, email, { code: now }),
    signInAs(t, email, { code: now }),
  ]);
  expect(both.map((o) => o.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(both.find((o) => o.status === "rejected")).toMatchObject({ reason: { code: "CODE_WRONG" } });
  await expect(signInAs(t, email, { code: now })).rejects.toEqual(refusal("CODE_WRONG"));
  t.clock.advance({ seconds: 60 });
  await signInAs(t, email, { code: code() });
  await expect(signInAs(t, email, { code: now })).rejects.toEqual(refusal("CODE_WRONG"));
});

test("a recovery code is good once, and new ones replace the old", async () => {
  const t = await house();
  const { email } = await makePerson(t, "finance");
  const { recoveryCodes, claims, code } = await enrolled(t, email);
  const [first = "", second = ""] = recoveryCodes;
  const both = await Promise.allSettled([
    signInAs(t, email, { code: first }),
    signInAs(t, email, { code: first.toLowerCase().replaceAll("-", " ") }),
  ]);
  expect(both.map((o) => o.status).sort()).toEqual(["fulfilled", "rejected"]);
  const ctx = await ctxOf(t, base.db, claims);
  expect((await getAccount(ctx)).secondFactor.recoveryCodesLeft).toBe(9);
  const renewed = await renewRecoveryCodes(ctx, { password: PASSWORD, code: code() });
  await expect(signInAs(t, email, { code: second })).rejects.toEqual(refusal("CODE_WRONG"));
  await signInAs(t, email, { code: renewed.recoveryCodes[0] });
});

test("guessing codes is limited like guessing passwords, also by whoever knows the password", async () => {
  const t = await house();
  const { email } = await makePerson(t, "finance");
  const { code } = await enrolled(t, email);
  for (let i = 0; i < SIGN_IN_LIMITS.account.limit; i++) {
    await expect(signInAs(t, email)).rejects.toEqual(refusal("SECOND_FACTOR_REQUIRED"));
    await expect(signInAs(t, email, { code: "000001" })).rejects.toEqual(refusal("CODE_WRONG"));
  }
  await expect(signInAs(t, email, { code: code() })).rejects.toEqual(refusal("RATE_LIMITED"));
});

test("a tenant demands it by role; it cannot be put off then; an operator resets another's", async () => {
  const t = await house();
  const { email } = await makePerson(t, "finance");
  const before = await signInAs(t, email);
  expect((await resolveSession(base.db, before, t.clock))?.mustEnrol).toBe(false);
  await updateTenantSettings(t.as("operator"), { ...t.tenant.settings, secondFactorRoles: ["finance"] });
  expect((await resolveSession(base.db, before, t.clock))?.mustEnrol).toBe(true);
  const { claims, code } = await enrolled(t, email);
  expect((await resolveSession(base.db, claims, t.clock))?.mustEnrol).toBe(false);
  const ctx = await ctxOf(t, base.db, claims);
  await expect(disableSecondFactor(ctx, { password: PASSWORD, code: code() })).rejects.toEqual(
    refusal("SECOND_FACTOR_SETUP_REQUIRED"),
  );
  await resetSecondFactor(t.as("operator"), { userId: claims.userId });
  expect(await resolveSession(base.db, claims, t.clock)).toBeNull();
  expect((await resolveSession(base.db, await signInAs(t, email), t.clock))?.mustEnrol).toBe(true);
});

test("putting it off needs both factors and begins the session anew", async () => {
  const t = await house();
  const { email } = await makePerson(t, "finance");
  const { claims, code } = await enrolled(t, email);
  const ctx = await ctxOf(t, base.db, claims);
  await expect(disableSecondFactor(ctx, { password: "wrong", code: code() })).rejects.toEqual(
    refusal("PASSWORD_WRONG"),
  );
  await expect(disableSecondFactor(ctx, { password: PASSWORD, code: "000000" })).rejects.toEqual(
    refusal("CODE_WRONG"),
  );
  const next = await disableSecondFactor(ctx, { password: PASSWORD, code: code() });
  expect(await resolveSession(base.db, claims, t.clock)).toBeNull();
  expect((await resolveSession(base.db, next.claims, t.clock))?.secondFactor).toBe(false);
  await signInAs(t, email);
});

test("sign-ins and failures are in the audit log, without anything secret", async () => {
  const t = await house();
  const { email } = await makePerson(t, "operator");
  await signInAs(t, email, { password: "hunter2hunter2" }).catch(() => {});
  await signInAs(t, email);
  const { items } = await searchAudit(t.as("auditor"), { action: "user" });
  expect(items.slice(0, 2).map((i) => [i.action, i.actorKind])).toEqual([
    ["user.signed_in", "user"],
    ["user.sign_in_failed", "system"],
  ]);
  expect(JSON.stringify(items, (_, v) => (typeof v === "bigint" ? String(v) : v))).not.toMatch(
    /hunter2|correct horse|argon2/,
  );
});
