import { sql as drizzleSql } from "drizzle-orm";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import * as schema from "./schema";

export type Schema = typeof schema;
type Orm = PostgresJsDatabase<Schema>;
/** A transaction of drizzle; `rawSql(tx)` gives the postgres.js handle of the same transaction. */
export type Tx = Parameters<Parameters<Orm["transaction"]>[0]>[0];
export type RawSql = postgres.TransactionSql<{ bigint: bigint }>;

export interface Database {
  orm: Orm;
  /** Outside of any transaction, and so without a tenant: sees no tenant's rows. */
  sql: postgres.Sql<{ bigint: bigint }>;
  url: string;
  close(): Promise<void>;
}

/** Type of the elements of a bytea[]: `sql.array(buffers, BYTEA)`. The driver would take a list of buffers for one. */
export const BYTEA = 17;

export const APP_ROLE = "kaqing_app";

export interface ConnectOptions {
  /** "app" (default) is subject to row-level security; "owner" migrates and checks the books. */
  as?: "app" | "owner";
  max?: number;
}

/**
 * int8 arrives as `bigint`; timestamps arrive as text in raw queries, and as `Date` through drizzle's columns.
 */
export function connect(url: string, options: ConnectOptions = {}): Database {
  const role = options.as === "owner" ? undefined : APP_ROLE;
  const client = postgres(url, {
    max: options.max ?? 10,
    types: { bigint: postgres.BigInt },
    onnotice: () => {},
    connection: {
      application_name: "kaqing",
      TimeZone: "UTC",
      ...(role ? { role } : {}),
    },
  });
  const orm = drizzle(client, { schema });
  // drizzle lets arrays of dates, timestamps and numerics pass unserialised; without these entries postgres.js
  // makes its own when it connects, as for every other array.
  for (const arrayType of [1115, 1182, 1185, 1231]) delete client.options.serializers[arrayType];
  return { orm, sql: client, url, close: () => client.end({ timeout: 5 }) };
}

/** The postgres.js handle inside a drizzle transaction: for set-based statements with array parameters. */
export function rawSql(tx: Tx): RawSql {
  return (tx as unknown as { session: { client: RawSql } }).session.client;
}

/**
 * Runs `work` in one transaction that sees the rows of one tenant only.
 * Setting the tenant is pipelined with the first statement of `work`.
 */
export async function inTenant<T>(db: Database, tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.orm.transaction(async (tx) => {
    const set = rawSql(tx)`select set_config('kaqing.tenant_id', ${tenantId}, true)`.execute();
    set.catch(() => {}); // its failure fails the transaction's next statement
    return work(tx);
  });
}

export { drizzleSql as sql };
