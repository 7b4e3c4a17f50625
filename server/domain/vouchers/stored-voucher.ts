import { VOUCHER_STATES } from "@/db/schema";
import type { VoucherStatus } from "./schemas";

/** A voucher as redeeming and locking read it. */
export interface StoredVoucher {
  /** Where its row lies in the table, and the transaction that wrote it: together they name the row as it was read. */
  place: string;
  version: string;
  id: string;
  campaignId: string;
  state: number;
  usesLeft: number;
  balance: bigint | null;
  validFrom: Date | null;
  validTo: Date | null;
  dynamicSealed: Buffer | null;
  dynamicLastStep: number | null;
  lockedUntil: Date | null;
  lockedBy: string | null;
  lockRef: string | null;
  redeemedAt: Date | null;
  redeemedBy: string | null;
  issuedAt: Date;
}

export interface StoredVoucherRow {
  place: string;
  version: string;
  id: string;
  campaign_id: string;
  code_hash: Buffer;
  state: number;
  uses_left: number;
  balance: bigint | null;
  valid_from: string | null;
  valid_to: string | null;
  dynamic_sealed: Buffer | null;
  dynamic_last_step: bigint | null;
  locked_until: string | null;
  locked_by: string | null;
  lock_ref: string | null;
  redeemed_at: string | null;
  redeemed_by: string | null;
  issued_at: string;
}

const date = (text: string | null) => (text === null ? null : new Date(text));

export function storedVoucher(row: StoredVoucherRow): StoredVoucher {
  return {
    place: row.place,
    version: row.version,
    id: row.id,
    campaignId: row.campaign_id,
    state: row.state,
    usesLeft: row.uses_left,
    balance: row.balance,
    validFrom: date(row.valid_from),
    validTo: date(row.valid_to),
    dynamicSealed: row.dynamic_sealed,
    dynamicLastStep: row.dynamic_last_step === null ? null : Number(row.dynamic_last_step),
    lockedUntil: date(row.locked_until),
    lockedBy: row.locked_by,
    lockRef: row.lock_ref,
    redeemedAt: date(row.redeemed_at),
    redeemedBy: row.redeemed_by,
    issuedAt: new Date(row.issued_at),
  };
}

/** What it is at a moment: a lock is a moment, and expiry a date, whatever the job has written down. */
export function statusOf(
  voucher: Pick<StoredVoucher, "state" | "validTo" | "lockedUntil">,
  at: Date,
): VoucherStatus {
  switch (voucher.state) {
    case VOUCHER_STATES.void:
      return "void";
    case VOUCHER_STATES.redeemed:
      return "redeemed";
    default:
      if (voucher.validTo ? voucher.validTo <= at : voucher.state === VOUCHER_STATES.expired)
        return "expired";
      return voucher.lockedUntil && voucher.lockedUntil > at ? "locked" : "issued";
  }
}
