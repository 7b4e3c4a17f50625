import { and, eq } from "drizzle-orm";
import { rawSql } from "@/db/client";
import { parties, recoveryCodes, users } from "@/db/schema";
import { type Ctx, partyScope, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { type PartyKind, ROLE_PARTY_KIND, type Role } from "@/server/core/permissions";
import { withTransaction } from "@/server/core/transaction";
import { record } from "@/server/domain/audit";
import { changeRoleInput, setUserStatusInput, userIdInput } from "./schemas";
import { endSessionsOf } from "./sessions";

/** Operators manage everybody; the people of a party manage those of their own. */

/** Ends the user's sessions, as rights changed. Throws ROLE_NOT_FOR_PARTY, LAST_OPERATOR. */
export async function changeRole(ctx: Ctx, input: unknown): Promise<void> {
  requirePermission(ctx, "user:write");
  const { userId, role } = changeRoleInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    await lockOperators(ctx);
    const user = await lockUser(ctx, userId);
    requireRoleFits(role, user.partyKind);
    if (user.role === role) return;
    if (user.role === "operator") await requireAnotherOperator(ctx, userId);
    await ctx.tx.update(users).set({ role }).where(one(ctx, userId));
    const { ended } = await endSessionsOf(ctx, userId);
    await record(ctx, {
      action: "user.role_changed",
      subject: { kind: "user", id: userId },
      partyId: user.partyId,
      data: { role: { from: user.role, to: role }, endedSessions: ended },
    });
  });
}

/** A suspended user is signed out everywhere and cannot sign in. Throws LAST_OPERATOR. */
export async function setUserStatus(ctx: Ctx, input: unknown): Promise<void> {
  requirePermission(ctx, "user:write");
  const { userId, status } = setUserStatusInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    await lockOperators(ctx);
    const user = await lockUser(ctx, userId);
    if (user.status === status) return;
    if (status === "suspended" && user.role === "operator") await requireAnotherOperator(ctx, userId);
    await ctx.tx.update(users).set({ status }).where(one(ctx, userId));
    const { ended } = status === "suspended" ? await endSessionsOf(ctx, userId) : { ended: 0 };
    await record(ctx, {
      action: status === "suspended" ? "user.suspended" : "user.activated",
      subject: { kind: "user", id: userId },
      partyId: user.partyId,
      data: { endedSessions: ended },
    });
  });
}

export async function endUserSessions(ctx: Ctx, input: unknown): Promise<{ ended: number }> {
  requirePermission(ctx, "user:write");
  const { userId } = userIdInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const user = await lockUser(ctx, userId);
    const { ended } = await endSessionsOf(ctx, userId);
    await record(ctx, {
      action: "user.sessions_ended",
      subject: { kind: "user", id: userId },
      partyId: user.partyId,
      data: { endedSessions: ended },
    });
    return { ended };
  });
}

/** For who lost both the phone and the recovery codes: the password alone counts until a new one is set up. */
export async function resetSecondFactor(ctx: Ctx, input: unknown): Promise<void> {
  requirePermission(ctx, "user:write");
  const { userId } = userIdInput.parse(input);
  requireSomebodyElse(ctx, userId);
  await withTransaction(ctx, async (ctx) => {
    const user = await lockUser(ctx, userId);
    if (!user.totpEnabledAt) return;
    await ctx.tx
      .update(users)
      .set({ totpSealed: null, totpEnabledAt: null, totpLastStep: null })
      .where(one(ctx, userId));
    await ctx.tx
      .delete(recoveryCodes)
      .where(and(eq(recoveryCodes.tenantId, ctx.tenant.id), eq(recoveryCodes.userId, userId)));
    const { ended } = await endSessionsOf(ctx, userId);
    await record(ctx, {
      action: "user.second_factor_reset",
      subject: { kind: "user", id: userId },
      partyId: user.partyId,
      data: { endedSessions: ended },
    });
  });
}

/** A session that was left open must not be enough to take the account over: /account asks for the password. */
export function requireSomebodyElse(ctx: Ctx, userId: string): void {
  if (ctx.actor.kind === "user" && ctx.actor.userId === userId) {
    throw new DomainError("PERMISSION_DENIED", { permission: "user:write" });
  }
}

export function requireRoleFits(role: Role, kind: PartyKind): void {
  if (ROLE_PARTY_KIND[role] !== kind) throw new DomainError("ROLE_NOT_FOR_PARTY", { role, kind });
}

/** A user the actor may manage, locked. Throws NOT_FOUND for one of another party. */
export async function lockUser(ctx: TxCtx, userId: string) {
  const [user] = await ctx.tx.select().from(users).where(one(ctx, userId)).for("update");
  const scope = partyScope(ctx);
  if (!user || (scope !== null && user.partyId !== scope))
    throw new DomainError("NOT_FOUND", { noun: "user" });
  const [party] = await ctx.tx
    .select({ kind: parties.kind })
    .from(parties)
    .where(and(eq(parties.tenantId, ctx.tenant.id), eq(parties.id, user.partyId)));
  return { ...user, partyKind: party?.kind ?? "platform" };
}

/** Taken before the user's row, in one order: of two operators who remove each other, one stays. */
async function lockOperators(ctx: TxCtx): Promise<void> {
  if (partyScope(ctx) !== null) return;
  await rawSql(ctx.tx)`select 1 from users where tenant_id = ${ctx.tenant.id} and role = 'operator'
    and status = 'active' order by id for update`;
}

async function requireAnotherOperator(ctx: TxCtx, userId: string): Promise<void> {
  const [other] = await rawSql(
    ctx.tx,
  )`select 1 from users where tenant_id = ${ctx.tenant.id} and role = 'operator'
    and status = 'active' and id <> ${userId} limit 1`;
  if (!other) throw new DomainError("LAST_OPERATOR");
}

function one(ctx: Ctx, userId: string) {
  return and(eq(users.tenantId, ctx.tenant.id), eq(users.id, userId));
}
