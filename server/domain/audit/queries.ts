import { and, asc, desc, eq, like, lt, or, type SQL, sql } from "drizzle-orm";
import type { z } from "zod";
import { rawSql } from "@/db/client";
import { auditLog } from "@/db/schema";
import { type Ctx, partyScope, requirePermission } from "@/server/core/context";
import { containing, decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { auditEntryInput, auditFilters, listAuditInput } from "./schemas";

const columns = {
  seq: auditLog.seq,
  at: auditLog.at,
  actorKind: auditLog.actorKind,
  actorId: auditLog.actorId,
  actorName: auditLog.actorName,
  action: auditLog.action,
  subjectKind: auditLog.subjectKind,
  subjectId: auditLog.subjectId,
  partyId: auditLog.partyId,
  data: sql<Record<string, unknown>>`${auditLog.data}`,
  requestId: auditLog.requestId,
  ip: auditLog.ip,
};
export type AuditRow = Awaited<ReturnType<typeof searchAudit>>["items"][number];

/** Newest first. */
export async function searchAudit(ctx: Ctx, input: unknown) {
  requirePermission(ctx, "audit:read");
  const { cursor, limit, ...filters } = listAuditInput.parse(input);
  const after = decodeCursor(cursor, ["integer"]);
  return withTransaction(ctx, async ({ tx }) => {
    const rows = await tx
      .select(columns)
      .from(auditLog)
      .where(and(conditions(ctx, filters), after ? lt(auditLog.seq, BigInt(after[0])) : undefined))
      .orderBy(desc(auditLog.seq))
      .limit(limit + 1);
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: rows.length > limit && last ? encodeCursor([last.seq]) : null };
  });
}

/** One entry with its place in the chain, in hex. */
export async function getAuditEntry(ctx: Ctx, input: unknown) {
  requirePermission(ctx, "audit:read");
  const { seq } = auditEntryInput.parse(input);
  return withTransaction(ctx, async ({ tx }) => {
    const [row] = await tx
      .select({ ...columns, prevHash: auditLog.prevHash, hash: auditLog.hash })
      .from(auditLog)
      .where(and(conditions(ctx, {}), eq(auditLog.seq, BigInt(seq))));
    if (!row) throw new DomainError("NOT_FOUND", { noun: "auditEntry" });
    return { ...row, prevHash: row.prevHash.toString("hex"), hash: row.hash.toString("hex") };
  });
}

/** The actions that occur, for a filter. Walks the index from one to the next instead of reading the log. */
export async function auditActions(ctx: Ctx): Promise<string[]> {
  requirePermission(ctx, "audit:read");
  return withTransaction(ctx, async ({ tx }) => {
    const rows = await rawSql(tx)<{ action: string }[]>`
      with recursive found as (
        (select action from audit_log where tenant_id = ${ctx.tenant.id} order by action limit 1)
        union all
        select (select a.action from audit_log a where a.tenant_id = ${ctx.tenant.id} and a.action > f.action order by a.action limit 1)
        from found f where f.action is not null
      ) select action from found where action is not null`;
    return rows.map((row) => row.action);
  });
}

export interface AuditVerification {
  /** Entries whose hash was computed anew. */
  checked: bigint;
  /** The first entry that does not continue the chain, or null: nothing was changed, added or taken away. */
  brokenAt: bigint | null;
  at: Date;
}

/** Computes the whole chain anew. */
export async function verifyAudit(ctx: Ctx): Promise<AuditVerification> {
  requirePermission(ctx, "audit:read");
  return withTransaction(ctx, async ({ tx }) => {
    const [row] = await rawSql(tx)<
      { checked: bigint; broken_at: bigint | null }[]
    >`select * from audit_verify()`;
    return { checked: row?.checked ?? 0n, brokenAt: row?.broken_at ?? null, at: ctx.clock.now() };
  });
}

const EXPORT_PAGE = 1_000;

/** Every entry that matches, oldest first; read page by page, no transaction stays open between. */
export async function* exportAudit(ctx: Ctx, input: unknown): AsyncGenerator<AuditRow> {
  requirePermission(ctx, "audit:read");
  const filters = auditFilters.parse(input);
  let after = 0n;
  for (;;) {
    const rows: AuditRow[] = await withTransaction(ctx, ({ tx }) =>
      tx
        .select(columns)
        .from(auditLog)
        .where(and(conditions(ctx, filters), sql`${auditLog.seq} > ${after}`))
        .orderBy(asc(auditLog.seq))
        .limit(EXPORT_PAGE),
    );
    yield* rows;
    if (rows.length < EXPORT_PAGE) return;
    after = rows.at(-1)?.seq ?? after;
  }
}

function conditions(ctx: Ctx, filters: z.output<typeof auditFilters>): SQL | undefined {
  const scope = partyScope(ctx);
  const pattern = filters.q ? containing(filters.q) : "";
  const startOfDay = (day: string, plus: number) =>
    sql`((${day}::date + ${plus}::int)::timestamp at time zone ${ctx.tenant.timezone})`;
  return and(
    eq(auditLog.tenantId, ctx.tenant.id),
    scope ? eq(auditLog.partyId, scope) : undefined,
    filters.partyId ? eq(auditLog.partyId, filters.partyId) : undefined,
    filters.actorId ? eq(auditLog.actorId, filters.actorId) : undefined,
    filters.action ? ofAction(filters.action) : undefined,
    filters.subjectKind ? eq(auditLog.subjectKind, filters.subjectKind) : undefined,
    filters.subjectId ? eq(auditLog.subjectId, filters.subjectId) : undefined,
    filters.from ? sql`${auditLog.at} >= ${startOfDay(filters.from, 0)}` : undefined,
    filters.to ? sql`${auditLog.at} < ${startOfDay(filters.to, 1)}` : undefined,
    filters.q
      ? or(
          sql`${auditLog.action} ilike ${pattern}`,
          sql`${auditLog.subjectKind} ilike ${pattern}`,
          sql`${auditLog.subjectId} ilike ${pattern}`,
          sql`${auditLog.actorName} ilike ${pattern}`,
        )
      : undefined,
  );
}

function ofAction(action: string): SQL {
  if (action.includes(".")) return eq(auditLog.action, action);
  return like(auditLog.action, `${action.replaceAll(/[\\%_]/g, "\\$&")}.%`);
}
