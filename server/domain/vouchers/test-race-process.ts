import { connect } from "@/db/client";
import { isDomainError } from "@/server/core/errors";
import { loadTenant, systemCtx } from "../parties";
import {
  issueVoucher,
  lockVoucher,
  type redeemBatch,
  redeemVoucher,
  reverseRedemption,
  undoRedemption,
} from ".";

/**
 * One process of a race: does one thing many times at once, and prints the outcomes as a JSON array: "ok", the
 * id of a redemption, or the code of a refusal.
 */
export interface RaceTask {
  url: string;
  tenantId: string;
  times: number;
  act:
    | {
        kind: "redeem";
        item: Omit<Parameters<typeof redeemBatch>[1]["items"][number], "orderAmount" | "amount">;
        orderAmount: string;
        key?: string;
      }
    /** Each time another code. */
    | { kind: "redeemEach"; codes: readonly string[]; merchantId: string; orderAmounts: readonly string[] }
    | { kind: "issue"; campaignId: string; customerId?: string; sourceId?: string }
    | { kind: "lock"; code: string; merchantId: string; lockRef: string }
    | { kind: "undo"; redemptionId: string }
    | { kind: "refund"; redemptionId: string; amount: string };
}

const task = JSON.parse(process.argv[2] ?? "{}") as RaceTask;
const db = connect(task.url, { max: 6 });
const ctx = systemCtx(db, await loadTenant(db, task.tenantId), "race");

async function once(n: number): Promise<string> {
  const { act } = task;
  switch (act.kind) {
    case "redeem": {
      const item = { ...act.item, orderAmount: BigInt(act.orderAmount) };
      return (await redeemVoucher(ctx, item, act.key)).result.redemptionId;
    }
    case "redeemEach": {
      const item = { code: act.codes[n] ?? "", merchantId: act.merchantId };
      const redeemed = await redeemVoucher(ctx, { ...item, orderAmount: BigInt(act.orderAmounts[n] ?? "0") });
      return redeemed.result.redemptionId;
    }
    case "issue":
      return (await issueVoucher(ctx, act)).voucherId;
    case "lock":
      await lockVoucher(ctx, { ...act, lockRef: `${act.lockRef}-${n}` });
      return "ok";
    case "undo":
      await undoRedemption(ctx, act);
      return "ok";
    case "refund":
      await reverseRedemption(ctx, { ...act, amount: BigInt(act.amount), reason: "race" });
      return "ok";
  }
}

const outcomes = await Promise.all(
  Array.from({ length: task.times }, (_, n) =>
    once(n).catch((error: unknown) => {
      if (isDomainError(error)) return error.code;
      throw error;
    }),
  ),
);
await db.close();
process.stdout.write(JSON.stringify(outcomes));
