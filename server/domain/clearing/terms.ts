import type { z } from "zod";
import { rawSql } from "@/db/client";
import type { FundingShare } from "@/db/schema/types";
import { type Ctx, partyScope, partyScopeKind, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withSnapshot } from "@/server/core/transaction";
import { monthOf } from "../calendar";
import { compileRule, type FeeLookup, type Plan, pricedParties, type TradeFacts } from "./engine";
import { lookAtMonths } from "./fees/counters";
import type { FeeScheduleDefinition } from "./fees/schemas";
import { type FeeReason, scheduleSet } from "./fees/select";
import { type RuleCandidate, ruleSet, SCOPE_FIELDS } from "./rules";
import { type RuleScope, type SplitRuleDefinition, splitRuleDefinition, tryTermsInput } from "./schemas";
import { loadSchedules } from "./store";
import { type TradeTrace, traceTrade } from "./trace";

/** What a merchant or a distributor may know of the rules: what concerns it, without what concerns others alone. */

export interface OwnTerms {
  role: "merchant" | "distributor";
  /** Of a distributor. */
  tier: { code: string; name: string } | null;
  /** The rate agreed with it, where rules allow one. */
  ownRate: string | null;
  /** In force now, or to come; the most specific first. */
  rules: OwnRule[];
  /** The fee schedules that price its legs, now or to come. */
  schedules: OwnSchedule[];
  /** Names of the parties that stand in them by id. */
  names: Record<string, string>;
}

export interface OwnSchedule {
  versionId: string;
  number: string;
  version: number;
  leg: string;
  currency: string;
  effectiveFrom: Date;
  inForce: boolean;
  because: FeeReason;
  /** Without whom else it applies to. */
  definition: FeeScheduleDefinition;
}

export interface OwnRule {
  versionId: string;
  number: string;
  version: number;
  effectiveFrom: Date;
  inForce: boolean;
  /** What it is limited to, by name; `own`: to this party. */
  scope: {
    own: boolean;
    campaign: string | null;
    product: string | null;
    channel: string | null;
    tier: string | null;
  };
  /** Only the legs that pay or charge this party, and its own share of discounts. */
  definition: SplitRuleDefinition;
}

export interface TriedTerms {
  rule: { number: string; version: number };
  paid: bigint;
  /** What this party has of the trade: credits less debits of its accounts. */
  net: bigint;
  /** What it took itself at its till. */
  collected: bigint;
  /** The channel's rate that was counted, where the fee concerns it. */
  channelRate: string | null;
  /** Its own legs and its own part of the discount alone. */
  trace: TradeTrace;
}

interface Self {
  partyId: string;
  role: "merchant" | "distributor";
  tier: { code: string; name: string } | null;
  ownRate: string | null;
}

/** The rules that concern the actor's party. */
export async function ownTerms(ctx: Ctx): Promise<OwnTerms> {
  requirePermission(ctx, "terms:read");
  return withSnapshot(ctx, async (ctx) => {
    const self = await selfOf(ctx);
    const now = ctx.clock.now().getTime();
    const versions = await versionsFor(ctx, self);
    const latest = new Map<string, Version>();
    for (const version of versions)
      if (version.effectiveFrom.getTime() <= now) latest.set(version.ruleId, version);
    const shown = versions.filter(
      (version) =>
        (latest.get(version.ruleId) === version || version.effectiveFrom.getTime() > now) &&
        (version.effectiveTo === null || version.effectiveTo.getTime() > now),
    );
    const rules = shown
      .filter((version) => !shown.some((other) => outranks(other, version)))
      .map((version) => ({ version, names: Object.values(version.scope).filter(Boolean).length }))
      .sort((a, b) => b.names - a.names || b.version.priority - a.version.priority)
      .map(
        ({ version }): OwnRule => ({
          versionId: version.id,
          number: version.number,
          version: version.version,
          effectiveFrom: version.effectiveFrom,
          inForce: version.effectiveFrom.getTime() <= now,
          scope: {
            own: version.scope.merchantId != null,
            campaign: version.campaign_name,
            product: version.product_name,
            channel: version.channel_name,
            tier: version.scope.tier ? (self.tier?.name ?? version.scope.tier) : null,
          },
          definition: ownPartOf(version.definition, self),
        }),
      )
      .filter(({ definition }) => definition.legs.length > 0);
    const { partyId: _, ...told } = self;
    // A rate of its own goes before a schedule that does not name it, where the rule says so.
    const prices = ({ leg, because }: OwnSchedule) =>
      rules.some(({ definition }) =>
        definition.legs.some(
          ({ code, amount }) =>
            code === leg &&
            amount.kind === "fee_schedule" &&
            !(amount.agreed && self.ownRate !== null && because !== "party"),
        ),
      );
    const schedules = (await ownSchedules(ctx, self)).filter(prices);
    return { ...told, rules, schedules, names: await namesIn(ctx, rules) };
  });
}

const NOBODY_ELSE = { everyone: false, tiers: [], parties: [] };

/** What prices the party's legs now, and what is scheduled to. */
async function ownSchedules(ctx: TxCtx, { partyId, role, tier }: Self): Promise<OwnSchedule[]> {
  const versions = (await loadSchedules(ctx)).filter((version) => version.role === role);
  const set = scheduleSet(versions);
  const now = ctx.clock.now();
  const moments = [now, ...versions.map(({ effectiveFrom }) => effectiveFrom).filter((at) => at > now)];
  const found = new Map<string, OwnSchedule>();
  for (const at of moments.sort((a, b) => a.getTime() - b.getTime())) {
    for (const { leg, currency } of versions) {
      const choice = set.find({ role, leg, currency, partyId, tier: tier?.code }, at);
      const version = versions.find(({ id }) => id === choice?.schedule.id);
      if (!choice || !version || found.has(version.id)) continue;
      found.set(version.id, {
        versionId: version.id,
        number: version.number,
        version: version.version,
        leg,
        currency,
        effectiveFrom: version.effectiveFrom,
        inForce: version.effectiveFrom <= now,
        because: choice.because,
        definition: { ...version.definition, appliesTo: NOBODY_ELSE },
      });
    }
  }
  return [...found.values()];
}

/** Whether a rule of the very same scope goes before another always, so that the other clears nothing. */
function outranks(one: Version, other: Version): boolean {
  if (one.ruleId === other.ruleId || one.effectiveFrom > other.effectiveFrom) return false;
  const sameScope = SCOPE_FIELDS.every((field) => one.scope[field] === other.scope[field]);
  return sameScope && one.effectiveTo === null && one.priority > other.priority;
}

/**
 * What the actor's party would have of a trade made now, and why, by the engine that clears it.
 * @throws DomainError RULE_NOT_FOUND and whatever the engine refuses
 */
export async function tryTerms(ctx: Ctx, input: z.input<typeof tryTermsInput>): Promise<TriedTerms> {
  requirePermission(ctx, "terms:read");
  const asked = tryTermsInput.parse(input);
  return withSnapshot(ctx, async (ctx) => {
    const self = await selfOf(ctx);
    const campaign = asked.campaignId ? await campaignFor(ctx, self, asked.campaignId) : null;
    const kind = self.role === "merchant" ? ("redemption" as const) : ("card_sale" as const);
    const channelId = campaign?.collected_by === "platform" ? campaign.channel_id : null;
    const rules = ruleSet<Version & RuleCandidate>(await versionsFor(ctx, self));
    const rule = rules.find(
      {
        tradeKind: kind,
        campaignId: campaign?.id,
        merchantId: self.role === "merchant" ? self.partyId : null,
        channelId,
        productId: self.role === "distributor" ? asked.productId : null,
        tier: self.tier?.code,
      },
      ctx.clock.now(),
    );
    if (!rule) throw new DomainError("RULE_NOT_FOUND", { kind, at: ctx.clock.now().toISOString() });
    const channel = await channelFor(ctx, self, channelId);
    const facts = factsFor(ctx, self, asked, campaign, channel);
    const plan = compileRule(rule.definition);
    facts.fees = await feesNow(ctx, plan, facts, self);
    const whole = traceTrade(plan, facts);
    const trace: TradeTrace = {
      ...whole,
      funding: whole.funding.filter((part) => part.partyId === self.partyId),
      legs: whole.legs
        .filter((leg) => [leg.partyId, leg.debit?.partyId, leg.credit?.partyId].includes(self.partyId))
        // The month of a channel is the house's, though the party bears that fee.
        .map((leg) => (leg.kind === "channel_fee" ? { ...leg, fee: null } : leg)),
    };
    let net = 0n;
    for (const { debit, credit, amount } of trace.legs) {
      if (credit?.partyId === self.partyId) net += BigInt(amount);
      if (debit?.partyId === self.partyId) net -= BigInt(amount);
    }
    const fee = trace.legs.some((leg) => leg.kind === "channel_fee");
    return {
      rule: { number: rule.number, version: rule.version },
      paid: facts.paid,
      net,
      collected: facts.collectedBy === "merchant" ? facts.paid : 0n,
      channelRate: fee ? (channel?.rate ?? null) : null,
      trace,
    };
  });
}

/** The fee schedules as they price a trade now, with the months as they stand. */
async function feesNow(
  ctx: TxCtx,
  plan: Plan,
  facts: TradeFacts,
  { partyId, tier }: Self,
): Promise<FeeLookup> {
  const set = scheduleSet(await loadSchedules(ctx));
  const now = ctx.clock.now();
  const period = monthOf(now, ctx.tenant.timezone);
  const { currency } = facts;
  const legs = pricedParties(plan, facts).flatMap(({ leg, role, partyId: who, pays }) => {
    const found = set.find(
      { role, leg, currency, partyId: who, tier: who === partyId ? tier?.code : null },
      now,
    );
    const key = found && { scheduleId: found.schedule.scheduleId, partyId: who, period, pays };
    return found && key ? [{ leg, found, key }] : [];
  });
  const months = await lookAtMonths(
    ctx,
    legs.map(({ key }) => key),
  );
  return (leg) => {
    const one = legs.find((of) => of.leg === leg);
    const before = one && months.get(one.key);
    return one && before ? { ...one.found, period, before } : null;
  };
}

async function selfOf(ctx: TxCtx): Promise<Self> {
  const partyId = partyScope(ctx);
  const role = partyScopeKind(ctx);
  if (partyId === null || (role !== "merchant" && role !== "distributor"))
    throw new DomainError("NOT_FOUND", { noun: "party" });
  const [row] = await rawSql(ctx.tx)<{ tier: string; name: string | null; commission_rate: string | null }[]>`
    select d.tier, t.name, d.commission_rate from distributors d
    left join tiers t on t.tenant_id = d.tenant_id and t.code = d.tier
    where d.tenant_id = ${ctx.tenant.id} and d.party_id = ${partyId}`;
  return {
    partyId,
    role,
    tier: row ? { code: row.tier, name: row.name ?? row.tier } : null,
    ownRate: row?.commission_rate ?? null,
  };
}

interface Version extends RuleCandidate {
  number: string;
  version: number;
  definition: SplitRuleDefinition;
  campaign_name: string | null;
  product_name: string | null;
  channel_name: string | null;
  effectiveTo: Date | null;
}

/** Published versions whose scope this party's trades can fit, the oldest first; campaigns that it cannot take part in stay hidden. */
async function versionsFor(ctx: TxCtx, { partyId, role, tier }: Self): Promise<Version[]> {
  const rows = await rawSql(ctx.tx)<
    {
      id: string;
      rule_id: string;
      number: string;
      version: number;
      trade_kind: RuleScope["tradeKind"];
      campaign_id: string | null;
      product_id: string | null;
      merchant_id: string | null;
      channel_id: string | null;
      tier: string | null;
      priority: number;
      effective_from: string;
      effective_to: string | null;
      definition: unknown;
      campaign_name: string | null;
      product_name: string | null;
      channel_name: string | null;
    }[]
  >`
    select v.id, v.rule_id, r.number, v.version, r.trade_kind, r.campaign_id, r.product_id, r.merchant_id, r.channel_id,
      r.tier, r.priority, v.effective_from, v.effective_to, v.definition, c.name as campaign_name, p.name as product_name,
      ch.name as channel_name
    from split_rule_versions v
    join split_rules r on r.tenant_id = v.tenant_id and r.id = v.rule_id
    left join campaigns c on c.tenant_id = r.tenant_id and c.id = r.campaign_id
    left join products p on p.tenant_id = r.tenant_id and p.id = r.product_id
    left join parties ch on ch.tenant_id = r.tenant_id and ch.id = r.channel_id
    where v.tenant_id = ${ctx.tenant.id} and v.state = 'scheduled'
      and r.trade_kind = ${role === "merchant" ? "redemption" : "card_sale"}
      and (r.merchant_id is null or r.merchant_id = ${role === "merchant" ? partyId : null}::uuid)
      and (r.tier is null or r.tier = ${tier?.code ?? null})
      and (r.campaign_id is null or c.merchant_ids = '{}' or ${partyId}::uuid = any(c.merchant_ids))
    order by v.effective_from, v.id`;
  return rows.map((row) => ({
    id: row.id,
    ruleId: row.rule_id,
    number: row.number,
    version: row.version,
    priority: row.priority,
    effectiveFrom: new Date(row.effective_from),
    effectiveTo: row.effective_to ? new Date(row.effective_to) : null,
    definition: splitRuleDefinition.parse(row.definition),
    scope: {
      tradeKind: row.trade_kind,
      campaignId: row.campaign_id,
      productId: row.product_id,
      merchantId: row.merchant_id,
      channelId: row.channel_id,
      tier: row.tier,
    },
    campaign_name: row.campaign_name,
    product_name: row.product_name,
    channel_name: row.channel_name,
  }));
}

/** The legs that pay or charge the party, its share of discounts, and the channel's fee if it bears of it. */
export function ownPartOf(
  definition: SplitRuleDefinition,
  { role, partyId }: Pick<Self, "role" | "partyId">,
): SplitRuleDefinition {
  const own = (ref: string) =>
    ref === role || ref === partyId || (role === "distributor" && ref.startsWith("upline:"));
  const bears = definition.feeBearer === role || definition.feeBearer === "proportional";
  return {
    ...(definition.currency !== undefined && { currency: definition.currency }),
    funding: definition.funding.filter(({ party }) => own(party)),
    legs: definition.legs.filter(
      (leg) => own(leg.from) || own(leg.to) || (leg.amount.kind === "channel_fee" && bears),
    ),
    feeBearer: bears ? definition.feeBearer : "platform",
  };
}

async function namesIn(ctx: TxCtx, rules: readonly OwnRule[]): Promise<Record<string, string>> {
  const refs = rules.flatMap(({ definition }) => [
    ...definition.funding.map(({ party }) => party),
    ...definition.legs.flatMap(({ from, to }) => [from, to]),
  ]);
  const ids = [...new Set(refs.filter((ref) => ref.includes("-")))];
  const rows = await rawSql(ctx.tx)<{ id: string; name: string }[]>`
    select id, name from parties where tenant_id = ${ctx.tenant.id} and id = any(${ids}::uuid[])`;
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
}

interface CampaignRow {
  id: string;
  brand_id: string | null;
  channel_id: string | null;
  collected_by: "platform" | "merchant";
  funding: FundingShare[];
}

async function campaignFor(ctx: TxCtx, { partyId }: Self, id: string): Promise<CampaignRow> {
  const [row] = await rawSql(ctx.tx)<CampaignRow[]>`
    select id, brand_id, channel_id, collected_by, funding from campaigns
    where tenant_id = ${ctx.tenant.id} and id = ${id} and (merchant_ids = '{}' or ${partyId}::uuid = any(merchant_ids))`;
  if (!row) throw new DomainError("NOT_FOUND", { noun: "campaign", id });
  return row;
}

interface Channel {
  id: string;
  rate: string | null;
}

/** The campaign's channel, or of a card sale the cheapest that takes payments. */
async function channelFor(ctx: TxCtx, { role }: Self, id: string | null): Promise<Channel | null> {
  const [row] = await rawSql(ctx.tx)<Channel[]>`
    select p.id, p.channel_fee_rate as rate from parties p
    left join payment_channels c on c.tenant_id = p.tenant_id and c.party_id = p.id
    where p.tenant_id = ${ctx.tenant.id} and p.kind = 'channel'
      and (p.id = ${id}::uuid or (${role === "distributor"} and c.enabled and c.provider <> 'wallet'))
    order by coalesce(p.channel_fee_rate, '0')::numeric, p.id limit 1`;
  return row ?? null;
}

const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Others are played by nobody: what they are paid is not told. */
function factsFor(
  ctx: TxCtx,
  self: Self,
  asked: z.output<typeof tryTermsInput>,
  campaign: CampaignRow | null,
  channel: Channel | null,
): TradeFacts {
  const { amount, discount, markup } = asked;
  const platform = ctx.tenant.platformPartyId;
  const { currency } = ctx.tenant;
  if (self.role === "merchant") {
    return {
      kind: "redemption",
      currency,
      gross: amount,
      discount,
      paid: amount - discount,
      collectedBy: campaign?.collected_by === "platform" && channel ? "platform" : "merchant",
      parties: {
        platform,
        merchant: self.partyId,
        brand: campaign?.brand_id ?? NOBODY,
        channel: channel?.id,
      },
      funding: campaign && campaign.funding.length > 0 ? { shares: campaign.funding } : null,
      channelFeeRate: channel?.rate,
    };
  }
  return {
    kind: "card_sale",
    currency,
    gross: amount + markup,
    discount: 0n,
    paid: amount + markup,
    face: amount,
    collectedBy: "platform",
    parties: {
      platform,
      channel: channel?.id ?? NOBODY,
      supplier: NOBODY,
      distributor: self.partyId,
      uplines: [],
    },
    channelFeeRate: channel?.rate,
    supplierCost: 0n,
    markup,
    rates: self.ownRate === null ? null : { [self.partyId]: self.ownRate },
  };
}
