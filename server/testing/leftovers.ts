import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openCluster } from "@/db/embedded";
import { Leases } from "@/db/locks";

/** So old that no run which is just beginning can be meant. */
const OLD_MS = 15 * 60_000;

/** Stops and removes what killed runs have left in the temporary folder: clusters without a living user. */
export async function removeLeftovers(prefix: string): Promise<void> {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const folder = path.join(os.tmpdir(), name);
    const users = path.join(folder, "postgres.users");
    try {
      if (!name.startsWith(prefix) || Date.now() - fs.statSync(folder).mtimeMs < OLD_MS) continue;
      if (fs.existsSync(users)) {
        if (new Leases(users).giveBack().others) continue;
        const cluster = await openCluster({ folder, durable: false });
        await cluster.release();
      }
      fs.rmSync(folder, { recursive: true, force: true });
    } catch {
      // another user's, or another run is removing it
    }
  }
}
