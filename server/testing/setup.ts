import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { openCluster } from "@/db/embedded";
import { Leases } from "@/db/locks";
import { migrate } from "@/server/ops/migrate";

declare module "vitest" {
  export interface ProvidedContext {
    /** Owner's address of the migrated database that every test database is a copy of. */
    templateUrl: string;
  }
}

const TEMPLATE = "kaqing_template";
const PREFIX = "kaqing-test-";

/** Once a run: a cluster of its own in a temporary folder, and one migrated database to copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), PREFIX));
  fs.chmodSync(folder, 0o711);
  const cluster = await openCluster({ folder, durable: false });
  const teardown = async () => {
    await cluster.release();
    fs.rmSync(folder, { recursive: true, force: true });
  };
  try {
    await cluster.ensureDatabase(TEMPLATE);
    await migrate(cluster.url(TEMPLATE));
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide("templateUrl", cluster.url(TEMPLATE));
  return teardown;
}

/** Clusters of runs that were killed. */
async function removeLeftovers(): Promise<void> {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const folder = path.join(os.tmpdir(), name);
    if (!name.startsWith(PREFIX) || !fs.existsSync(path.join(folder, "postgres.users"))) continue;
    try {
      if (new Leases(path.join(folder, "postgres.users")).giveBack().others) continue;
      const cluster = await openCluster({ folder, durable: false });
      await cluster.release();
      fs.rmSync(folder, { recursive: true, force: true });
    } catch {
      // another user's, or another run is removing it
    }
  }
}
