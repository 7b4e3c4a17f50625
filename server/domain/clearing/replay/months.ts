import type { FeeLookup, LegOutcome } from "../engine";
import { type FeePosition, MONTH_BEGINS, trueUp } from "../fees/schedule";
import type { FeeRole } from "../fees/schemas";
import type { FeeReason, ScheduleInForce } from "../fees/select";
import { copied } from "./copied";
import type { MonthAt } from "./sums";

/** The schedule that prices a party's leg of the trade at hand. */
export type ChooseSchedule = (
  leg: string,
  role: FeeRole,
  partyId: string,
) => { schedule: ScheduleInForce; because: FeeReason | null } | null;

interface Month {
  schedule: ScheduleInForce;
  partyId: string;
  role: FeeRole;
  pays: boolean;
  period: string;
  position: FeePosition;
}

/** Months of parties as fee schedules count them, in memory: trades have to come in the order they were traded. */
export class MonthBook {
  readonly #months = new Map<string, Month>();

  /** What `TradeFacts.fees` asks of the next trade, of this month. */
  lookup(period: string, choose: ChooseSchedule): FeeLookup {
    return (leg, role, partyId) => {
      const found = choose(leg, role, partyId);
      if (!found) return null;
      const month = this.#months.get(nameOf(found.schedule.scheduleId, partyId, period));
      return { ...found, period, before: month?.position ?? MONTH_BEGINS };
    };
  }

  /** Counts a trade that was computed. */
  count(legs: readonly LegOutcome[]): void {
    for (const { fee } of legs) {
      if (!fee) continue;
      const { schedule, partyId, role, pays, period, charge } = fee;
      const name = nameOf(schedule.scheduleId, partyId, period);
      const month = this.#months.get(name);
      if (month) {
        month.schedule = schedule;
        month.position = charge.after;
      } else {
        const own = copied(partyId);
        this.#months.set(copied(name), {
          schedule,
          partyId: own,
          role,
          pays,
          period,
          position: charge.after,
        });
      }
    }
  }

  /** What is charged or given back when the months are over, of those that `counts` lets through; `amount` as the party has it. */
  *trueUps(
    counts: (period: string) => boolean,
  ): Generator<{ partyId: string; currency: string; amount: bigint }> {
    for (const { schedule, partyId, pays, period, position } of this.#months.values()) {
      if (!counts(period)) continue;
      const more = trueUp(schedule.plan, position);
      if (more !== 0n) yield { partyId, currency: schedule.currency, amount: pays ? -more : more };
    }
  }
}

const nameOf = (scheduleId: string, partyId: string, period: string) => `${scheduleId}/${partyId}/${period}`;

/** Where the months of a trade stood before it, to trace it by. */
export function monthsAt(legs: readonly LegOutcome[]): MonthAt[] {
  return legs.flatMap(({ leg, fee }) =>
    fee
      ? [
          {
            leg: leg.definition.code,
            partyId: fee.partyId,
            version: fee.schedule.id,
            period: fee.period,
            volume: `${fee.before.volume}`,
            count: fee.before.count,
            charged: `${fee.before.charged}`,
          },
        ]
      : [],
  );
}

/** The same as the lookup that it was computed with. */
export function lookupAt(
  months: readonly MonthAt[],
  versions: (id: string) => ScheduleInForce | undefined,
): FeeLookup {
  return (leg, _role, partyId) => {
    const at = months.find((month) => month.leg === leg && month.partyId === partyId);
    const schedule = at && versions(at.version);
    if (!at || !schedule) return null;
    const { period, count } = at;
    return {
      schedule,
      because: null,
      period,
      before: { volume: BigInt(at.volume), count, charged: BigInt(at.charged) },
    };
  };
}
