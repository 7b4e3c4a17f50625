import { type RawSql, rawSql } from "@/db/client";
import type { Ctx, Tenant } from "@/server/core/context";
import { salesOf, sidesOf } from "./rollup";

/** The books at one moment: roll-ups, and the trades they have not taken in yet. */
export interface Snapshot {
  sql: RawSql;
  tenant: Tenant;
  currency: string;
  /** Trades not rolled up yet, in the columns of `trade_days`. */
  newSales: ReturnType<typeof salesOf>;
  /** Sides of transfers not rolled up yet. */
  newSides: ReturnType<typeof sidesOf>;
}

/**
 * Reads everything of an overview in one snapshot, so that its numbers agree with one another and a roll-up at the
 * same time makes no trade count twice. A transaction of its own: nothing uncommitted is reported.
 */
export async function withSnapshot<T>(
  ctx: Ctx,
  currency: string,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const { tenant } = ctx;
  return ctx.db.orm.transaction(
    async (tx) => {
      const sql = rawSql(tx);
      const tenantSet = sql`select set_config('kaqing.tenant_id', ${tenant.id}, true)`.execute();
      const [, [mark]] = await Promise.all([
        tenantSet,
        sql<{ xid: bigint }[]>`select xid from rollup_marks where tenant_id = ${tenant.id}`,
      ]);
      const isNew = sql`d.xid >= ${(mark?.xid ?? 0n).toString()}::text::xid8`;
      return work({
        sql,
        tenant,
        currency,
        newSales: salesOf(sql, tenant, isNew),
        newSides: sidesOf(sql, tenant, isNew),
      });
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}
