import type { Database } from "@/db/client";
import { isDomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, TestClock, type TestTenant } from "@/server/testing/factories";
import { openBooks } from "../../ledger";
import {
  type Cleared,
  clearTrades,
  createFeeSchedule,
  createRule,
  postCleared,
  reverseTrade,
  type SplitRuleDefinition,
  type TradeToClear,
} from "..";
import type { FeeBand, FeeScheduleDefinition } from "./schemas";

type Party = Awaited<ReturnType<typeof makeParty>>;

/** Two merchants under one rule whose commission is by fee schedule, and the channel that collects for them. */
export interface FeeWorld {
  owner: Database;
  t: TestTenant;
  merchant: Party;
  other: Party;
  wechat: Party;
  ruleId: string;
  /** A redemption now, of `merchant`, without a discount. */
  sale(gross: bigint, over?: Partial<TradeToClear>): TradeToClear;
  /** In one transaction; throws what one of them is refused for. */
  post(trades: readonly TradeToClear[]): Promise<Cleared[]>;
  reverse(tradeId: string, amount?: bigint): Promise<{ reversalId: string }>;
  /** In force at once; returns its id. */
  publish(definition: FeeScheduleDefinition, role?: "merchant" | "channel"): Promise<string>;
}

export const FEE_RULE: SplitRuleDefinition = {
  funding: [],
  legs: [
    { code: "sale.collected", from: "payer", to: "merchant", amount: { kind: "paid" } },
    { code: "subsidy.platform", from: "platform", to: "merchant", amount: { kind: "funding" } },
    {
      code: "fee.commission",
      from: "merchant",
      to: "platform",
      amount: { kind: "fee_schedule", rate: "0.02" },
      base: "gross",
    },
    { code: "fee.channel", from: "fee_bearer", to: "channel", amount: { kind: "channel_fee" } },
  ],
  feeBearer: "platform",
};
export const EVERYONE = { everyone: true, tiers: [], parties: [] };

/** `{ 0: "0.003", 100000: "0.002" }`: rates by where their band begins, in minor units. */
export const bandsOf = (rates: Record<number, string>): FeeBand[] =>
  Object.entries(rates).map(([from, rate]) => ({ from, rate }));

export const feeScope = (role: "merchant" | "channel") => ({
  role,
  leg: role === "merchant" ? "fee.commission" : "fee.channel",
  currency: "CNY",
});

export async function makeFeeWorld(
  start: string,
  { channelRefundsFee = false }: { channelRefundsFee?: boolean } = {},
): Promise<FeeWorld> {
  const { owner, db } = await testDatabase();
  const t = await makeTenant(owner, db, { clock: new TestClock(start) });
  const merchant = await makeParty(t, "merchant");
  const other = await makeParty(t, "merchant");
  const wechat = await makeParty(t, "channel", { channelFeeRate: "0.006", channelRefundsFee });
  const ruleId = await createRule(t.as("operator"), {
    name: "General",
    scope: { tradeKind: "redemption" },
    definition: FEE_RULE,
  });
  return {
    owner,
    t,
    merchant,
    other,
    wechat,
    ruleId,
    sale: (gross, over) => ({
      kind: "redemption",
      tradedAt: t.clock.now(),
      currency: "CNY",
      gross,
      discount: 0n,
      paid: gross,
      merchantId: merchant.id,
      brandId: null,
      campaignId: null,
      voucherId: null,
      collectedBy: "platform",
      channelId: wechat.id,
      ...over,
    }),
    post: (trades) =>
      withTransaction(t.system, async (ctx) => {
        const books = await openBooks(ctx);
        const cleared = (await clearTrades(ctx, books, trades)).map((one) => {
          if (isDomainError(one)) throw one;
          return one;
        });
        await postCleared(ctx, books, cleared);
        return cleared;
      }),
    reverse: (tradeId, amount) =>
      withTransaction(t.system, (ctx) => reverseTrade(ctx, { tradeId, amount, reason: "test" })),
    publish: (definition, role = "merchant") =>
      createFeeSchedule(t.as("operator"), { name: "Test", scope: feeScope(role), definition }),
  };
}
