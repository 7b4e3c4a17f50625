import { and, eq } from "drizzle-orm";
import { rawSql } from "@/db/client";
import { campaigns } from "@/db/schema";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { type FundingShare, validateFunding } from "../clearing/schemas";
import { nextNumber } from "../parties";
import {
  type CampaignStatus,
  type CreateCampaignInput,
  createCampaignInput,
  type UpdateCampaignInput,
  updateCampaignInput,
} from "./schemas";
import type { Campaign } from "./types";

/** Makes a campaign, as a draft. Throws INPUT_INVALID, FUNDING_INVALID, NOT_FOUND (of a party it names). */
export async function createCampaign(ctx: Ctx, input: CreateCampaignInput): Promise<Campaign> {
  requirePermission(ctx, "campaign:write");
  const given = createCampaignInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const [number = ""] = await nextNumber(ctx, "campaign", "CP");
    const now = ctx.clock.now();
    const campaign: Campaign = {
      ...withoutUndefined(given),
      id: newId(),
      number,
      status: "draft",
      currency: given.currency ?? ctx.tenant.currency,
      issued: 0,
      createdAt: now,
      updatedAt: now,
    };
    await check(ctx, campaign);
    await ctx.tx.insert(campaigns).values({ ...campaign, tenantId: ctx.tenant.id });
    await record(ctx, {
      action: "campaign.created",
      subject: { kind: "campaign", id: campaign.id },
      partyId: campaign.brandId,
      data: {
        number,
        name: campaign.name,
        type: campaign.type,
        terms: campaign.terms,
        funding: campaign.funding,
      },
    });
    return campaign;
  });
}

/** Fields that vouchers already issued stand on. */
const FIXED_ONCE_ISSUED = [
  "type",
  "terms",
  "currency",
  "funding",
  "brandId",
  "verification",
  "usesPerVoucher",
] as const satisfies readonly (keyof Campaign)[];

/** Changes a campaign. Throws CAMPAIGN_LOCKED where a voucher was issued already and a fixed field would change. */
export async function updateCampaign(ctx: Ctx, input: UpdateCampaignInput): Promise<Campaign> {
  requirePermission(ctx, "campaign:write");
  const { id, ...given } = updateCampaignInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const before = await lockCampaign(ctx, id);
    const changes: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(given)) {
      if (value !== undefined && !same(value, before[name as keyof Campaign])) changes[name] = value;
    }
    const fixed = FIXED_ONCE_ISSUED.filter((name) => name in changes);
    if (before.issued > 0 && fixed.length > 0)
      throw new DomainError("CAMPAIGN_LOCKED", { field: fixed[0], fields: fixed.join() });
    const campaign: Campaign = { ...before, ...changes, updatedAt: ctx.clock.now() };
    if (campaign.quota !== null && campaign.quota < campaign.issued)
      throw new DomainError("INPUT_INVALID", { path: "quota", issued: campaign.issued });
    if (Object.keys(changes).length === 0) return campaign;
    await check(ctx, campaign);
    await ctx.tx
      .update(campaigns)
      .set({ ...changes, updatedAt: campaign.updatedAt })
      .where(and(eq(campaigns.tenantId, ctx.tenant.id), eq(campaigns.id, id)));
    await record(ctx, {
      action: "campaign.updated",
      subject: { kind: "campaign", id },
      partyId: campaign.brandId,
      data: {
        number: campaign.number,
        changes: Object.fromEntries(
          Object.entries(changes).map(([name, to]) => [
            name,
            name === "audience" || name === "merchantIds"
              ? { from: (before[name] as string[]).length, to: (to as string[]).length }
              : { from: before[name as keyof Campaign], to },
          ]),
        ),
      },
    });
    return campaign;
  });
}

/** Draft or paused → active: vouchers may be issued and redeemed. */
export function activateCampaign(ctx: Ctx, input: { id: string }): Promise<Campaign> {
  return changeStatus(ctx, input.id, "active", ["draft", "paused"], "campaign.activated");
}
/** Active → paused: nothing is issued nor redeemed until it is activated again. */
export function pauseCampaign(ctx: Ctx, input: { id: string }): Promise<Campaign> {
  return changeStatus(ctx, input.id, "paused", ["active"], "campaign.paused");
}
/** → ended, for good: nothing more is issued; vouchers that are out can be used until they expire. */
export function endCampaign(ctx: Ctx, input: { id: string }): Promise<Campaign> {
  return changeStatus(ctx, input.id, "ended", ["draft", "active", "paused"], "campaign.ended");
}

async function changeStatus(
  ctx: Ctx,
  id: string,
  to: CampaignStatus,
  from: readonly CampaignStatus[],
  action: string,
): Promise<Campaign> {
  requirePermission(ctx, "campaign:write");
  return withTransaction(ctx, async (ctx) => {
    const before = await lockCampaign(ctx, id);
    if (before.status === to) return before;
    if (!from.includes(before.status))
      throw new DomainError("CONFLICT", { noun: "campaign", status: before.status });
    const campaign = { ...before, status: to, updatedAt: ctx.clock.now() };
    await ctx.tx
      .update(campaigns)
      .set({ status: to, updatedAt: campaign.updatedAt })
      .where(and(eq(campaigns.tenantId, ctx.tenant.id), eq(campaigns.id, id)));
    await record(ctx, {
      action,
      subject: { kind: "campaign", id },
      partyId: campaign.brandId,
      data: { number: campaign.number, from: before.status },
    });
    return campaign;
  });
}

async function lockCampaign(ctx: TxCtx, id: string): Promise<Campaign> {
  const [row] = await ctx.tx
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.tenantId, ctx.tenant.id), eq(campaigns.id, id)))
    .for("update");
  if (!row) throw new DomainError("NOT_FOUND", { noun: "campaign" });
  return campaignOf(row);
}

export function campaignOf({ tenantId: _, ...row }: typeof campaigns.$inferSelect): Campaign {
  return row as Campaign;
}

// ── what a campaign must be ──

async function check(ctx: TxCtx, campaign: Campaign): Promise<void> {
  const invalid = (path: string) => new DomainError("INPUT_INVALID", { path });
  if (campaign.terms.type !== campaign.type) throw invalid("terms");
  if (before(campaign.issueTo, campaign.issueFrom)) throw invalid("issueTo");
  if (before(campaign.validTo, campaign.validFrom)) throw invalid("validTo");
  if (campaign.type === "gift_card" && campaign.usesPerVoucher !== 1) throw invalid("usesPerVoucher");
  if (campaign.collectedBy === "platform" && !campaign.channelId) throw invalid("channelId");
  checkFunding(campaign);
  await checkParties(ctx, campaign);
}

function before(end: Date | null, start: Date | null): boolean {
  return end !== null && start !== null && end <= start;
}

function checkFunding({ funding, brandId }: Campaign): void {
  const [problem] = validateFunding(funding);
  if (problem)
    throw new DomainError("FUNDING_INVALID", { problem: problem.code, path: problem.path.join(".") });
  for (const { party } of funding) {
    if (party === "brand" && !brandId) throw new DomainError("FUNDER_UNKNOWN", { party });
    if (party.startsWith("upline:") || party === "supplier" || party === "distributor" || party === "channel")
      throw new DomainError("FUNDING_INVALID", { party });
  }
}

const isPartyId = (party: FundingShare["party"]) => party.includes("-");

/** Every party that the campaign names is one of the tenant's, of the right kind. */
async function checkParties(ctx: TxCtx, campaign: Campaign): Promise<void> {
  const wanted: { id: string; kinds: readonly string[]; path: string }[] = campaign.merchantIds.map((id) => ({
    id,
    kinds: ["merchant"],
    path: "merchantIds",
  }));
  if (campaign.brandId) wanted.push({ id: campaign.brandId, kinds: ["brand"], path: "brandId" });
  if (campaign.channelId) wanted.push({ id: campaign.channelId, kinds: ["channel"], path: "channelId" });
  for (const { party } of campaign.funding)
    if (isPartyId(party))
      wanted.push({ id: party, kinds: ["brand", "merchant", "platform"], path: "funding" });
  if (wanted.length === 0) return;
  const rows = await rawSql(ctx.tx)<{ id: string; kind: string }[]>`
    select id, kind from parties
    where tenant_id = ${ctx.tenant.id} and id = any(${[...new Set(wanted.map((w) => w.id))]}::uuid[])`;
  const kinds = new Map(rows.map((row) => [row.id, row.kind]));
  for (const { id, kinds: right, path } of wanted) {
    const kind = kinds.get(id);
    if (!kind) throw new DomainError("NOT_FOUND", { noun: "party", path });
    if (!right.includes(kind)) throw new DomainError("INPUT_INVALID", { path });
  }
}

/** undefined of optional inputs → null, as the table has it. */
function withoutUndefined(given: ReturnType<typeof createCampaignInput.parse>) {
  return {
    ...given,
    brandId: given.brandId ?? null,
    issueFrom: given.issueFrom ?? null,
    issueTo: given.issueTo ?? null,
    validFrom: given.validFrom ?? null,
    validTo: given.validTo ?? null,
    validDays: given.validDays ?? null,
    quota: given.quota ?? null,
    perCustomerLimit: given.perCustomerLimit ?? null,
    stackingGroup: given.stackingGroup ?? null,
    channelId: given.channelId ?? null,
  };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, part]) => [name, sorted(part)]),
  );
}
