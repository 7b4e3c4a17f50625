import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { type BusinessCalendar, businessCalendar } from "./business-days";

const remembered = new Map<string, { revision: bigint; calendar: BusinessCalendar }>();

/**
 * The tenant's calendar. Remembered by this process for as long as the tenant's count of configuration changes
 * stands; pass the `revision` that `openBooks` gave, or it is read.
 */
export async function loadCalendar(ctx: TxCtx, revision?: bigint): Promise<BusinessCalendar> {
  const current = revision ?? (await readRevision(ctx));
  const known = remembered.get(ctx.tenant.id);
  if (known?.revision === current) return known.calendar;
  const sql = rawSql(ctx.tx);
  const [years, days] = await Promise.all([
    sql<{ year: number }[]>`select year from calendar_years where tenant_id = ${ctx.tenant.id}`,
    sql<{ day: string; working: "yes" | "no" }[]>`
      select day::text as day, working from calendar_days where tenant_id = ${ctx.tenant.id}`,
  ]);
  const calendar = businessCalendar(
    years.map(({ year }) => year),
    days.map(({ day, working }) => ({ day, working: working === "yes" })),
  );
  remembered.set(ctx.tenant.id, { revision: current, calendar });
  return calendar;
}

async function readRevision(ctx: TxCtx): Promise<bigint> {
  const [row] = await rawSql(ctx.tx)<{ revision: bigint }[]>`
    select revision from config_revisions where tenant_id = ${ctx.tenant.id}`;
  return row?.revision ?? 0n;
}
