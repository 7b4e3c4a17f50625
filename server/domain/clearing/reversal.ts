import { DomainError } from "@/server/core/errors";
import { roundDiv } from "@/server/core/money";
import type { AccountKind } from "@/server/domain/ledger";
import type { TradeFacts } from "./engine";

/**
 * A reversal is an operation on values: the legs of a posted trade and how much of what the customer gave goes
 * back; out come the mirrored legs.
 *
 * Partial refunds telescope. With `p` the customer gave and `R` refunded in all so far, each leg has a cumulative
 * reversed amount A(R) that never falls as R grows, is nothing at R = 0 and the whole leg at R = p. A refund that
 * moves the sum from R to R′ reverses A(R′) − A(R). So the parts of several refunds add up to the whole exactly,
 * whatever their order, their number and their sizes, and never exceed it, leg by leg. The parts depend only on R,
 * never on how it was reached.
 *
 * - Legs that pass on the customer's money (they share one total) are given back so that they always sum to R:
 *   Webster's method, one unit at a time to the leg that is furthest behind. (The largest remainder, which shares
 *   totals elsewhere, may take a unit back from one leg when the total grows; that would make a part negative.)
 * - Every other leg by itself: A(R) = leg × R / p, half up.
 * - A channel's fee comes back only where the channel gives it back.
 */

export interface ReversibleLeg {
  code: string;
  debit: { partyId: string; kind: AccountKind; ref?: string };
  credit: { partyId: string; kind: AccountKind; ref?: string };
  amount: bigint;
  /** The channel pays it of its own, beside what it collected. */
  ofChannel?: boolean;
}

export interface Refund {
  /** What the customer gave: `refundable(facts)`. */
  paid: bigint;
  /** Of that, what earlier reversals of the trade gave back. */
  refundedBefore: bigint;
  /** What is given back now. Where nothing was paid: 0, and the reversal is whole. */
  refund: bigint;
  channelRefundsFee: boolean;
}

/** The posted leg and how it is undone: debit its credit account, credit its debit account. */
export interface ReversedLeg<L extends ReversibleLeg> {
  /** The leg that is mirrored. */
  of: L;
  code: string;
  debit: L["credit"];
  credit: L["debit"];
  amount: bigint;
}

/**
 * What a trade's customer can be given back: the money paid, whoever collected it, and the stored value used.
 * Zero where the order was free; such a trade can only be reversed whole.
 */
export function refundable({ paid, storedValue }: Pick<TradeFacts, "paid" | "storedValue">): bigint {
  return paid + (storedValue?.amount ?? 0n);
}

/**
 * The transfers of a reversal, in the order of the legs; parts of nothing are left out.
 * @throws DomainError TRADE_ALREADY_REVERSED nothing is left to give back · REVERSAL_EXCEEDS_TRADE more than is
 * left · INPUT_INVALID a refund of nothing
 */
export function reverseLegs<L extends ReversibleLeg>(legs: readonly L[], refund: Refund): ReversedLeg<L>[] {
  checkRefund(refund);
  const { paid, refundedBefore } = refund;
  const back = legs.filter((leg) => refund.channelRefundsFee || leg.credit.kind !== "channel_receivable");
  const after = cumulative(back, paid, refundedBefore + refund.refund);
  const before = paid === 0n ? back.map(() => 0n) : cumulative(back, paid, refundedBefore);
  return back.flatMap((leg, i) => {
    const amount = (after[i] ?? 0n) - (before[i] ?? 0n);
    return amount === 0n
      ? []
      : [{ of: leg, code: leg.code, debit: leg.credit, credit: leg.debit, amount } satisfies ReversedLeg<L>];
  });
}

/** Of a reversal, what goes back onto gift cards; the rest of the refund goes back as money. */
export function storedValueOf(reversed: readonly ReversedLeg<ReversibleLeg>[]): bigint {
  let sum = 0n;
  for (const { of, amount } of reversed) if (of.debit.kind === "stored_value") sum += amount;
  return sum;
}

/**
 * Of a total, the part that goes back while refunds grow from `before` to `after` of what was `given`, half up:
 * telescopes like the legs do. Where nothing was given, all of it goes back at once.
 */
export function partBetween(total: bigint, before: bigint, after: bigint, given: bigint): bigint {
  if (given === 0n) return total;
  return roundDiv(total * after, given, "half_up") - roundDiv(total * before, given, "half_up");
}

function checkRefund({ paid, refundedBefore, refund }: Refund): void {
  if (refund < 0n || refundedBefore < 0n) throw new DomainError("INPUT_INVALID", { field: "amount" });
  const left = paid - refundedBefore;
  if (paid > 0n && left <= 0n) throw new DomainError("TRADE_ALREADY_REVERSED", {});
  if (refund > left)
    throw new DomainError("REVERSAL_EXCEEDS_TRADE", { amount: `${refund}`, left: `${left}` });
  if (paid > 0n && refund === 0n) throw new DomainError("INPUT_INVALID", { field: "amount" });
}

/** A(R) of each leg. */
function cumulative(legs: readonly ReversibleLeg[], paid: bigint, refunded: bigint): bigint[] {
  if (refunded === paid) return legs.map(({ amount }) => amount);
  const shared = legs.map(passesOn);
  let total = 0n;
  legs.forEach(({ amount }, i) => {
    if (shared[i]) total += amount;
  });
  // where they are not the whole of what was given (a till took the rest), each stands for itself
  const together = total === paid;
  const webster = together
    ? shareWithoutTakingBack(
        refunded,
        legs.map(({ amount }, i) => (shared[i] ? amount : 0n)),
        total,
      )
    : [];
  return legs.map(({ amount }, i) =>
    together && shared[i] ? (webster[i] ?? 0n) : roundDiv(amount * refunded, paid, "half_up"),
  );
}

/** Whether a leg passes on what the customer gave: collected money, a distributor's wallet, a gift card's balance. */
function passesOn({ debit, ofChannel }: ReversibleLeg): boolean {
  if (ofChannel) return false;
  return debit.kind === "channel_receivable" || debit.kind === "wallet" || debit.kind === "stored_value";
}

/**
 * Webster (Sainte-Laguë) shares of `units` by weight, `units ≤ total = Σ weights`. The k-th unit of a weight w
 * ranks w / (2k − 1); the first `units` of that ranking are handed out, ties to the earlier weight. As the ranking
 * is one for every number of units, no share ever falls when units grow, and at `units = total` each is its weight.
 */
export function shareWithoutTakingBack(units: bigint, weights: readonly bigint[], total: bigint): bigint[] {
  const shares = weights.map((weight) => (total === 0n ? 0n : (weight * units) / total));
  const w = (i: number) => weights[i] ?? 0n;
  const s = (i: number) => shares[i] ?? 0n;
  // whether the next unit of i ranks before the unit numbered `nth` of j
  const before = (i: number, nthOfI: bigint, j: number, nthOfJ: bigint) => {
    const left = w(i) * (2n * nthOfJ - 1n);
    const right = w(j) * (2n * nthOfI - 1n);
    return left > right || (left === right && i < j);
  };
  const places = weights.flatMap((weight, i) => (weight > 0n ? [i] : []));
  const nextToGet = () => places.reduce((best, i) => (before(i, s(i) + 1n, best, s(best) + 1n) ? i : best));
  let left = units;
  for (const share of shares) left -= share;
  for (; left > 0n; left--) {
    const i = nextToGet();
    shares[i] = s(i) + 1n;
  }
  // the floors above may have given someone a unit too early: exchange until the ranking is kept
  while (places.length > 1) {
    const getter = nextToGet();
    const holders = places.filter((i) => s(i) > 0n);
    const [first] = holders;
    if (first === undefined) break;
    const giver = holders.reduce((worst, i) => (before(worst, s(worst), i, s(i)) ? i : worst), first);
    if (giver === getter || !before(getter, s(getter) + 1n, giver, s(giver))) break;
    shares[giver] = s(giver) - 1n;
    shares[getter] = s(getter) + 1n;
  }
  return shares;
}
