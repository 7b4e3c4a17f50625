/**
 * The one error of the domain. `code` is a closed union: each transport maps it once
 * (tRPC, REST problem responses), each dictionary has a sentence for it (`errors.<code>`).
 * `params` name what is wrong and where; they are shown to people, so nothing secret goes in.
 */
export const ERROR_KINDS = {
  // who is asking
  UNAUTHENTICATED: 401,
  SIGN_IN_FAILED: 401,
  SECOND_FACTOR_REQUIRED: 401,
  SECOND_FACTOR_SETUP_REQUIRED: 403,
  PERMISSION_DENIED: 403,
  CROSS_ORIGIN: 403,
  RATE_LIMITED: 429,
  // what was asked
  NOT_FOUND: 404,
  INPUT_INVALID: 400,
  BODY_TOO_LARGE: 413,
  BODY_MALFORMED: 400,
  UNSUPPORTED_MEDIA_TYPE: 415,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  IDEMPOTENCY_KEY_REQUIRED: 400,
  IDEMPOTENCY_KEY_INVALID: 400,
  IDEMPOTENCY_KEY_REUSED: 422,
  IDEMPOTENCY_IN_PROGRESS: 409,
  // money
  AMOUNT_INVALID: 400,
  RATE_INVALID: 400,
  CURRENCY_UNKNOWN: 400,
  CURRENCY_MISMATCH: 422,
  // people
  PASSWORD_WEAK: 422,
  PASSWORD_WRONG: 422,
  CODE_WRONG: 422,
  LINK_INVALID: 410,
  EMAIL_TAKEN: 409,
  EXTERNAL_ID_TAKEN: 409,
  LAST_OPERATOR: 409,
  ROLE_NOT_FOR_PARTY: 422,
  // vouchers
  VOUCHER_UNKNOWN: 404,
  VOUCHER_MISTYPED: 422,
  VOUCHER_NOT_YET_VALID: 422,
  VOUCHER_EXPIRED: 422,
  VOUCHER_VOID: 422,
  VOUCHER_REDEEMED: 409,
  VOUCHER_LOCKED: 409,
  VOUCHER_NOT_LOCKED: 409,
  VOUCHER_WRONG_MERCHANT: 422,
  VOUCHER_WRONG_PRODUCT: 422,
  VOUCHER_BELOW_THRESHOLD: 422,
  VOUCHER_DYNAMIC_REQUIRED: 422,
  VOUCHER_CODE_STALE: 422,
  VOUCHER_CODE_USED: 409,
  VOUCHER_CODE_AMBIGUOUS: 409,
  VOUCHER_NOT_STACKABLE: 422,
  VOUCHER_BALANCE_TOO_LOW: 422,
  VOUCHER_NOT_VOIDABLE: 409,
  CAMPAIGN_NOT_ACTIVE: 409,
  CAMPAIGN_LOCKED: 409,
  CAMPAIGN_OUTSIDE_ISSUE_WINDOW: 422,
  CAMPAIGN_QUOTA_EXHAUSTED: 409,
  CUSTOMER_LIMIT_REACHED: 409,
  CUSTOMER_NOT_IN_AUDIENCE: 422,
  CUSTOMER_REQUIRED: 422,
  // clearing and ledger
  RULE_NOT_FOUND: 422,
  RULE_INVALID: 422,
  RULE_NEGATIVE_RESULT: 422,
  FUNDING_INVALID: 422,
  DISCOUNT_EXCEEDS_ORDER: 422,
  FUNDER_UNKNOWN: 422,
  ACCOUNT_BELOW_FLOOR: 409,
  TRADE_ALREADY_REVERSED: 409,
  REVERSAL_EXCEEDS_TRADE: 422,
  UNDO_TOO_LATE: 409,
  CLOCK_SKEW: 422,
  // settlement
  CALENDAR_YEAR_MISSING: 422,
  CLOSING_NOT_FORWARD: 422,
  CLOSING_IN_FUTURE: 422,
  STATEMENT_NOT_PAYABLE: 409,
  // files
  FILE_NOT_UTF8: 422,
  FILE_EMPTY: 422,
  FILE_COLUMN_MISSING: 422,
  FILE_COLUMN_DUPLICATE: 422,
  FILE_TOO_LARGE: 413,
  LINE_MALFORMED: 422,
  TIME_INVALID: 422,
  MERCHANT_UNKNOWN: 422,
  JOB_NOT_CANCELLABLE: 409,
  INTERNAL: 500,
} as const;

export type ErrorCode = keyof typeof ERROR_KINDS;
export type ErrorParams = Record<string, string | number | boolean | null | undefined>;

export class DomainError extends Error {
  override readonly name = "DomainError";
  constructor(
    readonly code: ErrorCode,
    readonly params: ErrorParams = {},
    options?: { cause?: unknown },
  ) {
    super(`${code} ${JSON.stringify(params)}`, options);
  }
  /** HTTP status of the code. */
  get status(): number {
    return ERROR_KINDS[this.code];
  }
}

export function isDomainError(error: unknown): error is DomainError {
  return error instanceof DomainError || (error instanceof Error && error.name === "DomainError");
}
