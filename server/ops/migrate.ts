import path from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import { Logger, makeWorkerUtils } from "graphile-worker";
import postgres from "postgres";
import { APP_ROLE } from "@/db/client";

/** Any number; the same for every Kaqing. Advisory locks are per database. */
const MIGRATION_LOCK = 7_236_419_024;

/**
 * Brings the database to the present: the application's role, the job queue's schema, our migrations.
 * `url` is its owner's. Servers that start together wait for one another.
 */
export async function migrate(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await requireVersion(sql);
    await sql`select pg_advisory_lock(${MIGRATION_LOCK}::bigint)`;
    await ensureAppRole(sql);
    await migrateJobQueue(url);
    await applyMigrations(drizzle(sql), { migrationsFolder: path.resolve("drizzle") });
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function requireVersion(sql: postgres.Sql): Promise<void> {
  const [row] = await sql`select current_setting('server_version_num')::int as version`;
  if (Number(row?.version) < 150_000) throw new Error("Kaqing needs PostgreSQL 15 or newer.");
}

/** Roles belong to the whole server: databases that migrate at once may meet here. */
async function ensureAppRole(sql: postgres.Sql): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const [role] = await sql`select 1 from pg_roles where rolname = ${APP_ROLE}`;
      if (!role) await sql.unsafe(`create role ${APP_ROLE} nologin`);
      if (!(await mayBecomeAppRole(sql))) await sql.unsafe(`grant ${APP_ROLE} to current_user`);
      const [{ name } = {}] = await sql`select quote_ident(current_database()) as name`;
      await sql.unsafe(`grant connect on database ${name} to ${APP_ROLE}`);
      return;
    } catch (error) {
      if (attempt === 10) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50 * attempt));
    }
  }
}

async function mayBecomeAppRole(sql: postgres.Sql): Promise<boolean> {
  try {
    await sql.unsafe(`set role ${APP_ROLE}`);
    await sql.unsafe("reset role");
    return true;
  } catch {
    return false;
  }
}

async function migrateJobQueue(url: string): Promise<void> {
  const logger = new Logger(() => () => {});
  const utils = await makeWorkerUtils({ connectionString: url, logger, maxPoolSize: 2 });
  try {
    await utils.migrate();
  } finally {
    await utils.release();
  }
}
