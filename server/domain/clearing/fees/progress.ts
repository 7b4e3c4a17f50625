import { rawSql } from "@/db/client";
import { type Ctx, partyScope, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { currencyExponent } from "@/server/core/money";
import { withSnapshot } from "@/server/core/transaction";
import { monthOf } from "../../calendar";
import { loadRules, loadSchedules } from "../store";
import { lookAtMonths } from "./counters";
import { monthSoFar, type ScheduleName, scheduleName } from "./explain";
import { bandAt, type FeePlan, nextBand, type PlannedBand } from "./schedule";
import { FEE_ROLES, type FeeBand, type FeeRole } from "./schemas";
import { type FeeReason, scheduleSet } from "./select";

/** Where a party's month stands under one fee schedule, and what its next band would bring. Amounts in minor units. */
export interface FeeProgress {
  schedule: ScheduleName;
  because: FeeReason;
  role: FeeRole;
  leg: string;
  currency: string;
  /** The party pays the fee; false: it is paid it. */
  pays: boolean;
  /** "2026-11", of the tenant's zone. */
  period: string;
  bands: FeeBand[];
  volume: bigint;
  count: number;
  charged: bigint;
  /** Of the band that the volume lies in. */
  rate: string;
  /** What the month comes to if nothing more is traded; what differs from `charged` is trued up when it is over. */
  comesTo: bigint;
  next: NextBand | null;
}

export interface NextBand {
  from: bigint;
  rate: string;
  /** Volume that is still missing. */
  missing: bigint;
  /**
   * What the party gains by it (never negative for fees that fall and commissions that rise): of a volume schedule
   * on the whole month, once it gets there; of a graduated one on each further `per`.
   */
  gain: bigint;
  /** Null: on the whole month. */
  per: bigint | null;
}

/** The months that are being counted for the actor's party. */
export async function ownFeeProgress(ctx: Ctx): Promise<FeeProgress[]> {
  requirePermission(ctx, "terms:read");
  const partyId = partyScope(ctx);
  if (partyId === null) throw new DomainError("NOT_FOUND", { noun: "party" });
  return progressOf(ctx, partyId);
}

/** The same of any party, for staff. Throws NOT_FOUND. */
export async function feeProgress(ctx: Ctx, { partyId }: { partyId: string }): Promise<FeeProgress[]> {
  requirePermission(ctx, "rule:read");
  return progressOf(ctx, partyId);
}

function progressOf(ctx: Ctx, partyId: string): Promise<FeeProgress[]> {
  return withSnapshot(ctx, async (ctx) => {
    const party = await roleOf(ctx, partyId);
    if (!party) return [];
    const now = ctx.clock.now();
    const period = monthOf(now, ctx.tenant.timezone);
    const versions = await loadSchedules(ctx);
    const schedules = scheduleSet(versions);
    const legs = await pricedLegs(ctx);
    const questions = new Map(
      versions
        .filter(({ role }) => role === party.role)
        .map(({ role, leg, currency }) => [
          `${leg}/${currency}`,
          { role, leg, currency, partyId, tier: party.tier },
        ]),
    );
    const applying = [...questions.values()].flatMap((question) => {
      // What no rule of the tenant asks for is nobody's month.
      const found = legs.has(question.leg) || party.role === "channel" ? schedules.find(question, now) : null;
      if (!found) return [];
      const ownRate = legs.get(question.leg)?.agreed === true && party.ownRate !== null;
      return ownRate && found.because !== "party" ? [] : [{ ...question, ...found }];
    });
    const keyOf = (scheduleId: string, leg: string) => ({
      scheduleId,
      partyId,
      period,
      pays: legs.get(leg)?.pays ?? party.role === "merchant",
    });
    const months = await lookAtMonths(
      ctx,
      applying.map(({ schedule, leg }) => keyOf(schedule.scheduleId, leg)),
    );
    return applying.flatMap(({ schedule, because, role, leg, currency }): FeeProgress[] => {
      const key = keyOf(schedule.scheduleId, leg);
      const position = months.get(key);
      const month = months.month(key);
      if (!position || !month) return [];
      const { plan } = schedule;
      const { volume, count, charged } = position;
      return [
        {
          schedule: scheduleName(schedule),
          because,
          role,
          leg,
          currency,
          pays: month.pays,
          period,
          bands: plan.bands.map(({ from, rate }) => ({ from: `${from}`, rate })),
          volume,
          count,
          charged,
          rate: bandAt(plan, volume).rate,
          comesTo: monthSoFar(schedule, position),
          next: whatIsNext(plan, volume, month.pays, currency),
        },
      ];
    });
  });
}

const PER = 10_000n;
const MILLION = 1_000_000n;

function whatIsNext(plan: FeePlan, volume: bigint, pays: boolean, currency: string): NextBand | null {
  const next = plan.method === "flat" ? null : nextBand(plan, volume);
  if (!next) return null;
  const whole = plan.method === "volume";
  const per = PER * 10n ** BigInt(currencyExponent(currency));
  const gain = gainOf(bandAt(plan, volume), next, whole ? next.from : per);
  return {
    from: next.from,
    rate: next.rate,
    missing: next.from - volume,
    gain: pays ? gain : -gain,
    per: whole ? null : per,
  };
}

/** What a payer saves of an amount at the next band's rate, rounded down. */
function gainOf(now: PlannedBand, next: PlannedBand, amount: bigint): bigint {
  return (amount * (now.millionths - next.millionths)) / MILLION;
}

interface PricedParty {
  role: FeeRole;
  tier: string | null;
  /** The commission rate agreed with it. */
  ownRate: string | null;
}

async function roleOf(ctx: TxCtx, partyId: string): Promise<PricedParty | null> {
  const [row] = await rawSql(ctx.tx)<{ kind: string; tier: string | null; rate: string | null }[]>`
    select p.kind, d.tier, d.commission_rate as rate from parties p
    left join distributors d on d.tenant_id = p.tenant_id and d.party_id = p.id
    where p.tenant_id = ${ctx.tenant.id} and p.id = ${partyId}`;
  if (!row) throw new DomainError("NOT_FOUND", { noun: "party", id: partyId });
  const role = FEE_ROLES.find((one) => one === row.kind);
  return role ? { role, tier: row.tier, ownRate: row.rate } : null;
}

/** By leg, as the tenant's rules have it: whether the party pays it, and whether its own rate always goes first. */
async function pricedLegs(ctx: TxCtx): Promise<Map<string, { pays: boolean; agreed: boolean }>> {
  const legs = new Map<string, { pays: boolean; agreed: boolean }>();
  for (const { plan } of await loadRules(ctx))
    for (const { definition, scheduled, agreed } of plan.priced)
      if (scheduled)
        legs.set(definition.code, {
          pays: scheduled.pays,
          agreed: agreed && legs.get(definition.code)?.agreed !== false,
        });
  return legs;
}
