import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { and, desc, eq, gt, isNotNull, isNull, lte, or, sql } from "drizzle-orm";
import { type Database, inTenant } from "@/db/client";
import { apiKeys, parties, tenants } from "@/db/schema";
import {
  type Actor,
  type Clock,
  type Ctx,
  DEFAULT_TENANT_SETTINGS,
  partyScope,
  requirePartyScope,
  requirePermission,
  type Tenant,
  type TenantSettings,
} from "@/server/core/context";
import { containing, decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import type { ApiScope } from "@/server/core/permissions";
import { hashToken } from "@/server/core/secrets";
import { withTransaction } from "@/server/core/transaction";
import { record } from "@/server/domain/audit";
import {
  apiKeyIdInput,
  createApiKeyInput,
  listApiKeysInput,
  permissionOfScope,
  SCOPES_OF_KIND,
} from "./schemas";
import { findTenantId } from "./tenant";

/**
 * A key reads `kq_<tenant>_<id>_<secret>`: the first parts find its row, the secret (192 bits) is compared by its
 * hash. It is shown once, when it is made.
 */
export async function createApiKey(
  ctx: Ctx,
  input: unknown,
): Promise<{ id: string; key: string; prefix: string }> {
  requirePermission(ctx, "api_key:write");
  const { name, scopes, partyId: wanted, expiresAt } = createApiKeyInput.parse(input);
  const partyId = wanted ?? partyScope(ctx) ?? ctx.tenant.platformPartyId;
  requirePartyScope(ctx, partyId);
  if (expiresAt && expiresAt <= ctx.clock.now())
    throw new DomainError("INPUT_INVALID", { path: "expiresAt" });
  const id = newId();
  const prefix = `kq_${ctx.tenant.slug}_${id.replaceAll("-", "")}`;
  const secret = randomBytes(24).toString("hex");
  return withTransaction(ctx, async (ctx) => {
    const [party] = await ctx.tx
      .select({ kind: parties.kind, name: parties.name })
      .from(parties)
      .where(and(eq(parties.tenantId, ctx.tenant.id), eq(parties.id, partyId)));
    if (!party) throw new DomainError("NOT_FOUND", { noun: "party" });
    const refused = scopes.find((scope) => !SCOPES_OF_KIND[party.kind].includes(scope));
    if (refused) throw new DomainError("PERMISSION_DENIED", { permission: permissionOfScope(refused) });
    await ctx.tx.insert(apiKeys).values({
      tenantId: ctx.tenant.id,
      id,
      partyId,
      name,
      prefix,
      secretHash: hashToken(secret),
      scopes: [...new Set(scopes)],
      createdBy: ctx.actor.kind === "user" ? ctx.actor.userId : null,
      createdAt: ctx.clock.now(),
      expiresAt: expiresAt ?? null,
    });
    await record(ctx, {
      action: "api_key.created",
      subject: { kind: "apiKey", id },
      partyId,
      data: { name, scopes, expiresAt: expiresAt?.toISOString() ?? null },
    });
    return { id, key: `${prefix}_${secret}`, prefix };
  });
}

/** Ends a key within five seconds on every server; ending it twice changes nothing. */
export async function revokeApiKey(ctx: Ctx, input: unknown): Promise<void> {
  requirePermission(ctx, "api_key:write");
  const { id } = apiKeyIdInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const [key] = await ctx.tx
      .select({ partyId: apiKeys.partyId, name: apiKeys.name, revokedAt: apiKeys.revokedAt })
      .from(apiKeys)
      .where(and(eq(apiKeys.tenantId, ctx.tenant.id), eq(apiKeys.id, id)))
      .for("update");
    const scope = partyScope(ctx);
    if (!key || (scope !== null && key.partyId !== scope))
      throw new DomainError("NOT_FOUND", { noun: "apiKey" });
    if (key.revokedAt) return;
    await ctx.tx
      .update(apiKeys)
      .set({ revokedAt: ctx.clock.now() })
      .where(and(eq(apiKeys.tenantId, ctx.tenant.id), eq(apiKeys.id, id)));
    await record(ctx, {
      action: "api_key.revoked",
      subject: { kind: "apiKey", id },
      partyId: key.partyId,
      data: { name: key.name },
    });
  });
  for (const [token, entry] of resolved) if (entry.keyId === id.replaceAll("-", "")) resolved.delete(token);
}

export async function listApiKeys(ctx: Ctx, input: unknown) {
  requirePermission(ctx, "api_key:read");
  const { q, partyId, state, cursor, limit } = listApiKeysInput.parse(input);
  const scope = partyScope(ctx);
  const after = decodeCursor(cursor, ["id"]);
  const now = ctx.clock.now();
  const live = and(isNull(apiKeys.revokedAt), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)));
  const ended = or(isNotNull(apiKeys.revokedAt), lte(apiKeys.expiresAt, now));
  return withTransaction(ctx, async ({ tx }) => {
    const rows = await tx
      .select({
        id: apiKeys.id,
        name: apiKeys.name,
        prefix: apiKeys.prefix,
        scopes: sql<ApiScope[]>`${apiKeys.scopes}`,
        partyId: apiKeys.partyId,
        partyName: parties.name,
        partyKind: parties.kind,
        createdAt: apiKeys.createdAt,
        expiresAt: apiKeys.expiresAt,
        lastUsedAt: apiKeys.lastUsedAt,
        revokedAt: apiKeys.revokedAt,
      })
      .from(apiKeys)
      .innerJoin(parties, and(eq(parties.tenantId, apiKeys.tenantId), eq(parties.id, apiKeys.partyId)))
      .where(
        and(
          eq(apiKeys.tenantId, ctx.tenant.id),
          scope ? eq(apiKeys.partyId, scope) : undefined,
          partyId ? eq(apiKeys.partyId, partyId) : undefined,
          state === "active" ? live : state === "ended" ? ended : undefined,
          q
            ? or(
                sql`${apiKeys.name} ilike ${containing(q)}`,
                sql`${apiKeys.prefix} ilike ${containing(q)}`,
                sql`${parties.name} ilike ${containing(q)}`,
              )
            : undefined,
          after ? sql`${apiKeys.id} < ${after[0]}` : undefined,
        ),
      )
      .orderBy(desc(apiKeys.id))
      .limit(limit + 1);
    const items = rows.slice(0, limit).map((row) => ({
      ...row,
      state: row.revokedAt
        ? ("revoked" as const)
        : row.expiresAt && row.expiresAt <= now
          ? ("expired" as const)
          : ("active" as const),
    }));
    const last = items.at(-1);
    return { items, nextCursor: rows.length > limit && last ? encodeCursor([last.id]) : null };
  });
}

// ── the other side: a call that brings a key ──

export interface ApiKeyIdentity {
  actor: Extract<Actor, { kind: "apiKey" }>;
  tenant: Tenant;
}

const KEY = /^kq_([a-z0-9][a-z0-9-]{0,62})_([0-9a-f]{32})_([0-9a-f]{48})$/;
/** A cache: what a key was good for a moment ago, so that the hot path asks nothing. A revoked key outlives it by no more. */
const CACHE_MS = 5_000;
const CACHE_SIZE = 10_000;
const USED_EVERY_MS = 60_000;
const resolved = new Map<
  string,
  { keyId: string; until: number; identity: Promise<ApiKeyIdentity | null> }
>();

/** Whose key it is, or null. */
export async function resolveApiKey(db: Database, key: string, clock: Clock): Promise<ApiKeyIdentity | null> {
  const parts = KEY.exec(key);
  if (!parts) return null;
  const [, slug = "", keyId = "", secret = ""] = parts;
  const token = createHash("sha256").update(key).digest("base64");
  const now = clock.now().getTime();
  const cached = resolved.get(token);
  if (cached && cached.until > now && cached.until <= now + CACHE_MS) return cached.identity;
  const identity = lookUp(db, slug, keyId, secret, clock);
  if (resolved.size >= CACHE_SIZE) resolved.clear();
  resolved.set(token, { keyId, until: now + CACHE_MS, identity });
  try {
    const found = await identity;
    if (!found) resolved.delete(token);
    return found;
  } catch (error) {
    resolved.delete(token);
    throw error;
  }
}

async function lookUp(
  db: Database,
  slug: string,
  keyId: string,
  secret: string,
  clock: Clock,
): Promise<ApiKeyIdentity | null> {
  const tenantId = await findTenantId(db, slug);
  if (!tenantId) return null;
  const id = keyId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  const now = clock.now();
  return inTenant(db, tenantId, async (tx) => {
    const [row] = await tx
      .select({ key: apiKeys, party: { kind: parties.kind, status: parties.status }, tenant: tenants })
      .from(apiKeys)
      .innerJoin(parties, and(eq(parties.tenantId, apiKeys.tenantId), eq(parties.id, apiKeys.partyId)))
      .innerJoin(tenants, eq(tenants.id, apiKeys.tenantId))
      .where(and(eq(apiKeys.tenantId, tenantId), eq(apiKeys.id, id)));
    const right = timingSafeEqual(hashToken(secret), row?.key.secretHash ?? hashToken(""));
    if (!row || !right || row.key.revokedAt || row.party.status !== "active") return null;
    if (row.key.expiresAt && row.key.expiresAt <= now) return null;
    if (!row.key.lastUsedAt || now.getTime() - row.key.lastUsedAt.getTime() > USED_EVERY_MS) {
      await tx
        .update(apiKeys)
        .set({ lastUsedAt: now })
        .where(and(eq(apiKeys.tenantId, tenantId), eq(apiKeys.id, id)));
    }
    const { tenant } = row;
    return {
      actor: {
        kind: "apiKey",
        keyId: id,
        partyId: row.key.partyId,
        partyKind: row.party.kind,
        scopes: row.key.scopes as ApiScope[],
        name: row.key.name,
      },
      tenant: {
        id: tenant.id,
        slug: tenant.slug,
        name: tenant.name,
        currency: tenant.currency,
        timezone: tenant.timezone,
        platformPartyId: tenant.platformPartyId,
        settings: { ...DEFAULT_TENANT_SETTINGS, ...(tenant.settings as Partial<TenantSettings>) },
      },
    };
  });
}
