import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { inTenant } from "@/db/client";
import { parties } from "@/db/schema";
import { searchAudit } from "@/server/domain/audit";
import {
  createApiKey,
  createParty,
  exportParties,
  getParty,
  listApiKeys,
  listParties,
  partyOptions,
  readBankAccount,
  resolveApiKey,
  revokeApiKey,
  setBankAccount,
  setPartyStatus,
  updateParty,
} from "@/server/domain/parties";
import { type TestDatabase, testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";

let base: TestDatabase;
beforeAll(async () => {
  base = await testDatabase();
});
const refusal = (code: string) => expect.objectContaining({ code });
const house = (): Promise<TestTenant> => makeTenant(base.owner, base.db);
const T1 = { kind: "windows", windowsPerDay: 1, delay: 1, dayCount: "calendar" } as const;
const shop = (name: string, more: object = {}) => ({ kind: "merchant", name, cycle: T1, ...more });

test("numbers run by kind, without gaps, also for many at once", async () => {
  const t = await house();
  const operator = t.as("operator");
  const made = await Promise.all(
    Array.from({ length: 12 }, (_, i) => createParty(operator, shop(`店 ${i}`))),
  );
  expect(made.map((p) => p.number).sort()).toEqual(
    Array.from({ length: 12 }, (_, i) => `M-${String(i + 1).padStart(4, "0")}`),
  );
  expect((await createParty(operator, { ...shop("品牌"), kind: "brand" })).number).toBe("B-0001");
  expect(
    (await createParty(operator, { ...shop("微信"), kind: "channel", channelFeeRate: "0.006" })).number,
  ).toBe("CH-0001");
  await expect(createParty(operator, { ...shop("平台"), kind: "platform" })).rejects.toThrow();
  await expect(createParty(t.as("finance"), shop("x"))).rejects.toEqual(refusal("PERMISSION_DENIED"));
});

test("an external id names one party of its kind, also when two claim it at once", async () => {
  const t = await house();
  const operator = t.as("operator");
  const both = await Promise.allSettled(
    [1, 2].map((i) => createParty(operator, shop(`店 ${i}`, { externalId: "S-1" }))),
  );
  expect(both.map((o) => o.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(both.find((o) => o.status === "rejected")).toMatchObject({ reason: { code: "EXTERNAL_ID_TAKEN" } });
  await createParty(operator, { ...shop("品牌"), kind: "brand", externalId: "S-1" });
  const { id } = await createParty(operator, shop("其他"));
  await expect(updateParty(operator, { id, ...shop("其他"), externalId: "S-1" })).rejects.toEqual(
    refusal("EXTERNAL_ID_TAKEN"),
  );
  expect((await listParties(operator, { kind: "merchant" })).items.map((p) => p.number)).toEqual([
    "M-0001",
    "M-0002",
  ]);
});

test("of two who edit the same version, the second is told", async () => {
  const t = await house();
  const operator = t.as("operator");
  const { id } = await createParty(operator, shop("旧名"));
  const { updatedAt: version } = await getParty(operator, { id });
  await updateParty(operator, { id, version, ...shop("新名"), cycle: { kind: "monthly" } });
  await expect(updateParty(operator, { id, version, ...shop("别名") })).rejects.toEqual(refusal("CONFLICT"));
  const { items } = await searchAudit(t.as("auditor"), { action: "party.updated" });
  expect(items.map((i) => i.data)).toEqual([
    { name: { from: "旧名", to: "新名" }, cycle: { from: T1, to: { kind: "monthly" } } },
  ]);
  await expect(updateParty(operator, { id: t.tenant.id, ...shop("x") })).rejects.toEqual(
    refusal("NOT_FOUND"),
  );
});

test("a bank account is kept sealed, shown by its tail, and read whole only with an entry in the audit log", async () => {
  const t = await house();
  const { id } = await createParty(t.as("operator"), shop("店"));
  await setBankAccount(t.as("operator"), {
    partyId: id,
    bankName: "招商银行",
    holder: "店有限公司",
    number: "6222 ０２０１-2345 6789 012",
  });
  expect(await getParty(t.as("support"), { id })).toMatchObject({
    bankAccountTail: "9012",
    bankName: "招商银行",
  });
  const [row] = await base.owner.sql`select bank_account_sealed from parties where id = ${id}`;
  expect(row?.bank_account_sealed.toString("latin1")).not.toContain("6222");
  expect(await readBankAccount(t.as("finance"), { id })).toMatchObject({ number: "6222020123456789012" });
  await expect(readBankAccount(t.as("support"), { id })).rejects.toEqual(refusal("PERMISSION_DENIED"));
  const { items } = await searchAudit(t.as("auditor"), { subjectId: id });
  expect(items.map((i) => i.action)).toEqual([
    "party.bank_account_read",
    "party.bank_account_set",
    "party.created",
  ]);
  expect(JSON.stringify(items.map((i) => i.data))).not.toContain("6222");
  // Sealed to its place: copied to another party it does not open.
  const { id: thief } = await createParty(t.as("operator"), shop("贼"));
  await inTenant(base.owner, t.tenant.id, async (tx) => {
    const [source] = await tx.select().from(parties).where(eq(parties.id, id));
    await tx
      .update(parties)
      .set({ bankAccountSealed: source?.bankAccountSealed })
      .where(eq(parties.id, thief));
  });
  await expect(readBankAccount(t.as("finance"), { id: thief })).rejects.toThrow();
  await expect(
    setBankAccount(t.as("operator"), { partyId: id, bankName: "x", holder: "x", number: "12" }),
  ).rejects.toThrow();
});

test("parties are searched, sorted, paged and exported; other tenants' never", async () => {
  const [t, other] = [await house(), await house()];
  for (const name of ["星巴克", "麦当劳", "肯德基", "100%_折"])
    await createParty(t.as("operator"), shop(name));
  await createParty(other.as("operator"), shop("外人"));
  const operator = t.as("operator");
  expect((await listParties(operator, { q: "%_" })).items.map((p) => p.name)).toEqual(["100%_折"]);
  for (const sort of ["number", "name", "createdAt"] as const) {
    for (const direction of ["asc", "desc"] as const) {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof listParties>> = await listParties(operator, {
          sort,
          direction,
          limit: 2,
          cursor,
        });
        seen.push(...page.items.map((p) => p.number));
        cursor = page.nextCursor;
      } while (cursor);
      expect(new Set(seen).size, `${sort} ${direction}`).toBe(5);
      expect(seen).toHaveLength(5);
    }
  }
  const names: string[] = [];
  for await (const party of exportParties(operator, { kind: "merchant" })) names.push(party.name);
  expect(names).toEqual(["星巴克", "麦当劳", "肯德基", "100%_折"]);
  expect((await partyOptions(operator, { q: "M-0002" })).map((p) => p.name)).toEqual(["麦当劳"]);
  await expect(listParties(t.as("merchant"), {})).rejects.toEqual(refusal("PERMISSION_DENIED"));
});

test("a key works, by its scopes, for its party; it is shown once and stored hashed", async () => {
  const t = await house();
  const party = await makeParty(t, "merchant");
  const boss = t.as("merchant", party);
  const { key, id, prefix } = await createApiKey(boss, {
    name: "收银台",
    scopes: ["vouchers:redeem", "vouchers:read"],
  });
  expect(key).toMatch(new RegExp(`^kq_${t.tenant.slug}_[0-9a-f]{32}_[0-9a-f]{48}$`));
  expect(await resolveApiKey(base.db, key, t.clock)).toMatchObject({
    actor: {
      kind: "apiKey",
      keyId: id,
      partyId: party.id,
      partyKind: "merchant",
      scopes: ["vouchers:redeem", "vouchers:read"],
    },
    tenant: { id: t.tenant.id },
  });
  const forged = [`${prefix}_${"0".repeat(48)}`, key.replace(t.tenant.slug, "nobody"), `${key}0`, "kq", ""];
  for (const text of forged) expect(await resolveApiKey(base.db, text, t.clock), text).toBeNull();
  const other = await house();
  expect(await resolveApiKey(base.db, key.replace(t.tenant.slug, other.tenant.slug), t.clock)).toBeNull();
  const listed = await listApiKeys(boss, {});
  expect(listed.items).toMatchObject([{ id, prefix, state: "active", name: "收银台" }]);
  expect(JSON.stringify(listed)).not.toContain(key.slice(-48));
  await expect(createApiKey(boss, { name: "x", scopes: ["vouchers:issue"] })).rejects.toEqual(
    refusal("PERMISSION_DENIED"),
  );
  await expect(
    createApiKey(boss, { name: "x", scopes: ["vouchers:read"], partyId: t.tenant.platformPartyId }),
  ).rejects.toEqual(refusal("NOT_FOUND"));
  const rival = t.as("merchant", await makeParty(t, "merchant"));
  await expect(revokeApiKey(rival, { id })).rejects.toEqual(refusal("NOT_FOUND"));
  expect((await listApiKeys(rival, {})).items).toEqual([]);
});

test("a revoked key is dead at once here, within five seconds elsewhere; so are lapsed keys and those of suspended parties", async () => {
  const t = await house();
  const operator = t.as("operator");
  const make = (more: object = {}) =>
    createApiKey(operator, { name: "k", scopes: ["vouchers:issue"], ...more });
  const works = async (key: string) => (await resolveApiKey(base.db, key, t.clock)) !== null;

  const here = await make();
  expect(await works(here.key)).toBe(true);
  await revokeApiKey(operator, { id: here.id });
  await revokeApiKey(operator, { id: here.id });
  expect(await works(here.key)).toBe(false);

  const elsewhere = await make();
  expect(await works(elsewhere.key)).toBe(true);
  await base.owner.sql`update api_keys set revoked_at = now() where id = ${elsewhere.id}`;
  expect(await works(elsewhere.key), "remembered for a moment").toBe(true);
  t.clock.advance({ seconds: 5 });
  expect(await works(elsewhere.key)).toBe(false);

  const lapsing = await make({ expiresAt: new Date(t.clock.now().getTime() + 60_000) });
  expect(await works(lapsing.key)).toBe(true);
  t.clock.advance({ minutes: 1 });
  expect(await works(lapsing.key)).toBe(false);
  await expect(make({ expiresAt: t.clock.now() })).rejects.toEqual(refusal("INPUT_INVALID"));

  const party = await makeParty(t, "merchant");
  const theirs = await createApiKey(operator, { name: "k", scopes: ["vouchers:read"], partyId: party.id });
  await setPartyStatus(operator, { id: party.id, status: "suspended" });
  expect(await works(theirs.key)).toBe(false);
});

test("a key's use is noted at most once a minute, and the hot path asks nothing", async () => {
  const t = await house();
  const { key, id } = await createApiKey(t.as("operator"), { name: "k", scopes: ["vouchers:issue"] });
  const used = async () =>
    (await base.owner.sql`select last_used_at from api_keys where id = ${id}`)[0]?.last_used_at;
  await Promise.all(Array.from({ length: 20 }, () => resolveApiKey(base.db, key, t.clock)));
  const first = await used();
  expect(first).not.toBeNull();
  for (let seconds = 0; seconds < 60; seconds += 6) {
    await resolveApiKey(base.db, key, t.clock);
    t.clock.advance({ seconds: 6 });
  }
  expect(await used()).toBe(first);
  t.clock.advance({ seconds: 6 });
  await resolveApiKey(base.db, key, t.clock);
  expect(await used()).not.toBe(first);
  const closed = { ...base.db, sql: undefined, orm: undefined } as unknown as typeof base.db;
  expect(await resolveApiKey(closed, key, t.clock), "no database is asked").not.toBeNull();
});

test("the platform's own party is not suspended", async () => {
  const t = await house();
  await expect(
    setPartyStatus(t.as("operator"), { id: t.tenant.platformPartyId, status: "suspended" }),
  ).rejects.toEqual(refusal("LAST_OPERATOR"));
});
