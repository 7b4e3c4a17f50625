export { activateCampaign, createCampaign, endCampaign, pauseCampaign, updateCampaign } from "./campaigns";
export { issueVoucher, issueVouchers } from "./issue-vouchers";
export { redeemBatch, redeemVoucher } from "./redeem-voucher";
export type * from "./types";
