import { and, eq } from "drizzle-orm";
import type { z } from "zod";
import { rawSql } from "@/db/client";
import { replays, replayTrades } from "@/db/schema";
import type { FundingShare } from "@/db/schema/types";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError, isDomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { startOfLocalDate } from "../../calendar";
import type { Plan, TradeFacts } from "../engine";
import { type ExplainedParty, tradeReference } from "../explain";
import { scheduleSet } from "../fees/select";
import { replayTradeInput } from "../replay-schemas";
import { loadSchedules, loadVersion, STORED_VALUE_PLAN } from "../store";
import { type TradeTrace, traceTrade } from "../trace";
import { type CandidateText, candidateOf } from "./candidate";
import { lookupAt } from "./months";
import { type PastTrade, pastFacts, readTrade } from "./read";
import type { MonthsAt } from "./sums";
import { clearsTrade } from "./worlds";

export interface ReplayedTrade {
  trade: {
    id: string;
    reference: string;
    kind: string;
    tradedAt: Date;
    currency: string;
    gross: bigint;
    discount: bigint;
    paid: bigint;
  };
  /** The rule that cleared it; null where none was needed. */
  rule: { ruleId: string; number: string; name: string; version: number } | null;
  /** Whether the version that is tried would clear it, or price it. */
  isTried: boolean;
  before: TradeTrace;
  /** Or why it could not be cleared. */
  after: TradeTrace | { code: string; params: Record<string, unknown> };
  names: ExplainedParty[];
}

/**
 * One trade of a replay with both traces: as it was cleared, and as it would be.
 * @throws DomainError NOT_FOUND also for a trade that the replay has not kept
 */
export async function replayTrade(ctx: Ctx, input: z.input<typeof replayTradeInput>): Promise<ReplayedTrade> {
  requirePermission(ctx, "rule:read");
  const { replayId, tradeId } = replayTradeInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const kept = await keptTrade(ctx, replayId, tradeId);
    const row = await readTrade(ctx, tradeId);
    if (!row) throw new DomainError("NOT_FOUND", { noun: "trade", id: tradeId });
    const rule = row.ruleVersionId ? await loadVersion(ctx, row.ruleVersionId) : null;
    const candidate = candidateOf(
      kept.definition as CandidateText,
      startOfLocalDate(kept.fromDay, ctx.tenant.timezone),
    );
    const plan = rule?.plan ?? STORED_VALUE_PLAN;
    const months = kept.months as MonthsAt | null;
    const isTried =
      candidate.subject === "rule"
        ? clearsTrade(candidate, row, rule ?? undefined)
        : (months?.after ?? []).some(({ version }) => version === candidate.schedule.id);
    const tried = candidate.subject === "rule" && isTried ? candidate.plan : plan;
    const facts = pastFacts(ctx.tenant.platformPartyId, row, await fundingOf(ctx, row));
    const published = scheduleSet(await loadSchedules(ctx));
    const versions = (id: string) =>
      candidate.subject === "fee" && candidate.schedule.id === id
        ? candidate.schedule
        : published.version(id);
    const before = traceTrade(plan, { ...facts, fees: lookupAt(months?.before ?? [], versions) });
    const after = traceOrError(tried, { ...facts, fees: lookupAt(months?.after ?? [], versions) });
    const { id, kind, currency, gross, discount, paid } = row;
    return {
      trade: {
        id,
        reference: tradeReference(kind, id),
        kind,
        tradedAt: new Date(row.at),
        currency,
        gross,
        discount,
        paid,
      },
      rule: rule && {
        ruleId: rule.ruleId,
        number: rule.ruleNumber,
        name: rule.ruleName,
        version: rule.version,
      },
      isTried,
      before,
      after,
      names: await namesIn(ctx, [before, "code" in after ? null : after]),
    };
  });
}

function traceOrError(plan: Plan, facts: TradeFacts): ReplayedTrade["after"] {
  try {
    return traceTrade(plan, facts);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { code: error.code, params: error.params };
  }
}

/** Kept for its size, or as an example of those that cannot be cleared. */
async function keptTrade(ctx: TxCtx, replayId: string, tradeId: string) {
  const [replay] = await ctx.tx
    .select({ definition: replays.definition, fromDay: replays.fromDay, refused: replays.refused })
    .from(replays)
    .where(and(eq(replays.tenantId, ctx.tenant.id), eq(replays.id, replayId)));
  if (!replay) throw new DomainError("NOT_FOUND", { noun: "replay", id: replayId });
  const [kept] = await ctx.tx
    .select({ months: replayTrades.months })
    .from(replayTrades)
    .where(
      and(
        eq(replayTrades.tenantId, ctx.tenant.id),
        eq(replayTrades.replayId, replayId),
        eq(replayTrades.tradeId, tradeId),
      ),
    );
  const isExample = JSON.stringify(replay.refused ?? []).includes(tradeId);
  if (!kept && !isExample) throw new DomainError("NOT_FOUND", { noun: "trade", id: tradeId });
  return { ...replay, months: kept?.months ?? null };
}

async function fundingOf(ctx: TxCtx, { campaignId }: PastTrade): Promise<Map<string, FundingShare[]>> {
  if (campaignId === null) return new Map();
  const [row] = await rawSql(ctx.tx)<{ funding: FundingShare[] | null }[]>`
    select funding from campaigns where tenant_id = ${ctx.tenant.id} and id = ${campaignId}`;
  return new Map(row?.funding && row.funding.length > 0 ? [[campaignId, row.funding]] : []);
}

async function namesIn(ctx: TxCtx, traces: readonly (TradeTrace | null)[]): Promise<ExplainedParty[]> {
  const ids = traces.flatMap((trace) =>
    trace
      ? [
          ...trace.funding.map(({ partyId }) => partyId),
          ...trace.legs.flatMap(({ debit, credit }) => [debit?.partyId, credit?.partyId]),
        ]
      : [],
  );
  const wanted = [...new Set(ids.filter((id): id is string => Boolean(id)))];
  return rawSql(ctx.tx)<ExplainedParty[]>`
    select id, name, kind from parties where tenant_id = ${ctx.tenant.id} and id = any(${wanted}::uuid[])`;
}
