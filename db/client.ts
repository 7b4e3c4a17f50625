import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";

export { instantArray, plainArray } from "./arrays";

type Orm = PostgresJsDatabase;
/** A transaction of drizzle; `rawSql(tx)` gives the postgres.js handle of the same transaction. */
export type Tx = Parameters<Parameters<Orm["transaction"]>[0]>[0];
export type RawSql = postgres.TransactionSql<{ bigint: bigint }>;

export interface Database {
  readonly orm: Orm;
  /** Outside of any transaction, and so without a tenant: sees no tenant's rows. */
  readonly sql: postgres.Sql<{ bigint: bigint }>;
  readonly url: string;
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
 * When the server drops a connection, the pool is replaced by a new one: see `surviveLostConnections`.
 */
export function connect(url: string, options: ConnectOptions = {}): Database {
  surviveLostConnections();
  let closing = false;
  const open = (): Pool => {
    const pool = openPool(url, options, () => {
      if (closing || pool !== current) return;
      current = open();
      pool.client.end({ timeout: 3 }).catch(() => {}); // seconds for what still runs on its other connections
    });
    return pool;
  };
  let current = open();
  return {
    get orm() {
      return current.orm;
    },
    get sql() {
      return current.client;
    },
    url,
    close: () => {
      closing = true;
      return current.client.end({ timeout: 5 });
    },
  };
}

interface Pool {
  client: postgres.Sql<{ bigint: bigint }>;
  orm: Orm;
}

function openPool(url: string, options: ConnectOptions, onclose: () => void): Pool {
  const role = options.as === "owner" ? undefined : APP_ROLE;
  const client = postgres(url, {
    max: options.max ?? 10,
    max_lifetime: null, // so that a connection ends by fault or by `close` alone
    types: { bigint: postgres.BigInt },
    onnotice: () => {},
    onclose,
    connection: {
      application_name: "kaqing",
      TimeZone: "UTC",
      ...(role ? { role } : {}),
    },
  });
  // Without the schema: with it each transaction makes a query builder a table, a tenth of a millisecond, and nobody uses them.
  const orm = drizzle(client);
  // drizzle lets arrays of dates, timestamps and numerics pass unserialised; without these entries postgres.js
  // makes its own when it connects, as for every other array.
  for (const arrayType of [1115, 1182, 1185, 1231]) delete client.options.serializers[arrayType];
  return { client, orm };
}

/**
 * postgres.js 3.4.9 and a connection that the server drops in the middle of a transaction: the transaction is
 * rejected as it should be, but its ROLLBACK is still written, to a socket that is null by then. That throws from a
 * timer, where nobody can catch it, and leaves the connection's write buffer so that it never connects again. The
 * pool is therefore replaced, and this one exception does not end the process. Any other goes its usual way.
 */
function surviveLostConnections(): void {
  if (process.hasUncaughtExceptionCaptureCallback()) return;
  process.setUncaughtExceptionCaptureCallback((error) => {
    if (isWriteToLostConnection(error) || emitUncaught(error)) return;
    process.stderr.write(`${error.stack ?? error}\n`);
    process.exit(1);
  });
}

/** As Node does without a capture callback; false if nobody listens. */
function emitUncaught(error: Error): boolean {
  return (process as NodeJS.EventEmitter).emit("uncaughtException", error, "uncaughtException");
}

function isWriteToLostConnection(error: Error): boolean {
  return (
    error instanceof TypeError &&
    error.message.includes("reading 'write'") &&
    /nextWrite .*postgres.*connection\.js/.test(error.stack ?? "")
  );
}

/** The postgres.js handle inside a drizzle transaction: for set-based statements with array parameters. */
export function rawSql(tx: Tx): RawSql {
  return (tx as unknown as { session: { client: RawSql } }).session.client;
}

const behind = new WeakMap<object, Promise<unknown>[]>();

/**
 * Leaves statements that have been sent to be awaited by `inTenant`, behind the COMMIT, which is then sent at once: for
 * whoever opened the transaction, as the last it does. A transaction that ends in a lock others wait for holds it for
 * the work and the flush alone, not until this process has read the answers. Where one of them fails, the database
 * makes a rollback of the COMMIT, and `inTenant` throws what failed.
 */
export function awaitBehindCommit(tx: Tx, statements: readonly Promise<unknown>[]): void {
  for (const statement of statements) statement.catch(() => {}); // awaited by `inTenant`
  behind.set(tx, [...(behind.get(tx) ?? []), ...statements]);
}

/**
 * Awaits statements of one transaction. Where some fail, throws the one that the others failed because of: of several
 * answers that arrive together, an earlier one is not always told first. Parts of what `awaitBehindCommit` is given
 * are awaited so, too.
 */
export async function allAnswered(statements: readonly unknown[]): Promise<void> {
  const failed = (await Promise.allSettled(statements)).flatMap((one) =>
    one.status === "rejected" ? [one.reason as unknown] : [],
  );
  if (failed.length > 0) throw failed.find((error) => !isConsequence(error)) ?? failed[0];
}

/** What every statement behind one that has failed is answered: the transaction is aborted. */
function isConsequence(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === "25P02";
}

/** Of a transaction whose statements all see the same moment, and write nothing. Else each sees what is committed when it begins. */
export const SNAPSHOT = { isolationLevel: "repeatable read", accessMode: "read only" } as const;

/**
 * Runs `work` in one transaction that sees the rows of one tenant only.
 * Setting the tenant is pipelined with the first statement of `work`.
 */
export async function inTenant<T>(
  db: Database,
  tenantId: string,
  work: (tx: Tx) => Promise<T>,
  mode?: typeof SNAPSHOT,
): Promise<T> {
  let left: readonly Promise<unknown>[] = [];
  const result = await db.orm.transaction(async (tx) => {
    const set = rawSql(tx)`select set_config('kaqing.tenant_id', ${tenantId}, true)`.execute();
    set.catch(() => {}); // its failure fails the transaction's next statement
    const result = await work(tx);
    left = behind.get(tx) ?? [];
    return result;
  }, mode);
  await allAnswered(left);
  return result;
}
