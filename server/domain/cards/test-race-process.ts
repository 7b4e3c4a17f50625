import { connect } from "@/db/client";
import { isDomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { loadTenant, systemCtx } from "../parties";
import { reserveKeys } from "./reserve-keys";
import { takeKeys } from "./take-keys";

/**
 * One process of a race: buyers that each hold and take keys for their own lines, at once. Prints, as JSON, the keys
 * that each line got, or the code of its refusal.
 */
export interface CardRaceTask {
  url: string;
  tenantId: string;
  productId: string;
  /** One buyer each; each of its lines is a purchase of its own. */
  buyers: { lineId: string; quantity: number }[][];
}

const task = JSON.parse(process.argv[2] ?? "{}") as CardRaceTask;
const db = connect(task.url, { max: task.buyers.length });
const ctx = systemCtx(db, await loadTenant(db, task.tenantId), "race");

async function buy(lineId: string, quantity: number): Promise<string[] | string> {
  try {
    await withTransaction(ctx, (ctx) => reserveKeys(ctx, [{ lineId, productId: task.productId, quantity }]));
    return await withTransaction(ctx, async (ctx) => (await takeKeys(ctx, [lineId])).map((key) => key.keyId));
  } catch (error) {
    if (isDomainError(error)) return error.code;
    throw error;
  }
}

const got = await Promise.all(
  task.buyers.map(async (lines) => {
    const mine: Record<string, string[] | string> = {};
    for (const { lineId, quantity } of lines) mine[lineId] = await buy(lineId, quantity);
    return mine;
  }),
);
await db.close();
process.stdout.write(JSON.stringify(Object.assign({}, ...got)));
