import { rawSql } from "@/db/client";
import {
  type Ctx,
  partyScope,
  requirePartyScope,
  requirePermission,
  type TxCtx,
} from "@/server/core/context";
import { containing, decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import type { Rate } from "@/server/core/money";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { changesOf, laterThan } from "./locks";
import { distributorInput, listDistributorsInput, setDistributorInput } from "./schemas";
import { requireFreeSlug } from "./shops";
import { requireTier } from "./tiers";
import { requireUpline, uplinesOf } from "./uplines";

/** What was agreed with a distributor, as a sale keeps it. */
export interface DistributorTerms {
  partyId: string;
  tier: string;
  /** Its own rate; null: the rule's. */
  commissionRate: Rate | null;
  /** Nearest first, at most `tenant.settings.uplineLevels`. */
  uplines: string[];
}

export interface Distributor {
  partyId: string;
  number: string;
  name: string;
  status: "active" | "suspended";
  /** Null until terms are set: it cannot order. */
  tier: string | null;
  tierName: string | null;
  upline: { partyId: string; number: string; name: string } | null;
  commissionRate: Rate | null;
  shopSlug: string | null;
  shopTitle: string | null;
  shopOpen: boolean;
  /** Distributors that it recruited itself. */
  recruits: number;
  /** Of the terms; null until they are set. */
  updatedAt: Date | null;
}

/** For a sale; asks no permission of its own. Throws NOT_FOUND for a distributor without terms. */
export async function distributorTerms(ctx: TxCtx, partyId: string): Promise<DistributorTerms> {
  const [row] = await rawSql(ctx.tx)<{ tier: string; commission_rate: string | null }[]>`
    select tier, commission_rate from distributors where tenant_id = ${ctx.tenant.id} and party_id = ${partyId}`;
  if (!row) throw new DomainError("NOT_FOUND", { noun: "distributor" });
  const uplines = await uplinesOf(ctx, partyId, ctx.tenant.settings.uplineLevels);
  return { partyId, tier: row.tier, commissionRate: row.commission_rate, uplines };
}

/** By number. A distributor sees itself alone. */
export async function listDistributors(
  ctx: Ctx,
  input: unknown,
): Promise<{ items: Distributor[]; nextCursor: string | null }> {
  requirePermission(ctx, "distributor:read");
  const { cursor, limit, q, tier } = listDistributorsInput.parse(input);
  const after = decodeCursor(cursor, ["text"]);
  return withTransaction(ctx, async (ctx) => {
    const rows = await distributorRows(ctx, { q, tier, after: after?.[0], limit: limit + 1 });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: rows.length > limit && last ? encodeCursor([last.number]) : null };
  });
}

/** Throws NOT_FOUND, also for another distributor than the asker. */
export async function getDistributor(ctx: Ctx, input: unknown): Promise<Distributor> {
  requirePermission(ctx, "distributor:read");
  const { partyId } = distributorInput.parse(input);
  requirePartyScope(ctx, partyId);
  return withTransaction(ctx, async (ctx) => {
    const [row] = await distributorRows(ctx, { partyId, limit: 1 });
    if (!row) throw new DomainError("NOT_FOUND", { noun: "distributor" });
    return row;
  });
}

/**
 * Sets what is given and leaves the rest; what was sold keeps the terms of its time.
 * @throws DomainError NOT_FOUND · TIER_UNKNOWN · UPLINE_CYCLE · UPLINE_TOO_DEEP · SHOP_ADDRESS_TAKEN · CONFLICT
 */
export async function setDistributor(ctx: Ctx, input: unknown): Promise<void> {
  requirePermission(ctx, "distributor:write");
  const { partyId, version, ...wanted } = setDistributorInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const before = await lockTerms(ctx, partyId);
    if (version && version.getTime() !== before?.updatedAt.getTime()) {
      throw new DomainError("CONFLICT", { noun: "distributor" });
    }
    const tier = wanted.tier ?? before?.tier;
    if (tier === undefined) throw new DomainError("TIER_UNKNOWN");
    const old = before ?? { tier: null, uplineId: null, commissionRate: null, shopSlug: null };
    const changes = changesOf<Omit<Terms, "updatedAt" | "tier"> & { tier: string | null }>(
      {
        tier: old.tier,
        uplineId: old.uplineId,
        commissionRate: old.commissionRate,
        shopSlug: old.shopSlug,
      },
      wanted,
    );
    if (!changes) return;
    if (changes.tier) await requireTier(ctx, tier);
    if (changes.uplineId && wanted.uplineId) await requireUpline(ctx, partyId, wanted.uplineId);
    if (changes.shopSlug && wanted.shopSlug) await requireFreeSlug(ctx, partyId, wanted.shopSlug);
    const next = {
      uplineId: wanted.uplineId === undefined ? old.uplineId : wanted.uplineId,
      commissionRate: wanted.commissionRate === undefined ? old.commissionRate : wanted.commissionRate,
      shopSlug: wanted.shopSlug === undefined ? old.shopSlug : wanted.shopSlug,
    };
    const now = (before ? laterThan(before.updatedAt, ctx) : ctx.clock.now()).toISOString();
    await sql`
      insert into distributors as d (tenant_id, party_id, tier, upline_id, commission_rate, shop_slug, shop_open, created_at, updated_at)
      values (${ctx.tenant.id}, ${partyId}, ${tier}, ${next.uplineId}, ${next.commissionRate}, ${next.shopSlug}, false,
        ${now}::timestamptz, ${now}::timestamptz)
      on conflict (tenant_id, party_id) do update set tier = excluded.tier, upline_id = excluded.upline_id,
        commission_rate = excluded.commission_rate, shop_slug = excluded.shop_slug,
        shop_open = d.shop_open and excluded.shop_slug is not null, updated_at = excluded.updated_at`;
    await record(ctx, {
      action: "distributor.terms_set",
      subject: { kind: "distributor", id: partyId },
      partyId,
      data: changes,
    });
  });
}

interface Terms {
  tier: string;
  uplineId: string | null;
  commissionRate: string | null;
  shopSlug: string | null;
  updatedAt: Date;
}

/** The terms, null if none are set yet; holds the party's row, so that two first settings follow one another. */
async function lockTerms(ctx: TxCtx, partyId: string): Promise<Terms | null> {
  const sql = rawSql(ctx.tx);
  const [party] = await sql`
    select 1 from parties where tenant_id = ${ctx.tenant.id} and id = ${partyId} and kind = 'distributor' for no key update`;
  if (!party) throw new DomainError("NOT_FOUND", { noun: "distributor" });
  const [row] = await sql<(Omit<Terms, "updatedAt"> & { updatedAt: string })[]>`
    select tier, upline_id as "uplineId", commission_rate as "commissionRate", shop_slug as "shopSlug", updated_at as "updatedAt"
    from distributors where tenant_id = ${ctx.tenant.id} and party_id = ${partyId} for update`;
  return row ? { ...row, updatedAt: new Date(row.updatedAt) } : null;
}

async function distributorRows(
  ctx: TxCtx,
  where: { partyId?: string; q?: string; tier?: string; after?: string; limit: number },
): Promise<Distributor[]> {
  const sql = rawSql(ctx.tx);
  const scope = partyScope(ctx);
  const pattern = where.q ? containing(where.q) : null;
  const rows = await sql<
    (Omit<Distributor, "updatedAt" | "recruits" | "upline"> & {
      updatedAt: string | null;
      recruits: bigint;
      upline: Distributor["upline"];
    })[]
  >`
    select p.id as "partyId", p.number, p.name, p.status, d.tier, t.name as "tierName", d.commission_rate as "commissionRate",
      d.shop_slug as "shopSlug", d.shop_title as "shopTitle", coalesce(d.shop_open, false) as "shopOpen",
      d.updated_at as "updatedAt",
      case when u.id is not null then json_build_object('partyId', u.id, 'number', u.number, 'name', u.name) end as upline,
      (select count(*) from distributors r where r.tenant_id = p.tenant_id and r.upline_id = p.id) as recruits
    from parties p
    left join distributors d on d.tenant_id = p.tenant_id and d.party_id = p.id
    left join tiers t on t.tenant_id = d.tenant_id and t.code = d.tier
    left join parties u on u.tenant_id = d.tenant_id and u.id = d.upline_id
    where p.tenant_id = ${ctx.tenant.id} and p.kind = 'distributor'
      ${scope === null ? sql`` : sql`and p.id = ${scope}`}
      ${where.partyId ? sql`and p.id = ${where.partyId}` : sql``}
      ${where.tier ? sql`and d.tier = ${where.tier}` : sql``}
      ${pattern ? sql`and (p.name ilike ${pattern} or p.number ilike ${pattern} or p.external_id ilike ${pattern} or d.shop_slug ilike ${pattern})` : sql``}
      ${where.after ? sql`and p.number > ${where.after}` : sql``}
    order by p.number limit ${where.limit}`;
  return rows.map((row) => ({
    ...row,
    recruits: Number(row.recruits),
    updatedAt: row.updatedAt ? new Date(row.updatedAt) : null,
  }));
}
