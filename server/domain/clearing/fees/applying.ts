import type { z } from "zod";
import { rawSql } from "@/db/client";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { withTransaction } from "@/server/core/transaction";
import { compileSchedule } from "./schedule";
import {
  type FeeRole,
  type FeeScheduleDefinition,
  feeScheduleDefinition,
  feeSchedulesForInput,
} from "./schemas";
import { type FeeReason, type ScheduleInForce, scheduleSet } from "./select";

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
    const versions = await publishedOf(ctx, asked.role);
    const set = scheduleSet(versions);
    const tier = asked.tier ?? (asked.partyId ? await tierOf(ctx, asked.partyId) : null);
    const now = ctx.clock.now();
    const found = new Map<string, ApplyingSchedule>();
    for (const { role, leg, currency } of versions) {
      if (asked.leg !== undefined && asked.leg !== leg && role !== "channel") continue;
      const choice = set.find({ role, leg, currency, partyId: asked.partyId ?? "", tier }, now);
      if (!choice) continue;
      const { id: versionId, appliesTo: _, plan: __, effectiveTo: ___, ...schedule } = choice.schedule;
      const definition = versions.find(({ id }) => id === versionId)?.definition;
      if (definition) found.set(versionId, { ...schedule, versionId, definition, because: choice.because });
    }
    return [...found.values()].sort(
      (a, b) => a.leg.localeCompare(b.leg) || a.currency.localeCompare(b.currency),
    );
  });
}

interface PublishedRow extends Pick<ScheduleInForce, "id" | "number" | "name" | "version" | "role" | "leg"> {
  schedule_id: string;
  currency: string;
  effective_from: string;
  effective_to: string | null;
  definition: unknown;
}

async function publishedOf(
  ctx: TxCtx,
  role: FeeRole,
): Promise<(ScheduleInForce & { definition: FeeScheduleDefinition })[]> {
  const rows = await rawSql(ctx.tx)<PublishedRow[]>`
    select v.id, v.schedule_id, s.number, s.name, v.version, s.role, s.leg, s.currency, v.effective_from,
      v.effective_to, v.definition
    from fee_schedule_versions v join fee_schedules s on s.tenant_id = v.tenant_id and s.id = v.schedule_id
    where v.tenant_id = ${ctx.tenant.id} and v.state = 'scheduled' and s.role = ${role}`;
  return rows.map(({ schedule_id, effective_from, effective_to, ...row }) => {
    const definition = feeScheduleDefinition.parse(row.definition);
    return {
      ...row,
      scheduleId: schedule_id,
      effectiveFrom: new Date(effective_from),
      effectiveTo: effective_to ? new Date(effective_to) : null,
      definition,
      appliesTo: definition.appliesTo,
      plan: compileSchedule(definition),
    };
  });
}

async function tierOf(ctx: TxCtx, partyId: string): Promise<string | null> {
  const [row] = await rawSql(ctx.tx)<{ tier: string }[]>`
    select tier from distributors where tenant_id = ${ctx.tenant.id} and party_id = ${partyId}`;
  return row?.tier ?? null;
}
