import { and, desc, eq } from "drizzle-orm";
import { feeSchedules, feeScheduleVersions } from "@/db/schema";
import type { TxCtx } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { nextNumber } from "../../parties";
import type { Kind } from "../life";
import { ofSchedule, type VersionRow } from "../versions";
import { monthProblems, scheduleProblems } from "./checks";
import { type FeeDraft, type FeeScope, feeDefinitionOf } from "./schemas";

export type ScheduleRow = typeof feeSchedules.$inferSelect;
export type ScheduleFields = Pick<ScheduleRow, "name"> & FeeScope;

/** Fee schedules, as the life of versions asks for them. */
export const SCHEDULES: Kind<ScheduleRow, ScheduleFields> = {
  noun: "fee_schedule",
  action: "fee",
  async create(ctx, fields) {
    const [number = ""] = await nextNumber(ctx, "fee_schedule", "FS");
    const schedule = {
      tenantId: ctx.tenant.id,
      id: newId(),
      number,
      createdAt: ctx.clock.now(),
      ...fields,
    };
    await ctx.tx.insert(feeSchedules).values(schedule);
    return schedule;
  },
  async change(ctx, id, fields) {
    await ctx.tx.update(feeSchedules).set(fields).where(scheduleIs(ctx, id));
  },
  async lock(ctx, id) {
    const [schedule] = await ctx.tx.select().from(feeSchedules).where(scheduleIs(ctx, id)).for("update");
    return schedule;
  },
  async versions(ctx, of) {
    const rows = await ctx.tx
      .select()
      .from(feeScheduleVersions)
      .where(
        and(
          eq(feeScheduleVersions.tenantId, ctx.tenant.id),
          "id" in of ? eq(feeScheduleVersions.id, of.id) : eq(feeScheduleVersions.scheduleId, of.headId),
        ),
      )
      .orderBy(desc(feeScheduleVersions.version));
    return rows.map(ofSchedule);
  },
  async insert(ctx, { headId, ...version }) {
    await ctx.tx
      .insert(feeScheduleVersions)
      .values({ tenantId: ctx.tenant.id, scheduleId: headId, ...version });
  },
  async update(ctx, id, set) {
    await ctx.tx
      .update(feeScheduleVersions)
      .set(set)
      .where(and(eq(feeScheduleVersions.tenantId, ctx.tenant.id), eq(feeScheduleVersions.id, id)));
  },
  problems: (ctx, schedule, version) => scheduleProblems(ctx, schedule, textOf(version)),
  dateProblems: (ctx, version, from, versions) =>
    monthProblems(ctx, { id: version.id, method: textOf(version).method, from }, versions),
  definitionOf: (schedule, version) => feeDefinitionOf(textOf(version), schedule),
};

const textOf = ({ definition }: VersionRow) => definition as FeeDraft;

function scheduleIs(ctx: TxCtx, id: string) {
  return and(eq(feeSchedules.tenantId, ctx.tenant.id), eq(feeSchedules.id, id));
}
