import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { inTenant, rawSql } from "@/db/client";
import { cancelJob, getJob } from "@/server/domain/outbox";
import {
  activateCampaign,
  createCampaign,
  getCampaign,
  issuedCodesCsv,
  redeemVoucher,
  startBulkIssue,
  startVoid,
} from "@/server/domain/vouchers";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, TestClock, type TestTenant } from "@/server/testing/factories";

let t: TestTenant;
let url: string;
let worker: ChildProcess | undefined;
beforeAll(async () => {
  const opened = await testDatabase();
  url = opened.url;
  t = await makeTenant(opened.owner, opened.db, { clock: new TestClock(new Date()) });
});
afterEach(async () => {
  if (worker && worker.exitCode === null) {
    worker.kill("SIGTERM");
    await once(worker, "exit");
  }
  worker = undefined;
});

function startWorker(): ChildProcess {
  const child = spawn(process.execPath, ["--import", "tsx", path.resolve("server/jobs/worker.ts")], {
    env: { ...process.env, DATABASE_URL: url, LOG_LEVEL: "warn" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  worker = child;
  return child;
}

const operator = () => t.as("operator");
async function until<T>(look: () => Promise<T | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== false) return found;
    await sleep(50);
  }
}
const ended = (jobId: string) =>
  until(async () => {
    const job = await getJob(operator(), jobId);
    return job.state !== "queued" && job.state !== "running" && job;
  });

async function campaign() {
  const made = await createCampaign(operator(), {
    name: "Bulk",
    type: "fixed",
    terms: { type: "fixed", amount: "500" },
  });
  return activateCampaign(operator(), made);
}

async function states(campaignId: string): Promise<Record<number, bigint>> {
  const rows = await inTenant(
    t.system.db,
    t.tenant.id,
    (tx) => rawSql(tx)<{ state: number; count: bigint }[]>`
      select state, count(*) from vouchers where tenant_id = ${t.tenant.id} and campaign_id = ${campaignId} group by 1`,
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
}

describe("the worker", { timeout: 180_000 }, () => {
  it("goes on with a bulk issue after it was killed, without a gap and without issuing twice", async () => {
    const made = await campaign();
    const { jobId } = await startBulkIssue(operator(), { campaignId: made.id, count: 60_000 });
    const killed = startWorker();
    await until(async () => (await getJob(operator(), jobId)).progress >= 10_000);
    killed.kill("SIGKILL");
    await once(killed, "exit");
    expect((await getJob(operator(), jobId)).state).toBe("running");
    startWorker();
    expect(await ended(jobId)).toMatchObject({ state: "done", progress: 60_000, result: { issued: 60_000 } });
    expect(await states(made.id)).toEqual({ 1: 60_000n });
    expect(await getCampaign(operator(), made)).toMatchObject({ issued: 60_000 });

    let lines = 0;
    let sample = "";
    for await (const piece of await issuedCodesCsv(operator(), { jobId })) {
      lines += piece.split("\r\n").length - 1;
      sample = piece.split("\r\n").at(-2) ?? "";
    }
    expect(lines).toBe(60_001);
    const merchant = await makeParty(t, "merchant");
    const item = { code: sample.split(",")[1], orderAmount: 1_000n, merchantId: merchant.id };
    // It has no split rule yet; the code is known.
    await expect(redeemVoucher(operator(), item)).rejects.toMatchObject({ code: "RULE_NOT_FOUND" });
  });

  it("stops a bulk issue on demand, and voids what came of it", async () => {
    const made = await campaign();
    const { jobId } = await startBulkIssue(operator(), { campaignId: made.id, count: 1_000_000 });
    startWorker();
    await until(async () => (await getJob(operator(), jobId)).progress > 0);
    await cancelJob(operator(), jobId);
    const stopped = await ended(jobId);
    expect(stopped.state).toBe("cancelled");
    expect(stopped.progress).toBeLessThan(1_000_000);
    expect(await states(made.id)).toEqual({ 1: BigInt(stopped.progress) });
    expect(await getCampaign(operator(), made)).toMatchObject({ issued: stopped.progress });

    const voiding = await startVoid(operator(), { filter: { jobId }, reason: "stopped" });
    expect(await ended(voiding.jobId)).toMatchObject({ state: "done", result: { voided: stopped.progress } });
    expect(await states(made.id)).toEqual({ 5: BigInt(stopped.progress) });
  });

  it("fails a job with the reason when the campaign is not active any more", async () => {
    const made = await campaign();
    const { jobId } = await startBulkIssue(operator(), { campaignId: made.id, count: 10 });
    await inTenant(
      t.system.db,
      t.tenant.id,
      (tx) =>
        rawSql(
          tx,
        )`update campaigns set status = 'ended' where tenant_id = ${t.tenant.id} and id = ${made.id}`,
    );
    startWorker();
    expect(await ended(jobId)).toMatchObject({ state: "failed", error: { code: "CAMPAIGN_NOT_ACTIVE" } });
    expect(await states(made.id)).toEqual({});
  });
});
