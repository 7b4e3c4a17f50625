import { setImmediate } from "node:timers/promises";
import { and, eq } from "drizzle-orm";
import { rawSql } from "@/db/client";
import { replayParties, replays, replayTrades } from "@/db/schema";
import type { Ctx, TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { endOfLocalDate, endOfMonth, monthOf, startOfLocalDate, startOfMonth } from "../../calendar";
import { scheduleSet } from "../fees/select";
import { loadSchedules, loadVersion, STORED_VALUE_PLAN } from "../store";
import { type CandidateText, candidateOf } from "./candidate";
import { copied } from "./copied";
import { countTrades, eachPage, loadFunding, loadRefunds, type Period, tradeOf } from "./read";
import { Refusals, type Refused } from "./refusals";
import { type KeptTrade, Sums } from "./sums";
import { kindsOf, monthsOfPlayed, type PastRule, Worlds } from "./worlds";

/** How many trades are kept to look at: overall, of each party, and in all. */
const KEPT = { overall: 1_000, perParty: 50, inAll: 20_000 };
/** Between two reports. */
const REPORT_MS = 1_000;

/** Trades after which others of this process have their turn, the reading of the next page among them. */
const BREATH = 500;

export interface ReplayCounts {
  trades: number;
  changed: number;
  refused: number;
}

/**
 * Computes a replay and writes its result, all of it at the end and in place of what was there: one that was stopped
 * begins anew and comes to the same. Reads trades and configuration, and writes to the tables of replays alone.
 * `report` is told how many trades are done, and may throw to stop it.
 */
export async function runReplay(
  ctx: Ctx,
  replayId: string,
  report: (done: number, total: number) => Promise<void> = async () => {},
): Promise<ReplayCounts> {
  const head = await withTransaction(ctx, (ctx) => headOf(ctx, replayId));
  const { timezone, platformPartyId } = ctx.tenant;
  const from = startOfLocalDate(head.fromDay, timezone);
  const until = new Date(
    Math.min(endOfLocalDate(head.toDay, timezone).getTime(), head.createdAt.getTime() + 1),
  );
  const candidate = candidateOf(head.definition as CandidateText, from);
  const published = await withTransaction(ctx, (ctx) => loadSchedules(ctx));
  const counts = published.length > 0 || candidate.subject === "fee";
  // Months are counted from their first day on, though only the trades of the period are told.
  const begin = counts ? startOfMonth(monthOf(from, timezone), timezone) : from;
  const period: Period = { kinds: kindsOf(candidate, published), from: begin, until };
  const total = await countTrades(ctx, period);
  await report(0, total);

  const rules = new Map<string, PastRule>();
  const worlds = new Worlds({
    platform: platformPartyId,
    candidate,
    rules,
    unruled: STORED_VALUE_PLAN,
    schedules: scheduleSet(published),
    published,
    funding: await loadFunding(ctx),
  });
  // A trade of which everything went back counts for nothing; one of which a part did, for the whole.
  const refunds = await loadRefunds(ctx, period, head.createdAt);
  const sums = new Sums(KEPT);
  const refusals = new Refusals();
  let [done, reversed, partlyReversed, told] = [0, 0, 0, Date.now()];
  for await (const page of eachPage(ctx, period)) {
    for (const [place, line] of page.entries()) {
      if (place % BREATH === 0) await setImmediate();
      const trade = tradeOf(line);
      if (trade.ruleVersionId !== null && !rules.has(trade.ruleVersionId))
        await loadRule(ctx, copied(trade.ruleVersionId), rules);
      const isTold = trade.at >= from.getTime();
      const refunded = refunds.get(trade.id);
      if (refunded !== undefined && refunded >= trade.gross - trade.discount) {
        if (isTold) reversed++;
        continue;
      }
      const played = worlds.play(trade, counts ? monthOf(new Date(trade.at), timezone) : "");
      if ("refused" in played) {
        if (isTold) refusals.add(trade, played);
        continue;
      }
      if (!isTold) continue;
      if (refunded !== undefined) partlyReversed++;
      const { before, after } = played;
      sums.add(trade.currency, before, after, () => ({
        id: copied(trade.id),
        kind: trade.kind,
        tradedAt: new Date(trade.at),
        currency: trade.currency,
        gross: trade.gross,
        months: monthsOfPlayed(before, after),
      }));
    }
    done += page.length;
    if (Date.now() - told >= REPORT_MS) {
      told = Date.now();
      await report(done, total);
    }
  }
  for (const { partyId, currency, amount, world } of worlds.trueUps(
    (month) => startOfMonth(month, timezone) >= from && endOfMonth(month, timezone) <= until,
  )) {
    const [before, after] = world === "before" ? [amount, 0n] : [0n, amount];
    sums.addBeside(currency, partyId, before, after);
    sums.addBeside(currency, platformPartyId, -before, -after);
  }
  await report(done, Math.max(done, total));
  const refused = refusals.list();
  await withTransaction(ctx, (ctx) => write(ctx, replayId, sums, { reversed, partlyReversed, refused }));
  return {
    trades: sums.trades,
    changed: sums.changed,
    refused: refused.reduce((sum, { count }) => sum + count, 0),
  };
}

async function headOf(ctx: TxCtx, id: string) {
  const [head] = await ctx.tx
    .select()
    .from(replays)
    .where(and(eq(replays.tenantId, ctx.tenant.id), eq(replays.id, id)));
  if (!head) throw new DomainError("NOT_FOUND", { noun: "replay", id });
  return head;
}

async function loadRule(ctx: Ctx, versionId: string, rules: Map<string, PastRule>): Promise<void> {
  rules.set(versionId, await withTransaction(ctx, (ctx) => loadVersion(ctx, versionId)));
}

interface Told {
  reversed: number;
  partlyReversed: number;
  refused: Refused[];
}

const PIECE = 5_000;

async function write(ctx: TxCtx, replayId: string, sums: Sums, told: Told): Promise<void> {
  const { tx, tenant } = ctx;
  await tx
    .delete(replayParties)
    .where(and(eq(replayParties.tenantId, tenant.id), eq(replayParties.replayId, replayId)));
  await tx
    .delete(replayTrades)
    .where(and(eq(replayTrades.tenantId, tenant.id), eq(replayTrades.replayId, replayId)));
  const [head] = await tx
    .update(replays)
    .set({
      trades: sums.trades,
      changed: sums.changed,
      ...told,
      finishedAt: ctx.clock.now(),
    })
    .where(and(eq(replays.tenantId, tenant.id), eq(replays.id, replayId)))
    .returning({ id: replays.id });
  if (!head) throw new DomainError("NOT_FOUND", { noun: "replay", id: replayId });
  for (const parties of pieces(sums.parties())) await insertParties(ctx, replayId, parties);
  for (const trades of pieces(sums.kept())) await insertTrades(ctx, replayId, trades);
}

function insertParties(ctx: TxCtx, replayId: string, parties: ReturnType<Sums["parties"]>) {
  return rawSql(ctx.tx)`
    insert into replay_parties (tenant_id, replay_id, party_id, currency, before, after, difference, trades, changed)
    select ${ctx.tenant.id}, ${replayId}::uuid, party_id, currency, before, after, after - before, trades, changed
    from unnest(${parties.map((p) => p.partyId)}::uuid[], ${parties.map((p) => p.currency)}::text[],
      ${parties.map((p) => `${p.before}`)}::bigint[], ${parties.map((p) => `${p.after}`)}::bigint[],
      ${parties.map((p) => p.trades)}::int[], ${parties.map((p) => p.changed)}::int[])
      as n (party_id, currency, before, after, trades, changed)`;
}

async function insertTrades(ctx: TxCtx, replayId: string, trades: readonly KeptTrade[]): Promise<void> {
  const sql = rawSql(ctx.tx);
  await sql`
    insert into replay_trades (tenant_id, replay_id, trade_id, kind, traded_at, currency, gross, moved, months)
    select ${ctx.tenant.id}, ${replayId}::uuid, trade_id, kind, traded_at::timestamptz, currency, gross, moved,
      nullif(months, '')::jsonb
    from unnest(${trades.map((t) => t.id)}::uuid[], ${trades.map((t) => t.kind)}::text[],
      ${trades.map((t) => t.tradedAt.toISOString())}::text[], ${trades.map((t) => t.currency)}::text[],
      ${trades.map((t) => `${t.gross}`)}::bigint[], ${trades.map((t) => `${t.moved}`)}::bigint[],
      ${trades.map((t) => (t.months ? JSON.stringify(t.months) : ""))}::text[])
      as n (trade_id, kind, traded_at, currency, gross, moved, months)`;
  const shares = trades.flatMap((trade) => trade.shares.map((share) => ({ ...share, tradeId: trade.id })));
  await sql`
    insert into replay_shares (tenant_id, replay_id, party_id, trade_id, before, after)
    select ${ctx.tenant.id}, ${replayId}::uuid, party_id, trade_id, before, after
    from unnest(${shares.map((s) => s.partyId)}::uuid[], ${shares.map((s) => s.tradeId)}::uuid[],
      ${shares.map((s) => `${s.before}`)}::bigint[], ${shares.map((s) => `${s.after}`)}::bigint[])
      as n (party_id, trade_id, before, after)`;
}

function* pieces<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += PIECE) yield items.slice(from, from + PIECE);
}
