import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { lockTenant } from "./locks";

/**
 * The line of recruiters: whoever recruited a distributor, whoever recruited that one, and so on. It is as long as
 * `tenant.settings.uplineLevels` allows when it is made; one made under a larger setting stays, and earns no
 * further than the setting of the sale's time.
 */

/** More steps than any line has, so that a broken one ends. */
const FAR = 10;

/** The recruiters of a distributor, nearest first, at most `levels`. */
export async function uplinesOf(ctx: TxCtx, partyId: string, levels: number): Promise<string[]> {
  if (levels <= 0) return [];
  const rows = await rawSql(ctx.tx)<{ id: string }[]>`
    with recursive line as (
      select upline_id as id, 1 as level from distributors where tenant_id = ${ctx.tenant.id} and party_id = ${partyId}
      union all
      select d.upline_id, line.level + 1 from line
      join distributors d on d.tenant_id = ${ctx.tenant.id} and d.party_id = line.id
      where line.level < ${levels}::int)
    select id from line where id is not null order by level`;
  return rows.map((row) => row.id);
}

/** What was agreed with a distributor, as the sales of now keep it. */
export interface SellerTerms {
  commissionRate: string | null;
  /** Nearest first. */
  uplines: string[];
}

/** Terms of many distributors in one statement; those of one are `distributorTerms`. */
export async function sellerTermsOf(
  ctx: TxCtx,
  partyIds: Iterable<string>,
): Promise<Map<string, SellerTerms>> {
  const levels = ctx.tenant.settings.uplineLevels;
  const rows = await rawSql(ctx.tx)<{ id: string; rate: string | null; uplines: string[] }[]>`
    with recursive line as (
      select party_id as seller, upline_id as id, 1 as level from distributors
      where tenant_id = ${ctx.tenant.id} and party_id = any(${[...new Set(partyIds)]}::uuid[])
      union all
      select line.seller, d.upline_id, line.level + 1 from line
      join distributors d on d.tenant_id = ${ctx.tenant.id} and d.party_id = line.id
      where line.level < ${levels}::int)
    select d.party_id as id, d.commission_rate as rate,
      coalesce(array_agg(l.id order by l.level) filter (where l.id is not null and l.level <= ${levels}::int), '{}') as uplines
    from line l join distributors d on d.tenant_id = ${ctx.tenant.id} and d.party_id = l.seller
    group by d.party_id, d.commission_rate`;
  return new Map(rows.map(({ id, rate, uplines }) => [id, { commissionRate: rate, uplines }]));
}

/** How many levels of recruits stand below a distributor. */
async function heightOf(ctx: TxCtx, partyId: string): Promise<number> {
  const [row] = await rawSql(ctx.tx)<{ height: number }[]>`
    with recursive below as (
      select ${partyId}::uuid as id, 0 as level
      union all
      select d.party_id, below.level + 1 from below
      join distributors d on d.tenant_id = ${ctx.tenant.id} and d.upline_id = below.id
      where below.level < ${FAR}::int)
    select max(level)::int as height from below`;
  return row?.height ?? 0;
}

/**
 * Whether `uplineId` may recruit `partyId`. Changes of the lines wait for one another, so that two of them at the
 * same time make no circle either.
 * @throws DomainError NOT_FOUND · UPLINE_CYCLE · UPLINE_TOO_DEEP
 */
export async function requireUpline(ctx: TxCtx, partyId: string, uplineId: string): Promise<void> {
  await lockTenant(ctx, "uplines");
  if (uplineId === partyId) throw new DomainError("UPLINE_CYCLE");
  const [upline] = await rawSql(ctx.tx)`
    select 1 from distributors where tenant_id = ${ctx.tenant.id} and party_id = ${uplineId}`;
  if (!upline) throw new DomainError("NOT_FOUND", { noun: "distributor" });
  const above = await uplinesOf(ctx, uplineId, FAR);
  if (above.includes(partyId)) throw new DomainError("UPLINE_CYCLE");
  const max = ctx.tenant.settings.uplineLevels;
  if (above.length + 1 + (await heightOf(ctx, partyId)) > max) {
    throw new DomainError("UPLINE_TOO_DEEP", { max });
  }
}
