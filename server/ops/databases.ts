import postgres from "postgres";

/** Runs `work` on a new, empty database of the server of `url`, and drops it afterwards. */
export async function withDatabase<T>(
  url: string,
  name: string,
  work: (url: string) => Promise<T>,
): Promise<T> {
  await recreateDatabase(url, name);
  const own = new URL(url);
  own.pathname = `/${name}`;
  try {
    return await work(own.href);
  } finally {
    await onServer(url, `drop database if exists "${name}" with (force)`);
  }
}

/** Drops the database with everything in it, and makes it anew. `url` may be its own. */
export async function recreateDatabase(url: string, name: string): Promise<void> {
  await onServer(url, `drop database if exists "${name}" with (force)`);
  await onServer(url, `create database "${name}"`);
}

async function onServer(url: string, command: string): Promise<void> {
  const elsewhere = new URL(url);
  elsewhere.pathname = "/postgres";
  const sql = postgres(elsewhere.href, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(command);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
