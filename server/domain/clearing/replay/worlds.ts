import type { FundingShare } from "@/db/schema/types";
import { type DomainError, isDomainError } from "@/server/core/errors";
import { evaluate, type LegOutcome, type Plan } from "../engine";
import { type FeeReason, type ScheduleInForce, type ScheduleSet, scheduleSet } from "../fees/select";
import { SCOPE_FIELDS, type ScopeField } from "../rules";
import type { RuleScope, TradeKind } from "../schemas";
import type { Candidate } from "./candidate";
import { type ChooseSchedule, MonthBook, monthsAt } from "./months";
import { type PastTrade, pastFacts } from "./read";
import type { MonthsAt } from "./sums";

/** What a replay has to know of a rule that cleared past trades. */
export interface PastRule {
  ruleId: string;
  scope: RuleScope;
  priority: number;
  plan: Plan;
}

export type Played =
  | { before: LegOutcome[] /** Null: the same legs. */; after: LegOutcome[] | null }
  /** It cannot be computed as it was (`before`), or as it would be. */
  | { refused: "before" | "after"; error: DomainError };

/**
 * Past trades, computed as they were cleared and as they would be with the candidate in force from the beginning,
 * newer than everything else. Pure but for the months that it counts: trades have to come in their order.
 *
 * Where fee schedules price them, both worlds count the months anew over the same trades, so that what differs comes
 * from the candidate alone.
 */
export class Worlds {
  readonly #before = new MonthBook();
  readonly #after = new MonthBook();
  readonly #counts: boolean;
  /** Schedules without the one that is tried. */
  readonly #others: ScheduleSet;

  constructor(
    private readonly known: {
      platform: string;
      candidate: Candidate;
      /** By version id. */
      rules: ReadonlyMap<string, PastRule>;
      /** What clears a trade that no rule did. */
      unruled: Plan;
      schedules: ScheduleSet;
      published: readonly ScheduleInForce[];
      funding: ReadonlyMap<string, readonly FundingShare[]>;
    },
  ) {
    const { candidate, schedules, published } = known;
    const own = candidate.subject === "fee" ? candidate.schedule.scheduleId : null;
    this.#others = scheduleSet(published.filter(({ scheduleId }) => scheduleId !== own));
    this.#counts = schedules.size > 0 || candidate.subject === "fee";
  }

  /** `period`: the month of the trade, "2026-11". */
  play(trade: PastTrade, period: string): Played {
    const { candidate, platform, funding } = this.known;
    const before = trade.ruleVersionId ? this.known.rules.get(trade.ruleVersionId) : undefined;
    const plan = before?.plan ?? this.known.unruled;
    const tried =
      candidate.subject === "rule" && clearsTrade(candidate, trade, before) ? candidate.plan : plan;
    let side: "before" | "after" = "before";
    try {
      const facts = pastFacts(platform, trade, funding);
      if (!this.#counts || (plan.priced.length === 0 && tried.priced.length === 0)) {
        const { legs } = evaluate(plan, facts);
        if (tried === plan) return { before: legs, after: null };
        side = "after";
        return { before: legs, after: evaluate(tried, facts).legs };
      }
      const asCleared = this.#asCleared(trade);
      facts.fees = this.#before.lookup(period, asCleared);
      const { legs } = evaluate(plan, facts);
      side = "after";
      facts.fees = this.#after.lookup(period, this.#asTried(trade, asCleared));
      const after = evaluate(tried, facts).legs;
      this.#before.count(legs);
      this.#after.count(after);
      return { before: legs, after };
    } catch (error) {
      if (isDomainError(error)) return { refused: side, error };
      throw error;
    }
  }

  /** Of months that are over: what they are corrected by, in both worlds, by party. */
  *trueUps(counts: (period: string) => boolean) {
    for (const one of this.#before.trueUps(counts)) yield { ...one, world: "before" as const };
    for (const one of this.#after.trueUps(counts)) yield { ...one, world: "after" as const };
  }

  /** The schedules that the trade keeps; where it keeps none, those of its time. */
  #asCleared(trade: PastTrade): ChooseSchedule {
    const { schedules } = this.known;
    const at = new Date(trade.at);
    return (leg, role, partyId) => {
      const kept = trade.fees?.find((fee) => fee.leg === leg && fee.party === partyId);
      const schedule = kept && schedules.version(kept.version);
      if (schedule) return { schedule, because: reasonOf(schedule, partyId, tierOf(trade, partyId)) };
      return schedules.find(
        { role, leg, currency: trade.currency, partyId, tier: tierOf(trade, partyId) },
        at,
      );
    };
  }

  #asTried(trade: PastTrade, asCleared: ChooseSchedule): ChooseSchedule {
    const { candidate } = this.known;
    if (candidate.subject !== "fee") return asCleared;
    const { schedule } = candidate;
    return (leg, role, partyId) => {
      const found = asCleared(leg, role, partyId);
      const isOwn = found?.schedule.scheduleId === schedule.scheduleId;
      const other = isOwn
        ? this.#others.find(
            { role, leg, currency: trade.currency, partyId, tier: tierOf(trade, partyId) },
            new Date(trade.at),
          )
        : found;
      if (
        schedule.role !== role ||
        schedule.currency !== trade.currency ||
        (role !== "channel" && schedule.leg !== leg)
      ) {
        return other;
      }
      const because = reasonOf(schedule, partyId, tierOf(trade, partyId));
      if (because === null) return other;
      return other && RANK[other.because ?? "everyone"] > RANK[because] ? other : { schedule, because };
    };
  }
}

/**
 * Whether the candidate clears a trade. The rule that did was the first of all in force then, so it is enough to be
 * before that one; a candidate is the newest of all.
 */
export function clearsTrade(
  { scope, ruleId, priority }: Candidate & { subject: "rule" },
  trade: PastTrade,
  before: Omit<PastRule, "plan"> | undefined,
): boolean {
  if (scope.tradeKind !== trade.kind) return false;
  for (const field of SCOPE_FIELDS) {
    const wanted = scope[field];
    if (wanted != null && wanted !== FACT[field](trade)) return false;
  }
  if (!before || before.ruleId === ruleId) return true;
  const more = specificity(scope) - specificity(before.scope);
  return more === 0 ? priority >= before.priority : more > 0;
}

const RANK: Record<FeeReason, number> = { party: 3, tier: 2, everyone: 1 };

const partiesOf = new WeakMap<ScheduleInForce, ReadonlySet<string>>();

function reasonOf(schedule: ScheduleInForce, partyId: string, tier: string | null): FeeReason | null {
  const { appliesTo } = schedule;
  let named = partiesOf.get(schedule);
  if (!named) {
    named = new Set(appliesTo.parties);
    partiesOf.set(schedule, named);
  }
  if (named.has(partyId)) return "party";
  if (tier !== null && appliesTo.tiers.includes(tier)) return "tier";
  return appliesTo.everyone ? "everyone" : null;
}

function tierOf({ distributorId, terms }: PastTrade, partyId: string): string | null {
  return partyId === distributorId ? (terms?.tier ?? null) : null;
}

function specificity(scope: RuleScope): number {
  let names = 0;
  for (const field of SCOPE_FIELDS) if (scope[field] != null) names++;
  return names;
}

const FACT: Record<ScopeField, (trade: PastTrade) => string | null> = {
  campaignId: (trade) => trade.campaignId,
  productId: (trade) => trade.productId,
  merchantId: (trade) => trade.merchantId,
  channelId: (trade) => trade.channelId,
  tier: (trade) => trade.terms?.tier ?? null,
};

/** Which months stood where, of what `play` gave. */
export function monthsOfPlayed(
  before: readonly LegOutcome[],
  after: readonly LegOutcome[] | null,
): MonthsAt | null {
  const months = { before: monthsAt(before), after: monthsAt(after ?? before) };
  return months.before.length + months.after.length > 0 ? months : null;
}

/** The kinds of trades that a candidate can change, itself or through the months that it shares with others. */
export function kindsOf(candidate: Candidate, schedules: readonly ScheduleInForce[]): readonly TradeKind[] {
  const role = candidate.subject === "fee" ? candidate.schedule.role : null;
  if (role === "merchant") return ["redemption"];
  if (role === "distributor") return ["card_sale"];
  if (candidate.subject === "rule" && !schedules.some((schedule) => schedule.role === "channel"))
    return [candidate.scope.tradeKind];
  return ["redemption", "card_sale", "stored_value"];
}
