import { and, desc, eq } from "drizzle-orm";
import type { z } from "zod";
import { rawSql } from "@/db/client";
import { feeSchedules, jobRuns, replays, splitRules } from "@/db/schema";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { containing, decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import type { PartyKind } from "@/server/core/permissions";
import { withSnapshot } from "@/server/core/transaction";
import { tradeReference } from "../explain";
import {
  type ReplaySubject,
  replayIdInput,
  replayPartiesInput,
  replaysOfInput,
  replayTradesInput,
} from "../replay-schemas";
import type { Refused } from "./refusals";

/** A replay with how far it is. */
export interface ReplayHead {
  id: string;
  subject: ReplaySubject;
  subjectId: string;
  versionId: string;
  version: number;
  revision: number;
  /** Days of the tenant's zone, both included. */
  from: string;
  to: string;
  createdByName: string;
  createdAt: Date;
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  stopping: boolean;
  /** Trades. `total` null: not counted yet. */
  progress: number;
  total: number | null;
  error: { code: string; params: Record<string, unknown> } | null;
  /** The result is there. */
  finishedAt: Date | null;
  trades: number;
  changed: number;
  /** Left out, as they were reversed whole. */
  reversed: number;
  /** Counted whole, though a part of them was reversed. */
  partlyReversed: number;
  refused: Refused[];
}

export interface ReplayDetail extends ReplayHead {
  /** The rule or schedule. */
  number: string;
  name: string;
  /** The draft was written on, or is one no more. */
  outdated: boolean;
  /** What the platform has of them, by currency; the tenant's own first. */
  totals: ReplayTotal[];
}
export interface ReplayTotal {
  currency: string;
  before: bigint;
  after: bigint;
  difference: bigint;
  /** Parties that would have more, and less. */
  winners: number;
  losers: number;
}

const headColumns = {
  id: replays.id,
  subject: replays.subject,
  subjectId: replays.subjectId,
  versionId: replays.versionId,
  version: replays.version,
  revision: replays.revision,
  from: replays.fromDay,
  to: replays.toDay,
  createdByName: replays.createdByName,
  createdAt: replays.createdAt,
  state: jobRuns.state,
  cancelRequestedAt: jobRuns.cancelRequestedAt,
  progress: jobRuns.progress,
  total: jobRuns.total,
  error: jobRuns.error,
  finishedAt: replays.finishedAt,
  trades: replays.trades,
  changed: replays.changed,
  reversed: replays.reversed,
  partlyReversed: replays.partlyReversed,
  refused: replays.refused,
};
const withJob = and(eq(jobRuns.tenantId, replays.tenantId), eq(jobRuns.id, replays.jobId));

function headOf({
  cancelRequestedAt,
  refused,
  ...row
}: { cancelRequestedAt: Date | null; refused: unknown } & Omit<
  ReplayHead,
  "stopping" | "refused"
>): ReplayHead {
  const isRunning = row.state === "queued" || row.state === "running";
  return {
    ...row,
    stopping: isRunning && cancelRequestedAt !== null,
    refused: (refused as Refused[] | null) ?? [],
  };
}

/** The replays of a rule or schedule that are kept, the newest first. */
export async function listReplays(ctx: Ctx, input: z.input<typeof replaysOfInput>): Promise<ReplayHead[]> {
  requirePermission(ctx, "rule:read");
  const { subject, subjectId } = replaysOfInput.parse(input);
  return withSnapshot(ctx, async ({ tx, tenant }) => {
    const table = subject === "rule" ? splitRules : feeSchedules;
    const [head] = await tx
      .select({ id: table.id })
      .from(table)
      .where(and(eq(table.tenantId, tenant.id), eq(table.id, subjectId)));
    if (!head) throw new DomainError("NOT_FOUND", { noun: nounOf(subject), id: subjectId });
    const rows = await tx
      .select(headColumns)
      .from(replays)
      .innerJoin(jobRuns, withJob)
      .where(
        and(eq(replays.tenantId, tenant.id), eq(replays.subject, subject), eq(replays.subjectId, subjectId)),
      )
      .orderBy(desc(replays.id));
    return rows.map(headOf);
  });
}

/** One replay: how far it is, and what came of it for the platform. */
export async function getReplay(ctx: Ctx, input: z.input<typeof replayIdInput>): Promise<ReplayDetail> {
  requirePermission(ctx, "rule:read");
  const { id } = replayIdInput.parse(input);
  return withSnapshot(ctx, async (ctx) => {
    const [row] = await ctx.tx
      .select(headColumns)
      .from(replays)
      .innerJoin(jobRuns, withJob)
      .where(and(eq(replays.tenantId, ctx.tenant.id), eq(replays.id, id)));
    if (!row) throw new DomainError("NOT_FOUND", { noun: "replay", id });
    const head = headOf(row);
    const [subject, totals] = await Promise.all([subjectOf(ctx, head), totalsOf(ctx, id)]);
    return { ...head, ...subject, totals };
  });
}

const nounOf = (subject: ReplaySubject) => (subject === "rule" ? "rule" : "fee_schedule");

async function subjectOf(ctx: TxCtx, { subject, versionId, revision }: ReplayHead) {
  const sql = rawSql(ctx.tx);
  const [row] = await sql<{ number: string; name: string; state: string; revision: number }[]>`
    select h.number, h.name, v.state, v.revision
    from ${sql(subject === "rule" ? "split_rule_versions" : "fee_schedule_versions")} v
    join ${sql(subject === "rule" ? "split_rules" : "fee_schedules")} h
      on h.tenant_id = v.tenant_id and h.id = ${sql(subject === "rule" ? "v.rule_id" : "v.schedule_id")}
    where v.tenant_id = ${ctx.tenant.id} and v.id = ${versionId}`;
  return {
    number: row?.number ?? "",
    name: row?.name ?? "",
    outdated: row?.revision !== revision || row.state === "withdrawn" || row.state === "refused",
  };
}

async function totalsOf(ctx: TxCtx, replayId: string): Promise<ReplayTotal[]> {
  const rows = await rawSql(ctx.tx)<
    { currency: string; before: bigint; after: bigint; difference: bigint; winners: bigint; losers: bigint }[]
  >`
    select currency,
      coalesce(sum(before) filter (where is_house), 0)::bigint as before,
      coalesce(sum(after) filter (where is_house), 0)::bigint as after,
      coalesce(sum(difference) filter (where is_house), 0)::bigint as difference,
      count(*) filter (where difference > 0 and not is_house) as winners,
      count(*) filter (where difference < 0 and not is_house) as losers
    from (
      select *, party_id = ${ctx.tenant.platformPartyId}::uuid as is_house from replay_parties
      where tenant_id = ${ctx.tenant.id} and replay_id = ${replayId}) parties
    group by currency order by currency <> ${ctx.tenant.currency}, currency`;
  return rows.map(({ winners, losers, ...row }) => ({
    ...row,
    winners: Number(winners),
    losers: Number(losers),
  }));
}

export interface ReplayParty {
  partyId: string;
  number: string;
  name: string;
  kind: PartyKind;
  currency: string;
  before: bigint;
  after: bigint;
  difference: bigint;
  trades: number;
  changed: number;
}

const SORTS = {
  difference: "r.difference",
  before: "r.before",
  after: "r.after",
  changed: "r.changed",
  name: "p.name",
} as const;

/** What every party had of the trades and would have had, in any order; the largest losers first if none is asked for. */
export async function replayParties(
  ctx: Ctx,
  input: z.input<typeof replayPartiesInput>,
): Promise<{ items: ReplayParty[]; nextCursor: string | null }> {
  requirePermission(ctx, "rule:read");
  const { replayId, currency, kind, q, sort, direction, cursor, limit } = replayPartiesInput.parse(input);
  const after = decodeCursor(cursor, [sort === "name" ? "text" : "integer", "id"]);
  return withSnapshot(ctx, async (ctx) => {
    await requireReplay(ctx, replayId);
    const sql = rawSql(ctx.tx);
    const by = sql.unsafe(SORTS[sort]);
    const type = sql.unsafe(sort === "name" ? "text" : "bigint");
    const [beyond, order] = direction === "asc" ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`];
    const rows = await sql<ReplayParty[]>`
      select r.party_id as "partyId", p.number, p.name, p.kind, r.currency, r.before, r.after, r.difference, r.trades,
        r.changed
      from replay_parties r join parties p on p.tenant_id = r.tenant_id and p.id = r.party_id
      where r.tenant_id = ${ctx.tenant.id} and r.replay_id = ${replayId}
        ${currency ? sql`and r.currency = ${currency}` : sql``}
        ${kind ? sql`and p.kind = ${kind}` : sql``}
        ${q ? sql`and (p.name ilike ${containing(q)} or p.number ilike ${containing(q)})` : sql``}
        ${after ? sql`and (${by}, r.party_id) ${beyond} (${after[0]}::${type}, ${after[1]}::uuid)` : sql``}
      order by ${by} ${order}, r.party_id ${order} limit ${limit + 1}`;
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items,
      nextCursor:
        rows.length > limit && last
          ? encodeCursor([sort === "name" ? last.name : BigInt(last[sort]), last.partyId])
          : null,
    };
  });
}

export interface ReplayTrade {
  tradeId: string;
  reference: string;
  kind: string;
  tradedAt: Date;
  currency: string;
  gross: bigint;
  /** What would go to others than it went to. */
  moved: bigint;
  /** Of the party asked for. */
  share: { before: bigint; after: bigint } | null;
}

/** The trades that change most: of all, or of one party. */
export async function replayTrades(
  ctx: Ctx,
  input: z.input<typeof replayTradesInput>,
): Promise<{ items: ReplayTrade[]; nextCursor: string | null }> {
  requirePermission(ctx, "rule:read");
  const { replayId, partyId, cursor, limit } = replayTradesInput.parse(input);
  const after = decodeCursor(cursor, ["integer", "id"]);
  return withSnapshot(ctx, async (ctx) => {
    await requireReplay(ctx, replayId);
    const sql = rawSql(ctx.tx);
    const size = partyId ? sql`abs(s.after - s.before)` : sql`t.moved`;
    const rows = await sql<
      {
        trade_id: string;
        kind: string;
        traded_at: string;
        currency: string;
        gross: bigint;
        moved: bigint;
        before: bigint | null;
        after: bigint | null;
        size: bigint;
      }[]
    >`
      select t.trade_id, t.kind, t.traded_at, t.currency, t.gross, t.moved, ${size} as size,
        ${partyId ? sql`s.before, s.after` : sql`null::bigint as before, null::bigint as after`}
      from replay_trades t
      ${
        partyId
          ? sql`join replay_shares s on s.tenant_id = t.tenant_id and s.replay_id = t.replay_id and s.trade_id = t.trade_id
              and s.party_id = ${partyId}::uuid`
          : sql``
      }
      where t.tenant_id = ${ctx.tenant.id} and t.replay_id = ${replayId}
        ${after ? sql`and (${size}, t.trade_id) < (${after[0]}::bigint, ${after[1]}::uuid)` : sql``}
      order by ${size} desc, t.trade_id desc limit ${limit + 1}`;
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map(({ trade_id, traded_at, before, after, size: _, ...row }) => ({
        ...row,
        tradeId: trade_id,
        reference: tradeReference(row.kind, trade_id),
        tradedAt: new Date(traded_at),
        share: before === null || after === null ? null : { before, after },
      })),
      nextCursor: rows.length > limit && last ? encodeCursor([last.size, last.trade_id]) : null,
    };
  });
}

async function requireReplay(ctx: TxCtx, id: string): Promise<void> {
  const [row] = await ctx.tx
    .select({ id: replays.id })
    .from(replays)
    .where(and(eq(replays.tenantId, ctx.tenant.id), eq(replays.id, id)));
  if (!row) throw new DomainError("NOT_FOUND", { noun: "replay", id });
}

/** Every party of a replay, the largest losers first. */
export async function* exportReplay(
  ctx: Ctx,
  input: z.input<typeof replayPartiesInput>,
): AsyncGenerator<ReplayParty> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof replayParties>> = await replayParties(ctx, {
      ...input,
      cursor,
      limit: 200,
    });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor);
}
