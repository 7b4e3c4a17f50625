import { randomBytes } from "node:crypto";
import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { blindIndex, open } from "@/server/core/secrets";
import { findTotpStep } from "@/server/core/totp";

/** How the sealed secret of a user is bound to its place. */
export function totpPlace(tenantId: string, userId: string): string {
  return `${tenantId}/${userId}`;
}

/**
 * Takes a TOTP code or a recovery code of the user. Each is good once: of two who bring the same, one is refused.
 * The caller counts attempts.
 */
export async function takeSecondFactor(
  ctx: TxCtx,
  user: { id: string; totpSealed: Uint8Array | null },
  code: string,
): Promise<"totp" | "recovery" | null> {
  const digits = code.normalize("NFKC").replaceAll(/[\s-]/g, "");
  if (/^\d{6}$/.test(digits)) return (await takeTotpCode(ctx, user, digits)) ? "totp" : null;
  return (await takeRecoveryCode(ctx, user.id, code)) ? "recovery" : null;
}

/** Also the first code of an enrolment. */
export async function takeTotpCode(
  ctx: TxCtx,
  user: { id: string; totpSealed: Uint8Array | null },
  code: string,
): Promise<boolean> {
  if (!user.totpSealed) return false;
  const secret = open("totp", user.totpSealed, totpPlace(ctx.tenant.id, user.id));
  const step = findTotpStep(secret, code, ctx.clock.now());
  if (step === null) return false;
  const taken = await rawSql(ctx.tx)`update users set totp_last_step = ${step}
    where tenant_id = ${ctx.tenant.id} and id = ${user.id} and (totp_last_step is null or totp_last_step < ${step})`;
  return taken.count === 1;
}

const ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789";
const LENGTH = 12;
export const RECOVERY_CODES = 10;

/** New recovery codes in place of the old; they are shown once and kept as keyed hashes. */
export async function replaceRecoveryCodes(ctx: TxCtx, userId: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, recoveryCode);
  const sql = rawSql(ctx.tx);
  await sql`delete from recovery_codes where tenant_id = ${ctx.tenant.id} and user_id = ${userId}`;
  await sql`insert into recovery_codes ${sql(
    codes.map((code) => ({
      tenant_id: ctx.tenant.id,
      id: newId(),
      user_id: userId,
      code_hash: recoveryHash(userId, code),
    })),
  )}`;
  return codes;
}

async function takeRecoveryCode(ctx: TxCtx, userId: string, code: string): Promise<boolean> {
  const used = await rawSql(
    ctx.tx,
  )`update recovery_codes set used_at = ${ctx.clock.now().toISOString()}::timestamptz
    where tenant_id = ${ctx.tenant.id} and user_id = ${userId} and code_hash = ${recoveryHash(userId, code)} and used_at is null`;
  return used.count === 1;
}

function recoveryHash(userId: string, code: string): Buffer {
  const bare = code
    .normalize("NFKC")
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, "");
  return blindIndex("recovery_code", `${userId}/${bare}`);
}

/** 12 of 30 characters, 58 bits: `XK7M-2PQR-9TAB`. */
function recoveryCode(): string {
  let text = "";
  while (text.length < LENGTH) {
    for (const byte of randomBytes(LENGTH)) {
      if (byte < 240 && text.length < LENGTH) text += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
}
