import { randomBytes } from "node:crypto";
import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { recoveryCodes, sessions, users } from "@/db/schema";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { seal } from "@/server/core/secrets";
import { base32 } from "@/server/core/totp";
import { withTransaction } from "@/server/core/transaction";
import { record } from "@/server/domain/audit";
import { hashPassword, requireStrongPassword, verifyPassword } from "./passwords";
import { countAttempt, type Limit } from "./rate-limit";
import {
  beginSecondFactorInput,
  changePasswordInput,
  confirmSecondFactorInput,
  disableSecondFactorInput,
  endSessionInput,
  newRecoveryCodesInput,
  setLocaleInput,
  updateProfileInput,
} from "./schemas";
import {
  RECOVERY_CODES,
  replaceRecoveryCodes,
  takeSecondFactor,
  takeTotpCode,
  totpPlace,
} from "./second-factor";
import {
  rotateSession,
  SESSION_DAYS,
  SESSION_IDLE_HOURS,
  type SessionClaims,
  type UserCtx,
} from "./sessions";

/** What a signed-in user does with the own account. A stolen session does not get to guess passwords or codes. */
const PROOF_LIMIT: Limit = { name: "account.proof", limit: 10, seconds: 900 };

export async function getAccount(ctx: Ctx) {
  const self = requireSelf(ctx);
  return withTransaction(self, async ({ tx }) => {
    const user = await ownRow(tx, self);
    const [left] = await tx
      .select({ count: sql<number>`count(*)::int` })
      .from(recoveryCodes)
      .where(
        and(
          eq(recoveryCodes.tenantId, self.tenant.id),
          eq(recoveryCodes.userId, user.id),
          isNull(recoveryCodes.usedAt),
        ),
      );
    return {
      id: user.id,
      name: user.name,
      email: user.email,
      role: user.role,
      locale: user.locale,
      lastSignInAt: user.lastSignInAt,
      secondFactor: {
        enabledAt: user.totpEnabledAt,
        demanded: self.tenant.settings.secondFactorRoles.includes(user.role),
        recoveryCodesLeft: left?.count ?? 0,
        recoveryCodes: RECOVERY_CODES,
      },
    };
  });
}

export async function updateProfile(ctx: Ctx, input: unknown): Promise<void> {
  const self = requireSelf(ctx);
  const { name } = updateProfileInput.parse(input);
  await withTransaction(self, async (ctx) => {
    const before = await ownRow(ctx.tx, self, true);
    if (before.name === name) return;
    await ctx.tx.update(users).set({ name }).where(own(self));
    await record(ctx, {
      action: "user.renamed",
      subject: { kind: "user", id: self.actor.userId },
      partyId: self.actor.partyId,
      data: { name: { from: before.name, to: name } },
    });
  });
}

/** A matter of taste, and so not audited. */
export async function setLocale(ctx: Ctx, input: unknown): Promise<void> {
  const self = requireSelf(ctx);
  const { locale } = setLocaleInput.parse(input);
  await withTransaction(self, async ({ tx }) => {
    await tx.update(users).set({ locale }).where(own(self));
  });
}

/** Ends all sessions; the caller's goes on under the new claims. Throws PASSWORD_WRONG, PASSWORD_WEAK. */
export async function changePassword(
  ctx: Ctx,
  input: unknown,
): Promise<{ claims: SessionClaims; ended: number }> {
  const self = requireSelf(ctx);
  const { currentPassword, newPassword } = changePasswordInput.parse(input);
  const user = await provePassword(self, currentPassword);
  requireStrongPassword(newPassword, user);
  const passwordHash = await hashPassword(newPassword);
  return withTransaction(self, async (tx) => {
    await requireUnchangedPassword(tx, self, user.passwordHash);
    await tx.tx.update(users).set({ passwordHash }).where(own(self));
    const rotated = await rotateSession({ ...tx, actor: self.actor });
    await recordOwn(tx, self, "user.password_changed", { endedSessions: rotated.ended });
    return rotated;
  });
}

export async function listSessions(ctx: Ctx) {
  const self = requireSelf(ctx);
  return withTransaction(self, async ({ tx }) => {
    const rows = await tx
      .select({
        id: sessions.id,
        createdAt: sessions.createdAt,
        lastSeenAt: sessions.lastSeenAt,
        secondFactorAt: sessions.secondFactorAt,
        ip: sessions.ip,
        userAgent: sessions.userAgent,
      })
      .from(sessions)
      .innerJoin(users, and(eq(users.tenantId, sessions.tenantId), eq(users.id, sessions.userId)))
      .where(
        and(
          eq(sessions.tenantId, self.tenant.id),
          eq(sessions.userId, self.actor.userId),
          isNull(sessions.endedAt),
          eq(sessions.sessionVersion, users.sessionVersion),
          alive(self),
        ),
      )
      .orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
      .limit(100);
    return rows.map((row) => ({ ...row, current: row.id === self.actor.sessionId }));
  });
}

/** Ends one of the own sessions; ending it twice changes nothing. */
export async function endSession(ctx: Ctx, input: unknown): Promise<void> {
  const self = requireSelf(ctx);
  const { sessionId } = endSessionInput.parse(input);
  await withTransaction(self, async (ctx) => {
    const mine = and(
      eq(sessions.tenantId, self.tenant.id),
      eq(sessions.id, sessionId),
      eq(sessions.userId, self.actor.userId),
    );
    const [found] = await ctx.tx
      .select({ endedAt: sessions.endedAt })
      .from(sessions)
      .where(mine)
      .for("update");
    if (!found) throw new DomainError("NOT_FOUND", { noun: "session" });
    if (found.endedAt) return;
    await ctx.tx.update(sessions).set({ endedAt: ctx.clock.now() }).where(mine);
    await recordOwn(ctx, self, "session.ended", {
      session: sessionId,
      own: sessionId === self.actor.sessionId,
    });
  });
}

export async function endOtherSessions(ctx: Ctx): Promise<{ ended: number }> {
  const self = requireSelf(ctx);
  return withTransaction(self, async (ctx) => {
    const rows = await ctx.tx
      .update(sessions)
      .set({ endedAt: ctx.clock.now() })
      .where(
        and(
          eq(sessions.tenantId, self.tenant.id),
          eq(sessions.userId, self.actor.userId),
          isNull(sessions.endedAt),
          sql`${sessions.id} <> ${self.actor.sessionId}`,
        ),
      )
      .returning({ id: sessions.id });
    if (rows.length > 0) await recordOwn(ctx, self, "session.others_ended", { ended: rows.length });
    return { ended: rows.length };
  });
}

// ── second factor ──

/**
 * Makes a secret for an authenticator app; it counts once a code of it is confirmed. Beginning again replaces an
 * unconfirmed one. Throws CONFLICT if a second factor is in force.
 */
export async function beginSecondFactor(ctx: Ctx, input: unknown): Promise<{ secret: string; uri: string }> {
  const self = requireSelf(ctx);
  const { password } = beginSecondFactorInput.parse(input);
  const user = await provePassword(self, password);
  const secret = randomBytes(20);
  await withTransaction(self, async ({ tx }) => {
    const rows = await tx
      .update(users)
      .set({ totpSealed: seal("totp", secret, totpPlace(self.tenant.id, user.id)), totpLastStep: null })
      .where(and(own(self), isNull(users.totpEnabledAt)))
      .returning({ id: users.id });
    if (rows.length === 0) throw new DomainError("CONFLICT", { noun: "secondFactor" });
  });
  const label = encodeURIComponent(`${self.tenant.name}:${user.email}`);
  const text = base32(secret);
  const query = new URLSearchParams({ secret: text, issuer: self.tenant.name });
  return { secret: text, uri: `otpauth://totp/${label}?${query.toString().replaceAll("+", "%20")}` };
}

/** Puts it in force, gives recovery codes (shown once), and begins the session anew. Throws CODE_WRONG. */
export async function confirmSecondFactor(
  ctx: Ctx,
  input: unknown,
): Promise<{ claims: SessionClaims; recoveryCodes: string[]; ended: number }> {
  const self = requireSelf(ctx);
  const code = confirmSecondFactorInput.parse(input).code.normalize("NFKC").replaceAll(/\s/g, "");
  const attempt = await countAttempt(self.db, PROOF_LIMIT, self.actor.userId, self.clock.now());
  const result = await withTransaction(self, async (ctx) => {
    const user = await ownRow(ctx.tx, self, true);
    if (user.totpEnabledAt) throw new DomainError("CONFLICT", { noun: "secondFactor" });
    if (!(await takeTotpCode(ctx, user, code))) throw new DomainError("CODE_WRONG");
    await ctx.tx.update(users).set({ totpEnabledAt: ctx.clock.now() }).where(own(self));
    const codes = await replaceRecoveryCodes(ctx, user.id);
    const rotated = await rotateSession({ ...ctx, actor: self.actor }, { secondFactor: true });
    await recordOwn(ctx, self, "user.second_factor_enabled", { endedSessions: rotated.ended });
    return { ...rotated, recoveryCodes: codes };
  });
  await attempt.forgive(true);
  return result;
}

/** Throws SECOND_FACTOR_SETUP_REQUIRED where the tenant demands one of the role. */
export async function disableSecondFactor(
  ctx: Ctx,
  input: unknown,
): Promise<{ claims: SessionClaims; ended: number }> {
  const self = requireSelf(ctx);
  const { password, code } = disableSecondFactorInput.parse(input);
  if (self.tenant.settings.secondFactorRoles.includes(self.actor.role)) {
    throw new DomainError("SECOND_FACTOR_SETUP_REQUIRED");
  }
  return withBothFactors(self, password, code, async (ctx) => {
    await ctx.tx
      .update(users)
      .set({ totpSealed: null, totpEnabledAt: null, totpLastStep: null })
      .where(own(self));
    await ctx.tx
      .delete(recoveryCodes)
      .where(and(eq(recoveryCodes.tenantId, self.tenant.id), eq(recoveryCodes.userId, self.actor.userId)));
    const rotated = await rotateSession({ ...ctx, actor: self.actor }, { secondFactor: false });
    await recordOwn(ctx, self, "user.second_factor_disabled", { endedSessions: rotated.ended });
    return rotated;
  });
}

/** The old ones are good no more. */
export async function renewRecoveryCodes(ctx: Ctx, input: unknown): Promise<{ recoveryCodes: string[] }> {
  const self = requireSelf(ctx);
  const { password, code } = newRecoveryCodesInput.parse(input);
  return withBothFactors(self, password, code, async (ctx) => {
    const codes = await replaceRecoveryCodes(ctx, self.actor.userId);
    await recordOwn(ctx, self, "user.recovery_codes_renewed");
    return { recoveryCodes: codes };
  });
}

// ── helpers ──

/** The user behind the call. The account of a key or of the house does not exist. */
export function requireSelf(ctx: Ctx): UserCtx {
  requirePermission(ctx, "account:self");
  if (ctx.actor.kind !== "user") throw new DomainError("PERMISSION_DENIED", { permission: "account:self" });
  return { ...ctx, actor: ctx.actor };
}

function own(self: UserCtx) {
  return and(eq(users.tenantId, self.tenant.id), eq(users.id, self.actor.userId));
}

async function ownRow(tx: Tx, self: UserCtx, lock = false) {
  const query = tx.select().from(users).where(own(self));
  const [user] = await (lock ? query.for("update") : query);
  if (!user) throw new DomainError("NOT_FOUND", { noun: "user" });
  return user;
}

async function provePassword(self: UserCtx, password: string) {
  const attempt = await countAttempt(self.db, PROOF_LIMIT, self.actor.userId, self.clock.now());
  const user = await withTransaction(self, ({ tx }) => ownRow(tx, self));
  if (!(await verifyPassword(user.passwordHash, password))) throw new DomainError("PASSWORD_WRONG");
  await attempt.forgive();
  return user;
}

/** Of two who change it at once with the same old password, one wins. */
async function requireUnchangedPassword(ctx: TxCtx, self: UserCtx, passwordHash: string): Promise<void> {
  const user = await ownRow(ctx.tx, self, true);
  if (user.passwordHash !== passwordHash) throw new DomainError("PASSWORD_WRONG");
}

async function withBothFactors<T>(
  self: UserCtx,
  password: string,
  code: string,
  work: (ctx: TxCtx) => Promise<T>,
): Promise<T> {
  const { passwordHash } = await provePassword(self, password);
  const attempt = await countAttempt(self.db, PROOF_LIMIT, self.actor.userId, self.clock.now());
  const result = await withTransaction(self, async (ctx) => {
    await requireUnchangedPassword(ctx, self, passwordHash);
    const user = await ownRow(ctx.tx, self, true);
    if (!user.totpEnabledAt) throw new DomainError("NOT_FOUND", { noun: "secondFactor" });
    if (!(await takeSecondFactor(ctx, user, code))) throw new DomainError("CODE_WRONG");
    return work(ctx);
  });
  await attempt.forgive(true);
  return result;
}

function alive(self: UserCtx) {
  const now = self.clock.now().getTime();
  const idle = new Date(now - SESSION_IDLE_HOURS * 3_600_000);
  const oldest = new Date(now - SESSION_DAYS * 86_400_000);
  return and(gt(sessions.lastSeenAt, idle), gt(sessions.createdAt, oldest));
}

async function recordOwn(
  ctx: TxCtx,
  self: UserCtx,
  action: string,
  data: Record<string, unknown> = {},
): Promise<void> {
  await record(ctx, {
    action,
    subject: { kind: "user", id: self.actor.userId },
    partyId: self.actor.partyId,
    data,
  });
}
