import { isDeepStrictEqual } from "node:util";
import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";

/** One at a time in a tenant, until the transaction ends. What is edited by hand and seldom needs nothing finer. */
export async function lockTenant(ctx: TxCtx, what: "tiers" | "uplines" | "prices" | "shops"): Promise<void> {
  const key = `pricing.${what}/${ctx.tenant.id}`;
  await rawSql(ctx.tx)`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`;
}

/** `{ field: { from, to } }` for what differs, as audit rows keep it; null if nothing does. */
export function changesOf<T extends object>(
  before: T,
  after: Partial<T>,
): Record<string, { from: unknown; to: unknown }> | null {
  const changes: Record<string, { from: unknown; to: unknown }> = {};
  for (const [field, to] of Object.entries(after)) {
    const from = (before as Record<string, unknown>)[field];
    if (to !== undefined && !isDeepStrictEqual(from, to)) changes[field] = { from: from ?? null, to };
  }
  return Object.keys(changes).length > 0 ? changes : null;
}

/** Versions of a record are told apart even within a millisecond. */
export function laterThan(before: Date, ctx: TxCtx): Date {
  return new Date(Math.max(ctx.clock.now().getTime(), before.getTime() + 1));
}
