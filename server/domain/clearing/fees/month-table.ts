/** A party's month under a schedule. */
export interface MonthName {
  scheduleId: string;
  partyId: string;
  /** "2026-11". */
  period: string;
}

/** Values by month. By three maps, not by one of names put together: a name would be made anew for each look. */
export class MonthTable<T> {
  readonly #bySchedule = new Map<string, Map<string, Map<string, T>>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }
  get({ scheduleId, period, partyId }: MonthName): T | undefined {
    return this.#bySchedule.get(scheduleId)?.get(period)?.get(partyId);
  }
  has(month: MonthName): boolean {
    return this.get(month) !== undefined;
  }
  set({ scheduleId, period, partyId }: MonthName, value: T): void {
    let byPeriod = this.#bySchedule.get(scheduleId);
    if (!byPeriod) {
      byPeriod = new Map();
      this.#bySchedule.set(scheduleId, byPeriod);
    }
    let byParty = byPeriod.get(period);
    if (!byParty) {
      byParty = new Map();
      byPeriod.set(period, byParty);
    }
    if (!byParty.has(partyId)) this.#size += 1;
    byParty.set(partyId, value);
  }
  delete({ scheduleId, period, partyId }: MonthName): void {
    if (this.#bySchedule.get(scheduleId)?.get(period)?.delete(partyId)) this.#size -= 1;
  }
  *values(): Generator<T> {
    for (const byPeriod of this.#bySchedule.values())
      for (const byParty of byPeriod.values()) yield* byParty.values();
  }
}
