import type { z } from "zod";
import { rawSql } from "@/db/client";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { CHINESE_SOURCE, CHINESE_YEARS, chineseDays } from "./chinese";
import { addYearInput, removeDayInput, saveDayInput } from "./edit-schemas";

export interface CalendarYear {
  year: number;
  /** `chinese-days`, or who entered it. */
  source: string;
  holidays: number;
  madeUp: number;
}
export interface YearDay {
  day: string;
  working: boolean;
  name: string;
}

/** Years with data, the latest first, and those whose published days could be taken over. */
export async function listYears(ctx: Ctx): Promise<{ years: CalendarYear[]; published: number[] }> {
  requirePermission(ctx, "calendar:read");
  return withTransaction(ctx, async ({ tx, tenant }) => {
    const rows = await rawSql(tx)<{ year: number; source: string; holidays: bigint; made_up: bigint }[]>`
      select y.year, y.source, count(*) filter (where d.working = 'no') as holidays, count(*) filter (where d.working = 'yes') as made_up
      from calendar_years y left join calendar_days d on d.tenant_id = y.tenant_id
        and d.day >= make_date(y.year, 1, 1) and d.day <= make_date(y.year, 12, 31)
      where y.tenant_id = ${tenant.id} group by 1, 2 order by 1 desc`;
    const years = rows.map((row) => ({
      year: row.year,
      source: row.source,
      holidays: Number(row.holidays),
      madeUp: Number(row.made_up),
    }));
    const known = new Set(years.map((y) => y.year));
    return { years, published: CHINESE_YEARS.filter((y) => !known.has(y)) };
  });
}

/** The days of a year that differ from the plain week. Throws CALENDAR_YEAR_MISSING. */
export async function getYear(ctx: Ctx, year: number): Promise<{ source: string; days: YearDay[] }> {
  requirePermission(ctx, "calendar:read");
  return withTransaction(ctx, async (ctx) => {
    const source = await requireYear(ctx, year);
    const rows = await rawSql(ctx.tx)<{ day: string; working: "yes" | "no"; name: string }[]>`
      select day::text as day, working, name from calendar_days
      where tenant_id = ${ctx.tenant.id} and day between make_date(${year}::int, 1, 1) and make_date(${year}::int, 12, 31) order by day`;
    return { source, days: rows.map((row) => ({ ...row, working: row.working === "yes" })) };
  });
}

/** Adds a year: from then on business days are counted in it. Throws CONFLICT if it is there. */
export async function addYear(ctx: Ctx, input: z.input<typeof addYearInput>): Promise<void> {
  requirePermission(ctx, "calendar:write");
  const { year, from } = addYearInput.parse(input);
  const days = from === "plain" ? [] : chineseDays(year);
  if (!days) throw new DomainError("CALENDAR_YEAR_MISSING", { year });
  await withTransaction(ctx, async (ctx) => {
    const source = from === "plain" ? ctx.actor.name : CHINESE_SOURCE;
    const added = await insertYears(ctx, [{ year, source, days }]);
    if (added === 0) throw new DomainError("CONFLICT", { year });
    await record(ctx, {
      action: "calendar.year_added",
      subject: { kind: "calendar", id: String(year) },
      data: { source, days: days.length },
    });
  });
}

/** Makes a day differ from the plain week. Money that is posted already keeps its due date. */
export async function saveDay(ctx: Ctx, input: z.input<typeof saveDayInput>): Promise<void> {
  requirePermission(ctx, "calendar:write");
  const { day, working, name } = saveDayInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    await requireYear(ctx, Number(day.slice(0, 4)));
    await rawSql(ctx.tx)`
      insert into calendar_days (tenant_id, day, working, name) values (${ctx.tenant.id}, ${day}, ${working ? "yes" : "no"}, ${name})
      on conflict (tenant_id, day) do update set working = excluded.working, name = excluded.name`;
    await record(ctx, {
      action: "calendar.day_saved",
      subject: { kind: "calendar", id: day },
      data: { working, name },
    });
  });
}

/** Makes a day plain again. Throws NOT_FOUND. */
export async function removeDay(ctx: Ctx, input: z.input<typeof removeDayInput>): Promise<void> {
  requirePermission(ctx, "calendar:write");
  const { day } = removeDayInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const removed = await rawSql(ctx.tx)`
      delete from calendar_days where tenant_id = ${ctx.tenant.id} and day = ${day} returning day`;
    if (removed.length === 0) throw new DomainError("NOT_FOUND", { noun: "calendar_day" });
    await record(ctx, { action: "calendar.day_removed", subject: { kind: "calendar", id: day } });
  });
}

/** Fills a new tenant's calendar with every published year of China. Adds nothing to years it has. */
export async function seedChineseCalendar(ctx: Ctx): Promise<void> {
  requirePermission(ctx, "calendar:write");
  const years = CHINESE_YEARS.map((year) => ({
    year,
    source: CHINESE_SOURCE,
    days: chineseDays(year) ?? [],
  }));
  await withTransaction(ctx, async (ctx) => {
    const added = await insertYears(ctx, years);
    if (added === 0) return;
    await record(ctx, {
      action: "calendar.seeded",
      subject: { kind: "calendar", id: CHINESE_SOURCE },
      data: { years: added },
    });
  });
}

async function requireYear(ctx: TxCtx, year: number): Promise<string> {
  const [row] = await rawSql(ctx.tx)<{ source: string }[]>`
    select source from calendar_years where tenant_id = ${ctx.tenant.id} and year = ${year}`;
  if (!row) throw new DomainError("CALENDAR_YEAR_MISSING", { year });
  return row.source;
}

async function insertYears(
  ctx: TxCtx,
  years: readonly { year: number; source: string; days: readonly YearDay[] }[],
): Promise<number> {
  const sql = rawSql(ctx.tx);
  const added = await sql<{ year: number }[]>`
    insert into calendar_years (tenant_id, year, source)
    select ${ctx.tenant.id}, year, source
    from unnest(${years.map((y) => y.year)}::int[], ${years.map((y) => y.source)}::text[]) as n (year, source)
    on conflict do nothing returning year`;
  const isNew = new Set(added.map((row) => row.year));
  const days = years.filter((y) => isNew.has(y.year)).flatMap((y) => y.days);
  await sql`
    insert into calendar_days (tenant_id, day, working, name)
    select ${ctx.tenant.id}, day, working, name
    from unnest(${days.map((d) => d.day)}::date[], ${days.map((d) => (d.working ? "yes" : "no"))}::text[],
      ${days.map((d) => d.name)}::text[]) as n (day, working, name)
    on conflict do nothing`;
  return added.length;
}
