import { connect } from "@/db/client";
import { loadTenant, systemCtx } from "@/server/domain/parties";
import { importKeys } from "@/server/jobs/handlers/import-keys";
import { runJob } from "@/server/jobs/run-job";

/** A process that does nothing but run one import of keys, as the worker does. Prints how long, and what memory it took. */
export interface ImportTask {
  url: string;
  tenantId: string;
  jobId: string;
}
export interface ImportDone {
  seconds: number;
  /** Resident memory in MB: the most of all, and before the import began. */
  peak: number;
  before: number;
}

const { url, tenantId, jobId } = JSON.parse(process.argv[2] ?? "{}") as ImportTask;
const app = connect(url, { max: 4 });
const ctx = systemCtx(app, await loadTenant(app, tenantId), "bench");
const before = process.memoryUsage.rss() / 1024 / 1024;
const began = process.hrtime.bigint();
await runJob(ctx, jobId, { "import-keys": importKeys });
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
await app.close();
// maxRSS is in kilobytes
const done: ImportDone = { seconds, peak: process.resourceUsage().maxRSS / 1024, before };
process.stdout.write(JSON.stringify(done));
