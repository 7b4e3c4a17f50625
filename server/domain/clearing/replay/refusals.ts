import type { DomainError } from "@/server/core/errors";
import { copied } from "./copied";

/** Trades that could not be computed, by the code of the error. */
export interface Refused {
  code: string;
  /** `after`: the change cannot clear them; `before`: they cannot be computed as they were cleared. */
  side: "before" | "after";
  count: number;
  examples: { tradeId: string; tradedAt: string; params: Record<string, unknown> }[];
}

const EXAMPLES = 5;

export class Refusals {
  readonly #byCode = new Map<string, Refused>();

  add(
    trade: { id: string; at: number },
    { refused: side, error: { code, params } }: { refused: Refused["side"]; error: DomainError },
  ): void {
    const key = `${side}/${code}`;
    let of = this.#byCode.get(key);
    if (!of) {
      of = { code, side, count: 0, examples: [] };
      this.#byCode.set(key, of);
    }
    of.count++;
    if (of.examples.length < EXAMPLES) {
      of.examples.push({ tradeId: copied(trade.id), tradedAt: new Date(trade.at).toISOString(), params });
    }
  }

  /** The most frequent first. */
  list(): Refused[] {
    return [...this.#byCode.values()].sort((a, b) => b.count - a.count);
  }
}
