import pino from "pino";

/** Names under which something secret might reach a log line, at any depth up to three. */
const SECRET_NAMES = [
  "password",
  "newPassword",
  "currentPassword",
  "code",
  "codes",
  "secret",
  "token",
  "apiKey",
  "authorization",
  "cookie",
  "totp",
  "seed",
  "bankAccount",
  "accountNumber",
  "databaseUrl",
  "masterKey",
];
const DEPTHS = ["", "*.", "*.*.", "*.*.*."];

/**
 * JSON lines on standard output; LOG_LEVEL (info) says how much. Error codes are logged as `errorCode`:
 * a field named `code` is taken for a voucher's and blotted out.
 */
export const logger = pino({
  level: process.env.LOG_LEVEL || "info",
  base: { service: process.env.KAQING_SERVICE || "kaqing" },
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  redact: {
    paths: DEPTHS.flatMap((depth) => SECRET_NAMES.map((name) => `${depth}${name}`)),
    censor: "[redacted]",
  },
  serializers: { err: errorForLog, error: errorForLog },
});

/** An error without what a database or a caller may have put into it beside its message. */
export function errorForLog(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code, constraint_name: constraint } = error as { code?: string; constraint_name?: string };
  return {
    type: error.name,
    message: withoutSecrets(error.message),
    ...(code ? { errorCode: code } : {}),
    ...(constraint ? { constraint } : {}),
    stack: error.stack ? withoutSecrets(error.stack) : undefined,
    ...(error.cause ? { cause: errorForLog(error.cause) } : {}),
  };
}

/** Passwords in addresses, API keys, and voucher codes as they are written. */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(/(\w+:\/\/[^\s:/@]+:)[^\s@]+@/g, "$1[redacted]@")
    .replaceAll(/\bkq_\w{8,}\b/g, "kq_[redacted]")
    .replaceAll(
      /\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/g,
      "[redacted]",
    );
}
