import type { ErrorCode, ErrorParams } from "@/server/core/errors";
import type { FundingShare } from "../clearing/schemas";
import type { CampaignStatus, Verification, VoucherStatus, VoucherTerms, VoucherType } from "./schemas";

/** What the voucher verbs answer. Amounts are bigints of minor units. */

export interface Campaign {
  id: string;
  /** `CP-0007`: what people read. */
  number: string;
  name: string;
  status: CampaignStatus;
  type: VoucherType;
  terms: VoucherTerms;
  currency: string;
  funding: FundingShare[];
  brandId: string | null;
  merchantIds: string[];
  productCodes: string[];
  issueFrom: Date | null;
  issueTo: Date | null;
  validFrom: Date | null;
  validTo: Date | null;
  validDays: number | null;
  quota: number | null;
  issued: number;
  perCustomerLimit: number | null;
  /** Empty for those who are not the house's own staff. */
  audience: string[];
  verification: Verification;
  stackingGroup: string | null;
  usesPerVoucher: number;
  collectedBy: "platform" | "merchant";
  channelId: string | null;
  createdAt: Date;
  updatedAt: Date;
}
export interface CampaignRow extends Campaign {
  brandName: string | null;
  /** Redemptions so far, and the discount they gave less what was reversed. */
  redeemed: number;
  discount: bigint;
}
export interface CampaignResults {
  issued: number;
  /** Redemptions, those reversed later included. */
  redeemed: number;
  /** Reversals, whole or in part. */
  reversals: number;
  /** Worth of the orders, what funders bore and what customers paid, reversals taken off. */
  gross: bigint;
  discount: bigint;
  paid: bigint;
  /** Of a gift card: taken from its balances. */
  storedValue: bigint;
  /** Who bore the discount and what comes with it, the merchants together in one line without a party. */
  costByFunder: { partyId: string | null; name: string; kind: string; amount: bigint }[];
}
export interface CampaignDetail extends Campaign {
  brandName: string | null;
  channelName: string | null;
  /** The first 200 of its merchants by name. */
  merchants: { id: string; number: string; name: string }[];
  results: CampaignResults;
}

export interface IssuedVoucher {
  voucherId: string;
  /** `VC-…`: what people read; not the code. */
  reference: string;
  campaignId: string;
  /** In groups of four. Null for rotating codes: their holder is given the address alone. */
  code: string | null;
  /** Path of the holder's page, e.g. `/w/demo/…`. */
  walletPath: string;
  sourceId: string | null;
  customerId: string | null;
  validFrom: Date | null;
  validTo: Date | null;
  balance: bigint | null;
  issuedAt: Date;
  /** An earlier request's voucher, answered again. */
  replayed: boolean;
}

export interface Refusal {
  code: ErrorCode;
  params: ErrorParams;
}

export interface VoucherLookup {
  voucherId: string;
  reference: string;
  campaignId: string;
  campaignName: string;
  type: VoucherType;
  terms: VoucherTerms;
  currency: string;
  verification: Verification;
  status: VoucherStatus;
  validFrom: Date | null;
  validTo: Date | null;
  usesLeft: number;
  /** Of a gift card. */
  balance: bigint | null;
  lockedUntil: Date | null;
  /** When and where it was last redeemed. */
  redeemed: { at: Date; merchantName: string | null } | null;
  /** What it gives on the order asked about; null without one, or where it is refused. */
  offer: Offer | null;
  /** Why it cannot be redeemed as asked; null when it can. */
  refusal: Refusal | null;
}
export interface Offer {
  orderAmount: bigint;
  discount: bigint;
  /** Taken from a gift card. */
  storedValue: bigint;
  /** What the customer still pays. */
  payable: bigint;
  balanceAfter: bigint | null;
}

export interface VoucherLock {
  voucherId: string;
  lockRef: string;
  lockedUntil: Date;
}

export interface VoucherRow {
  id: string;
  reference: string;
  campaignId: string;
  campaignName: string;
  type: VoucherType;
  currency: string;
  status: VoucherStatus;
  usesLeft: number;
  balance: bigint | null;
  initialBalance: bigint | null;
  /** Null for those who are not the house's own staff. */
  customerId: string | null;
  sourceId: string | null;
  jobId: string | null;
  validFrom: Date | null;
  validTo: Date | null;
  issuedAt: Date;
  redeemedAt: Date | null;
  redeemedBy: { id: string; name: string } | null;
  lockedUntil: Date | null;
}
export interface VoucherDetail extends VoucherRow {
  terms: VoucherTerms;
  verification: Verification;
  redemptions: RedemptionRow[];
}

export interface RedemptionReceipt {
  redemptionId: string;
  /** `RD-…`: what people read. */
  reference: string;
  redeemedAt: Date;
  voucherId: string;
  voucherStatus: VoucherStatus;
  usesLeft: number;
  balance: bigint | null;
  campaignId: string;
  campaignName: string;
  merchantId: string;
  merchantName: string;
  orderRef: string | null;
  currency: string;
  orderAmount: bigint;
  discount: bigint;
  storedValue: bigint;
  payable: bigint;
  /** What the merchant will be paid for it, all legs taken together. */
  merchantDue: bigint;
  legs: { code: string; amount: bigint; partyId: string }[];
  /** Until when the merchant may undo it by itself. */
  undoUntil: Date;
}
/** Of one item of a batch. */
export type RedeemOutcome = { ok: true; receipt: RedemptionReceipt } | { ok: false; error: Refusal };

export interface ReversalReceipt {
  reversalId: string;
  /** `RV-…` */
  reference: string;
  redemptionId: string;
  whole: boolean;
  amount: bigint;
  voucherId: string | null;
  voucherStatus: VoucherStatus | null;
}

export interface RedemptionRow {
  id: string;
  reference: string;
  /** Business time: when it happened. */
  tradedAt: Date;
  /** When it was booked. */
  postedAt: Date;
  merchantId: string | null;
  merchantName: string | null;
  campaignId: string | null;
  campaignName: string | null;
  type: VoucherType | null;
  voucherId: string | null;
  voucherReference: string | null;
  orderRef: string | null;
  currency: string;
  gross: bigint;
  discount: bigint;
  storedValue: bigint;
  paid: bigint;
  /** What the merchant is due of it so far, reversals taken off; null for a brand, whom it does not concern. */
  merchantDue: bigint | null;
  /** What the brand that asks pays of it so far, reversals taken off; null for all others. */
  ownCost: bigint | null;
  state: "standing" | "part_reversed" | "reversed";
  /** Given back so far. */
  reversedAmount: bigint;
  undoUntil: Date;
}
export interface RedemptionDetail extends RedemptionRow {
  collectedBy: "platform" | "merchant";
  legs: { transferId: string; code: string; amount: bigint; partyId: string; partyName: string }[];
  reversals: { id: string; reference: string; at: Date; amount: bigint; reason: string | null }[];
}

/** What a holder sees; never more. */
export interface WalletView {
  tenantName: string;
  /** Of the tenant: what times are shown in. */
  timeZone: string;
  /** When the server said this; a holder's phone may be wrong about the time. */
  asOf: Date;
  campaignName: string;
  type: VoucherType;
  terms: VoucherTerms;
  currency: string;
  verification: Verification;
  status: VoucherStatus;
  validFrom: Date | null;
  validTo: Date | null;
  usesLeft: number;
  reference: string;
  /** To show as text, QR and Code 128; null once it cannot be used. */
  code: string | null;
  /** The rotating code, where it rotates; null once it cannot be used. */
  rotating: { digits: string; qr: string; validUntil: Date; everySeconds: number } | null;
  /** Of a gift card. */
  balance: bigint | null;
  initialBalance: bigint | null;
  movements: { at: Date; amount: bigint; merchantName: string | null }[];
  redeemed: { at: Date; merchantName: string | null } | null;
}
