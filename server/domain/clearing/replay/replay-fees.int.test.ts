import { beforeEach, describe, expect, it } from "vitest";
import { applyRate } from "@/server/core/money";
import {
  getReplay,
  redemptionRule,
  replayParties,
  replayTrade,
  replayTrades,
  runReplay,
  type SplitRuleDefinition,
  saveFeeDraft,
  saveRuleDraft,
  startReplay,
  trueUpFees,
} from "..";
import { draftOfDefinition } from "../draft";
import { bandsOf, EVERYONE, FEE_RULE, type FeeWorld, feeScope, makeFeeWorld } from "../fees/fees.fixture";
import { compileSchedule, exactFee, feeOfMonth } from "../fees/schedule";
import type { FeeScheduleDefinition } from "../fees/schemas";

/** Fee schedules in a replay: months are counted anew in both worlds. */

let owner: FeeWorld["owner"];
let t: FeeWorld["t"];
let merchant: FeeWorld["merchant"];
let other: FeeWorld["other"];
let wechat: FeeWorld["wechat"];
let ruleId: string;
let sale: FeeWorld["sale"];
let post: FeeWorld["post"];
let reverse: FeeWorld["reverse"];
let publish: FeeWorld["publish"];

const GRADUATED: FeeScheduleDefinition = {
  method: "graduated",
  bands: bandsOf({ 0: "0.003", 100000: "0.002", 500000: "0.0005" }),
  appliesTo: EVERYONE,
};
const VOLUME: FeeScheduleDefinition = {
  method: "volume",
  bands: bandsOf({ 0: "0.006", 100000: "0.005" }),
  appliesTo: EVERYONE,
};
const NOVEMBER = { from: "2026-11-01", to: "2026-11-30" };
const GROSS = [33_333n, 47_777n, 61_111n, 89_999n, 10_001n, 2_003n];

beforeEach(async () => {
  ({ owner, t, merchant, other, wechat, ruleId, sale, post, reverse, publish } =
    await makeFeeWorld("2026-11-05T04:00:00.000Z"));
});

/** Each gross once for both merchants. */
const trade = (grosses: readonly bigint[] = GROSS) =>
  post(grosses.flatMap((gross) => [merchant, other].map(({ id }) => sale(gross, { merchantId: id }))));

async function draft(
  definition: FeeScheduleDefinition,
  over: { scheduleId?: string; role?: "merchant" | "channel" } = {},
): Promise<string> {
  const saved = await saveFeeDraft(t.as("operator"), {
    ...(over.scheduleId && { scheduleId: over.scheduleId }),
    name: "Draft",
    scope: feeScope(over.role ?? "merchant"),
    definition,
    effectiveFrom: null,
    note: "",
  });
  return saved.scheduleId;
}

async function play(subject: "rule" | "fee", subjectId: string, period = NOVEMBER) {
  const id = await startReplay(t.as("operator"), { subject, subjectId, ...period });
  await runReplay(t.system, id);
  const { items } = await replayParties(t.as("auditor"), { replayId: id });
  const of = (party: string) => {
    const found = items.find(({ partyId }) => partyId === party);
    if (!found) throw new Error("no such party");
    return found;
  };
  return { ...(await getReplay(t.as("auditor"), { id })), of };
}

/** What the books say a merchant is due: refunds, walk-backs and true-ups included. */
async function dueOf(partyId: string): Promise<bigint> {
  const [row] = await owner.sql<{ net: bigint }[]>`
    select sum(case when a.id = f.credit_account_id then f.amount else -f.amount end)::bigint as net
    from transfers f join accounts a on a.tenant_id = f.tenant_id and a.id in (f.credit_account_id, f.debit_account_id)
    where f.tenant_id = ${t.tenant.id} and a.party_id = ${partyId} and a.kind = 'payable'`;
  return row?.net ?? 0n;
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((a, b) => a + b, 0n);
const monthFee = (definition: FeeScheduleDefinition, volume: bigint, count: number) =>
  feeOfMonth(compileSchedule(definition), { volume, count }) ?? 0n;
const VOLUME_OF_ALL = sum(GROSS);

describe("a fee schedule's draft", () => {
  it("is tried on trades that none priced: a month comes to the fee of its volume", async () => {
    await trade();
    const { of, id, totals, changed } = await play("fee", await draft(GRADUATED));
    const rated = sum(GROSS.map((gross) => applyRate(gross, "0.02")));
    const graduated = monthFee(GRADUATED, VOLUME_OF_ALL, GROSS.length);
    for (const { id: party } of [merchant, other]) {
      expect(of(party)).toMatchObject({
        before: VOLUME_OF_ALL - rated,
        after: VOLUME_OF_ALL - graduated,
        difference: rated - graduated,
      });
      expect(of(party).before).toBe(await dueOf(party));
    }
    expect(changed).toBe(2 * GROSS.length);
    expect(totals[0]?.difference).toBe(2n * (graduated - rated));
    const { items } = await replayTrades(t.as("auditor"), { replayId: id, partyId: merchant.id });
    const last = items.find(({ gross }) => gross === GROSS.at(-1));
    const { before, after, isTried } = await replayTrade(t.as("auditor"), {
      replayId: id,
      tradeId: last?.tradeId ?? "",
    });
    const fee = (trace: typeof after) =>
      "code" in trace ? undefined : trace.legs.find(({ code }) => code === "fee.commission");
    expect(isTried).toBe(true);
    expect(fee(before)).toMatchObject({ rate: "0.02", fee: null });
    expect(fee(after)?.fee).toMatchObject({
      volumeBefore: `${VOLUME_OF_ALL - 2_003n}`,
      volumeAfter: `${VOLUME_OF_ALL}`,
    });
    expect((last?.share?.after ?? 0n) - (last?.share?.before ?? 0n)).toBe(
      BigInt(fee(before)?.amount ?? 0) - BigInt(fee(after)?.amount ?? 0),
    );
  });

  it("that says the same changes nothing, and before is what the books say, whole reversals taken off", async () => {
    const scheduleId = await publish(GRADUATED);
    const [, , third] = await trade();
    await reverse(third?.trade.id ?? "");
    t.clock.advance({ days: 3 });
    await trade(GROSS.slice(0, 2));
    const result = await play("fee", await draft(GRADUATED, { scheduleId }));
    expect(result).toMatchObject({ changed: 0, reversed: 1 });
    for (const { id } of [merchant, other]) {
      expect(result.of(id).difference).toBe(0n);
      expect(result.of(id).before).toBe(await dueOf(id));
    }
  });

  it("of a whole month that is over is trued up, in both worlds; of a part of it it is not", async () => {
    const scheduleId = await publish(VOLUME);
    await trade();
    t.clock.set("2026-12-02T04:00:00.000Z");
    await trueUpFees(t.system);
    const cheaper = {
      ...VOLUME,
      bands: bandsOf({ 0: "0.006", 100000: "0.004" }),
    };
    const subject = await draft(cheaper, { scheduleId });
    const whole = await play("fee", subject);
    for (const { id } of [merchant, other]) {
      expect(whole.of(id).before).toBe(await dueOf(id));
      expect(whole.of(id).after).toBe(VOLUME_OF_ALL - monthFee(cheaper, VOLUME_OF_ALL, GROSS.length));
    }
    const platform = whole.of(t.tenant.platformPartyId);
    expect(platform.difference).toBe(-2n * whole.of(merchant.id).difference);
    const part = await play("fee", subject, { from: "2026-11-01", to: "2026-11-29" });
    expect(part.of(merchant.id).before).not.toBe(whole.of(merchant.id).before);
    expect(part.of(merchant.id).trades).toBe(GROSS.length);
  });

  it("counts the month from its first day, though only the days asked for are told", async () => {
    await trade(GROSS.slice(0, 4));
    t.clock.advance({ days: 10 });
    await trade(GROSS.slice(4));
    const { of } = await play("fee", await draft(GRADUATED), { from: "2026-11-10", to: "2026-11-30" });
    const fees = monthFee(GRADUATED, VOLUME_OF_ALL, 6) - monthFee(GRADUATED, sum(GROSS.slice(0, 4)), 4);
    expect(of(merchant.id)).toMatchObject({ trades: 2, after: sum(GROSS.slice(4)) - fees });
    expect(exactFee(compileSchedule(GRADUATED), VOLUME_OF_ALL)).toBeGreaterThan(0n);
  });

  it("for one party alone leaves the others with theirs", async () => {
    await publish(GRADUATED);
    await trade();
    const own = { ...VOLUME, appliesTo: { everyone: false, tiers: [], parties: [other.id] } };
    const { of, changed } = await play("fee", await draft(own), { from: "2026-11-01", to: "2026-11-29" });
    expect(of(merchant.id)).toMatchObject({ difference: 0n, changed: 0 });
    expect(of(other.id).difference).toBeLessThan(0n);
    expect(changed).toBe(GROSS.length);
  });

  it("of a channel prices what it collected, and the platform bears it", async () => {
    await trade();
    const flat: FeeScheduleDefinition = {
      method: "flat",
      bands: [{ from: "0", rate: "0.005" }],
      appliesTo: { everyone: false, tiers: [], parties: [wechat.id] },
    };
    const { of } = await play("fee", await draft(flat, { role: "channel" }));
    const at = (rate: string) => 2n * sum(GROSS.map((gross) => applyRate(gross, rate)));
    expect(of(wechat.id)).toMatchObject({ before: at("0.006"), after: at("0.005") });
    expect(of(t.tenant.platformPartyId).difference).toBe(at("0.006") - at("0.005"));
    expect(of(merchant.id).difference).toBe(0n);
  });
});

describe("a rule's draft", () => {
  const ruleDraft = (definition: SplitRuleDefinition) =>
    saveRuleDraft(t.as("operator"), {
      ruleId,
      name: "General",
      scope: { tradeKind: "redemption" },
      priority: 0,
      definition: draftOfDefinition(definition),
      effectiveFrom: null,
      checked: { from: "100", to: "10000000", share: "0" },
      note: "",
    });

  it("that takes the schedule's place charges its own rate", async () => {
    await publish(GRADUATED);
    await trade();
    await ruleDraft(redemptionRule({ commissionRate: "0.001" }) as SplitRuleDefinition);
    const { of } = await play("rule", ruleId);
    const rated = sum(GROSS.map((gross) => applyRate(gross, "0.001")));
    expect(of(merchant.id)).toMatchObject({
      before: VOLUME_OF_ALL - monthFee(GRADUATED, VOLUME_OF_ALL, GROSS.length),
      after: VOLUME_OF_ALL - rated,
    });
  });

  it("that counts another base comes to the fee of another volume", async () => {
    await publish(GRADUATED);
    await trade();
    const legs = FEE_RULE.legs.map((leg) =>
      leg.code === "fee.commission" ? { ...leg, min: undefined, base: "discount" as const } : leg,
    );
    await ruleDraft({ ...FEE_RULE, legs });
    const { of } = await play("rule", ruleId);
    expect(of(merchant.id).after).toBe(VOLUME_OF_ALL); // nothing was discounted, so nothing is charged
  });
});
