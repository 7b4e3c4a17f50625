import { connect } from "@/db/client";
import { isDomainError } from "@/server/core/errors";
import { loadTenant, systemCtx } from "../parties";
import { closeBooks } from "./close-books";
import { stateRun } from "./state-run";
import { postSales } from "./test-posting";

/**
 * One process of the race between postings and closings: `post` posts immediate and T+1 sales as fast as it can,
 * `close` closes and states as fast as it can, both for the given time. Prints what it did.
 */
interface Task {
  url: string;
  tenantId: string;
  role: "post" | "close";
  merchants: string[];
  brand: string;
  ms: number;
}

const task = JSON.parse(process.argv[2] ?? "{}") as Task;
const db = connect(task.url, { max: 4 });
const ctx = systemCtx(db, await loadTenant(db, task.tenantId), "race");
const until = Date.now() + task.ms;
let done = 0;

async function postOnce(lane: number): Promise<void> {
  const merchants = task.merchants.map((id) => ({ id, cycle: { kind: "immediate" } as const }));
  const merchant = merchants[(done + lane) % merchants.length];
  if (!merchant) throw new Error("no merchant");
  const brand = { id: task.brand, cycle: { kind: "immediate" } as const };
  const ids = await postSales(ctx, [
    { merchant, brand },
    { merchant, brand, tradedAt: new Date(Date.now() - 3_000) },
  ]);
  done += ids.length;
}

async function closeOnce(): Promise<void> {
  try {
    const { runId } = await closeBooks(ctx);
    await Promise.all([stateRun(ctx, runId), stateRun(ctx, runId)]);
    done += 1;
  } catch (error) {
    if (!(isDomainError(error) && error.code === "CLOSING_NOT_FORWARD")) throw error;
  }
}

async function lane(n: number): Promise<void> {
  while (Date.now() < until) await (task.role === "post" ? postOnce(n) : closeOnce());
}

await Promise.all([0, 1, 2].map(lane));
await db.close();
process.stdout.write(String(done));
