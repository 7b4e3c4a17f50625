import { asc, desc, eq } from "drizzle-orm";
import type { z } from "zod";
import { feeSchedules, feeScheduleVersions } from "@/db/schema";
import { actorId, type Ctx, requirePermission } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../../audit";
import { beginning, checkNothingTraded } from "../begins";
import { refuseProblems } from "../checks";
import { asksForFourEyes } from "../four-eyes";
import { insertSubmitted } from "../life";
import { type DraftView, draftIn, ofSchedule, type VersionView, withStatus } from "../versions";
import { scheduleProblems } from "./checks";
import { SCHEDULES } from "./life";
import { type FeeDraft, type FeeRole, type FeeScheduleDefinition, newFeeSchedule } from "./schemas";

export type FeeVersion = VersionView<FeeScheduleDefinition>;
export type FeeDraftView = DraftView<FeeDraft>;

export interface FeeSchedule {
  id: string;
  number: string;
  name: string;
  role: FeeRole;
  leg: string;
  currency: string;
  /** Newest first; without the draft, and without drafts that were thrown away. */
  versions: FeeVersion[];
  draft: FeeDraftView | null;
}

/** Creates a schedule with its first version, published; in review where the tenant asks for four eyes. Returns its id. */
export async function createFeeSchedule(ctx: Ctx, input: z.input<typeof newFeeSchedule>): Promise<string> {
  requirePermission(ctx, "rule:write");
  if (!asksForFourEyes(ctx)) requirePermission(ctx, "rule:publish");
  const { name, scope, definition, note, ...made } = newFeeSchedule.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const begins = await beginning(ctx, made.effectiveFrom);
    refuseProblems(await scheduleProblems(ctx, scope, definition), SCHEDULES.noun);
    await checkNothingTraded(ctx, SCHEDULES.noun, begins.effectiveFrom);
    const { id, number } = await SCHEDULES.create(ctx, { name, ...scope });
    await insertSubmitted(ctx, SCHEDULES, { headId: id, version: 1, definition, note, ...begins });
    await record(ctx, {
      action: "fee.created",
      subject: { kind: SCHEDULES.noun, id },
      data: { number, name, scope, effectiveFrom: begins.effectiveFrom.toISOString(), definition },
    });
    return id;
  });
}

/** Every schedule with its versions and its draft, by number. */
export async function listFeeSchedules(ctx: Ctx): Promise<FeeSchedule[]> {
  requirePermission(ctx, "rule:read");
  return withTransaction(ctx, async (ctx) => {
    const schedules = await ctx.tx
      .select()
      .from(feeSchedules)
      .where(eq(feeSchedules.tenantId, ctx.tenant.id))
      .orderBy(asc(feeSchedules.number));
    const rows = await ctx.tx
      .select()
      .from(feeScheduleVersions)
      .where(eq(feeScheduleVersions.tenantId, ctx.tenant.id))
      .orderBy(desc(feeScheduleVersions.version));
    const bySchedule = Map.groupBy(rows.map(ofSchedule), ({ headId }) => headId);
    return schedules
      .map(({ tenantId: _, createdAt: __, ...schedule }) => {
        const versions = bySchedule.get(schedule.id) ?? [];
        return {
          ...schedule,
          versions: withStatus<FeeScheduleDefinition>(versions, ctx.clock.now(), actorId(ctx.actor)),
          draft: draftIn<FeeDraft>(versions),
        };
      })
      .filter(({ versions, draft }) => draft !== null || versions.length > 0); // else a draft thrown away
  });
}

/** One schedule with its versions. Throws NOT_FOUND. */
export async function getFeeSchedule(ctx: Ctx, id: string): Promise<FeeSchedule> {
  const schedule = (await listFeeSchedules(ctx)).find((one) => one.id === id);
  if (!schedule) throw new DomainError("NOT_FOUND", { noun: SCHEDULES.noun, id });
  return schedule;
}
