import { DomainError } from "@/server/core/errors";
import type { CampaignConfig, PartyConfig } from "./campaign-config";
import { matchDynamicCode } from "./dynamic-codes";
import { type StoredVoucher, statusOf } from "./stored-voucher";
import { discountFor, type Given, type Order } from "./terms";

/** Whether a voucher may be used as asked, and what it gives. Pure. */

export interface Use {
  /** Where; null when nobody asks from a merchant (support looking a code up). */
  merchantId: string | null;
  merchant: PartyConfig | null;
  /** Business time: when it is used. */
  at: Date;
  /** Time of the server: locks and rotating codes go by it. */
  now: Date;
  /** Digits of the rotating code that were shown. */
  digits: string | null;
  /** Whether a rotating code is asked for at all. */
  codeAsked: boolean;
  lockRef: string | null;
  currency: string | null;
  /** Null: no order yet, only whether it may be used. */
  order: { amount: bigint; productCode: string | null; lines: readonly Line[]; use: bigint | null } | null;
}
interface Line {
  productCode: string;
  amount: bigint;
  quantity: number;
}

export interface Judgement {
  given: Extract<Given, { ok: true }> | null;
  /** Step of the rotating code that was shown, to be noted as used. */
  dynamicStep: number | null;
}

/**
 * @param openSecret opens the voucher's sealed secret of rotating codes
 * @throws DomainError the reason why not
 */
export function judge(
  voucher: StoredVoucher,
  campaign: CampaignConfig,
  use: Use,
  openSecret: (voucher: StoredVoucher) => Uint8Array | null,
  merchantName: (id: string) => string | null,
): Judgement {
  checkLife(voucher, campaign, use, merchantName);
  checkPlace(campaign, use);
  const held = checkLock(voucher, use);
  const dynamicStep = held ? null : checkDynamic(voucher, campaign, use, openSecret);
  if (use.currency !== null && use.currency !== campaign.currency)
    throw new DomainError("CURRENCY_MISMATCH", { currency: use.currency, expected: campaign.currency });
  if (!use.order) return { given: null, dynamicStep };
  const order = eligible(campaign, use.order);
  const given = discountFor(campaign.terms, order, { balance: voucher.balance ?? 0n, use: use.order.use });
  if (!given.ok) throw new DomainError(given.code, { ...given.params, currency: campaign.currency });
  // What the voucher does not apply to is paid in full.
  return { given: { ...given, paid: use.order.amount - given.discount - given.storedValue }, dynamicStep };
}

function checkLife(
  voucher: StoredVoucher,
  campaign: CampaignConfig,
  { at, now }: Use,
  merchantName: (id: string) => string | null,
): void {
  switch (statusOf(voucher, at)) {
    case "void":
      throw new DomainError("VOUCHER_VOID");
    case "redeemed":
      throw new DomainError("VOUCHER_REDEEMED", {
        at: voucher.redeemedAt?.toISOString() ?? null,
        merchant: voucher.redeemedBy ? merchantName(voucher.redeemedBy) : null,
      });
    case "expired":
      throw new DomainError("VOUCHER_EXPIRED", { validTo: voucher.validTo?.toISOString() ?? null });
  }
  if (voucher.validFrom && voucher.validFrom > at)
    throw new DomainError("VOUCHER_NOT_YET_VALID", { validFrom: voucher.validFrom.toISOString() });
  // Issued after the moment it is said to have been used at, tills' clocks allowed for.
  if (voucher.issuedAt.getTime() > Math.min(at.getTime(), now.getTime()) + CLOCK_TOLERANCE_MS)
    throw new DomainError("VOUCHER_NOT_YET_VALID", { validFrom: voucher.issuedAt.toISOString() });
  if (campaign.status === "draft" || campaign.status === "paused")
    throw new DomainError("CAMPAIGN_NOT_ACTIVE", { campaign: campaign.name, status: campaign.status });
}

/** How far a till's clock may be ahead. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

function checkPlace(campaign: CampaignConfig, { merchantId, merchant }: Use): void {
  if (merchantId === null) return;
  const accepted = !campaign.merchants || campaign.merchants.has(merchantId);
  if (!accepted || merchant?.status !== "active")
    throw new DomainError("VOUCHER_WRONG_MERCHANT", {
      campaign: campaign.name,
      merchant: merchant?.name ?? null,
    });
}

/** Whether the asker holds a lock on it. */
function checkLock(voucher: StoredVoucher, { now, merchantId, lockRef }: Use): boolean {
  if (!voucher.lockedUntil || voucher.lockedUntil <= now) return false;
  if (lockRef !== null && voucher.lockRef === lockRef && voucher.lockedBy === merchantId) return true;
  throw new DomainError("VOUCHER_LOCKED", { until: voucher.lockedUntil.toISOString() });
}

function checkDynamic(
  voucher: StoredVoucher,
  campaign: CampaignConfig,
  { digits, codeAsked, now }: Use,
  openSecret: (voucher: StoredVoucher) => Uint8Array | null,
): number | null {
  if (campaign.verification !== "dynamic" || !codeAsked) return null;
  if (digits === null) throw new DomainError("VOUCHER_DYNAMIC_REQUIRED");
  const secret = openSecret(voucher);
  if (!secret) throw new Error(`voucher ${voucher.id} of a campaign with rotating codes has no secret`);
  const match = matchDynamicCode(secret, digits, now, voucher.dynamicLastStep);
  switch (match.kind) {
    case "match":
      return match.step;
    case "used":
      throw new DomainError("VOUCHER_CODE_USED");
    case "stale":
      throw new DomainError("VOUCHER_CODE_STALE");
  }
}

/** The part of the order that the campaign's products cover. */
function eligible(campaign: CampaignConfig, order: NonNullable<Use["order"]>): Order {
  const { amount, lines, productCode } = order;
  if (lines.reduce((sum, line) => sum + line.amount, 0n) > amount)
    throw new DomainError("INPUT_INVALID", { path: "lines" });
  if (!campaign.products) return { amount, lines, productCode };
  const wrong = () =>
    new DomainError("VOUCHER_WRONG_PRODUCT", {
      products: [...(campaign.products ?? [])].slice(0, 20).join(", "),
    });
  if (lines.length === 0) {
    if (productCode === null || !campaign.products.has(productCode)) throw wrong();
    return { amount, lines, productCode };
  }
  const covered = lines.filter((line) => campaign.products?.has(line.productCode));
  const sum = covered.reduce((total, line) => total + line.amount, 0n);
  if (sum <= 0n) throw wrong();
  return { amount: sum, lines: covered, productCode };
}
