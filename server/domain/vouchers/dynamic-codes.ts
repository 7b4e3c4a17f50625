import { randomBytes } from "node:crypto";
import { findTotpStep, TOTP_SECONDS, totpCode, totpStep } from "@/server/core/totp";

/**
 * Rotating codes: 8 digits of RFC 6238 over a secret of the voucher, new every 30 seconds. Pure but for
 * `newDynamicSecret`. A code is taken one step early or late; that it is used once is the caller's to hold, by
 * keeping the step that matched and taking later steps only.
 */
export const DYNAMIC_DIGITS = 8;
export const DYNAMIC_SECONDS = TOTP_SECONDS;
/** Steps before and after the present one that are taken. */
export const DYNAMIC_DRIFT = 1;

/** 20 bytes, the size of the HMAC (RFC 4226, section 4). */
export function newDynamicSecret(): Buffer {
  return randomBytes(20);
}

export interface DynamicCode {
  digits: string;
  step: number;
  /** When the next one takes its place. */
  changesAt: Date;
  /** From when on it is refused. */
  refusedFrom: Date;
}

/** The code to show now. */
export function dynamicCodeAt(secret: Uint8Array, now: Date): DynamicCode {
  const step = totpStep(now);
  const startOf = (n: number) => new Date(n * DYNAMIC_SECONDS * 1000);
  return {
    digits: totpCode(secret, step, DYNAMIC_DIGITS),
    step,
    changesAt: startOf(step + 1),
    refusedFrom: startOf(step + 1 + DYNAMIC_DRIFT),
  };
}

export type DynamicMatch =
  | { kind: "match"; step: number }
  /** Right, but of the step used last or of one before it. */
  | { kind: "used"; step: number }
  /** Not of these 90 seconds, or not of this voucher. */
  | { kind: "stale" };

/** `lastStep`: the step that was used last, or null. */
export function matchDynamicCode(
  secret: Uint8Array,
  digits: string,
  now: Date,
  lastStep: number | null,
): DynamicMatch {
  const step = findTotpStep(secret, digits, now, { digits: DYNAMIC_DIGITS, drift: DYNAMIC_DRIFT });
  if (step === null) return { kind: "stale" };
  return { kind: lastStep !== null && step <= lastStep ? "used" : "match", step };
}
