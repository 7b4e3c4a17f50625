import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { inTenant } from "@/db/client";
import { payments } from "@/db/schema";
import { newId } from "@/server/core/ids";
import { checkInvariants } from "@/server/ops/invariants/checks";
import { testDatabase } from "@/server/testing/database";
import { TestClock } from "@/server/testing/factories";
import { settlePayments } from ".";
import { type Market, makeMarket, PRICE } from "./orders.fixture";
import type { RaceTask } from "./test-race-process";

const SCRIPT = fileURLToPath(new URL("./test-race-process.ts", import.meta.url));
const run = promisify(execFile);

let m: Market;
beforeAll(async () => {
  // Other processes live by the real time, by which these orders have run out.
  m = await makeMarket({ keys: 60, clock: new TestClock(new Date(Date.now() - 3_600_000)) });
});

/** Orders with an attempt each, and what its channel would say of it. */
async function paidOrders(count: number) {
  const orders = await Promise.all(Array.from({ length: count }, () => m.ordered()));
  const rows = orders.map((order) => ({
    tenantId: m.t.tenant.id,
    id: newId(),
    orderId: order.id,
    channelId: m.channel.id,
    amount: order.total,
    currency: order.currency,
    state: "created" as const,
    createdAt: m.t.clock.now(),
  }));
  await inTenant(m.t.system.db, m.t.tenant.id, (tx) => tx.insert(payments).values(rows));
  const paidAt = m.t.clock.now().toISOString();
  const facts = rows.map(({ id, channelId }) => ({
    channelId,
    paymentId: id,
    transactionId: `42-${id}`,
    amount: PRICE.toString(),
    paidAt,
  }));
  return { orders, facts };
}

async function processOf(act: RaceTask["act"], facts: RaceTask["facts"]): Promise<string[]> {
  const { url } = await testDatabase();
  const task: RaceTask = { url, tenantId: m.t.tenant.id, act, facts };
  const { stdout } = await run(process.execPath, ["--import", "tsx", SCRIPT, JSON.stringify(task)], {
    maxBuffer: 1 << 24,
  });
  return JSON.parse(stdout) as string[];
}

describe("from several processes at once", { timeout: 120_000 }, () => {
  it("the same money, told by three while a fourth expires the orders, delivers each once", async () => {
    const { orders, facts } = await paidOrders(40);
    await Promise.all([
      processOf("settle", facts),
      processOf("settle", [...facts].reverse()),
      processOf("settle", facts),
      processOf("expire", []),
    ]);
    const seen = await Promise.all(orders.map((order) => m.see(order.id)));
    expect(new Set(seen.map((order) => order.state))).toEqual(new Set(["delivered"]));
    expect(seen.flatMap((order) => order.deliveries)).toHaveLength(40);
    expect(seen.flatMap((order) => order.payments).map((payment) => payment.outcome)).toEqual(
      Array.from({ length: 40 }, () => "accepted"),
    );
    expect(await m.states(m.productId)).toEqual({ available: 20, delivered: 40 });
  });

  it("a process killed between delivery and commit has delivered nothing, and another one does", async () => {
    const { orders, facts } = await paidOrders(5);
    await expect(processOf("die", facts)).rejects.toMatchObject({ signal: "SIGKILL" });
    for (const order of orders)
      expect(await m.see(order.id)).toMatchObject({ state: "pending", deliveries: [] });
    expect(await processOf("settle", facts)).toEqual(Array.from({ length: 5 }, () => "delivered"));
    const told = facts.map((fact) => ({ ...fact, amount: PRICE, paidAt: new Date(fact.paidAt) }));
    expect((await settlePayments(m.t.system, told)).map((one) => one.outcome)).toEqual(
      Array.from({ length: 5 }, () => "known"),
    );
  });

  it("leaves the books in order", async () => {
    const { owner } = await testDatabase();
    const results = await checkInvariants(owner, m.t.tenant.id);
    const broken = results.filter(
      (result) => !result.ok && ["2c", "2d", "6f", "6g", "7", "7b", "O"].includes(result.id),
    );
    expect(broken).toEqual([]);
  });
});
