import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { startOfLocalDate } from "../calendar";
import { closingLock } from "../ledger";
import { refuseProblems } from "./checks";
import type { VersionRow } from "./versions";

/**
 * When versions begin, and when they may not. `noun`: "rule" or "fee_schedule", for the errors.
 */

/** `onDay`: at a given time, not as soon as it is published. */
export interface Beginning {
  effectiveFrom: Date;
  onDay: boolean;
}

export async function beginning(ctx: TxCtx, from: Date | string | undefined): Promise<Beginning> {
  if (from === undefined) return { effectiveFrom: await momentOfPublishing(ctx), onDay: false };
  return {
    effectiveFrom: typeof from === "string" ? startOfLocalDate(from, ctx.tenant.timezone) : from,
    onDay: true,
  };
}

/**
 * When what is published at once begins: behind every trade that is posted. Holds postings back until the end of this
 * transaction, so that none is cleared by what was in force before and made after; called before anything is written.
 */
export async function momentOfPublishing(ctx: TxCtx): Promise<Date> {
  const sql = rawSql(ctx.tx);
  await sql`select pg_advisory_xact_lock(${closingLock(ctx.tenant.id)}::bigint)`;
  const now = ctx.clock.now();
  // A till's clock may be a little ahead.
  const [last] = await sql<{ at: string }[]>`
    select traded_at as at from trades where tenant_id = ${ctx.tenant.id} and traded_at > ${now.toISOString()}::timestamptz
    order by traded_at desc limit 1`;
  return last ? new Date(new Date(last.at).getTime() + 1) : now;
}

/**
 * A version may not begin in the past of anything that was traded: trades keep what was in force at their time. Before
 * the first trade (a tenant that brings its history along) any date will do.
 */
export async function checkNothingTraded(ctx: TxCtx, noun: string, effectiveFrom: Date): Promise<void> {
  if (!isPast(ctx, effectiveFrom)) return;
  const [row] = await rawSql(ctx.tx)<{ one: number }[]>`
    select 1 as one from trades where tenant_id = ${ctx.tenant.id} and traded_at >= ${effectiveFrom.toISOString()}::timestamptz limit 1`;
  if (row) refuseProblems([{ code: "EFFECTIVE_IN_PAST", path: ["effectiveFrom"] }], noun);
}

/** Throws RULE_INVALID. */
export function checkNotPast(ctx: TxCtx, noun: string, effectiveFrom: Date | null): void {
  if (effectiveFrom === null || !isPast(ctx, effectiveFrom)) return;
  refuseProblems([{ code: "EFFECTIVE_IN_PAST", path: ["effectiveFrom"] }], noun);
}

/** A minute's grace, for the time that asking takes. */
function isPast(ctx: TxCtx, moment: Date): boolean {
  return moment.getTime() < ctx.clock.now().getTime() - 60_000;
}

/**
 * Of versions that begin at the same moment the one made last is in force. A draft that was begun before such a one
 * would be published without ever being so: it has to be begun anew, from what is scheduled.
 */
export function checkAfterEqual(
  noun: string,
  version: VersionRow,
  effectiveFrom: Date | null,
  versions: readonly VersionRow[],
): void {
  const later = versions.find(
    (other) =>
      other.state === "scheduled" &&
      other.effectiveFrom?.getTime() === effectiveFrom?.getTime() &&
      other.id > version.id,
  );
  if (later) throw new DomainError("CONFLICT", { noun, version: later.version });
}
