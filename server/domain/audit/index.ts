import { rawSql } from "@/db/client";
import { actorId, type TxCtx } from "@/server/core/context";

export {
  type AuditRow,
  type AuditVerification,
  auditActions,
  exportAudit,
  getAuditEntry,
  searchAudit,
  verifyAudit,
} from "./queries";

export interface AuditEntry {
  /** `<noun>.<past verb>`, e.g. `voucher.redeemed`. */
  action: string;
  subject: { kind: string; id: string };
  /** The party it concerns, if one does. */
  partyId?: string | null;
  /** What changed, for people and auditors; nothing secret. Amounts as text in minor units. */
  data?: Record<string, unknown>;
}

/**
 * Writes entries to the tenant's hash chain in the transaction of the change. The end of the chain stays
 * locked until commit, so a verb calls it last. If it fails, the change is rolled back.
 */
export async function record(ctx: TxCtx, ...entries: AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await rawSql(ctx.tx)`select audit_append(${auditJson(ctx, entries)}::text::jsonb)`;
}

/** The argument of the SQL function `audit_append`, for statements that pipeline it themselves. */
export function auditJson(ctx: Omit<TxCtx, "tx" | "db">, entries: readonly AuditEntry[]): string {
  const shared = {
    at: ctx.clock.now().toISOString(),
    actorKind: ctx.actor.kind,
    actorId: actorId(ctx.actor),
    actorName: ctx.actor.name,
    requestId: ctx.requestId,
    ip: ctx.ip ?? null,
  };
  return JSON.stringify(
    entries.map((entry) => ({
      ...shared,
      action: entry.action,
      subjectKind: entry.subject.kind,
      subjectId: entry.subject.id,
      partyId: entry.partyId ?? null,
      data: entry.data ?? {},
    })),
    (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value),
  );
}
