import { rawSql } from "@/db/client";
import { type Ctx, partyScope, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { changesOf, lockTenant } from "./locks";
import { createTierInput, tierInput, updateTierInput } from "./schemas";

export interface Tier {
  code: string;
  name: string;
  /** 1 is the lowest. */
  rank: number;
  /** Sales of a calendar month from which it is earned, in minor units of `currency`. */
  minVolume: bigint;
  currency: string;
  /** Distributors on it; null for those who do not see the others. */
  distributors: number | null;
}

/** Every tier, lowest first. Their names and volumes are for every distributor to see: it may climb. */
export async function listTiers(ctx: Ctx): Promise<Tier[]> {
  requirePermission(ctx, "distributor:read");
  const counts = partyScope(ctx) === null;
  return withTransaction(ctx, async ({ tx, tenant }) => {
    const rows = await rawSql(tx)<
      { code: string; name: string; rank: number; min_volume: bigint; currency: string; n: bigint }[]
    >`
      select t.code, t.name, t.rank, t.min_volume, t.currency,
        (select count(*) from distributors d where d.tenant_id = t.tenant_id and d.tier = t.code) as n
      from tiers t where t.tenant_id = ${tenant.id} order by t.rank`;
    return rows.map(({ min_volume, n, ...tier }) => ({
      ...tier,
      minVolume: min_volume,
      distributors: counts ? Number(n) : null,
    }));
  });
}

/** Throws TIER_CODE_TAKEN. */
export async function createTier(ctx: Ctx, input: unknown): Promise<{ code: string }> {
  requirePermission(ctx, "distributor:write");
  const { code, name, rank, minVolume, currency = ctx.tenant.currency } = createTierInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    await lockTenant(ctx, "tiers");
    const codes = await codesByRank(ctx);
    if (codes.includes(code)) throw new DomainError("TIER_CODE_TAKEN", { tier: code });
    const place = Math.min(rank ?? codes.length + 1, codes.length + 1);
    await rawSql(ctx.tx)`
      insert into tiers (tenant_id, code, name, rank, min_volume, currency, created_at)
      values (${ctx.tenant.id}, ${code}, ${name}, ${codes.length + 1}, ${minVolume.toString()}::bigint, ${currency},
        ${ctx.clock.now().toISOString()}::timestamptz)`;
    await setRanks(ctx, codes.toSpliced(place - 1, 0, code));
    await record(ctx, {
      action: "tier.created",
      subject: { kind: "tier", id: code },
      data: { code, name, rank: place, minVolume, currency },
    });
    return { code };
  });
}

/** Throws NOT_FOUND. */
export async function updateTier(ctx: Ctx, input: unknown): Promise<void> {
  requirePermission(ctx, "distributor:write");
  const { code, rank, ...fields } = updateTierInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    await lockTenant(ctx, "tiers");
    const codes = await codesByRank(ctx);
    const [before] = await rawSql(ctx.tx)<{ name: string; minVolume: bigint; rank: number }[]>`
      select name, rank, min_volume as "minVolume" from tiers where tenant_id = ${ctx.tenant.id} and code = ${code}`;
    if (!before) throw new DomainError("NOT_FOUND", { noun: "tier" });
    const place = rank === undefined ? before.rank : Math.min(rank, codes.length);
    const changes = changesOf(before, { ...fields, rank: place });
    if (!changes) return;
    await rawSql(ctx.tx)`
      update tiers set name = ${fields.name ?? before.name}, min_volume = ${(fields.minVolume ?? before.minVolume).toString()}::bigint
      where tenant_id = ${ctx.tenant.id} and code = ${code}`;
    await setRanks(ctx, codes.filter((other) => other !== code).toSpliced(place - 1, 0, code));
    await record(ctx, { action: "tier.updated", subject: { kind: "tier", id: code }, data: changes });
  });
}

/**
 * Removes a tier that no distributor is on and neither a split rule nor a fee schedule names; its prices go with it.
 * Throws NOT_FOUND · TIER_IN_USE.
 */
export async function removeTier(ctx: Ctx, input: unknown): Promise<void> {
  requirePermission(ctx, "distributor:write");
  const { code } = tierInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    await lockTenant(ctx, "tiers");
    // Whoever puts a distributor or a price on it holds the row by its foreign key, and comes first or finds it gone.
    const [tier] = await sql<{ name: string }[]>`
      select name from tiers where tenant_id = ${ctx.tenant.id} and code = ${code} for update`;
    if (!tier) throw new DomainError("NOT_FOUND", { noun: "tier" });
    const [use] = await sql<{ distributors: bigint; rules: bigint; schedules: bigint }[]>`
      select (select count(*) from distributors where tenant_id = ${ctx.tenant.id} and tier = ${code}) as distributors,
        (select count(*) from split_rules where tenant_id = ${ctx.tenant.id} and tier = ${code}) as rules,
        (select count(*) from fee_schedule_versions where tenant_id = ${ctx.tenant.id}
          and state in ('draft', 'in_review', 'scheduled') and definition #> '{appliesTo,tiers}' ? ${code}) as schedules`;
    if (use && use.distributors + use.rules + use.schedules > 0n)
      throw new DomainError("TIER_IN_USE", { tier: code });
    const prices = await sql`delete from card_prices where tenant_id = ${ctx.tenant.id} and tier = ${code}`;
    await sql`delete from tiers where tenant_id = ${ctx.tenant.id} and code = ${code}`;
    await setRanks(ctx, await codesByRank(ctx));
    await record(ctx, {
      action: "tier.removed",
      subject: { kind: "tier", id: code },
      data: { code, name: tier.name, prices: prices.count },
    });
  });
}

/** Throws TIER_UNKNOWN. The tier stays until the transaction ends. */
export async function requireTier(ctx: TxCtx, code: string): Promise<void> {
  const [tier] = await rawSql(ctx.tx)`
    select 1 from tiers where tenant_id = ${ctx.tenant.id} and code = ${code} for key share`;
  if (!tier) throw new DomainError("TIER_UNKNOWN", { tier: code });
}

async function codesByRank(ctx: TxCtx): Promise<string[]> {
  const rows = await rawSql(ctx.tx)<{ code: string }[]>`
    select code from tiers where tenant_id = ${ctx.tenant.id} order by rank`;
  return rows.map((row) => row.code);
}

/** Ranks are 1, 2, 3 … without gaps. In two steps, since a rank is taken once at any moment. */
async function setRanks(ctx: TxCtx, codes: readonly string[]): Promise<void> {
  const sql = rawSql(ctx.tx);
  const ranks = codes.map((_, i) => i + 1);
  for (const sign of [-1, 1]) {
    await sql`
      update tiers t set rank = ${sign}::int * n.rank
      from unnest(${[...codes]}::text[], ${ranks}::int[]) n (code, rank)
      where t.tenant_id = ${ctx.tenant.id} and t.code = n.code and t.rank <> ${sign}::int * n.rank`;
  }
}
