import type { DomainError } from "@/server/core/errors";
import type { OrderFlag } from "./schemas";
import type { StoredLine, StoredOrder, StoredPayment } from "./stored-order";
import type { PaymentFact } from "./types";

/** Why an order whose money is there cannot be delivered. */
export interface Stuck {
  flag: OrderFlag;
  cause: DomainError;
}

/**
 * What becomes of money that came:
 * - known: told before, nothing changes
 * - pay: it pays the order, which is delivered
 * - stuck: it pays the order, and there is nothing to deliver: held, the order is flagged
 * - duplicate: the order is paid, or over: held and sent back
 * - late: the order had expired and its keys are gone: held and sent back
 * - wrong_amount: held, the order is flagged
 */
export type Verdict = "known" | "pay" | "stuck" | "duplicate" | "late" | "wrong_amount";

export interface Judged {
  fact: PaymentFact;
  attempt: StoredPayment;
  order: StoredOrder;
  lines: readonly StoredLine[];
  verdict: Verdict;
  /** The row of `payments` that takes it: the attempt's own, or a new one for money that came again under it. */
  isFirstOfAttempt: boolean;
  stuck: Stuck | null;
}

/** Pure: of the order as it is locked, its payments, and what was judged before in the same transaction. */
export function judge(
  fact: PaymentFact,
  attempt: StoredPayment,
  order: StoredOrder,
  payments: readonly StoredPayment[],
  before: readonly Judged[],
  stuck: Stuck | null,
): Omit<Judged, "lines"> {
  const sameOrder = before.filter((one) => one.order.id === order.id);
  const isKnown =
    payments.some((p) => p.channelId === fact.channelId && p.transactionId === fact.transactionId) ||
    sameOrder.some(
      (one) => one.fact.channelId === fact.channelId && one.fact.transactionId === fact.transactionId,
    );
  const isFirstOfAttempt =
    attempt.transactionId === null &&
    !sameOrder.some((one) => one.attempt.id === attempt.id && one.isFirstOfAttempt);
  const made = { fact, attempt, order, isFirstOfAttempt: isFirstOfAttempt && !isKnown, stuck };
  if (isKnown) return { ...made, verdict: "known" };

  const isTaken =
    payments.some((p) => p.outcome === "accepted" || p.outcome === "wrong_amount") ||
    sameOrder.some(({ verdict }) => verdict !== "known");
  const isOpen = order.state === "pending" || order.state === "expired";
  if (isTaken || !isOpen) return { ...made, verdict: "duplicate" };
  if (fact.amount !== order.total) return { ...made, verdict: "wrong_amount" };
  if (!stuck) return { ...made, verdict: "pay" };
  // Nothing of an expired order is held for it: its money goes back by itself, as any late money without a card.
  return {
    ...made,
    verdict: order.state === "expired" && stuck.flag === "NOTHING_TO_DELIVER" ? "late" : "stuck",
  };
}
