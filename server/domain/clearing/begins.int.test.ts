import { expect, it } from "vitest";
import { rawSql } from "@/db/client";
import { isDomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, TestClock } from "@/server/testing/factories";
import { openBooks } from "../ledger";
import { type Cleared, clearTrades, createRule, createRuleVersion, postCleared, redemptionRule } from ".";

/** As on a server: time goes on by itself. */
class RunningClock extends TestClock {
  override now(): Date {
    return new Date();
  }
}

it("trades made while versions are published at once have the version that was in force when they were made", async () => {
  const { owner, db } = await testDatabase();
  const t = await makeTenant(owner, db, { clock: new RunningClock() });
  const merchant = await makeParty(t, "merchant");
  const definition = (rate: number) => redemptionRule({ commissionRate: `0.0${rate}` });
  const ruleId = await createRule(t.as("operator"), {
    name: "General",
    scope: { tradeKind: "redemption" },
    definition: definition(1),
  });
  const sell = () =>
    withTransaction(t.system, async (ctx) => {
      const tradedAt = ctx.clock.now();
      const books = await openBooks(ctx);
      const [cleared] = await clearTrades(ctx, books, [
        {
          kind: "redemption",
          tradedAt,
          currency: "CNY",
          gross: 10_000n,
          discount: 0n,
          paid: 10_000n,
          merchantId: merchant.id,
          brandId: null,
          campaignId: null,
          voucherId: null,
          collectedBy: "merchant",
          channelId: null,
        },
      ]);
      if (isDomainError(cleared)) throw cleared;
      await postCleared(ctx, books, [cleared as Cleared]);
    });
  const selling = Array.from({ length: 6 }, async () => {
    for (let n = 0; n < 25; n++) await sell();
  });
  const publishing = (async () => {
    for (let rate = 2; rate <= 9; rate++)
      await createRuleVersion(t.as("operator"), { ruleId, definition: definition(rate) });
  })();
  await Promise.all([...selling, publishing]);

  const trades = await withTransaction(
    t.system,
    ({ tx }) => rawSql(tx)<{ had: number; due: number; at: string }[]>`
      select had.version as had, t.traded_at::text as at, (
          select v.version from split_rule_versions v
          where v.tenant_id = t.tenant_id and v.rule_id = had.rule_id and v.effective_from <= t.traded_at
          order by v.effective_from desc, v.id desc limit 1) as due
      from trades t join split_rule_versions had on had.tenant_id = t.tenant_id and had.id = t.rule_version_id
      where t.tenant_id = ${t.tenant.id}`,
  );
  expect(trades).toHaveLength(150);
  expect(new Set(trades.map(({ had }) => had)).size).toBeGreaterThan(2);
  expect(trades.filter(({ had, due }) => had !== due)).toEqual([]);
});
