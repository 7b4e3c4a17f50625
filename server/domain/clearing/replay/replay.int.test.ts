import { beforeEach, describe, expect, it } from "vitest";
import type { Database } from "@/db/client";
import { isDomainError } from "@/server/core/errors";
import { roundDiv } from "@/server/core/money";
import { withTransaction } from "@/server/core/transaction";
import { replay } from "@/server/jobs/handlers/replay";
import { runJob } from "@/server/jobs/run-job";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import { openBooks } from "../../ledger";
import {
  approveRuleVersion,
  cancelReplay,
  clearTrades,
  createRule,
  exportReplay,
  getReplay,
  getRule,
  listReplays,
  postCleared,
  type ReplayDetail,
  redemptionRule,
  replayParties,
  replayTrade,
  replayTrades,
  reverseTrade,
  runReplay,
  saveRuleDraft,
  startReplay,
  submitRuleDraft,
  type TradeToClear,
} from "..";
import { draftOfDefinition } from "../draft";
import type { RuleScope, SplitRuleDefinition } from "../schemas";

type Party = Awaited<ReturnType<typeof makeParty>>;
let owner: Database;
let t: TestTenant;
let [first, second, brand, wechat]: Party[] = [];
let ruleId: string;

const FUNDING = [
  { party: "brand", share: "0.5" },
  { party: "platform", share: "0.3" },
  { party: "merchant", share: "0.2" },
];
const PERIOD = { from: "2026-11-01", to: "2026-11-30" };
const rule = (rate: string) => redemptionRule({ commissionRate: rate, funding: FUNDING });

beforeEach(async () => {
  const database = await testDatabase();
  owner = database.owner;
  t = await makeTenant(owner, database.db);
  first = await makeParty(t, "merchant", { name: "First" });
  second = await makeParty(t, "merchant", { name: "Second" });
  brand = await makeParty(t, "brand");
  wechat = await makeParty(t, "channel", { channelFeeRate: "0.006" });
  ruleId = await createRule(t.as("operator"), {
    name: "General",
    scope: { tradeKind: "redemption" },
    definition: rule("0.02"),
    effectiveFrom: t.clock.now(),
  });
});

/** Orders of odd amounts, by turns of both merchants, a fifth of each off; posted one by one. Returns their ids. */
async function trade(count: number, over: Partial<TradeToClear> = {}): Promise<string[]> {
  return withTransaction(t.system, async (ctx) => {
    const books = await openBooks(ctx);
    const cleared = await clearTrades(
      ctx,
      books,
      Array.from({ length: count }, (_, i): TradeToClear => {
        const gross = BigInt(10_007 + i * 131);
        const discount = gross / 5n;
        return {
          kind: "redemption",
          tradedAt: t.clock.now(),
          currency: "CNY",
          gross,
          discount,
          paid: gross - discount,
          merchantId: (i % 2 === 0 ? first : second)?.id ?? null,
          brandId: brand?.id ?? null,
          campaignId: null,
          voucherId: null,
          collectedBy: "platform",
          channelId: wechat?.id ?? null,
          ...over,
        };
      }),
    );
    const good = cleared.map((one) => {
      if (isDomainError(one)) throw one;
      return one;
    });
    await postCleared(ctx, books, good);
    return good.map(({ trade }) => trade.id);
  });
}

async function draft(
  definition: SplitRuleDefinition | ReturnType<typeof redemptionRule>,
  over: { scope?: RuleScope; ofRule?: string } = {},
): Promise<string> {
  const { ruleId } = await saveRuleDraft(t.as("operator"), {
    ...(over.ofRule && { ruleId: over.ofRule }),
    name: "Draft",
    scope: over.scope ?? { tradeKind: "redemption" },
    priority: 0,
    definition: draftOfDefinition(definition as SplitRuleDefinition),
    effectiveFrom: null,
    checked: { from: "100", to: "10000000", share: "1" },
    note: "",
  });
  return ruleId;
}

async function play(subjectId: string, period = PERIOD): Promise<ReplayDetail> {
  const id = await startReplay(t.as("operator"), { subject: "rule", subjectId, ...period });
  await runReplay(t.system, id);
  return getReplay(t.as("auditor"), { id });
}

const partiesOf = async ({ id }: ReplayDetail) =>
  new Map(
    (await replayParties(t.as("finance"), { replayId: id })).items.map((party) => [party.partyId, party]),
  );

async function posted(): Promise<{ merchant_id: string; gross: bigint; commission: bigint }[]> {
  return owner.sql`
    select d.merchant_id, d.gross, (select f.amount from transfers f where f.tenant_id = d.tenant_id
      and f.trade_id = d.id and f.leg = 'fee.commission') as commission
    from trades d where d.tenant_id = ${t.tenant.id} and d.kind = 'redemption'`;
}

/** What the merchant keeps less its own fifth of the discount is the base; rounded half up. */
const commission = (gross: bigint, thousandths: bigint) => {
  const discount = gross / 5n;
  const own = discount - shareOf(discount, 50n) - shareOf(discount, 30n);
  return { base: gross - own, amount: roundDiv((gross - own) * thousandths, 1_000n, "half_up") };
};
const shareOf = (discount: bigint, percent: bigint) => (discount * percent) / 100n;

describe("a replay", () => {
  it("tells what a commission of 1.8 % instead of 2 % would have moved, to the cent, and what the books say before", async () => {
    await trade(41);
    await draft(rule("0.018"), { ofRule: ruleId });
    const result = await play(ruleId);
    expect(result).toMatchObject({ state: "queued", trades: 41, changed: 41, reversed: 0, refused: [] });
    const parties = await partiesOf(result);
    const books = await owner.sql<{ party_id: string; net: bigint }[]>`
      select a.party_id, sum(case when a.id = f.credit_account_id then f.amount else -f.amount end)::bigint as net
      from transfers f join accounts a on a.tenant_id = f.tenant_id and a.id in (f.credit_account_id, f.debit_account_id)
      where f.tenant_id = ${t.tenant.id} and a.kind <> 'channel_receivable' group by a.party_id`;
    for (const { party_id, net } of books) expect(parties.get(party_id)?.before).toBe(net);
    expect(parties.size).toBe(books.length + 1); // and the channel, with its fees
    const fees = new Map<string, bigint>();
    for (const { merchant_id, commission: amount, gross } of await posted()) {
      const { base } = commission(gross, 18n);
      const cheaper = amount - roundDiv(base * 18n, 1_000n, "half_up");
      fees.set(merchant_id, (fees.get(merchant_id) ?? 0n) + cheaper);
    }
    let sum = 0n;
    for (const [merchant, difference] of fees) {
      expect(parties.get(merchant)?.difference).toBe(difference);
      sum += difference;
    }
    expect(sum).toBeGreaterThan(0n);
    expect(parties.get(t.tenant.platformPartyId)?.difference).toBe(-sum);
    expect(result.totals).toEqual([
      expect.objectContaining({ currency: "CNY", difference: -sum, winners: 2, losers: 0 }),
    ]);
    expect(parties.get(brand?.id ?? "")?.difference).toBe(0n);
    let all = 0n;
    for (const { difference } of parties.values()) all += difference;
    expect(all).toBe(0n);
  });

  it("is what the books become where the draft is published and the same is traded again", async () => {
    await trade(20);
    await draft(rule("0.0173"), { ofRule: ruleId });
    const parties = await partiesOf(await play(ruleId));
    const before = await posted();
    const { draft: open } = await getRule(t.as("operator"), ruleId);
    await submitRuleDraft(t.as("operator"), { ruleId, revision: open?.revision ?? 0 });
    const versionId = (await getRule(t.as("operator"), ruleId)).versions[0]?.id ?? "";
    await approveRuleVersion(t.as("operator"), { versionId });
    t.clock.advance({ minutes: 1 });
    await trade(20);
    const sumOf = (rows: Awaited<ReturnType<typeof posted>>, merchant: string | undefined) =>
      rows.reduce((sum, row) => (row.merchant_id === merchant ? sum + row.commission : sum), 0n);
    const after = await posted();
    for (const party of [first, second]) {
      const was = sumOf(before, party?.id);
      const became = sumOf(after, party?.id) - was;
      expect(parties.get(party?.id ?? "")?.difference).toBe(was - became);
    }
  });

  it("changes the trades alone that the draft would win", async () => {
    await trade(10);
    const narrow = await draft(rule("0.01"), {
      scope: { tradeKind: "redemption", merchantId: first?.id ?? "" },
    });
    const result = await play(narrow);
    expect(result).toMatchObject({ trades: 10, changed: 5 });
    const parties = await partiesOf(result);
    expect(parties.get(first?.id ?? "")).toMatchObject({ trades: 5, changed: 5 });
    expect(parties.get(second?.id ?? "")).toMatchObject({ trades: 5, changed: 0, difference: 0n });

    await createRule(t.as("operator"), {
      name: "Own",
      scope: { tradeKind: "redemption", merchantId: second?.id ?? "", channelId: wechat?.id ?? "" },
      definition: rule("0.03"),
    });
    t.clock.advance({ minutes: 1 });
    await trade(4);
    const wide = await draft(rule("0.01"), { ofRule: ruleId });
    expect(await play(wide)).toMatchObject({ trades: 14, changed: 12 }); // not the two of the narrower rule
  });

  it("counts only the days asked for, of trades that were not reversed whole", async () => {
    const [whole = "", part = ""] = await trade(3);
    await withTransaction(t.system, async (ctx) => {
      await reverseTrade(ctx, { tradeId: whole, reason: "wrong" });
      await reverseTrade(ctx, { tradeId: part, amount: 100n, reason: "some" });
    });
    t.clock.advance({ days: 1 });
    await trade(2);
    await draft(rule("0.018"), { ofRule: ruleId });
    expect(await play(ruleId, { from: "2026-11-18", to: "2026-11-18" })).toMatchObject({
      trades: 2,
      reversed: 1,
      partlyReversed: 1,
    });
    expect(await play(ruleId, { from: "2026-11-19", to: "2026-11-19" })).toMatchObject({ trades: 2 });
    expect(await play(ruleId, { from: "2026-10-01", to: "2026-11-17" })).toMatchObject({ trades: 0 });
  });

  it("counts what the draft cannot clear, with examples, and leaves it out of the sums", async () => {
    const ids = await trade(6);
    const { legs, ...rest } = rule("0.02");
    const floored = legs.map((leg) => (leg.code === "fee.commission" ? { ...leg, min: "9700" } : leg));
    await draft({ ...rest, currency: "CNY", legs: floored }, { ofRule: ruleId });
    const result = await play(ruleId);
    const [refused] = result.refused;
    expect(refused).toMatchObject({ code: "RULE_NEGATIVE_RESULT", side: "after" });
    expect(refused?.count).toBe(6 - result.trades);
    expect(refused?.count).toBeGreaterThan(0);
    expect(ids).toContain(refused?.examples[0]?.tradeId);
    const shown = await replayTrade(t.as("support"), {
      replayId: result.id,
      tradeId: refused?.examples[0]?.tradeId ?? "",
    });
    expect(shown.after).toMatchObject({ code: "RULE_NEGATIVE_RESULT" });
    expect(shown.before.legs.length).toBeGreaterThan(3);
  });

  it("keeps the trades that change most, each with both traces", async () => {
    await trade(30);
    await draft(rule("0.018"), { ofRule: ruleId });
    const { id } = await play(ruleId);
    const read = t.as("auditor");
    const largest = await replayTrades(read, { replayId: id, limit: 10 });
    expect(largest.items[0]?.gross).toBeGreaterThan(13_500n); // the largest, or one that rounds to the same
    expect(largest.items.map(({ moved }) => moved)).toEqual(
      [...largest.items.map(({ moved }) => moved)].sort((a, b) => Number(b - a)),
    );
    const next = await replayTrades(read, { replayId: id, limit: 200, cursor: largest.nextCursor });
    expect(next.items).toHaveLength(20);
    const own = await replayTrades(read, { replayId: id, partyId: first?.id, limit: 200 });
    expect(own.items).toHaveLength(15);
    const [top] = own.items;
    const {
      before,
      after,
      isTried,
      rule: cleared,
    } = await replayTrade(read, {
      replayId: id,
      tradeId: top?.tradeId ?? "",
    });
    const fee = (trace: typeof after) =>
      "code" in trace ? null : trace.legs.find(({ code }) => code === "fee.commission");
    expect([fee(before)?.rate, fee(after)?.rate, isTried, cleared?.version]).toEqual([
      "0.02",
      "0.018",
      true,
      1,
    ]);
    expect((top?.share?.after ?? 0n) - (top?.share?.before ?? 0n)).toBe(
      BigInt(fee(before)?.amount ?? 0) - BigInt(fee(after)?.amount ?? 0),
    );
  });

  it("lists parties in any order, page by page, and all of them for the export", async () => {
    await trade(8);
    await draft(rule("0.018"), { ofRule: ruleId });
    const { id } = await play(ruleId);
    for (const sort of ["difference", "before", "after", "changed", "name"] as const) {
      for (const direction of ["asc", "desc"] as const) {
        const whole = (await replayParties(t.as("auditor"), { replayId: id, sort, direction })).items;
        const paged: typeof whole = [];
        for (let cursor: string | null = null; ; ) {
          const page: Awaited<ReturnType<typeof replayParties>> = await replayParties(t.as("auditor"), {
            replayId: id,
            sort,
            direction,
            cursor,
            limit: 2,
          });
          paged.push(...page.items);
          cursor = page.nextCursor;
          if (!cursor) break;
        }
        expect(paged).toEqual(whole);
        expect(whole).toHaveLength(5);
      }
    }
    const exported = [];
    for await (const party of exportReplay(t.as("finance"), { replayId: id })) exported.push(party);
    expect(exported.map(({ difference }) => difference < 0n)[0]).toBe(true);
    expect(exported).toHaveLength(5);
  });

  it("writes nothing to the books", async () => {
    await trade(12);
    await draft(rule("0.018"), { ofRule: ruleId });
    const before = await checksums();
    const { id } = await play(ruleId);
    const { items } = await replayTrades(t.as("auditor"), { replayId: id });
    await replayTrade(t.as("auditor"), { replayId: id, tradeId: items[0]?.tradeId ?? "" });
    expect(await checksums()).toEqual(before);
  });

  async function checksums() {
    const sums: Record<string, unknown> = {};
    for (const table of [
      "trades",
      "transfers",
      "accounts",
      "account_balances",
      "fee_counters",
      "parties",
      "split_rule_versions",
      "books",
      "config_revisions",
    ]) {
      const [row] = await owner.sql.unsafe(
        `select count(*) as rows, md5(coalesce(string_agg(r::text, ' ' order by r::text), '')) as sum from ${table} r
         where tenant_id = '${t.tenant.id}'`,
      );
      sums[table] = row;
    }
    return sums;
  }
});

describe("as a job", () => {
  const start = () => startReplay(t.as("operator"), { subject: "rule", subjectId: ruleId, ...PERIOD });
  const jobOf = async (id: string) => {
    const [row] = await owner.sql<{ job_id: string }[]>`select job_id from replays where id = ${id}`;
    return row?.job_id ?? "";
  };

  it("is started once while it is under way, runs, and is found again from its rule", async () => {
    await trade(5);
    await draft(rule("0.018"), { ofRule: ruleId });
    const id = await start();
    expect(await start()).toBe(id);
    await runJob(t.system, await jobOf(id), { replay });
    expect(await getReplay(t.as("auditor"), { id })).toMatchObject({
      state: "done",
      progress: 5,
      total: 5,
      changed: 5,
      name: "General",
      outdated: false,
    });
    const again = await start();
    expect(again).not.toBe(id);
    const listed = await listReplays(t.as("auditor"), { subject: "rule", subjectId: ruleId });
    expect(listed.map((one) => one.id)).toEqual([again, id]);
    const { draft: open } = await getRule(t.as("operator"), ruleId);
    await saveRuleDraft(t.as("operator"), {
      ruleId,
      revision: open?.revision,
      name: "General",
      scope: { tradeKind: "redemption" },
      priority: 0,
      definition: draftOfDefinition(rule("0.017") as SplitRuleDefinition),
      effectiveFrom: null,
      checked: { from: "100", to: "10000000", share: "1" },
      note: "",
    });
    expect((await getReplay(t.as("auditor"), { id })).outdated).toBe(true);
  });

  it("stops when it is told to, and has no result then", async () => {
    await trade(5);
    await draft(rule("0.018"), { ofRule: ruleId });
    const id = await start();
    await runJob(t.system, await jobOf(id), {
      replay: async (job) => {
        await cancelReplay(t.as("operator"), { id });
        return replay(job);
      },
    });
    expect(await getReplay(t.as("auditor"), { id })).toMatchObject({
      state: "cancelled",
      finishedAt: null,
      totals: [],
    });
    const waiting = await start();
    await cancelReplay(t.as("operator"), { id: waiting });
    expect(await getReplay(t.as("auditor"), { id: waiting })).toMatchObject({ state: "cancelled" });
  });

  it("begins anew after a crash and comes to the same", async () => {
    await trade(9);
    await draft(rule("0.018"), { ofRule: ruleId });
    const id = await start();
    const crash = runJob(t.system, await jobOf(id), {
      replay: async (job) => {
        await runReplay(job.ctx, id);
        throw new Error("the process ends");
      },
    });
    await expect(crash).rejects.toThrow("the process ends");
    const partiesBefore = await replayParties(t.as("auditor"), { replayId: id });
    t.clock.advance({ minutes: 1 });
    await trade(3); // later than it was asked for: none of its trades
    await runJob(t.system, await jobOf(id), { replay });
    expect(await getReplay(t.as("auditor"), { id })).toMatchObject({ state: "done", trades: 9 });
    expect(partiesBefore.items).toHaveLength(5);
  });

  it("keeps the newest of a rule", async () => {
    await trade(2);
    await draft(rule("0.018"), { ofRule: ruleId });
    const ids: string[] = [];
    for (let i = 1; i <= 12; i++) {
      const to = `2026-11-${String(i + 10).padStart(2, "0")}`;
      const id = await startReplay(t.as("operator"), {
        subject: "rule",
        subjectId: ruleId,
        from: "2026-11-01",
        to,
      });
      await runReplay(t.system, id);
      ids.push(id);
    }
    const listed = await listReplays(t.as("auditor"), { subject: "rule", subjectId: ruleId });
    expect(listed.map(({ id }) => id)).toEqual(ids.slice(-10).reverse());
    const [left] = await owner.sql`
      select count(distinct replay_id)::int as parties, (select count(distinct replay_id)::int from replay_trades
        where tenant_id = ${t.tenant.id}) as trades
      from replay_parties where tenant_id = ${t.tenant.id}`;
    expect(left).toEqual({ parties: 5, trades: 5 }); // those whose days have trades
  });

  it("is for who reads rules to see, and who writes them to start; a draft that lacks things is refused", async () => {
    const code = (work: Promise<unknown>) =>
      work.then(
        () => "done",
        (error) => (isDomainError(error) ? error.code : String(error)),
      );
    const input = { subject: "rule" as const, subjectId: ruleId, ...PERIOD };
    expect(await code(startReplay(t.as("operator"), input))).toBe("NOT_FOUND"); // nothing to try
    await draft(rule("0.018"), { ofRule: ruleId });
    for (const role of ["finance", "auditor", "support"] as const)
      expect(await code(startReplay(t.as(role), input))).toBe("PERMISSION_DENIED");
    const id = await startReplay(t.as("operator"), input);
    await runReplay(t.system, id);
    const merchant = t.as("merchant", first);
    for (const work of [
      () => getReplay(merchant, { id }),
      () => listReplays(merchant, input),
      () => replayParties(merchant, { replayId: id }),
      () => replayTrades(merchant, { replayId: id }),
      () => cancelReplay(t.as("finance"), { id }),
    ]) {
      expect(await code(work())).toBe("PERMISSION_DENIED");
    }
    const { db } = await testDatabase();
    const elsewhere = (await makeTenant(owner, db)).as("operator");
    expect(await code(getReplay(elsewhere, { id }))).toBe("NOT_FOUND");
    expect(await code(startReplay(elsewhere, input))).toBe("NOT_FOUND");
    expect(
      await code(startReplay(t.as("operator"), { ...input, from: "2027-01-01", to: "2027-01-02" })),
    ).toBe("INPUT_INVALID");
    const lacking = await draft({ ...rule("0.01"), legs: [] }, { scope: { tradeKind: "redemption" } });
    expect(await code(startReplay(t.as("operator"), { ...input, subjectId: lacking }))).toBe("RULE_INVALID");
  });
});
