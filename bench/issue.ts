import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { connect } from "@/db/client";
import { systemCtx } from "@/server/domain/parties";
import { startBulkIssue } from "@/server/domain/vouchers";
import { issueVouchers } from "@/server/jobs/handlers/issue-vouchers";
import { runJob } from "@/server/jobs/run-job";
import { type Benchmark, rounded, seconds } from "./support/bench";
import { makeWorld } from "./support/world";

const GOAL = 0.5;

/** A bulk issue as the worker does it, beside the COPY of the very rows it made. */
const issue: Benchmark = async (setting) => {
  const count = Math.max(50_000, Math.round(1_000_000 * setting.scale));
  const world = await makeWorld(setting, { vouchers: 0, merchants: 1 });
  const app = connect(setting.url, { max: 8 });
  const file = path.join(os.tmpdir(), `kaqing-issue-${process.pid}`);
  const floorSide = connect(setting.url, { as: "owner", max: 1 });
  const { owner } = world;
  try {
    setting.say(`Issuing ${count.toLocaleString("en")} codes …`);
    const ctx = systemCtx(app, world.tenant, "bench");
    const { jobId } = await startBulkIssue(ctx, { campaignId: world.campaignId, count });
    await owner.sql.unsafe("checkpoint");
    const began = process.hrtime.bigint();
    await runJob(ctx, jobId, { "issue-vouchers": issueVouchers });
    const perSecond = count / seconds(began);

    setting.say("Floor: COPY of the same rows …");
    await owner.sql.unsafe("create table vouchers_floor (like vouchers including all)");
    const rows = `select * from vouchers where job_id = '${jobId}' order by id`;
    await pipeline(
      await owner.sql.unsafe(`copy (${rows}) to stdout with (format binary)`).readable(),
      fs.createWriteStream(file),
    );
    // A connection that has streamed a COPY out may not take the next statement (postgres.js 3.4.9): go on with another.
    const { sql } = floorSide;
    const [issued] = await sql`select count(*)::int as n from vouchers where job_id = ${jobId}`;
    if (issued?.n !== count) throw new Error(`${issued?.n} of ${count} codes were issued`);
    await sql.unsafe("checkpoint");
    const copying = process.hrtime.bigint();
    await pipeline(
      fs.createReadStream(file, { highWaterMark: 1 << 20 }),
      await sql.unsafe("copy vouchers_floor from stdin with (format binary)").writable(),
    );
    const floor = count / seconds(copying);
    return [
      {
        name: "issue",
        value: Math.round(perSecond),
        unit: "codes/s",
        floor: Math.round(floor),
        ratio: rounded(perSecond / floor),
        goal: `≥ ${GOAL} × the floor`,
        met: perSecond >= GOAL * floor,
        note: `floor: binary COPY of the same ${count.toLocaleString("en")} rows into a table with the same indexes`,
      },
    ];
  } finally {
    fs.rmSync(file, { force: true });
    await Promise.all([app.close(), floorSide.close()]);
    await world.close();
  }
};

export default issue;
