import type { FeePlan } from "./schedule";
import type { FeeAppliesTo, FeeRole } from "./schemas";

/**
 * Which fee schedule prices a party's leg: one that names the party wins over one for its tier, this over one for
 * everyone; then the newest. Pure: the same versions, party and instant always choose the same one.
 */

/** A version of a fee schedule, ready to price. In force until the schedule's next version begins. */
export interface ScheduleInForce {
  /** Of the version. */
  id: string;
  scheduleId: string;
  number: string;
  name: string;
  version: number;
  role: FeeRole;
  leg: string;
  currency: string;
  effectiveFrom: Date;
  effectiveTo?: Date | null;
  appliesTo: FeeAppliesTo;
  plan: FeePlan;
}

/** Who is priced, for which leg. */
export interface FeeQuestion {
  role: FeeRole;
  leg: string;
  currency: string;
  partyId: string;
  /** Of a distributor. */
  tier?: string | null;
}

/** Why a schedule applies. */
export type FeeReason = "party" | "tier" | "everyone";

export interface ScheduleSet {
  readonly size: number;
  find(question: FeeQuestion, at: Date): { schedule: ScheduleInForce; because: FeeReason } | null;
  /** The version with this id, whether it is in force or not. */
  version(id: string): ScheduleInForce | undefined;
  /** The version of a schedule that is in force at an instant. */
  ofSchedule(scheduleId: string, at: Date): ScheduleInForce | null;
}

interface Ranked {
  schedule: ScheduleInForce;
  from: number;
  until: number;
}

/** Who has schedules of their own for a leg, and what everyone has; newest first. */
interface Answers {
  parties: Map<string, Ranked[]>;
  tiers: Map<string, Ranked[]>;
  everyone: Ranked[];
}

function getOrMake<T>(map: Map<string, T>, key: string, make: () => T): T {
  let found = map.get(key);
  if (found === undefined) {
    found = make();
    map.set(key, found);
  }
  return found;
}

export function scheduleSet(versions: readonly ScheduleInForce[]): ScheduleSet {
  const answers = new Map<string, Answers>();
  const all = rank(versions);
  for (const ranked of all) {
    const { role, leg, currency, appliesTo } = ranked.schedule;
    const { parties, tiers, everyone } = getOrMake(answers, keyOf(role, leg, currency), () => ({
      parties: new Map(),
      tiers: new Map(),
      everyone: [],
    }));
    for (const party of appliesTo.parties) getOrMake(parties, party, () => []).push(ranked);
    for (const tier of appliesTo.tiers) getOrMake(tiers, tier, () => []).push(ranked);
    if (appliesTo.everyone) everyone.push(ranked);
  }
  const inForce = (list: readonly Ranked[] | undefined, now: number) =>
    list?.find(({ from, until }) => from <= now && now < until)?.schedule;
  const byId = new Map(versions.map((version) => [version.id, version]));
  return {
    size: versions.length,
    find({ role, leg, currency, partyId, tier }, at) {
      const now = at.getTime();
      const lists = answers.get(keyOf(role, leg, currency));
      if (!lists) return null;
      const own = inForce(lists.parties.get(partyId), now);
      if (own) return { schedule: own, because: "party" };
      const ofTier = tier ? inForce(lists.tiers.get(tier), now) : undefined;
      if (ofTier) return { schedule: ofTier, because: "tier" };
      const any = inForce(lists.everyone, now);
      return any ? { schedule: any, because: "everyone" } : null;
    },
    version: (id) => byId.get(id),
    ofSchedule(scheduleId, at) {
      const now = at.getTime();
      return (
        all.find(
          ({ schedule, from, until }) => schedule.scheduleId === scheduleId && from <= now && now < until,
        )?.schedule ?? null
      );
    },
  };
}

/** A channel has one fee, whatever a rule calls it. */
const keyOf = (role: FeeRole, leg: string, currency: string) =>
  `${role}/${role === "channel" ? "" : leg}/${currency}`;

/** Newest first, each with the time it is in force. */
function rank(versions: readonly ScheduleInForce[]): Ranked[] {
  const newest = [...versions].sort(
    (a, b) => b.effectiveFrom.getTime() - a.effectiveFrom.getTime() || (a.id < b.id ? 1 : -1),
  );
  const next = new Map<string, number>();
  return newest.map((schedule) => {
    const from = schedule.effectiveFrom.getTime();
    const until = Math.min(
      next.get(schedule.scheduleId) ?? Number.POSITIVE_INFINITY,
      schedule.effectiveTo?.getTime() ?? Number.POSITIVE_INFINITY,
    );
    next.set(schedule.scheduleId, from);
    return { schedule, from, until };
  });
}
