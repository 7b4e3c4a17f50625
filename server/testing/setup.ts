import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { openCluster } from "@/db/embedded";
import { migrate } from "@/server/ops/migrate";
import { removeLeftovers } from "./leftovers";

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
  await removeLeftovers(PREFIX);
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
