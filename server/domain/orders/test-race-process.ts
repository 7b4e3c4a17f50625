import { connect } from "@/db/client";
import { withTransaction } from "@/server/core/transaction";
import { loadTenant, systemCtx } from "../parties";
import { expireOrders, settlePayments, settleTogether } from ".";

/** One process of a race. Prints the outcomes of its facts as a JSON array; a killed one prints nothing. */
export interface RaceTask {
  url: string;
  tenantId: string;
  act: "settle" | "expire" | "die";
  facts: { channelId: string; paymentId: string; transactionId: string; amount: string; paidAt: string }[];
}

const task = JSON.parse(process.argv[2] ?? "{}") as RaceTask;
const db = connect(task.url, { max: 6 });
const ctx = systemCtx(db, await loadTenant(db, task.tenantId), "race");
const facts = task.facts.map((fact) => ({
  ...fact,
  amount: BigInt(fact.amount),
  paidAt: new Date(fact.paidAt),
}));

switch (task.act) {
  case "settle": {
    const settled = await Promise.all(facts.map((fact) => settleTogether(ctx, [fact])));
    process.stdout.write(JSON.stringify(settled.flat().map((one) => one.outcome)));
    break;
  }
  case "expire":
    for (let n = 0; n < 20; n++) await expireOrders(ctx);
    process.stdout.write("[]");
    break;
  case "die":
    await withTransaction(ctx, async (ctx) => {
      await settlePayments(ctx, facts);
      process.kill(process.pid, "SIGKILL");
      await new Promise(() => {});
    });
}
await db.close();
