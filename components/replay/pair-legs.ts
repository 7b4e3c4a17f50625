import type { TradeTrace } from "@/server/domain/clearing";

type Leg = TradeTrace["legs"][number];

export interface LegPair {
  key: string;
  before: Leg | null;
  after: Leg | null;
}

/** The legs of two traces beside each other, by code and whom they concern, in the order of the second. */
export function pairLegs(before: readonly Leg[], after: readonly Leg[]): LegPair[] {
  const left = keyed(before);
  const right = keyed(after);
  const pairs = [...right].map(([key, leg]): LegPair => ({ key, before: left.get(key) ?? null, after: leg }));
  for (const [key, leg] of left) if (!right.has(key)) pairs.push({ key, before: leg, after: null });
  return pairs;
}

/** What a leg comes to, in minor units; one that is left out, or is not there, to nothing. */
export const amountOf = (leg: Leg | null): bigint => (leg && !leg.note ? BigInt(leg.amount) : 0n);

/** Whether either of the two moves anything. */
export const moves = ({ before, after }: LegPair): boolean =>
  amountOf(before) !== 0n || amountOf(after) !== 0n;

function keyed(legs: readonly Leg[]): Map<string, Leg> {
  const map = new Map<string, Leg>();
  for (const leg of legs) {
    const key = `${leg.code}/${leg.from}/${leg.to}/${leg.from === "fee_bearer" ? (leg.debit?.partyId ?? "") : ""}`;
    let unique = key;
    for (let n = 2; map.has(unique); n++) unique = `${key}/${n}`;
    map.set(unique, leg);
  }
  return map;
}
