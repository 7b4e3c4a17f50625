import { DomainError } from "@/server/core/errors";

/**
 * A token bucket per key, in this process: it keeps one integrator from starving the others on a server.
 * Generous; KAQING_API_RATE sets requests per second and key (0 lifts the limit), KAQING_API_BURST the bucket.
 */
export class RateLimit {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(
    readonly perSecond: number,
    readonly burst: number,
  ) {}

  static fromEnvironment(env: NodeJS.ProcessEnv = process.env): RateLimit {
    const perSecond = positive(env.KAQING_API_RATE, 1_000);
    return new RateLimit(perSecond, positive(env.KAQING_API_BURST, Math.max(2 * perSecond, 1)));
  }

  /** Takes one token. Throws RATE_LIMITED with the seconds to wait. */
  take(key: string, now: number = Date.now()): void {
    if (this.perSecond === 0) return;
    const bucket = this.#buckets.get(key);
    if (!bucket) {
      if (this.#buckets.size >= 10_000) this.#forgetFull(now);
      this.#buckets.set(key, { tokens: this.burst - 1, at: now });
      return;
    }
    const elapsed = Math.max(0, now - bucket.at) / 1_000;
    bucket.tokens = Math.min(this.burst, bucket.tokens + elapsed * this.perSecond);
    bucket.at = now;
    if (bucket.tokens < 1) {
      throw new DomainError("RATE_LIMITED", { seconds: Math.ceil((1 - bucket.tokens) / this.perSecond) });
    }
    bucket.tokens -= 1;
  }

  #forgetFull(now: number): void {
    const refill = (this.burst / this.perSecond) * 1_000;
    for (const [key, bucket] of this.#buckets) if (now - bucket.at >= refill) this.#buckets.delete(key);
  }
}

function positive(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return text !== undefined && text !== "" && Number.isFinite(value) && value >= 0 ? value : otherwise;
}
