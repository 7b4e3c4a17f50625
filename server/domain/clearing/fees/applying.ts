import type { z } from "zod";
import { rawSql } from "@/db/client";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { withTransaction } from "@/server/core/transaction";
import { loadSchedules } from "../store";
import { type FeeRole, type FeeScheduleDefinition, feeSchedulesForInput } from "./schemas";
import { type FeeReason, scheduleSet } from "./select";

/** The version in force of a schedule that prices somebody's leg now. */
export interface ApplyingSchedule {
  scheduleId: string;
  versionId: string;
  number: string;
  name: string;
  version: number;
  role: FeeRole;
  leg: string;
  currency: string;
  effectiveFrom: Date;
  definition: FeeScheduleDefinition;
  because: FeeReason;
}

/**
 * The schedules that price a party now, one for each leg and currency, by the choice that clearing makes itself.
 * Without a party: those of somebody who is named nowhere, of the tier if one is given.
 */
export async function feeSchedulesFor(
  ctx: Ctx,
  input: z.input<typeof feeSchedulesForInput>,
): Promise<ApplyingSchedule[]> {
  requirePermission(ctx, "rule:read");
  const asked = feeSchedulesForInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const versions = (await loadSchedules(ctx)).filter(({ role }) => role === asked.role);
    const set = scheduleSet(versions);
    const tier = asked.tier ?? (asked.partyId ? await tierOf(ctx, asked.partyId) : null);
    const now = ctx.clock.now();
    const found = new Map<string, ApplyingSchedule>();
    for (const { role, leg, currency } of versions) {
      if (asked.leg !== undefined && asked.leg !== leg && role !== "channel") continue;
      const choice = set.find({ role, leg, currency, partyId: asked.partyId ?? "", tier }, now);
      if (!choice) continue;
      const version = versions.find(({ id }) => id === choice.schedule.id);
      if (!version) continue;
      const { id: versionId, appliesTo: _, plan: __, effectiveTo: ___, ...schedule } = version;
      found.set(versionId, { ...schedule, versionId, because: choice.because });
    }
    return [...found.values()].sort(
      (a, b) => a.leg.localeCompare(b.leg) || a.currency.localeCompare(b.currency),
    );
  });
}

async function tierOf(ctx: TxCtx, partyId: string): Promise<string | null> {
  const [row] = await rawSql(ctx.tx)<{ tier: string }[]>`
    select tier from distributors where tenant_id = ${ctx.tenant.id} and party_id = ${partyId}`;
  return row?.tier ?? null;
}
