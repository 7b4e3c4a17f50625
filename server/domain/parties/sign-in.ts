import { setTimeout as sleep } from "node:timers/promises";
import { and, eq, isNull } from "drizzle-orm";
import { type Database, inTenant } from "@/db/client";
import { parties, sessions, users } from "@/db/schema";
import { type Clock, type Ctx, systemClock, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { SYSTEM_ACTORS } from "@/server/core/system-words";
import { withTransaction } from "@/server/core/transaction";
import { record } from "@/server/domain/audit";
import { verifyPassword } from "./passwords";
import { countAttempt, type Limit } from "./rate-limit";
import { signInInput } from "./schemas";
import { takeSecondFactor } from "./second-factor";
import { openSession, resolveSession, type SessionClaims } from "./sessions";
import { loadTenant, systemCtx } from "./tenant";

/** Failures only: what turned out well is forgiven. */
export const SIGN_IN_LIMITS = {
  account: { name: "sign-in.account", limit: 10, seconds: 900 },
  address: { name: "sign-in.address", limit: 50, seconds: 900 },
} as const satisfies Record<string, Limit>;

export interface SignInOptions {
  ip?: string;
  userAgent?: string;
  requestId?: string;
  clock?: Clock;
  /** No refusal is quicker, so that its time tells nothing of the account. */
  minimumMs?: number;
}

/**
 * Opens a session for e-mail address, password and, where enrolled, a second factor.
 * Throws SIGN_IN_FAILED (which tells neither what was wrong nor whether the account exists),
 * SECOND_FACTOR_REQUIRED and CODE_WRONG (after the right password), RATE_LIMITED.
 */
export async function signIn(
  db: Database,
  input: { email: string; password: string; code?: string },
  options: SignInOptions = {},
): Promise<SessionClaims> {
  const parsed = signInInput.safeParse(input);
  if (!parsed.success) throw new DomainError("SIGN_IN_FAILED");
  const { email, password, code } = parsed.data;
  const clock = options.clock ?? systemClock;
  const now = clock.now();
  const byAddress = await countAttempt(db, SIGN_IN_LIMITS.address, options.ip ?? "unknown", now);
  const byAccount = await countAttempt(db, SIGN_IN_LIMITS.account, email, now);

  const noSooner = sleep(options.minimumMs ?? 300);
  const known = await findUser(db, email);
  const right = await verifyPassword(known?.passwordHash ?? null, password);
  if (!known || !right || !known.active) {
    if (known) await noteFailure(db, known, right ? "suspended" : "password", options, clock);
    await noSooner;
    throw new DomainError("SIGN_IN_FAILED");
  }
  const ctx = await ctxOf(db, known, options, clock);
  if (known.enrolled && !code) {
    await byAddress.forgive();
    await byAccount.forgive();
    throw new DomainError("SECOND_FACTOR_REQUIRED");
  }
  const claims = await withTransaction(ctx, (tx) => open(tx, known, code, options));
  if (!claims) {
    await noteFailure(db, known, "code", options, clock);
    throw new DomainError("CODE_WRONG");
  }
  await byAddress.forgive();
  await byAccount.forgive(true);
  return claims;
}

async function open(
  ctx: TxCtx,
  user: KnownUser,
  code: string | undefined,
  options: SignInOptions,
): Promise<SessionClaims | null> {
  const factor = user.enrolled ? await takeSecondFactor(ctx, user, code ?? "") : undefined;
  if (factor === null) return null;
  const claims = await openSession(ctx, {
    userId: user.id,
    sessionVersion: user.sessionVersion,
    secondFactor: factor !== undefined,
    ip: options.ip,
    userAgent: options.userAgent,
  });
  await ctx.tx
    .update(users)
    .set({ lastSignInAt: ctx.clock.now() })
    .where(and(eq(users.tenantId, ctx.tenant.id), eq(users.id, user.id)));
  await record(ctx, {
    action: "user.signed_in",
    subject: { kind: "user", id: user.id },
    partyId: user.partyId,
    data: { secondFactor: factor ?? "none", session: claims.sessionId },
  });
  return claims;
}

/** Whoever failed is not known to be the user, and so is not named as the one who acted. */
async function noteFailure(
  db: Database,
  user: KnownUser,
  wrong: string,
  options: SignInOptions,
  clock: Clock,
): Promise<void> {
  const house = systemCtx(db, await loadTenant(db, user.tenantId), SYSTEM_ACTORS.signIn, clock);
  const ctx = { ...house, requestId: options.requestId ?? house.requestId, ip: options.ip };
  await withTransaction(ctx, (tx) =>
    record(tx, {
      action: "user.sign_in_failed",
      subject: { kind: "user", id: user.id },
      partyId: user.partyId,
      data: { wrong },
    }),
  );
}

type KnownUser = NonNullable<Awaited<ReturnType<typeof findUser>>>;

async function findUser(db: Database, email: string) {
  const [name] = await db.sql<
    { tenant_id: string; user_id: string }[]
  >`select * from resolve_sign_in(${email})`;
  if (!name) return null;
  return inTenant(db, name.tenant_id, async (tx) => {
    const [row] = await tx
      .select({ user: users, kind: parties.kind, partyStatus: parties.status })
      .from(users)
      .innerJoin(parties, and(eq(parties.tenantId, users.tenantId), eq(parties.id, users.partyId)))
      .where(and(eq(users.tenantId, name.tenant_id), eq(users.id, name.user_id)));
    if (!row) return null;
    return {
      ...row.user,
      partyKind: row.kind,
      active: row.user.status === "active" && row.partyStatus === "active",
      enrolled: row.user.totpEnabledAt !== null,
    };
  });
}

async function ctxOf(db: Database, user: KnownUser, options: SignInOptions, clock: Clock): Promise<Ctx> {
  const { id: userId, role, partyId, partyKind, name } = user;
  return {
    actor: { kind: "user", userId, sessionId: "", role, partyId, partyKind, name },
    tenant: await loadTenant(db, user.tenantId),
    db,
    clock,
    requestId: options.requestId ?? newId(),
    ip: options.ip,
  };
}

/** Ends the session of the claims; ending it twice changes nothing. */
export async function signOut(db: Database, claims: SessionClaims, clock: Clock): Promise<void> {
  const session = await resolveSession(db, claims, clock);
  if (!session) return;
  const { actor, tenant } = session;
  await withTransaction({ actor, tenant, db, clock, requestId: newId() }, async (ctx) => {
    const ended = await ctx.tx
      .update(sessions)
      .set({ endedAt: clock.now() })
      .where(
        and(eq(sessions.tenantId, tenant.id), eq(sessions.id, claims.sessionId), isNull(sessions.endedAt)),
      )
      .returning({ id: sessions.id });
    if (ended.length === 0) return;
    await record(ctx, {
      action: "user.signed_out",
      subject: { kind: "user", id: actor.userId },
      partyId: actor.partyId,
      data: { session: claims.sessionId },
    });
  });
}
