import { inTenant, rawSql } from "@/db/client";
import { actorId, type Ctx, partyScope, partyScopeKind, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { countAttempt } from "../parties";
import { readPresented } from "./codes";
import { codeHash, displayHash } from "./voucher-secrets";
import { readWalletAddress, readWalletToken } from "./wallet-token";

/** Which voucher is meant. */
export interface Subject {
  /** Exactly one of the two. */
  hash: Buffer | null;
  voucherId: string | null;
  /** Digits of the rotating code that came with it. */
  digits: string | null;
  /** Named by id alone: only a lock's holder may use it so, or the house itself. */
  byIdOnly: boolean;
}

export interface GivenSubject {
  code?: string | null;
  voucherId?: string | null;
  dynamicCode?: string | null;
}

/**
 * Reads what was typed, scanned or named. Bare digits are looked for among the codes on holders' screens.
 * @throws DomainError VOUCHER_MISTYPED · VOUCHER_UNKNOWN · VOUCHER_CODE_STALE · VOUCHER_CODE_AMBIGUOUS ·
 * RATE_LIMITED (wrong digits) · INPUT_INVALID
 */
export async function identify(ctx: Ctx, given: GivenSubject): Promise<Subject> {
  const quick = identifyAtOnce(ctx, given);
  return quick === "digits" ? identifyByDigits(ctx, given.code ?? "") : quick;
}

/** `identify` without a query; "digits" if one is needed. */
export function identifyAtOnce(ctx: Ctx, given: GivenSubject): Subject | "digits" {
  if (given.code) return readCode(ctx, given.code);
  if (!given.voucherId) throw new DomainError("INPUT_INVALID", { path: "code" });
  const presented = given.dynamicCode ? readPresented(given.dynamicCode) : null;
  const digits = presented && "digits" in presented ? presented.digits : null;
  if (given.dynamicCode && digits === null) throw new DomainError("VOUCHER_MISTYPED");
  return { hash: null, voucherId: given.voucherId, digits, byIdOnly: digits === null };
}

function readCode(ctx: Ctx, text: string): Subject | "digits" {
  const address = readWalletAddress(text);
  if (address) {
    const voucherId = address.slug === ctx.tenant.slug ? readWalletToken(ctx.tenant.id, address.token) : null;
    if (!voucherId) throw new DomainError("VOUCHER_UNKNOWN");
    return { hash: null, voucherId, digits: null, byIdOnly: false };
  }
  const presented = readPresented(text);
  switch (presented.kind) {
    case "static":
      return { hash: codeHash(presented.code), voucherId: null, digits: null, byIdOnly: false };
    case "dynamic":
      return { hash: codeHash(presented.code), voucherId: null, digits: presented.digits, byIdOnly: false };
    case "digits":
      return "digits";
    case "mistyped":
      throw new DomainError("VOUCHER_MISTYPED");
    case "not_a_code":
      throw new DomainError("VOUCHER_UNKNOWN");
  }
}

async function identifyByDigits(ctx: Ctx, text: string): Promise<Subject> {
  const presented = readPresented(text);
  if (presented.kind !== "digits") throw new DomainError("VOUCHER_UNKNOWN");
  const attempt = await countAttempt(ctx.db, GUESSES, `${ctx.tenant.id}/${whoseTill(ctx)}`, ctx.clock.now());
  const found = await showing(ctx, presented.digits);
  const [voucherId] = found;
  if (voucherId) await attempt.forgive();
  if (!voucherId) throw new DomainError("VOUCHER_CODE_STALE");
  if (found.length > 1) throw new DomainError("VOUCHER_CODE_AMBIGUOUS");
  return { hash: null, voucherId, digits: presented.digits, byIdOnly: false };
}

/** Eight digits can be guessed where many are on show: wrong ones are few a minute. */
const GUESSES = { name: "voucher.digits", limit: 30, seconds: 60 };

function whoseTill(ctx: Ctx): string {
  return partyScope(ctx) ?? actorId(ctx.actor) ?? "system";
}

/** Vouchers on whose holders' screens these digits stand, or stood within their time. */
async function showing(ctx: Ctx, digits: string): Promise<string[]> {
  const find = async (tx: TxCtx["tx"]) => {
    const rows = await rawSql(tx)<{ voucher_id: string }[]>`
      select distinct voucher_id from voucher_displays
      where tenant_id = ${ctx.tenant.id} and code_hash = ${displayHash(ctx.tenant.id, digits)}
        and expires_at > ${ctx.clock.now().toISOString()}::timestamptz limit 2`;
    return rows.map((row) => row.voucher_id);
  };
  return ctx.tx ? find(ctx.tx) : inTenant(ctx.db, ctx.tenant.id, find);
}

// ── where ──

/** The merchant that an asker acts for. Null only where `optional`. */
export function actingMerchant(
  ctx: Ctx,
  merchantId: string | null | undefined,
  optional: true,
): string | null;
export function actingMerchant(ctx: Ctx, merchantId: string | null | undefined): string;
export function actingMerchant(
  ctx: Ctx,
  merchantId: string | null | undefined,
  optional = false,
): string | null {
  const scope = partyScope(ctx);
  if (scope === null) {
    if (!merchantId && !optional) throw new DomainError("INPUT_INVALID", { path: "merchantId" });
    return merchantId ?? null;
  }
  if (partyScopeKind(ctx) !== "merchant")
    throw new DomainError("PERMISSION_DENIED", { permission: "voucher:redeem" });
  if (merchantId && merchantId !== scope) throw new DomainError("NOT_FOUND", { noun: "party" });
  return scope;
}

/** Throws VOUCHER_UNKNOWN for a voucher that a party names by its id alone, without a lock of its own on it. */
export function requirePossession(ctx: Ctx, subject: Subject, held: boolean): void {
  if (subject.byIdOnly && !held && partyScope(ctx) !== null) throw new DomainError("VOUCHER_UNKNOWN");
}
