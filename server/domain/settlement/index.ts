export { type Closing, closeBooks, closeDue } from "./close-books";
export { eachStatement, eachStatementTransfer } from "./export";
export {
  type ClosingPreview,
  getRun,
  getStatement,
  listOwing,
  listRuns,
  listStatements,
  listStatementTransfers,
  type Owing,
  type Page,
  previewClosing,
  type Run,
  type StatementDetail,
  type StatementRow,
  type StatementTransfer,
  sumStatements,
} from "./queries";
export { PAYMENT_LEGS, recordPayment, recordPayments } from "./record-payment";
export type { StatedKind, StatementFilters, StatementState } from "./schemas";
export { stateRun } from "./state-run";
