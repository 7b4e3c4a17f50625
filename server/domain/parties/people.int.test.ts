import { beforeAll, expect, test } from "vitest";
import { searchAudit } from "@/server/domain/audit";
import {
  acceptInvitation,
  changeRole,
  createPasswordLink,
  endUserSessions,
  exportUsers,
  getInvitation,
  inviteUser,
  listInvitations,
  listUsers,
  renewInvitation,
  resolveSession,
  revokeInvitation,
  setUserStatus,
  updateTenantSettings,
} from "@/server/domain/parties";
import { type TestDatabase, testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, makeUser, type TestTenant } from "@/server/testing/factories";
import { ctxOf, makePerson, PASSWORD, signInAs } from "./people.fixture";

let base: TestDatabase;
beforeAll(async () => {
  base = await testDatabase();
});
const refusal = (code: string) => expect.objectContaining({ code });
const house = (): Promise<TestTenant> => makeTenant(base.owner, base.db);
const accept = (t: TestTenant, token: string, password = PASSWORD) =>
  acceptInvitation(base.db, { token, password }, { clock: t.clock });

test("invited, the person sees what for, sets a password and is in", async () => {
  const t = await house();
  const shop = await makeParty(t, "merchant", { name: "海底捞" });
  const email = "Wang@Shop.example";
  const link = await inviteUser(t.as("operator"), {
    email,
    name: "王芳",
    role: "merchant",
    partyId: shop.id,
  });
  expect(await getInvitation(base.db, { token: link.token }, t.clock)).toMatchObject({
    email: "wang@shop.example",
    name: "王芳",
    role: "merchant",
    partyName: "海底捞",
    renewsPassword: false,
  });
  expect((await listInvitations(t.as("operator"), {})).items).toHaveLength(1);
  await expect(accept(t, link.token, "short")).rejects.toEqual(refusal("PASSWORD_WEAK"));
  await accept(t, link.token);
  await expect(accept(t, link.token)).rejects.toEqual(refusal("LINK_INVALID"));
  expect((await listInvitations(t.as("operator"), {})).items).toHaveLength(0);
  await signInAs(t, "wang@shop.example");
  await expect(inviteUser(t.as("operator"), { email, name: "x", role: "operator" })).rejects.toEqual(
    refusal("EMAIL_TAKEN"),
  );
  const [stored] = await base.owner.sql`select token_hash from invitations where id = ${link.id}`;
  expect(stored?.token_hash.toString()).not.toContain(link.token);
});

test("links lapse, are revoked and renewed; forged ones are refused alike", async () => {
  const t = await house();
  const operator = t.as("operator");
  const person = { email: "li@example.test", name: "李", role: "finance" };
  const first = await inviteUser(operator, person);
  const second = await renewInvitation(operator, { id: first.id });
  await expect(accept(t, first.token)).rejects.toEqual(refusal("LINK_INVALID"));
  t.clock.advance({ days: 7 });
  await expect(accept(t, second.token)).rejects.toEqual(refusal("LINK_INVALID"));
  const third = await renewInvitation(operator, { id: second.id });
  await revokeInvitation(operator, { id: third.id });
  await revokeInvitation(operator, { id: third.id });
  for (const token of [
    third.token,
    "",
    "x",
    `${t.tenant.slug}.${"A".repeat(43)}`,
    `nobody.${"A".repeat(43)}`,
  ])
    await expect(getInvitation(base.db, { token }, t.clock), token).rejects.toEqual(refusal("LINK_INVALID"));
  const fourth = await inviteUser(operator, person);
  await inviteUser(operator, person);
  await expect(accept(t, fourth.token), "a newer invitation replaces it").rejects.toEqual(
    refusal("LINK_INVALID"),
  );
});

test("of many who accept one link at once, one does", async () => {
  const t = await house();
  const { token } = await inviteUser(t.as("operator"), {
    email: "once@example.test",
    name: "once",
    role: "support",
  });
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => accept(t, token)));
  expect(all.filter((o) => o.status === "fulfilled")).toHaveLength(1);
  for (const o of all) if (o.status === "rejected") expect(o.reason).toEqual(refusal("LINK_INVALID"));
  expect((await listUsers(t.as("operator"), { q: "once@" })).items).toHaveLength(1);
});

test("an address signs in at one tenant only: the second to claim it is refused", async () => {
  const [a, b] = [await house(), await house()];
  const person = { email: "shared@example.test", name: "shared", role: "support" };
  const [first, second] = [
    await inviteUser(a.as("operator"), person),
    await inviteUser(b.as("operator"), person),
  ];
  const both = await Promise.allSettled([accept(a, first.token), accept(b, second.token)]);
  expect(both.map((o) => o.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(both.find((o) => o.status === "rejected")).toMatchObject({ reason: { code: "EMAIL_TAKEN" } });
});

test("a link renews a forgotten password and ends the sessions; nobody makes one for himself", async () => {
  const t = await house();
  const { email } = await makePerson(t, "finance");
  const claims = await signInAs(t, email);
  const link = await createPasswordLink(t.as("operator"), { userId: claims.userId });
  expect(await getInvitation(base.db, { token: link.token }, t.clock)).toMatchObject({
    renewsPassword: true,
    email,
  });
  expect(await resolveSession(base.db, claims, t.clock)).not.toBeNull();
  await accept(t, link.token, "renewed battery staple");
  expect(await resolveSession(base.db, claims, t.clock)).toBeNull();
  await expect(signInAs(t, email)).rejects.toEqual(refusal("SIGN_IN_FAILED"));
  const own = await signInAs(t, email, { password: "renewed battery staple" });
  await changeRole(t.as("operator"), { userId: own.userId, role: "operator" });
  const self = await ctxOf(t, base.db, await signInAs(t, email, { password: "renewed battery staple" }));
  await expect(createPasswordLink(self, { userId: own.userId })).rejects.toEqual(
    refusal("PERMISSION_DENIED"),
  );
});

test("the people of a party manage those of their own, with the roles of its kind", async () => {
  const t = await house();
  const [shop, rival] = [await makeParty(t, "merchant"), await makeParty(t, "merchant")];
  const boss = t.as("merchant", shop);
  const { token } = await inviteUser(boss, { email: "clerk@shop.test", name: "clerk", role: "merchant" });
  await accept(t, token);
  const outsider = await makeUser(t, "merchant", rival.id);
  const operator = await makeUser(t, "operator");
  expect((await listUsers(boss, {})).items.map((u) => u.email)).toEqual(["clerk@shop.test"]);
  expect((await listUsers(boss, { partyId: rival.id })).items).toEqual([]);
  const clerk = (await listUsers(boss, {})).items[0]?.id ?? "";
  for (const userId of [outsider.id, operator.id]) {
    await expect(setUserStatus(boss, { userId, status: "suspended" })).rejects.toEqual(refusal("NOT_FOUND"));
    await expect(endUserSessions(boss, { userId })).rejects.toEqual(refusal("NOT_FOUND"));
    await expect(createPasswordLink(boss, { userId })).rejects.toEqual(refusal("NOT_FOUND"));
  }
  await expect(changeRole(boss, { userId: clerk, role: "operator" })).rejects.toEqual(
    refusal("ROLE_NOT_FOR_PARTY"),
  );
  await expect(inviteUser(boss, { email: "x@x.test", name: "x", role: "operator" })).rejects.toEqual(
    refusal("ROLE_NOT_FOR_PARTY"),
  );
  await expect(
    inviteUser(boss, { email: "x@x.test", name: "x", role: "merchant", partyId: rival.id }),
  ).rejects.toEqual(refusal("NOT_FOUND"));
  await setUserStatus(boss, { userId: clerk, status: "suspended" });
  await expect(
    inviteUser(t.as("support"), { email: "x@x.test", name: "x", role: "support" }),
  ).rejects.toEqual(refusal("PERMISSION_DENIED"));
  const theirs = await inviteUser(t.as("operator"), {
    email: "y@y.test",
    name: "y",
    role: "merchant",
    partyId: rival.id,
  });
  await expect(revokeInvitation(boss, { id: theirs.id })).rejects.toEqual(refusal("NOT_FOUND"));
  expect((await listInvitations(boss, {})).items).toEqual([]);
});

test("the last operator stays, also when two remove each other at once", async () => {
  const t = await house();
  const [a, b] = [await makeUser(t, "operator"), await makeUser(t, "operator")];
  for (let round = 0; round < 5; round++) {
    const outcomes = await Promise.allSettled([
      round % 2
        ? changeRole(t.as("operator"), { userId: a.id, role: "finance" })
        : setUserStatus(t.as("operator"), { userId: a.id, status: "suspended" }),
      setUserStatus(t.as("operator"), { userId: b.id, status: "suspended" }),
    ]);
    expect(outcomes.map((o) => o.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find((o) => o.status === "rejected")).toMatchObject({
      reason: { code: "LAST_OPERATOR" },
    });
    for (const { id } of [a, b]) {
      await setUserStatus(t.as("operator"), { userId: id, status: "active" });
      await changeRole(t.as("operator"), { userId: id, role: "operator" });
    }
  }
});

test("users are found, paged and exported", async () => {
  const t = await house();
  for (let i = 0; i < 5; i++) await makeUser(t, "support");
  const operator = t.as("operator");
  const first = await listUsers(operator, { limit: 3, sort: "email", direction: "desc" });
  const second = await listUsers(operator, {
    limit: 3,
    sort: "email",
    direction: "desc",
    cursor: first.nextCursor,
  });
  const emails = [...first.items, ...second.items].map((u) => u.email);
  expect(first.total).toBe(5);
  expect(second.nextCursor).toBeNull();
  expect(emails).toEqual([...emails].sort().reverse());
  expect(new Set(emails).size).toBe(5);
  const exported: string[] = [];
  for await (const user of exportUsers(t.as("auditor"), { role: "support" })) exported.push(user.email);
  expect(exported).toEqual([...emails].reverse());
});

test("settings hold from the next call on, and saving the same again is no change", async () => {
  const t = await house();
  const { email } = await makePerson(t, "operator");
  const claims = await signInAs(t, email);
  const operator = await ctxOf(t, base.db, claims);
  const settings = {
    ...t.tenant.settings,
    undoMinutes: 9,
    secondFactorRoles: ["support", "finance", "finance"],
  };
  await updateTenantSettings(operator, settings);
  await updateTenantSettings(operator, settings);
  expect((await ctxOf(t, base.db, claims)).tenant.settings).toMatchObject({
    undoMinutes: 9,
    secondFactorRoles: ["finance", "support"],
  });
  const { items } = await searchAudit(t.as("auditor"), { action: "tenant.settings_changed" });
  expect(items.map((i) => i.data)).toEqual([
    { undoMinutes: { from: 5, to: 9 }, secondFactorRoles: { from: [], to: ["finance", "support"] } },
  ]);
  await expect(updateTenantSettings(t.as("finance"), settings)).rejects.toEqual(refusal("PERMISSION_DENIED"));
});
