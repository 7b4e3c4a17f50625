import path from "node:path";
import { dataFolder } from "@/db/data-folder";
import { startSandbox } from "@/server/channels/sandbox/service";

/**
 * The sandbox as a process of its own: KAQING_SANDBOX_PORT, KAQING_SANDBOX_TOKEN, KAQING_SANDBOX_URL, KAQING_HOST and
 * KAQING_DATA_DIR say how.
 */
const token = process.env.KAQING_SANDBOX_TOKEN;
if (!token) throw new Error("KAQING_SANDBOX_TOKEN is not set: start with `npm run up`");
const sandbox = await startSandbox({
  folder: path.join(dataFolder(), "sandbox"),
  token,
  port: Number(process.env.KAQING_SANDBOX_PORT || 0),
  host: process.env.KAQING_HOST || undefined,
  publicUrl: process.env.KAQING_SANDBOX_URL || undefined,
});
process.stdout.write(`sandbox ${sandbox.endpoint}\n`);
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void sandbox.stop().then(() => process.exit(0)));
}
