export {
  type CardOfTrade,
  type Cleared,
  clearTrades,
  factsOf,
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
export { holdPayment } from "./hold";
export {
  createRule,
  createRuleVersion,
  getRule,
  listRules,
  type Rule,
  type RuleVersion,
  type VersionStatus,
  withdrawRuleVersion,
} from "./manage";
export { refundable } from "./reversal";
export { type ReversedTrade, reverseTrade } from "./reverse";
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
export type { FundingTrace, LegTrace, TradeTrace } from "./trace";
export { validateDefinition, validateFunding } from "./validate";
