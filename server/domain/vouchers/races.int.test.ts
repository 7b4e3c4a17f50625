import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { inTenant, rawSql } from "@/db/client";
import { newId } from "@/server/core/ids";
import { testDatabase } from "@/server/testing/database";
import { TestClock } from "@/server/testing/factories";
import { createFeeSchedule, createRule, redemptionRule } from "../clearing";
import { compileSchedule, feeOfMonth } from "../clearing/fees/schedule";
import { getCampaign, getRedemption, issueVouchers, redeemVoucher } from ".";
import type { RaceTask } from "./test-race-process";
import { type House, makeHouse, order, WORKED_FUNDING } from "./vouchers.fixture";

const SCRIPT = fileURLToPath(new URL("./test-race-process.ts", import.meta.url));
const run = promisify(execFile);

let house: House;
let url: string;
beforeAll(async () => {
  ({ url } = await testDatabase());
  // Other processes live by the real time.
  house = await makeHouse(undefined, new TestClock(new Date(Date.now() - 60_000)));
});

/** The outcomes of several processes that act at the same time. */
async function race(...acts: { act: RaceTask["act"]; times: number }[]): Promise<string[]> {
  const results = await Promise.all(
    acts.map(({ act, times }) => {
      const task: RaceTask = { url, tenantId: house.t.tenant.id, act, times };
      return run(process.execPath, ["--import", "tsx", SCRIPT, JSON.stringify(task)], { maxBuffer: 1 << 24 });
    }),
  );
  return results.flatMap(({ stdout }) => JSON.parse(stdout) as string[]);
}

const count = (outcomes: readonly string[]) => {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const name = /^[A-Z_]+$/.test(outcome) ? outcome : "ok";
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};

const redeeming = (code: string | null, orderAmount = 10_000n, key?: string): RaceTask["act"] => ({
  kind: "redeem",
  item: { code, merchantId: house.merchant.id },
  orderAmount: orderAmount.toString(),
  key,
});

describe("from several processes at once", { timeout: 120_000 }, () => {
  it("one voucher by 200 is redeemed once", async () => {
    const act = redeeming(await house.code());
    const outcomes = await race(...Array.from({ length: 4 }, () => ({ act, times: 50 })));
    expect(count(outcomes)).toEqual({ ok: 1, VOUCHER_REDEEMED: 199 });
  });

  it("a quota of 1,000 asked for 5,000 times issues 1,000", async () => {
    const campaign = await house.campaign({ quota: 1_000 });
    const act: RaceTask["act"] = { kind: "issue", campaignId: campaign.id };
    const outcomes = await race(...Array.from({ length: 4 }, () => ({ act, times: 1_250 })));
    expect(count(outcomes)).toEqual({ ok: 1_000, CAMPAIGN_QUOTA_EXHAUSTED: 4_000 });
    expect(await getCampaign(house.operator, campaign)).toMatchObject({ issued: 1_000 });
    const [row] = await query<{ vouchers: bigint }>(
      (sql) => sql`select count(*) as vouchers from vouchers where campaign_id = ${campaign.id}`,
    );
    expect(row?.vouchers).toBe(1_000n);
  });

  it("a customer's limit holds, and one source id is one voucher", async () => {
    const campaign = await house.campaign({ perCustomerLimit: 5 });
    const act = { kind: "issue" as const, campaignId: campaign.id, customerId: "ann" };
    const outcomes = await race({ act, times: 40 }, { act, times: 40 });
    expect(count(outcomes)).toEqual({ ok: 5, CUSTOMER_LIMIT_REACHED: 75 });
    const same = { kind: "issue" as const, campaignId: (await house.campaign()).id, sourceId: "s-1" };
    expect(new Set(await race({ act: same, times: 30 }, { act: same, times: 30 })).size).toBe(1);
  });

  it("parts of a gift card never exceed its balance", async () => {
    const campaign = await house.campaign({ terms: { type: "gift_card", balance: "10000" } });
    const issued = await house.issue(campaign);
    const act = { ...redeeming(issued.code, 300n) };
    const outcomes = await race(...Array.from({ length: 3 }, () => ({ act, times: 40 })));
    // 33 parts of 3.00, and a last one of 1.00 that the customer tops up.
    expect(count(outcomes)).toEqual({ ok: 34, VOUCHER_REDEEMED: 86 });
    const [row] = await query(
      (sql) => sql`
        select v.balance, (select b.credits - b.debits from account_balances b join accounts a
            on a.tenant_id = b.tenant_id and a.id = b.account_id where a.kind = 'stored_value' and a.ref = ${campaign.id}) as liability,
          (select sum(gross - discount - paid)::bigint from trades where voucher_id = v.id and kind = 'redemption') as drawn
        from vouchers v where id = ${issued.voucherId}`,
    );
    expect(row).toEqual({ balance: 0n, liability: 0n, drawn: 10_000n });
  });

  it("a hold and a redemption exclude each other", async () => {
    const code = await house.code();
    const lock = { kind: "lock" as const, code, merchantId: house.other.id, lockRef: newId() };
    const outcomes = await race({ act: redeeming(code), times: 20 }, { act: lock, times: 20 });
    const { ok, ...refused } = count(outcomes);
    expect(ok).toBe(1);
    expect(Object.keys(refused).every((name) => ["VOUCHER_REDEEMED", "VOUCHER_LOCKED"].includes(name))).toBe(
      true,
    );
  });

  it("the fees of a merchant's month are the fee of its volume", async () => {
    const schedule = {
      method: "graduated" as const,
      bands: [
        { from: "0", rate: "0.0313" },
        { from: "333333", rate: "0.0171" },
        { from: "777777", rate: "0.0059" },
      ],
      appliesTo: { everyone: false, tiers: [], parties: [house.other.id] },
    };
    await createFeeSchedule(house.operator, {
      name: "Graduated",
      scope: { role: "merchant", leg: "fee.commission", currency: "CNY" },
      definition: schedule,
    });
    const campaign = await house.campaign();
    await createRule(house.operator, {
      name: "By schedule",
      scope: { tradeKind: "redemption", campaignId: campaign.id },
      definition: redemptionRule({ commissionRate: "0.02", bySchedule: true, funding: WORKED_FUNDING }),
    });
    const issued = await issueVouchers(house.operator, {
      campaignId: campaign.id,
      items: Array.from({ length: 160 }, (_, i) => ({ sourceId: `race-${i}` })),
    });
    const outcomes = await race(
      ...[0, 1, 2, 3].map((process) => {
        const codes = issued.slice(process * 40, process * 40 + 40).map(({ code }) => code ?? "");
        const orderAmounts = codes.map((_, i) => `${5_000 + i * 131 + process * 17}`);
        const act = { kind: "redeemEach" as const, merchantId: house.other.id, codes, orderAmounts };
        return { act, times: 40 };
      }),
    );
    expect(count(outcomes)).toEqual({ ok: 160 });
    const months = await query<{ volume: bigint; count: number; charged: bigint; posted: bigint }>(
      (sql) => sql`
        select c.volume, c.count, c.charged, (select sum(x.amount)::bigint from transfers x join trades t on t.id = x.trade_id
          where t.campaign_id = ${campaign.id} and x.leg = 'fee.commission') as posted
        from fee_counters c where c.party_id = ${house.other.id}`,
    );
    expect(months).toHaveLength(1);
    const [month] = months;
    expect(month?.count).toBe(160);
    expect(month?.posted).toBe(month?.charged);
    expect(month?.charged).toBe(feeOfMonth(compileSchedule(schedule), month ?? { volume: 0n, count: 0 }));
  });

  it("one key is one redemption, which all are told", async () => {
    const act = redeeming(await house.code(), 10_000n, newId());
    const outcomes = await race({ act, times: 30 }, { act, times: 30 }, { act, times: 30 });
    expect(new Set(outcomes).size).toBe(1);
    expect(count(outcomes)).toEqual({ ok: 90 });
  });

  it("an undo and partial refunds never give back more than was given", async () => {
    const { result } = await redeemVoucher(house.operator, {
      ...order(await house.code()),
      merchantId: house.merchant.id,
    });
    const { redemptionId } = result;
    const outcomes = await race(
      { act: { kind: "undo", redemptionId }, times: 3 },
      { act: { kind: "refund", redemptionId, amount: "1500" }, times: 10 },
    );
    expect(count(outcomes).ok).toBeGreaterThan(0);
    const found = await getRedemption(house.operator, { id: redemptionId });
    expect(found.reversedAmount).toBeLessThanOrEqual(8_000n);
    expect(found.reversals.reduce((sum, { amount }) => sum + amount, 0n)).toBe(found.reversedAmount);
    expect(found.state).toBe("reversed");
    expect(found.merchantDue).toBe(0n);
  });
});

function query<T extends object = Record<string, unknown>>(
  ask: (sql: ReturnType<typeof rawSql>) => PromiseLike<unknown>,
): Promise<T[]> {
  return inTenant(house.t.system.db, house.t.tenant.id, async (tx) => (await ask(rawSql(tx))) as T[]);
}
