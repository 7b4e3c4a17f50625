export {
  ACCOUNT_KINDS,
  type Account,
  type AccountKind,
  type AccountRef,
  accountsOf,
  findAccounts,
  SETTLED_KINDS,
  STRICT_KINDS,
} from "./accounts";
export {
  type Books,
  closingLock,
  insertPostings,
  moveStrict,
  type NewTrade,
  type NewTransfer,
  openBooks,
  post,
} from "./post";
