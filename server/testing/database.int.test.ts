import { expect, test } from "vitest";
import { testDatabase } from "./database";

test("the application is bound by row-level security, the owner is not", async () => {
  const { db, owner } = await testDatabase();
  const [app] = await db.sql`select current_user as role, session_user as login`;
  expect(app).toEqual({ role: "kaqing_app", login: "kaqing" });
  const [own] =
    await owner.sql`select current_user as role, rolsuper as super from pg_roles where rolname = current_user`;
  expect(own).toEqual({ role: "kaqing", super: false });
  const owned = await db.sql`select relname from pg_class where relowner = 'kaqing_app'::regrole`;
  expect(owned).toHaveLength(0);
});

test("the application may neither change what is posted nor look into the job queue", async () => {
  const { db } = await testDatabase();
  await expect(db.sql`update transfers set amount = 1`).rejects.toThrow(/permission denied/);
  await expect(db.sql`delete from audit_log`).rejects.toThrow(/permission denied/);
  await expect(db.sql`select * from graphile_worker.jobs`).rejects.toThrow(/permission denied/);
});

test("int8 arrives as bigint, amounts beyond a double's precision whole", async () => {
  const { db } = await testDatabase();
  const [row] = await db.sql`select 9007199254740993::int8 as amount`;
  expect(row?.amount).toBe(9007199254740993n);
});
