export { channelFeeOf, type FeeTerms } from "./channel-fee";
export { checkRuleDraft } from "./checks";
export {
  type CardOfTrade,
  type Cleared,
  clearTrades,
  countCleared,
  factsOf,
  insertCleared,
  postCleared,
  type TradeToClear,
} from "./clear";
export { describeRule, type RuleLocale } from "./describe";
export {
  type ExplainedParty,
  type ExplainedTransfer,
  explainTrade,
  type TradeExplanation,
  tradeReference,
} from "./explain";
export { type ApplyingSchedule, feeSchedulesFor } from "./fees/applying";
export { channelFeesNow, type ScheduledFee } from "./fees/channel-fees";
export { turnToPost } from "./fees/counters";
export {
  createFeeSchedule,
  type FeeDraftView,
  type FeeSchedule,
  type FeeVersion,
  getFeeSchedule,
  listFeeSchedules,
} from "./fees/manage";
export { type FeeProgress, feeProgress, ownFeeProgress } from "./fees/progress";
export {
  approveFeeVersion,
  checkFeeDraft,
  discardFeeDraft,
  refuseFeeVersion,
  type SavedFeeDraft,
  saveFeeDraft,
  submitFeeDraft,
  withdrawFeeVersion,
} from "./fees/review";
export { trueUpFees } from "./fees/true-up";
export { holdPayment } from "./hold";
export {
  createRule,
  createRuleVersion,
  getRule,
  listRules,
  type Rule,
  type RuleDraft,
  type RuleVersion,
  withdrawRuleVersion,
} from "./manage";
export {
  exportReplay,
  getReplay,
  listReplays,
  type ReplayDetail,
  type ReplayHead,
  type ReplayParty,
  type ReplayTotal,
  type ReplayTrade,
  replayParties,
  replayTrades,
} from "./replay/queries";
export type { Refused } from "./replay/refusals";
export { type ReplayCounts, runReplay } from "./replay/run";
export { cancelReplay, startReplay } from "./replay/start";
export { type ReplayedTrade, replayTrade } from "./replay/trace";
export { refundable } from "./reversal";
export { type ReversedTrade, reverseTrade } from "./reverse";
export {
  approveRuleVersion,
  discardRuleDraft,
  refuseRuleVersion,
  type SavedDraft,
  saveRuleDraft,
  submitRuleDraft,
} from "./review";
export type {
  Base,
  FeeBearer,
  FundingShare,
  LegDefinition,
  PartyRef,
  Problem,
  RuleScope,
  SplitRuleDefinition,
  SplitRuleInput,
  TradeKind,
} from "./schemas";
export { cardSaleRule, redemptionRule, storedValueRule } from "./standard";
export { type OwnRule, type OwnTerms, ownTerms, type TriedTerms, tryTerms } from "./terms";
export type { FundingTrace, LegTrace, TradeTrace } from "./trace";
export { validateDefinition, validateFunding } from "./validate";
export type { VersionStatus, VersionView } from "./versions";
export { type ConsideredRule, type RuleWinner, ruleWinner } from "./winner";
