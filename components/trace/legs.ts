import type { Explanation, FundingPart, Movement, Trace, TraceLeg, Transfer } from "./types";

/** What belongs together in an explanation: transfers, the legs that made them, and the funding behind these. */

/** The computed leg that a transfer was posted for, or that a reversal's transfer mirrors; null of what no rule made. */
export function legOf({ trace }: Pick<Explanation, "trace">, transfer: Transfer): TraceLeg | null {
  const mirrored = transfer.reverses !== null;
  const [debit, credit] = mirrored ? [transfer.credit, transfer.debit] : [transfer.debit, transfer.credit];
  const named = trace?.legs.filter(({ code, note }) => code === transfer.leg && note === null) ?? [];
  const sameSides = named.find(
    (leg) => leg.debit?.partyId === debit.party.id && leg.credit?.partyId === credit.party.id,
  );
  return sameSides ?? (mirrored ? named[0] : undefined) ?? null;
}

/** The part of the discount that a subsidy passes on, where the reader may know it. */
export function fundingOf(trace: Trace | null, leg: TraceLeg): FundingPart | null {
  if (leg.kind !== "funding") return null;
  return (
    trace?.funding.find(({ party, partyId }) => party === leg.from || partyId === leg.debit?.partyId) ?? null
  );
}

/** The transfers of one leg; without a leg, all that concern the reader. */
export function transfersOf(explanation: Explanation, leg: string | undefined): readonly Transfer[] {
  return leg === undefined
    ? explanation.transfers
    : explanation.transfers.filter((transfer) => transfer.leg === leg);
}

/** What a refund or a true-up did to the months, as far as it concerns these transfers; without a leg, all of it. */
export function movementsOf(explanation: Explanation, leg: string | undefined): Explanation["fees"] {
  const own = leg === undefined || leg === "fee.true_up" || leg === "fee.walk_back";
  return own ? explanation.fees : explanation.fees.filter((movement) => movement.leg === leg);
}

/** A true-up of a month's fee: it sells nothing. */
export function isTrueUp({ trade, fees }: Pick<Explanation, "trade" | "fees">): boolean {
  return trade.kind === "adjustment" && fees.length > 0;
}

const MOVES_ONLY: readonly string[] = ["payout", "top_up", "payment", "adjustment"];

/** Whether something was sold or used: an order, what was paid and a rule belong to it, and to no payout or top-up. */
export function sells({ trade }: Pick<Explanation, "trade">): boolean {
  return !MOVES_ONLY.includes(trade.kind);
}

/** What a trade's reason is: the bank's reference of money that was sent or came, else why it was made. */
export function reasonLabel({ trade }: Pick<Explanation, "trade">): "bankReference" | "reason" {
  return trade.kind === "payout" || trade.kind === "top_up" ? "bankReference" : "reason";
}

/** The page of a trade: a redemption and what belongs to it have their own, where the reader may open it. */
export function tradeHref(
  { trade, reversalOf }: Pick<Explanation, "trade" | "reversalOf">,
  { redemptions, id = trade.id }: { redemptions: boolean; id?: string },
): string {
  const isRedemption = trade.orderId === null && (trade.kind === "redemption" || reversalOf !== null);
  return isRedemption && redemptions ? `/redemptions/${id}` : `/trades/${id}`;
}

/** What went back beside the mirrored part (negative: was charged again); only graduated months walk back at once. */
export function besidesOf(
  method: Movement["schedule"]["method"],
  besides: bigint,
  money: (amount: bigint) => string,
): { way: "none" | "back" | "again" | "later" | "plain"; amount: string } {
  if (method !== "graduated") return { way: method === "volume" ? "later" : "plain", amount: "" };
  if (besides === 0n) return { way: "none", amount: "" };
  return besides > 0n ? { way: "back", amount: money(besides) } : { way: "again", amount: money(-besides) };
}
