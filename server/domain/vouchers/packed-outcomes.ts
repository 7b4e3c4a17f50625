import { referenceOf } from "@/server/core/ids";
import type { VoucherStatus } from "./schemas";
import type { RedeemOutcome, RedemptionReceipt, Refusal } from "./types";

/**
 * The outcomes of a call as they are kept under its idempotency key. Written out, a hundred receipts are 110 KB of
 * JSON that the database parses and compresses in the transaction of the redemptions: a quarter of its work. By
 * position, with what repeats (names, codes, parties) told once, they are a fifth of that.
 */
export interface PackedOutcomes {
  /** Of this layout. */
  v: 1;
  /** What repeats. */
  words: string[];
  outcomes: (PackedReceipt | Refusal)[];
}
type PackedReceipt = (string | number | null)[];

/** Fields before the legs; three numbers a leg: word of its code, amount, word of its party. */
const FIELDS = 18;

export function packOutcomes(outcomes: readonly RedeemOutcome[]): PackedOutcomes {
  const words: string[] = [];
  const places = new Map<string, number>();
  const word = (text: string): number => {
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, words.length);
    return words.push(text) - 1;
  };
  return {
    v: 1,
    words,
    outcomes: outcomes.map((outcome) => (outcome.ok ? packReceipt(outcome.receipt, word) : outcome.error)),
  };
}

export function unpackOutcomes({ words, outcomes }: PackedOutcomes): RedeemOutcome[] {
  return outcomes.map((one) =>
    Array.isArray(one)
      ? { ok: true, receipt: unpackReceipt(one, (place) => words[Number(place)] ?? "") }
      : { ok: false, error: one },
  );
}

function packReceipt(r: RedemptionReceipt, word: (text: string) => number): PackedReceipt {
  const packed: PackedReceipt = [
    r.redemptionId,
    r.redeemedAt.getTime(),
    r.voucherId,
    word(r.voucherStatus),
    r.usesLeft,
    r.balance === null ? null : amount(r.balance),
    word(r.campaignId),
    word(r.campaignName),
    word(r.merchantId),
    word(r.merchantName),
    r.orderRef,
    word(r.currency),
    amount(r.orderAmount),
    amount(r.discount),
    amount(r.storedValue),
    amount(r.payable),
    amount(r.merchantDue),
    r.undoUntil.getTime(),
  ];
  for (const leg of r.legs) packed.push(word(leg.code), amount(leg.amount), word(leg.partyId));
  return packed;
}

function unpackReceipt(
  p: PackedReceipt,
  word: (place: string | number | null | undefined) => string,
): RedemptionReceipt {
  const redemptionId = String(p[0]);
  const legs: RedemptionReceipt["legs"] = [];
  for (let i = FIELDS; i < p.length; i += 3)
    legs.push({ code: word(p[i]), amount: BigInt(p[i + 1] ?? 0), partyId: word(p[i + 2]) });
  return {
    redemptionId,
    reference: referenceOf("RD", redemptionId),
    redeemedAt: new Date(Number(p[1])),
    voucherId: String(p[2]),
    voucherStatus: word(p[3]) as VoucherStatus,
    usesLeft: Number(p[4]),
    balance: p[5] === null || p[5] === undefined ? null : BigInt(p[5]),
    campaignId: word(p[6]),
    campaignName: word(p[7]),
    merchantId: word(p[8]),
    merchantName: word(p[9]),
    orderRef: p[10] === null || p[10] === undefined ? null : String(p[10]),
    currency: word(p[11]),
    orderAmount: BigInt(p[12] ?? 0),
    discount: BigInt(p[13] ?? 0),
    storedValue: BigInt(p[14] ?? 0),
    payable: BigInt(p[15] ?? 0),
    merchantDue: BigInt(p[16] ?? 0),
    legs,
    undoUntil: new Date(Number(p[17])),
  };
}

/** A JSON number where it is exact, else its text. */
function amount(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
