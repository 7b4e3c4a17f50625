export { campaignOptions, getCampaign, listCampaigns } from "./campaign-queries";
export { activateCampaign, createCampaign, endCampaign, pauseCampaign, updateCampaign } from "./campaigns";
export { expireVouchers } from "./expire-vouchers";
export {
  BULK_CHUNK,
  campaignVerification,
  issueChunk,
  type PreparedCodes,
  prepareCodes,
  startBulkIssue,
} from "./issue-in-bulk";
export { issueVoucher, issueVouchers } from "./issue-vouchers";
export { lockVoucher, unlockVoucher } from "./lock-voucher";
export { lookUpVoucher } from "./look-up-voucher";
export { redeemBatch, redeemVoucher } from "./redeem-voucher";
export { exportRedemptions, getRedemption, listRedemptions } from "./redemption-queries";
export { issuedCodesCsv, revealCode } from "./reveal-code";
export { reverseRedemption, undoRedemption } from "./reverse-redemption";
export type * from "./types";
export { countVoidable, startVoid, type VoidOutcome, voidChunk, voidVouchers } from "./void-vouchers";
export { getVoucher, listVouchers } from "./voucher-queries";
export { walletView } from "./wallet";
