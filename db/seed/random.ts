/** A seeded source of chance (mulberry32): the same seed, the same story. Not for secrets. */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }
  chance(probability: number): boolean {
    return this.next() < probability;
  }
  pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.next() * list.length)];
    if (found === undefined) throw new Error("nothing to pick from");
    return found;
  }
  /** By weights. */
  weighted<T>(list: readonly T[], weightOf: (one: T) => number): T {
    const total = list.reduce((sum, one) => sum + weightOf(one), 0);
    let left = this.next() * total;
    for (const one of list) {
      left -= weightOf(one);
      if (left < 0) return one;
    }
    return this.pick(list);
  }
}
