import { and, arrayOverlaps, desc, eq, ilike, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import { rawSql } from "@/db/client";
import { campaigns, parties } from "@/db/schema";
import { type Ctx, partyScope, partyScopeKind, requirePermission, type TxCtx } from "@/server/core/context";
import { containing, decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import { withSnapshot } from "@/server/core/transaction";
import { campaignOf } from "./campaigns";
import {
  type CampaignOptionsInput,
  campaignOptionsInput,
  type ListCampaignsInput,
  listCampaignsInput,
} from "./schemas";
import type { Campaign, CampaignDetail, CampaignResults, CampaignRow } from "./types";

/** The campaigns that an asker may see: a brand its own, a merchant those that it accepts and that are not drafts. */
export function visibleCampaigns(ctx: Ctx): SQL | undefined {
  const scope = partyScope(ctx);
  if (scope === null) return undefined;
  if (partyScopeKind(ctx) === "merchant") return and(acceptedBy(scope), sql`${campaigns.status} <> 'draft'`);
  return eq(campaigns.brandId, scope);
}

function acceptedBy(merchantId: string): SQL | undefined {
  return or(
    sql`cardinality(${campaigns.merchantIds}) = 0`,
    arrayOverlaps(campaigns.merchantIds, [merchantId]),
  );
}

/** Newest first. */
export async function listCampaigns(
  ctx: Ctx,
  input: ListCampaignsInput,
): Promise<{ items: CampaignRow[]; nextCursor: string | null }> {
  requirePermission(ctx, "campaign:read");
  const { cursor, limit, search, status, type, brandId, merchantId } = listCampaignsInput.parse(input);
  const before = decodeCursor(cursor, ["id"])?.[0];
  return withSnapshot(ctx, async (ctx) => {
    const rows = await ctx.tx
      .select({ campaign: campaigns, brandName: parties.name })
      .from(campaigns)
      .leftJoin(parties, and(eq(parties.tenantId, campaigns.tenantId), eq(parties.id, campaigns.brandId)))
      .where(
        and(
          eq(campaigns.tenantId, ctx.tenant.id),
          visibleCampaigns(ctx),
          before ? lt(campaigns.id, String(before)) : undefined,
          search
            ? or(ilike(campaigns.name, containing(search)), ilike(campaigns.number, containing(search)))
            : undefined,
          status ? inArray(campaigns.status, status) : undefined,
          type ? inArray(campaigns.type, type) : undefined,
          brandId ? eq(campaigns.brandId, brandId) : undefined,
          merchantId ? acceptedBy(merchantId) : undefined,
        ),
      )
      .orderBy(desc(campaigns.id))
      .limit(limit + 1);
    const shown = rows.slice(0, limit);
    const sums = await salesOf(
      ctx,
      shown.map(({ campaign }) => campaign.id),
    );
    return {
      items: shown.map(({ campaign, brandName }) => ({
        ...forReader(ctx, campaignOf(campaign)),
        brandName,
        redeemed: sums.get(campaign.id)?.redeemed ?? 0,
        discount: sums.get(campaign.id)?.discount ?? 0n,
      })),
      nextCursor: rows.length > limit ? encodeCursor([shown.at(-1)?.campaign.id ?? ""]) : null,
    };
  });
}

/** One campaign with what came of it. Throws NOT_FOUND. */
export async function getCampaign(ctx: Ctx, input: { id: string }): Promise<CampaignDetail> {
  requirePermission(ctx, "campaign:read");
  return withSnapshot(ctx, async (ctx) => {
    const [row] = await ctx.tx
      .select()
      .from(campaigns)
      .where(and(eq(campaigns.tenantId, ctx.tenant.id), eq(campaigns.id, input.id), visibleCampaigns(ctx)));
    if (!row) throw new DomainError("NOT_FOUND", { noun: "campaign" });
    const campaign = campaignOf(row);
    const named = [campaign.brandId, campaign.channelId].filter((id) => id !== null);
    const names = new Map(
      (
        await ctx.tx
          .select({ id: parties.id, name: parties.name })
          .from(parties)
          .where(and(eq(parties.tenantId, ctx.tenant.id), inArray(parties.id, named)))
      ).map(({ id, name }) => [id, name]),
    );
    return {
      ...forReader(ctx, campaign),
      brandName: campaign.brandId ? (names.get(campaign.brandId) ?? null) : null,
      channelName: campaign.channelId ? (names.get(campaign.channelId) ?? null) : null,
      merchants: await merchantsOf(ctx, campaign),
      results: await resultsOf(ctx, campaign),
    };
  });
}

/** What a picker offers: newest first, or those that are named. */
export async function campaignOptions(
  ctx: Ctx,
  input: CampaignOptionsInput,
): Promise<{ id: string; name: string; number: string }[]> {
  requirePermission(ctx, "campaign:read");
  const { q, ids } = campaignOptionsInput.parse(input);
  return withSnapshot(ctx, async (ctx) =>
    ctx.tx
      .select({ id: campaigns.id, name: campaigns.name, number: campaigns.number })
      .from(campaigns)
      .where(
        and(
          eq(campaigns.tenantId, ctx.tenant.id),
          visibleCampaigns(ctx),
          ids ? inArray(campaigns.id, ids) : undefined,
          q ? or(ilike(campaigns.name, containing(q)), ilike(campaigns.number, containing(q))) : undefined,
        ),
      )
      .orderBy(desc(campaigns.id))
      .limit(ids ? 100 : 20),
  );
}

/** Who may be given vouchers is the house's business. */
function forReader(ctx: Ctx, campaign: Campaign): Campaign {
  const scope = partyScope(ctx);
  return scope === null
    ? campaign
    : {
        ...campaign,
        audience: [],
        merchantIds:
          partyScopeKind(ctx) === "merchant"
            ? campaign.merchantIds.filter((id) => id === scope)
            : campaign.merchantIds,
      };
}

function merchantsOf(ctx: TxCtx, campaign: Campaign): Promise<CampaignDetail["merchants"]> {
  const visible = forReader(ctx, campaign).merchantIds;
  return ctx.tx
    .select({ id: parties.id, number: parties.number, name: parties.name })
    .from(parties)
    .where(and(eq(parties.tenantId, ctx.tenant.id), inArray(parties.id, visible)))
    .orderBy(parties.name)
    .limit(200);
}

// ── results: the roll-ups, and what they have not taken in yet ──

/** In `trade_days`: every merchant. */
const ALL = "ffffffff-ffff-ffff-ffff-ffffffffffff";

interface Sales {
  redeemed: number;
  reversals: number;
  gross: bigint;
  discount: bigint;
  paid: bigint;
}

/** A merchant sees what came of a campaign at its own; everybody else who sees the campaign sees all of it. */
async function salesOf(ctx: TxCtx, campaignIds: readonly string[]): Promise<Map<string, Sales>> {
  if (campaignIds.length === 0) return new Map();
  const merchant = partyScopeKind(ctx) === "merchant" ? partyScope(ctx) : null;
  const db = rawSql(ctx.tx);
  const rows = await db<
    {
      campaign_id: string;
      redeemed: bigint;
      reversals: bigint;
      gross: bigint;
      discount: bigint;
      paid: bigint;
    }[]
  >`
    select campaign_id, sum(trades)::bigint as redeemed, sum(reversals)::bigint as reversals, sum(gross)::bigint as gross,
      sum(discount)::bigint as discount, sum(paid)::bigint as paid
    from (
      select campaign_id, trades, reversals, gross, discount, paid from trade_days
      where tenant_id = ${ctx.tenant.id} and campaign_id = any(${[...campaignIds]}::uuid[])
        and merchant_id = ${merchant ?? ALL}
      union all
      select campaign_id, (kind <> 'reversal')::int, (kind = 'reversal')::int, gross, discount, paid from trades
      where tenant_id = ${ctx.tenant.id} and campaign_id = any(${[...campaignIds]}::uuid[]) and kind in ('redemption', 'reversal')
        and xid >= ${unrolled(ctx)} ${merchant ? db`and merchant_id = ${merchant}` : db``}
    ) days group by campaign_id`;
  return new Map(
    rows.map(({ campaign_id, redeemed, reversals, ...sums }) => [
      campaign_id,
      { ...sums, redeemed: Number(redeemed), reversals: Number(reversals) },
    ]),
  );
}

/** The transaction from which on trades are not yet in the roll-ups. */
function unrolled(ctx: TxCtx) {
  return rawSql(
    ctx.tx,
  )`coalesce((select xid from rollup_marks where tenant_id = ${ctx.tenant.id}), 0)::text::xid8`;
}

async function resultsOf(ctx: TxCtx, campaign: Campaign): Promise<CampaignResults> {
  const none: Sales = { redeemed: 0, reversals: 0, gross: 0n, discount: 0n, paid: 0n };
  const sales = (await salesOf(ctx, [campaign.id])).get(campaign.id) ?? none;
  return {
    ...sales,
    issued: campaign.issued,
    storedValue: campaign.type === "gift_card" ? sales.gross - sales.discount - sales.paid : 0n,
    costByFunder: partyScopeKind(ctx) === "merchant" ? [] : await costOf(ctx, campaign, sales.discount),
  };
}

async function costOf(
  ctx: TxCtx,
  campaign: Campaign,
  discount: bigint,
): Promise<CampaignResults["costByFunder"]> {
  const db = rawSql(ctx.tx);
  const rows = await db<{ party_id: string; name: string; kind: string; cost: bigint; funding: bigint }[]>`
    select a.party_id, p.name, p.kind, sum(days.cost)::bigint as cost,
      coalesce(sum(days.cost) filter (where days.leg like 'subsidy.%'), 0)::bigint as funding
    from (
      select account_id, leg, cost from campaign_days where tenant_id = ${ctx.tenant.id} and campaign_id = ${campaign.id}
      union all
      select s.account_id, t.leg, s.cost from trades d
      join transfers t on t.tenant_id = d.tenant_id and t.trade_id = d.id
      cross join lateral (values (t.debit_account_id, t.amount), (t.credit_account_id, -t.amount)) s (account_id, cost)
      where d.tenant_id = ${ctx.tenant.id} and d.campaign_id = ${campaign.id} and d.xid >= ${unrolled(ctx)}
    ) days
    join accounts a on a.tenant_id = ${ctx.tenant.id} and a.id = days.account_id and a.kind in ('receivable', 'marketing_expense')
    join parties p on p.tenant_id = a.tenant_id and p.id = a.party_id
    group by 1, 2, 3 order by cost desc, p.name`;
  const scope = partyScope(ctx);
  const funders = rows
    .filter((row) => scope === null || row.party_id === scope)
    .map(({ party_id, name, kind, cost }) => ({ partyId: party_id, name, kind, amount: cost }));
  const merchants = discount - rows.reduce((sum, row) => sum + row.funding, 0n);
  if (scope !== null || merchants <= 0n || campaign.type === "gift_card") return funders;
  return [...funders, { partyId: null, name: "", kind: "merchant", amount: merchants }];
}
