import { type Database, inTenant, rawSql } from "@/db/client";
import {
  type Actor,
  type Clock,
  type Ctx,
  DEFAULT_TENANT_SETTINGS,
  type Tenant,
  type TenantSettings,
  type TxCtx,
} from "@/server/core/context";
import { newId } from "@/server/core/ids";
import type { PartyKind, Role } from "@/server/core/permissions";

/** What the signed cookie says. It is believed only while the session's row agrees. */
export interface SessionClaims {
  tenantId: string;
  userId: string;
  sessionId: string;
  sessionVersion: number;
}

export interface ResolvedSession {
  actor: Extract<Actor, { kind: "user" }>;
  tenant: Tenant;
  email: string;
  locale: "zh-CN" | "en" | null;
  partyName: string;
  secondFactor: boolean;
  /** The tenant demands a second factor of this role, and the user has none yet. */
  mustEnrol: boolean;
}

/** A session ends by itself after so many hours without use, and so many days after sign-in in any case. */
export const SESSION_IDLE_HOURS = 12;
export const SESSION_DAYS = 7;
const SEEN_EVERY_MS = 60_000;

/** Who a session is, by one query; null if it ended, its version is past, or its user or party is suspended. */
export async function resolveSession(
  db: Database,
  claims: SessionClaims,
  clock: Clock,
): Promise<ResolvedSession | null> {
  const now = clock.now();
  const idle = new Date(now.getTime() - SESSION_IDLE_HOURS * 3_600_000);
  const oldest = new Date(now.getTime() - SESSION_DAYS * 86_400_000);
  return inTenant(db, claims.tenantId, async (tx) => {
    const sql = rawSql(tx);
    const [row] = await sql<SessionRow[]>`
      select u.name, u.email, u.role, u.locale, u.totp_enabled_at is not null as enrolled, u.party_id,
        p.kind, p.name as party_name, s.last_seen_at, t.slug, t.name as tenant_name, t.currency, t.timezone,
        t.platform_party_id, t.settings
      from sessions s
      join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
      join parties p on p.tenant_id = u.tenant_id and p.id = u.party_id
      join tenants t on t.id = s.tenant_id
      where s.tenant_id = ${claims.tenantId} and s.id = ${claims.sessionId} and s.user_id = ${claims.userId}
        and s.ended_at is null and s.session_version = ${claims.sessionVersion}
        and u.session_version = s.session_version and u.status = 'active' and p.status = 'active'
        and s.last_seen_at > ${idle.toISOString()}::timestamptz and s.created_at > ${oldest.toISOString()}::timestamptz`;
    if (!row) return null;
    if (now.getTime() - new Date(row.last_seen_at).getTime() > SEEN_EVERY_MS) {
      const before = new Date(now.getTime() - SEEN_EVERY_MS);
      await sql`update sessions set last_seen_at = ${now.toISOString()}::timestamptz
        where tenant_id = ${claims.tenantId} and id = ${claims.sessionId} and last_seen_at < ${before.toISOString()}::timestamptz`;
    }
    const settings: TenantSettings = { ...DEFAULT_TENANT_SETTINGS, ...row.settings };
    return {
      actor: {
        kind: "user",
        userId: claims.userId,
        sessionId: claims.sessionId,
        role: row.role,
        partyId: row.party_id,
        partyKind: row.kind,
        name: row.name,
      },
      tenant: {
        id: claims.tenantId,
        slug: row.slug,
        name: row.tenant_name,
        currency: row.currency,
        timezone: row.timezone,
        platformPartyId: row.platform_party_id,
        settings,
      },
      email: row.email,
      locale: row.locale,
      partyName: row.party_name,
      secondFactor: row.enrolled,
      mustEnrol: !row.enrolled && settings.secondFactorRoles.includes(row.role),
    };
  });
}

interface SessionRow {
  name: string;
  email: string;
  role: Role;
  locale: "zh-CN" | "en" | null;
  enrolled: boolean;
  party_id: string;
  kind: PartyKind;
  party_name: string;
  last_seen_at: string;
  slug: string;
  tenant_name: string;
  currency: string;
  timezone: string;
  platform_party_id: string;
  settings: Partial<TenantSettings>;
}

export async function openSession(
  ctx: TxCtx,
  session: {
    userId: string;
    sessionVersion: number;
    secondFactor: boolean;
    ip?: string | null;
    userAgent?: string | null;
  },
): Promise<SessionClaims> {
  const id = newId(ctx.clock.now().getTime());
  const now = ctx.clock.now().toISOString();
  await rawSql(ctx.tx)`
    insert into sessions (tenant_id, id, user_id, session_version, created_at, last_seen_at, second_factor_at, ip, user_agent)
    values (${ctx.tenant.id}, ${id}, ${session.userId}, ${session.sessionVersion}, ${now}::timestamptz, ${now}::timestamptz,
      ${session.secondFactor ? now : null}::timestamptz, ${session.ip ?? null}, ${session.userAgent?.slice(0, 300) ?? null})`;
  return {
    tenantId: ctx.tenant.id,
    userId: session.userId,
    sessionId: id,
    sessionVersion: session.sessionVersion,
  };
}

/** Ends every session of a user at once; returns how many were open. */
export async function endSessionsOf(ctx: TxCtx, userId: string): Promise<{ ended: number; version: number }> {
  const sql = rawSql(ctx.tx);
  const [user] = await sql<{ session_version: number }[]>`
    update users set session_version = session_version + 1
    where tenant_id = ${ctx.tenant.id} and id = ${userId} returning session_version`;
  const ended = await sql`update sessions set ended_at = ${ctx.clock.now().toISOString()}::timestamptz
    where tenant_id = ${ctx.tenant.id} and user_id = ${userId} and ended_at is null`;
  return { ended: ended.count, version: user?.session_version ?? 0 };
}

/** After a change of the user's own rights: ends all sessions and begins this one anew, with a new id. */
export async function rotateSession(
  ctx: TxCtx & { actor: Extract<Actor, { kind: "user" }> },
  options: { secondFactor?: boolean } = {},
): Promise<{ claims: SessionClaims; ended: number }> {
  const sql = rawSql(ctx.tx);
  const [own] = await sql<
    { ip: string | null; user_agent: string | null; second_factor_at: string | null }[]
  >`
    select ip, user_agent, second_factor_at from sessions
    where tenant_id = ${ctx.tenant.id} and id = ${ctx.actor.sessionId}`;
  const { ended, version } = await endSessionsOf(ctx, ctx.actor.userId);
  const claims = await openSession(ctx, {
    userId: ctx.actor.userId,
    sessionVersion: version,
    secondFactor: options.secondFactor ?? own?.second_factor_at != null,
    ip: own?.ip ?? ctx.ip,
    userAgent: own?.user_agent,
  });
  return { claims, ended: Math.max(0, ended - 1) };
}

export type UserCtx = Ctx & { actor: Extract<Actor, { kind: "user" }> };
