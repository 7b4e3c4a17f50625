import { expect, it } from "vitest";
import { testDatabase } from "@/server/testing/database";
import { makeTenant } from "@/server/testing/factories";
import { allAnswered, awaitBehindCommit, connect, inTenant, rawSql } from "./client";

it("goes on after the server has dropped connections in the middle of transactions", async () => {
  const { url, owner, db } = await testDatabase();
  const { tenant } = await makeTenant(owner, db);
  const pool = connect(url, { max: 3 });
  try {
    const count = () =>
      inTenant(pool, tenant.id, async (tx) => {
        const rows = await rawSql(tx)<{ n: bigint }[]>`select count(*) as n from parties`;
        return rows[0]?.n;
      });
    for (let round = 0; round < 3; round++) {
      const broken = Array.from({ length: 3 }, () =>
        inTenant(pool, tenant.id, async (tx) => {
          const sql = rawSql(tx);
          const pid = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
          await owner.sql`select pg_terminate_backend(${pid[0]?.pid ?? 0})`;
          await Promise.all([sql`select 1`, sql`select count(*) from parties`, sql`select pg_sleep(0.01)`]);
        }),
      );
      const results = await Promise.allSettled(broken);
      expect(results.map((r) => r.status)).toEqual(results.map(() => "rejected"));
      // more of them than there are connections: each one works again
      expect(await Promise.all(Array.from({ length: 12 }, count))).toEqual(
        Array.from({ length: 12 }, () => 1n),
      );
    }
  } finally {
    await pool.close();
  }
});

it("commits what is left to be awaited behind the commit, and throws what of it fails, with nothing kept", async () => {
  const { owner, db } = await testDatabase();
  const { tenant } = await makeTenant(owner, db);
  const name = (text: string, fails: boolean) =>
    inTenant(db, tenant.id, async (tx) => {
      const sql = rawSql(tx);
      const updated = sql`update parties set name = ${text} where tenant_id = ${tenant.id}`.execute();
      const divided = sql`select 1 / ${fails ? 0 : 1}::int`.execute();
      const behind = [1, 2].map((n) => sql`select ${n}::int`.execute());
      // What fails because of another is not what is thrown, wherever it stands, and whichever is told first.
      const slowlyTold = (async () => (async () => await divided)())();
      awaitBehindCommit(tx, behind.slice(1));
      awaitBehindCommit(tx, [updated, allAnswered([behind[0], slowlyTold])]);
      return text;
    });
  const names = () => owner.sql`select distinct name from parties where tenant_id = ${tenant.id}`;
  expect(await name("A", false)).toBe("A");
  expect(await names()).toEqual([{ name: "A" }]);
  await expect(name("B", true)).rejects.toMatchObject({ code: "22012" });
  expect(await names()).toEqual([{ name: "A" }]);
  expect(await name("C", false)).toBe("C");
});

it("of several failures throws the cause, whichever is told first", async () => {
  const [aborted, cause] = [{ code: "25P02" }, { code: "40001" }];
  const fails = (error: unknown) => Promise.reject(error);
  await expect(allAnswered([fails(aborted), 1, fails(cause), fails(aborted)])).rejects.toBe(cause);
  await expect(allAnswered([fails(aborted), Promise.resolve()])).rejects.toBe(aborted);
  await expect(allAnswered([undefined, Promise.resolve()])).resolves.toBeUndefined();
});
