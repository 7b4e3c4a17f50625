import postgres from "postgres";
import { expect, inject, test } from "vitest";
import { withDatabase } from "./databases";
import { migrate } from "./migrate";

test("servers that start together migrate once, on one database and on several of a server", async () => {
  const server = inject("templateUrl");
  await withDatabase(server, "migrate_a", (a) =>
    withDatabase(server, "migrate_b", async (b) => {
      await Promise.all([migrate(a), migrate(a), migrate(b)]);
      for (const url of [a, b]) {
        const sql = postgres(url, { max: 1 });
        const [row] = await sql`
          select (select count(*)::int from drizzle.__drizzle_migrations) as applied,
                 (select count(distinct created_at)::int from drizzle.__drizzle_migrations) as different,
                 to_regclass('graphile_worker._private_jobs') is not null as queue`;
        await sql.end();
        expect(row?.applied).toBe(row?.different);
        expect(row?.queue).toBe(true);
      }
    }),
  );
}, 60_000);
