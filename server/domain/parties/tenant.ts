import { and, eq } from "drizzle-orm";
import { type Database, inTenant, rawSql, type Tx } from "@/db/client";
import { tenants } from "@/db/schema";
import {
  type Clock,
  type Ctx,
  DEFAULT_TENANT_SETTINGS,
  systemClock,
  type Tenant,
  type TenantSettings,
  type TxCtx,
} from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";

/** A tenant by its id. Throws NOT_FOUND. */
export async function loadTenant(db: Database, tenantId: string): Promise<Tenant> {
  const row = await inTenant(db, tenantId, async (tx) => {
    const rows = await tx
      .select()
      .from(tenants)
      .where(and(eq(tenants.id, tenantId)));
    return rows[0];
  });
  if (!row) throw new DomainError("NOT_FOUND", { noun: "tenant" });
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    currency: row.currency,
    timezone: row.timezone,
    platformPartyId: row.platformPartyId,
    settings: { ...DEFAULT_TENANT_SETTINGS, ...(row.settings as Partial<TenantSettings>) },
  };
}

/** The tenant of a slug (in addresses and API keys), or null. */
export async function findTenantId(db: Database, slug: string): Promise<string | null> {
  const rows = await db.sql<{ id: string | null }[]>`select resolve_tenant(${slug}) as id`;
  return rows[0]?.id ?? null;
}

export async function allTenantIds(db: Database): Promise<string[]> {
  const rows = await db.sql<{ id: string }[]>`select all_tenants() as id`;
  return rows.map((row) => row.id);
}

/** A context in which the house itself acts: jobs, seeds, public pages. */
export function systemCtx(db: Database, tenant: Tenant, name: string, clock: Clock = systemClock): Ctx {
  return { actor: { kind: "system", name }, tenant, db, clock, requestId: newId() };
}

/** The next number of a kind of record, e.g. `nextNumber(ctx, "party.merchant", "M")` → `M-0041`. Gap-free: it rolls back with its transaction. */
export async function nextNumber(ctx: TxCtx, counter: string, prefix: string, count = 1): Promise<string[]> {
  const rows = await rawSql(ctx.tx)<{ value: bigint }[]>`
    insert into counters as c (tenant_id, name, value) values (${ctx.tenant.id}, ${counter}, ${count})
    on conflict (tenant_id, name) do update set value = c.value + ${count} returning value`;
  const last = Number(rows[0]?.value ?? 0);
  return Array.from(
    { length: count },
    (_, i) => `${prefix}-${String(last - count + 1 + i).padStart(4, "0")}`,
  );
}

export interface NewTenant {
  slug: string;
  name: string;
  currency: string;
  timezone: string;
  settings?: Partial<TenantSettings>;
  /** Name of the platform's own party; the tenant's name by default. */
  platformName?: string;
  locale?: "zh-CN" | "en";
}

/**
 * Opens a tenant with its platform party and its books (nothing closed yet). Needs the owner's connection:
 * the application's role cannot make tenants.
 */
export async function createTenant(
  owner: Database,
  input: NewTenant,
  clock: Clock = systemClock,
): Promise<Tenant> {
  const id = newId();
  const platformPartyId = newId();
  const now = clock.now();
  const settings = { ...DEFAULT_TENANT_SETTINGS, ...input.settings };
  await inTenant(owner, id, async (tx: Tx) => {
    await tx.insert(tenants).values({
      id,
      slug: input.slug,
      name: input.name,
      currency: input.currency,
      timezone: input.timezone,
      platformPartyId,
      settings: { ...settings },
      createdAt: now,
    });
    const at = now.toISOString();
    await rawSql(tx)`
      insert into parties (tenant_id, id, number, kind, name, locale, cycle, created_at, updated_at)
      values (${id}, ${platformPartyId}, 'P-0001', 'platform', ${input.platformName ?? input.name}, ${input.locale ?? "zh-CN"},
        '{"kind":"immediate"}', ${at}::timestamptz, ${at}::timestamptz)`;
    await rawSql(tx)`insert into counters values (${id}, 'party.platform', 1)`;
    await rawSql(tx)`insert into books values (${id}, '1970-01-01T00:00:00Z')`;
  });
  return {
    id,
    slug: input.slug,
    name: input.name,
    currency: input.currency,
    timezone: input.timezone,
    platformPartyId,
    settings,
  };
}
