import { dataFolder } from "@/db/data-folder";
import { openCluster } from "@/db/embedded";
import type { Say } from "./say";

export interface OpenedDatabase {
  /** The owner's address. */
  url: string;
  embedded: boolean;
  /** Starts an embedded server again whenever it dies. */
  keepRunning(): void;
  /** Stops the embedded server, unless others use it. */
  release(): Promise<void>;
}

/** The database of DATABASE_URL, or the embedded one of the data folder, started if it is not running. */
export async function openDatabase(say: Say, folder = dataFolder()): Promise<OpenedDatabase> {
  const url = process.env.DATABASE_URL;
  if (url) return { url, embedded: false, keepRunning() {}, async release() {} };
  const cluster = await openCluster({ folder, say });
  try {
    await cluster.ensureDatabase("kaqing");
  } catch (error) {
    await cluster.release();
    throw error;
  }
  return {
    url: cluster.url("kaqing"),
    embedded: true,
    keepRunning: cluster.keepRunning,
    release: cluster.release,
  };
}
