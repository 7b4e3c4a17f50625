import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import { type Database, rawSql } from "@/db/client";
import { invitations, parties, users } from "@/db/schema";
import {
  type Clock,
  type Ctx,
  partyScope,
  requirePartyScope,
  requirePermission,
  type TxCtx,
} from "@/server/core/context";
import { decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import type { Role } from "@/server/core/permissions";
import { hashToken, newToken } from "@/server/core/secrets";
import { SYSTEM_ACTORS } from "@/server/core/system-words";
import { withTransaction } from "@/server/core/transaction";
import { record } from "@/server/domain/audit";
import { hashPassword, requireStrongPassword } from "./passwords";
import { countAttempt, type Limit } from "./rate-limit";
import {
  acceptInvitationInput,
  invitationIdInput,
  invitationTokenInput,
  inviteUserInput,
  listInvitationsInput,
  userIdInput,
} from "./schemas";
import { endSessionsOf } from "./sessions";
import { findTenantId, loadTenant, systemCtx } from "./tenant";
import { lockUser, requireRoleFits, requireSomebodyElse } from "./users";

/**
 * People come in by a link that the inviter hands over; it is shown once, good for seven days and for one use.
 * The same kind of link gives a user a new password.
 */
export const INVITATION_DAYS = 7;
const ACCEPT_LIMIT: Limit = { name: "invitation.accept", limit: 30, seconds: 900 };

/** What the link ends with, after `/invite/`. */
export interface InvitationLink {
  id: string;
  token: string;
  expiresAt: Date;
}

/** An earlier invitation of the address is good no more. Throws EMAIL_TAKEN, ROLE_NOT_FOR_PARTY. */
export async function inviteUser(ctx: Ctx, input: unknown): Promise<InvitationLink> {
  requirePermission(ctx, "user:write");
  const { email, name, role, partyId: wanted } = inviteUserInput.parse(input);
  const partyId = wanted ?? partyScope(ctx) ?? ctx.tenant.platformPartyId;
  requirePartyScope(ctx, partyId);
  return withTransaction(ctx, async (ctx) => {
    const [party] = await ctx.tx
      .select({ kind: parties.kind })
      .from(parties)
      .where(and(eq(parties.tenantId, ctx.tenant.id), eq(parties.id, partyId)));
    if (!party) throw new DomainError("NOT_FOUND", { noun: "party" });
    requireRoleFits(role, party.kind);
    const [known] = await ctx.tx
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.tenantId, ctx.tenant.id), eq(users.email, email)));
    if (known) throw new DomainError("EMAIL_TAKEN", { email });
    const link = await newLink(ctx, { email, name, role, partyId });
    await record(ctx, {
      action: "user.invited",
      subject: { kind: "invitation", id: link.id },
      partyId,
      data: { email, name, role, expiresAt: link.expiresAt.toISOString() },
    });
    return link;
  });
}

/** A fresh link for an open or lapsed invitation; the one before is good no more. */
export async function renewInvitation(ctx: Ctx, input: unknown): Promise<InvitationLink> {
  requirePermission(ctx, "user:write");
  const { id } = invitationIdInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const invitation = await lockInvitation(ctx, id);
    if (invitation.acceptedAt || invitation.revokedAt) throw new DomainError("LINK_INVALID");
    const { email, name, role, partyId } = invitation;
    const link = await newLink(ctx, { email, name, role, partyId });
    await record(ctx, {
      action: "user.invitation_renewed",
      subject: { kind: "invitation", id: link.id },
      partyId,
      data: { email, replaces: id, expiresAt: link.expiresAt.toISOString() },
    });
    return link;
  });
}

/** Revoking twice changes nothing; an accepted invitation cannot be taken back (suspend the user). */
export async function revokeInvitation(ctx: Ctx, input: unknown): Promise<void> {
  requirePermission(ctx, "user:write");
  const { id } = invitationIdInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const invitation = await lockInvitation(ctx, id);
    if (invitation.acceptedAt) throw new DomainError("LINK_INVALID");
    if (invitation.revokedAt) return;
    await ctx.tx
      .update(invitations)
      .set({ revokedAt: ctx.clock.now() })
      .where(and(eq(invitations.tenantId, ctx.tenant.id), eq(invitations.id, id)));
    await record(ctx, {
      action: "user.invitation_revoked",
      subject: { kind: "invitation", id },
      partyId: invitation.partyId,
      data: { email: invitation.email },
    });
  });
}

/** For a user who forgot the password. The old one counts until the link is used; a second factor stays in force. */
export async function createPasswordLink(ctx: Ctx, input: unknown): Promise<InvitationLink> {
  requirePermission(ctx, "user:write");
  const { userId } = userIdInput.parse(input);
  requireSomebodyElse(ctx, userId);
  return withTransaction(ctx, async (ctx) => {
    const { email, name, role, partyId } = await lockUser(ctx, userId);
    const link = await newLink(ctx, { email, name, role, partyId });
    await record(ctx, {
      action: "user.password_link_created",
      subject: { kind: "user", id: userId },
      partyId,
      data: { expiresAt: link.expiresAt.toISOString() },
    });
    return link;
  });
}

export async function listInvitations(ctx: Ctx, input: unknown) {
  requirePermission(ctx, "user:read");
  const { partyId, cursor, limit } = listInvitationsInput.parse(input);
  const scope = partyScope(ctx);
  const after = decodeCursor(cursor, ["id"]);
  return withTransaction(ctx, async ({ tx }) => {
    const rows = await tx
      .select({
        id: invitations.id,
        email: invitations.email,
        name: invitations.name,
        role: invitations.role,
        partyId: invitations.partyId,
        partyName: parties.name,
        createdAt: invitations.createdAt,
        expiresAt: invitations.expiresAt,
        /** A link for a new password, not for a new user. */
        renewsPassword: sql<boolean>`exists (select 1 from users u where u.tenant_id = ${invitations.tenantId} and u.email = ${invitations.email})`,
      })
      .from(invitations)
      .innerJoin(
        parties,
        and(eq(parties.tenantId, invitations.tenantId), eq(parties.id, invitations.partyId)),
      )
      .where(
        and(
          eq(invitations.tenantId, ctx.tenant.id),
          isNull(invitations.acceptedAt),
          isNull(invitations.revokedAt),
          scope ? eq(invitations.partyId, scope) : undefined,
          partyId ? eq(invitations.partyId, partyId) : undefined,
          after ? sql`${invitations.id} < ${after[0]}` : undefined,
        ),
      )
      .orderBy(desc(invitations.id))
      .limit(limit + 1);
    const now = ctx.clock.now();
    const items = rows.slice(0, limit).map((row) => ({ ...row, lapsed: row.expiresAt <= now }));
    const last = items.at(-1);
    return { items, nextCursor: rows.length > limit && last ? encodeCursor([last.id]) : null };
  });
}

// ── the invited person, not signed in ──

/** What the page of the link shows. Throws LINK_INVALID for a link that is unknown, used, revoked or lapsed. */
export async function getInvitation(db: Database, input: unknown, clock: Clock) {
  const { token } = invitationTokenInput.parse(input);
  const ctx = await ctxOfToken(db, token, clock);
  return withTransaction(ctx, async (ctx) => {
    const found = await findOpen(ctx, token);
    return {
      email: found.email,
      name: found.name,
      role: found.role,
      partyName: found.partyName,
      tenantName: ctx.tenant.name,
      expiresAt: found.expiresAt,
      renewsPassword: found.userId !== null,
    };
  });
}

/**
 * Makes the user, or gives an existing one a new password and ends its sessions. Of two who accept the same link
 * at once, one is told LINK_INVALID. Throws PASSWORD_WEAK, EMAIL_TAKEN (the address signs in elsewhere).
 */
export async function acceptInvitation(
  db: Database,
  input: unknown,
  options: { clock: Clock; requestId?: string; ip?: string },
): Promise<{ email: string }> {
  const { token, password, name: given, locale } = acceptInvitationInput.parse(input);
  await countAttempt(db, ACCEPT_LIMIT, options.ip ?? "unknown", options.clock.now());
  const house = await ctxOfToken(db, token, options.clock);
  const ctx = { ...house, requestId: options.requestId ?? house.requestId, ip: options.ip };
  const offered = await withTransaction(ctx, (ctx) => findOpen(ctx, token));
  const name = given ?? offered.name;
  requireStrongPassword(password, { email: offered.email, name });
  const passwordHash = await hashPassword(password);
  return withTransaction(ctx, async (ctx) => {
    const { id, email, role, partyId, userId } = await findOpen(ctx, token, true);
    const now = ctx.clock.now();
    const sql = rawSql(ctx.tx);
    await sql`update invitations set accepted_at = ${now.toISOString()}::timestamptz
      where tenant_id = ${ctx.tenant.id} and id = ${id}`;
    await revokeOpen(ctx, email);
    if (userId) {
      await ctx.tx
        .update(users)
        .set({ passwordHash })
        .where(and(eq(users.tenantId, ctx.tenant.id), eq(users.id, userId)));
      const { ended } = await endSessionsOf(ctx, userId);
      await record(ctx, {
        action: "user.password_renewed",
        subject: { kind: "user", id: userId },
        partyId,
        data: { link: id, endedSessions: ended },
      });
      return { email };
    }
    const newUser = newId();
    const taken =
      await sql`insert into sign_in_names (email, tenant_id, user_id) values (${email}, ${ctx.tenant.id}, ${newUser})
      on conflict (email) do nothing`;
    if (taken.count === 0) throw new DomainError("EMAIL_TAKEN", { email });
    await ctx.tx.insert(users).values({
      tenantId: ctx.tenant.id,
      id: newUser,
      partyId,
      email,
      name,
      role,
      passwordHash,
      locale: locale ?? null,
      createdAt: now,
    });
    await record(ctx, {
      action: "user.joined",
      subject: { kind: "user", id: newUser },
      partyId,
      data: { email, name, role, invitation: id },
    });
    return { email };
  });
}

// ── helpers ──

async function newLink(
  ctx: TxCtx,
  person: { email: string; name: string; role: Role; partyId: string },
): Promise<InvitationLink> {
  await revokeOpen(ctx, person.email);
  const id = newId();
  const token = `${ctx.tenant.slug}.${newToken()}`;
  const now = ctx.clock.now();
  const expiresAt = new Date(now.getTime() + INVITATION_DAYS * 86_400_000);
  await ctx.tx.insert(invitations).values({
    tenantId: ctx.tenant.id,
    id,
    ...person,
    tokenHash: hashToken(token),
    invitedBy: ctx.actor.kind === "user" ? ctx.actor.userId : null,
    createdAt: now,
    expiresAt,
  });
  return { id, token, expiresAt };
}

async function revokeOpen(ctx: TxCtx, email: string): Promise<void> {
  await ctx.tx
    .update(invitations)
    .set({ revokedAt: ctx.clock.now() })
    .where(
      and(
        eq(invitations.tenantId, ctx.tenant.id),
        eq(invitations.email, email),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
      ),
    );
}

async function lockInvitation(ctx: TxCtx, id: string) {
  const [found] = await ctx.tx
    .select()
    .from(invitations)
    .where(and(eq(invitations.tenantId, ctx.tenant.id), eq(invitations.id, id)))
    .for("update");
  const scope = partyScope(ctx);
  if (!found || (scope !== null && found.partyId !== scope))
    throw new DomainError("NOT_FOUND", { noun: "invitation" });
  return found;
}

async function ctxOfToken(db: Database, token: string, clock: Clock): Promise<Ctx> {
  const slug = /^([a-z0-9][a-z0-9-]{0,62})\.[\w-]{43}$/.exec(token)?.[1];
  const tenantId = slug ? await findTenantId(db, slug) : null;
  if (!tenantId) throw new DomainError("LINK_INVALID");
  return systemCtx(db, await loadTenant(db, tenantId), SYSTEM_ACTORS.invitation, clock);
}

async function findOpen(ctx: TxCtx, token: string, lock = false) {
  const open = ctx.tx
    .select()
    .from(invitations)
    .where(
      and(
        eq(invitations.tenantId, ctx.tenant.id),
        eq(invitations.tokenHash, hashToken(token)),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
        gt(invitations.expiresAt, ctx.clock.now()),
      ),
    );
  const [found] = await (lock ? open.for("update") : open);
  if (!found) throw new DomainError("LINK_INVALID");
  const [party] = await ctx.tx
    .select({ name: parties.name })
    .from(parties)
    .where(and(eq(parties.tenantId, ctx.tenant.id), eq(parties.id, found.partyId)));
  const [user] = await ctx.tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.tenantId, ctx.tenant.id), eq(users.email, found.email)));
  return { ...found, partyName: party?.name ?? "", userId: user?.id ?? null };
}
