import { connect } from "@/db/client";
import { loadTenant, systemCtx } from "../parties";
import { runKeyImport } from "./run-key-import";

/** A process that imports keys in small steps and tells each, so that a test can kill it in between. */
const task = JSON.parse(process.argv[2] ?? "{}") as { url: string; tenantId: string; importId: string };
const db = connect(task.url, { max: 2 });
const ctx = systemCtx(db, await loadTenant(db, task.tenantId), "import process");
await runKeyImport(
  ctx,
  task.importId,
  async ({ lines }) => {
    process.stdout.write(`${lines}\n`);
  },
  40,
);
await db.close();
