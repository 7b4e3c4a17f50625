import type {
  Campaign,
  IssuedVoucher,
  Offer,
  RedemptionDetail,
  RedemptionReceipt,
  RedemptionRow,
  ReversalReceipt,
  VoidOutcome,
  VoucherLookup,
} from "../domain/vouchers";
import type { Call } from "./operation";
import { wireAmount } from "./wire";

/** What the verbs answer, as the API says it: amounts as integers, moments as ISO 8601. */

const instant = (date: Date | null) => date?.toISOString() ?? null;
const amountOrNull = (amount: bigint | null) => (amount === null ? null : wireAmount(amount));

export function presentIssued(v: IssuedVoucher) {
  return {
    voucherId: v.voucherId,
    reference: v.reference,
    campaignId: v.campaignId,
    code: v.code,
    walletUrl: new URL(v.walletPath, process.env.NEXTAUTH_URL || "http://localhost:3000").href,
    sourceId: v.sourceId,
    customerId: v.customerId,
    validFrom: instant(v.validFrom),
    validTo: instant(v.validTo),
    balance: amountOrNull(v.balance),
    issuedAt: v.issuedAt.toISOString(),
    existing: v.replayed,
  };
}

export function presentVoucher(v: VoucherLookup) {
  return {
    voucherId: v.voucherId,
    reference: v.reference,
    campaignId: v.campaignId,
    campaignName: v.campaignName,
    type: v.type,
    currency: v.currency,
    verification: v.verification,
    status: v.status,
    validFrom: instant(v.validFrom),
    validTo: instant(v.validTo),
    usesLeft: v.usesLeft,
    balance: amountOrNull(v.balance),
    lockedUntil: instant(v.lockedUntil),
    redeemed: v.redeemed && { at: v.redeemed.at.toISOString(), merchantName: v.redeemed.merchantName },
  };
}

export function presentOffer(o: Offer) {
  return {
    orderAmount: wireAmount(o.orderAmount),
    discount: wireAmount(o.discount),
    storedValue: wireAmount(o.storedValue),
    payable: wireAmount(o.payable),
    balanceAfter: amountOrNull(o.balanceAfter),
  };
}

export function presentReceipt(r: RedemptionReceipt) {
  return {
    redemptionId: r.redemptionId,
    reference: r.reference,
    redeemedAt: r.redeemedAt.toISOString(),
    voucherId: r.voucherId,
    voucherStatus: r.voucherStatus,
    usesLeft: r.usesLeft,
    balance: amountOrNull(r.balance),
    campaignId: r.campaignId,
    campaignName: r.campaignName,
    merchantId: r.merchantId,
    merchantName: r.merchantName,
    orderRef: r.orderRef,
    currency: r.currency,
    orderAmount: wireAmount(r.orderAmount),
    discount: wireAmount(r.discount),
    storedValue: wireAmount(r.storedValue),
    payable: wireAmount(r.payable),
    merchantDue: wireAmount(r.merchantDue),
    legs: r.legs.map((leg) => ({ code: leg.code, amount: wireAmount(leg.amount), partyId: leg.partyId })),
    undoUntil: r.undoUntil.toISOString(),
  };
}

export function presentRedemption(r: RedemptionRow) {
  return {
    redemptionId: r.id,
    reference: r.reference,
    redeemedAt: r.tradedAt.toISOString(),
    bookedAt: r.postedAt.toISOString(),
    merchantId: r.merchantId,
    merchantName: r.merchantName,
    campaignId: r.campaignId,
    campaignName: r.campaignName,
    voucherId: r.voucherId,
    orderRef: r.orderRef,
    currency: r.currency,
    orderAmount: wireAmount(r.gross),
    discount: wireAmount(r.discount),
    storedValue: wireAmount(r.storedValue),
    payable: wireAmount(r.paid),
    merchantDue: amountOrNull(r.merchantDue),
    ownCost: amountOrNull(r.ownCost),
    state: r.state,
    reversedAmount: wireAmount(r.reversedAmount),
  };
}

export function presentDetail(r: RedemptionDetail) {
  return {
    ...presentRedemption(r),
    legs: r.legs.map((leg) => ({
      code: leg.code,
      amount: wireAmount(leg.amount),
      partyId: leg.partyId,
      partyName: leg.partyName,
    })),
    reversals: r.reversals.map((reversal) => ({
      reversalId: reversal.id,
      reference: reversal.reference,
      at: reversal.at.toISOString(),
      amount: wireAmount(reversal.amount),
      reason: reversal.reason,
    })),
  };
}

export function presentReversal(r: ReversalReceipt) {
  return {
    reversalId: r.reversalId,
    reference: r.reference,
    redemptionId: r.redemptionId,
    whole: r.whole,
    amount: wireAmount(r.amount),
    voucherId: r.voucherId,
    voucherStatus: r.voucherStatus,
  };
}

const AMOUNTS = new Set(["amount", "threshold", "ceiling", "minimum", "balance"]);

/** The stored terms keep amounts as text; on the wire they are integers like every other. */
function presentTerms(terms: Campaign["terms"]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(terms).map(([name, value]) => [
      name,
      AMOUNTS.has(name) && typeof value === "string" ? wireAmount(BigInt(value)) : value,
    ]),
  );
}

export function presentCampaign(c: Campaign) {
  return {
    campaignId: c.id,
    number: c.number,
    name: c.name,
    status: c.status,
    type: c.type,
    currency: c.currency,
    terms: presentTerms(c.terms),
    verification: c.verification,
    merchantIds: c.merchantIds,
    productCodes: c.productCodes,
    validFrom: instant(c.validFrom),
    validTo: instant(c.validTo),
    validDays: c.validDays,
    quota: c.quota,
    issued: c.issued,
    perCustomerLimit: c.perCustomerLimit,
  };
}

export function presentVoided(outcomes: readonly VoidOutcome[], refusal: Call["refusal"]) {
  return {
    voided: outcomes.filter((outcome) => outcome.ok).map((outcome) => outcome.voucherId),
    refused: outcomes.flatMap(({ voucherId, error }) =>
      error ? [{ voucherId, refusal: refusal(error.code, error.params) }] : [],
    ),
  };
}
