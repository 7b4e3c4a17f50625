import { connect, type Database } from "@/db/client";

/** The process's connection pool as the application's role. Kept on `globalThis`, so that a hot reload keeps it. */
const holder = globalThis as unknown as { kaqingDatabase?: Database };

export function appDatabase(): Database {
  if (!holder.kaqingDatabase) {
    const url = process.env.DATABASE_URL;
    if (!url) throw new Error("DATABASE_URL is not set: start with `npm run up`");
    holder.kaqingDatabase = connect(url, { max: Number(process.env.KAQING_DATABASE_CONNECTIONS ?? 12) });
  }
  return holder.kaqingDatabase;
}
