/** What the document shows. The ids are of nobody. */
const CAMPAIGN = "01940000-0000-7000-8000-000000000001";
const VOUCHER = "01940000-0000-7000-8000-0000000000a1";
const MERCHANT = "01940000-0000-7000-8000-0000000000b1";
const BRAND = "01940000-0000-7000-8000-0000000000b2";
const PLATFORM = "01940000-0000-7000-8000-0000000000b0";
const REDEMPTION = "01940000-0000-7000-8000-0000000000c1";
const CODE = "7K2M-9QXA-41TD-W8ZR";
const AT = "2026-11-21T04:30:00.000Z";

export const issueRequest = { campaignId: CAMPAIGN, sourceId: "order-20261121-0007", customerId: "c-1029" };
export const issued = {
  voucherId: VOUCHER,
  reference: "VC-1KQX-7M2P-9TAB",
  campaignId: CAMPAIGN,
  code: CODE,
  walletUrl: "https://kaqing.example/w/demo/Hq3…",
  sourceId: "order-20261121-0007",
  customerId: "c-1029",
  validFrom: null,
  validTo: "2026-12-31T15:59:59.999Z",
  balance: null,
  issuedAt: AT,
  existing: false,
};
export const issueBatchRequest = {
  campaignId: CAMPAIGN,
  items: [{ sourceId: "order-20261121-0007" }, { sourceId: "order-20261121-0008" }],
};
export const issuedBatch = { vouchers: [issued] };

export const lookupRequest = { code: CODE };
export const voucher = {
  voucherId: VOUCHER,
  reference: "VC-1KQX-7M2P-9TAB",
  campaignId: CAMPAIGN,
  campaignName: "20 off 100",
  type: "threshold",
  currency: "CNY",
  verification: "static",
  status: "issued",
  validFrom: null,
  validTo: "2026-12-31T15:59:59.999Z",
  usesLeft: 1,
  balance: null,
  lockedUntil: null,
  redeemed: null,
};
export const validateRequest = { code: CODE, orderAmount: 10_000, currency: "CNY" };
export const validation = {
  ...voucher,
  valid: true,
  offer: { orderAmount: 10_000, discount: 2_000, storedValue: 0, payable: 8_000, balanceAfter: null },
  refusal: null,
};

export const lockRequest = { code: CODE, lockRef: "cart-5521", minutes: 15 };
export const lock = { voucherId: VOUCHER, lockRef: "cart-5521", lockedUntil: "2026-11-21T04:45:00.000Z" };
export const unlockRequest = { voucherId: VOUCHER, lockRef: "cart-5521" };
export const unlocked = { voucherId: VOUCHER };
export const voidRequest = { voucherIds: [VOUCHER], reason: "Sent to the wrong customer" };
export const voided = { voided: [VOUCHER], refused: [] };

export const redeemRequest = { code: CODE, orderAmount: 10_000, currency: "CNY", orderRef: "POS-3-000451" };
export const redemption = {
  redemptionId: REDEMPTION,
  reference: "RD-1KQX-7M2P-9TAB",
  redeemedAt: AT,
  voucherId: VOUCHER,
  voucherStatus: "redeemed",
  usesLeft: 0,
  balance: null,
  campaignId: CAMPAIGN,
  campaignName: "20 off 100",
  merchantId: MERCHANT,
  merchantName: "Corner Coffee",
  orderRef: "POS-3-000451",
  currency: "CNY",
  orderAmount: 10_000,
  discount: 2_000,
  storedValue: 0,
  payable: 8_000,
  merchantDue: 9_408,
  legs: [
    { code: "sale.collected", amount: 8_000, partyId: MERCHANT },
    { code: "subsidy.brand", amount: 1_000, partyId: BRAND },
    { code: "subsidy.platform", amount: 600, partyId: MERCHANT },
    { code: "fee.commission", amount: 192, partyId: MERCHANT },
    { code: "fee.channel", amount: 48, partyId: PLATFORM },
  ],
  undoUntil: "2026-11-21T04:35:00.000Z",
};
export const redeemBatchRequest = {
  items: [redeemRequest, { ...redeemRequest, code: "8QTR-M30K-77PD-1XVA", orderRef: "POS-3-000452" }],
};
export const redeemedBatch = {
  redeemed: 1,
  refused: 1,
  items: [
    { ok: true, redemption },
    {
      ok: false,
      problem: {
        type: "urn:kaqing:problem:voucher-redeemed",
        title: "Conflict",
        status: 409,
        detail: "This voucher was redeemed on 2026-11-20 18:02 at Corner Coffee. Nothing was booked.",
        code: "VOUCHER_REDEEMED",
        params: { at: "2026-11-20T10:02:11.000Z", merchant: "Corner Coffee" },
      },
    },
  ],
};
export const redemptionRow = {
  redemptionId: REDEMPTION,
  reference: "RD-1KQX-7M2P-9TAB",
  redeemedAt: AT,
  bookedAt: AT,
  merchantId: MERCHANT,
  merchantName: "Corner Coffee",
  campaignId: CAMPAIGN,
  campaignName: "20 off 100",
  voucherId: VOUCHER,
  orderRef: "POS-3-000451",
  currency: "CNY",
  orderAmount: 10_000,
  discount: 2_000,
  storedValue: 0,
  payable: 8_000,
  merchantDue: 9_408,
  ownCost: null,
  state: "standing",
  reversedAmount: 0,
};
export const redemptionDetail = {
  ...redemptionRow,
  legs: [{ code: "sale.collected", amount: 8_000, partyId: MERCHANT, partyName: "Corner Coffee" }],
  reversals: [],
};
export const redemptionPage = { items: [redemptionRow], nextCursor: null };
export const reversalRequest = { amount: 4_000, reason: "Customer returned one of two" };
export const reversal = {
  reversalId: "01940000-0000-7000-8000-0000000000d1",
  reference: "RV-1KQX-7M2P-9TAB",
  redemptionId: REDEMPTION,
  whole: false,
  amount: 4_000,
  voucherId: VOUCHER,
  voucherStatus: "redeemed",
};
export const campaignPage = {
  items: [
    {
      campaignId: CAMPAIGN,
      number: "CP-0007",
      name: "20 off 100",
      status: "active",
      type: "threshold",
      currency: "CNY",
      terms: { type: "threshold", threshold: 10_000, amount: 2_000, every: false },
      verification: "static",
      merchantIds: [],
      productCodes: [],
      validFrom: null,
      validTo: null,
      validDays: 30,
      quota: 100_000,
      issued: 42,
      perCustomerLimit: null,
    },
  ],
  nextCursor: null,
};
