import { expect, test } from "vitest";
import { withTransaction } from "@/server/core/transaction";
import { exportAudit, getAuditEntry, record, searchAudit, verifyAudit } from "@/server/domain/audit";
import { testDatabase } from "@/server/testing/database";
import { makeTenant, type TestTenant } from "@/server/testing/factories";

async function filledTenant(entries = 5): Promise<TestTenant> {
  const { owner, db } = await testDatabase();
  const t = await makeTenant(owner, db);
  for (let i = 1; i <= entries; i++) {
    t.clock.advance({ minutes: 1 });
    await withTransaction(t.as("operator"), (ctx) =>
      record(ctx, {
        action: i % 2 ? "party.updated" : "voucher.voided",
        subject: { kind: i % 2 ? "party" : "voucher", id: `s-${i}` },
        data: { name: { from: "甲", to: `乙${i}` }, amount: 9_007_199_254_740_993n },
      }),
    );
  }
  return t;
}

test("a change and its entry stand or fall together", async () => {
  const t = await filledTenant(2);
  const failed = withTransaction(t.as("operator"), async (ctx) => {
    await record(ctx, { action: "party.updated", subject: { kind: "party", id: "lost" } });
    throw new Error("the change failed");
  });
  await expect(failed).rejects.toThrow("the change failed");
  const { items } = await searchAudit(t.as("auditor"), {});
  expect(items.map((item) => item.seq)).toEqual([2n, 1n]);
  expect(items[0]?.data).toEqual({ name: { from: "甲", to: "乙2" }, amount: "9007199254740993" });
});

test("search by action, noun, subject, time and text; pages by cursor", async () => {
  const t = await filledTenant(7);
  const auditor = t.as("auditor");
  const seqs = async (input: object) =>
    (await searchAudit(auditor, input)).items.map((item) => Number(item.seq));
  expect(await seqs({ action: "voucher.voided" })).toEqual([6, 4, 2]);
  expect(await seqs({ action: "voucher" })).toEqual([6, 4, 2]);
  expect(await seqs({ action: "vouch" })).toEqual([]);
  expect(await seqs({ subjectKind: "party", subjectId: "s-3" })).toEqual([3]);
  expect(await seqs({ q: "S-5" })).toEqual([5]);
  expect(await seqs({ q: "%" })).toEqual([]);
  expect(await seqs({ from: "2026-11-18", to: "2026-11-18" })).toEqual([7, 6, 5, 4, 3, 2, 1]);
  expect(await seqs({ from: "2026-11-19" })).toEqual([]);
  expect(await seqs({ to: "2026-11-17" })).toEqual([]);
  const first = await searchAudit(auditor, { limit: 4 });
  const second = await searchAudit(auditor, { limit: 4, cursor: first.nextCursor });
  expect([...first.items, ...second.items].map((item) => Number(item.seq))).toEqual([7, 6, 5, 4, 3, 2, 1]);
  expect(second.nextCursor).toBeNull();
  await expect(searchAudit(auditor, { cursor: "bm9uZQ" })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  const exported: bigint[] = [];
  for await (const row of exportAudit(auditor, { action: "party" })) exported.push(row.seq);
  expect(exported).toEqual([1n, 3n, 5n, 7n]);
});

test("days are those of the tenant's time zone", async () => {
  const t = await filledTenant(0);
  for (const at of ["2026-11-17T15:59:59.999Z", "2026-11-17T16:00:00.000Z", "2026-11-18T15:59:59.999Z"]) {
    t.clock.set(at);
    await withTransaction(t.system, (ctx) =>
      record(ctx, { action: "party.updated", subject: { kind: "party", id: at } }),
    );
  }
  const { items } = await searchAudit(t.as("auditor"), { from: "2026-11-18", to: "2026-11-18" });
  expect(items.map((item) => item.seq)).toEqual([3n, 2n]);
});

test("merchants do not read it, and no tenant reads another's", async () => {
  const t = await filledTenant(1);
  await filledTenant(3);
  await expect(searchAudit(t.as("merchant"), {})).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  expect((await searchAudit(t.as("finance"), {})).items).toHaveLength(1);
  expect((await verifyAudit(t.as("auditor"))).checked).toBe(1n);
});

test("verification finds what even the owner of the database changed, took away or added", async () => {
  const { owner } = await testDatabase();
  const tamperings: [string, (tenantId: string) => Promise<unknown>, bigint][] = [
    [
      "changed",
      (id) => owner.sql`update audit_log set data = '{"name":"other"}' where tenant_id = ${id} and seq = 3`,
      3n,
    ],
    [
      "taken from the middle",
      (id) => owner.sql`delete from audit_log where tenant_id = ${id} and seq = 2`,
      3n,
    ],
    ["taken from the end", (id) => owner.sql`delete from audit_log where tenant_id = ${id} and seq = 5`, 5n],
    [
      "its time moved",
      (id) => owner.sql`update audit_log set at = at + interval '1 hour' where tenant_id = ${id} and seq = 4`,
      4n,
    ],
    [
      "rehashed alone",
      (id) =>
        owner.sql`update audit_log a set actor_name = 'x', hash = sha256(prev_hash || audit_text(
          row(tenant_id, seq, at, actor_kind, actor_id, 'x', action, subject_kind, subject_id, party_id, data, request_id, ip, prev_hash, hash)::audit_log))
          where tenant_id = ${id} and seq = 2`,
      3n,
    ],
  ];
  for (const [name, tamper, at] of tamperings) {
    const t = await filledTenant(5);
    expect(await verifyAudit(t.as("auditor")), name).toMatchObject({ checked: 5n, brokenAt: null });
    await expect(tamper(t.tenant.id), name).rejects.toThrow(/append-only/);
    await owner.sql`alter table audit_log disable trigger append_only`;
    await tamper(t.tenant.id);
    await owner.sql`alter table audit_log enable trigger append_only`;
    expect((await verifyAudit(t.as("auditor"))).brokenAt, name).toBe(at);
  }
});

test("entries written at once by many form one chain", async () => {
  const t = await filledTenant(0);
  const write = (i: number) =>
    withTransaction(t.as("operator"), (ctx) =>
      record(ctx, { action: "party.updated", subject: { kind: "party", id: String(i) } }),
    );
  await Promise.all(Array.from({ length: 40 }, (_, i) => write(i)));
  expect(await verifyAudit(t.as("auditor"))).toMatchObject({ checked: 40n, brokenAt: null });
  const entry = await getAuditEntry(t.as("auditor"), { seq: "2" });
  const before = await getAuditEntry(t.as("auditor"), { seq: "1" });
  expect(entry.prevHash).toBe(before.hash);
  await expect(getAuditEntry(t.as("auditor"), { seq: "99" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
