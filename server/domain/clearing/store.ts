import { rawSql } from "@/db/client";
import type { Cycle } from "@/db/schema/types";
import type { TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { type BusinessCalendar, loadCalendar } from "../calendar";
import type { Books } from "../ledger";
import { compileRule, type Plan } from "./engine";
import { compileSchedule } from "./fees/schedule";
import type { FeeRole, FeeScheduleDefinition } from "./fees/schemas";
import { type ScheduleInForce, type ScheduleSet, scheduleSet } from "./fees/select";
import { type RuleCandidate, type RuleSet, ruleSet } from "./rules";
import type { RuleScope, SplitRuleInput, TradeKind } from "./schemas";
import { storedValueRule } from "./standard";

/** A version of a rule, ready to clear, with what `selectRule` decides by. */
export interface RuleInForce extends RuleCandidate {
  ruleName: string;
  ruleNumber: string;
  version: number;
  plan: Plan;
}

export interface PartyTerms {
  cycle: Cycle;
  channelFeeRate: string | null;
  channelRefundsFee: boolean;
}

/** What clearing reads of a tenant's configuration, as of one revision. */
export interface Terms {
  revision: bigint;
  rules: RuleSet<RuleInForce>;
  schedules: ScheduleSet;
  calendar: BusinessCalendar;
  parties: Map<string, PartyTerms>;
}

const remembered = new Map<string, Terms>();

/** The configuration of the tenant, remembered by this process for as long as its revision stands. */
export async function termsOf(ctx: TxCtx, books: Pick<Books, "revision">): Promise<Terms> {
  const known = remembered.get(ctx.tenant.id);
  if (known && known.revision === books.revision) return known;
  const [rules, schedules, calendar] = await Promise.all([
    loadRules(ctx),
    loadSchedules(ctx),
    loadCalendar(ctx, books.revision),
  ]);
  const terms: Terms = {
    revision: books.revision,
    rules: ruleSet(rules),
    schedules: scheduleSet(schedules),
    calendar,
    parties: new Map(),
  };
  remembered.set(ctx.tenant.id, terms);
  return terms;
}

/** Makes sure that `terms.parties` holds the given parties. */
export async function loadParties(ctx: TxCtx, terms: Terms, ids: Iterable<string>): Promise<void> {
  const missing = [...new Set(ids)].filter((id) => !terms.parties.has(id));
  if (missing.length === 0) return;
  const rows = await rawSql(ctx.tx)<
    { id: string; cycle: Cycle; channel_fee_rate: string | null; channel_refunds_fee: boolean }[]
  >`select id, cycle, channel_fee_rate, channel_refunds_fee from parties
    where tenant_id = ${ctx.tenant.id} and id = any(${missing}::uuid[])`;
  for (const row of rows) {
    terms.parties.set(row.id, {
      cycle: row.cycle,
      channelFeeRate: row.channel_fee_rate,
      channelRefundsFee: row.channel_refunds_fee,
    });
  }
}

interface VersionRow {
  version_id: string;
  rule_id: string;
  name: string;
  number: string;
  version: number;
  trade_kind: TradeKind;
  campaign_id: string | null;
  product_id: string | null;
  merchant_id: string | null;
  channel_id: string | null;
  tier: string | null;
  priority: number;
  effective_from: string;
  effective_to: string | null;
  definition: SplitRuleInput;
}

/** Every published version, the superseded ones too: late postings take the version of their time. */
export async function loadRules(ctx: TxCtx): Promise<RuleInForce[]> {
  const rows = await rawSql(ctx.tx)<VersionRow[]>`
    select v.id as version_id, v.rule_id, r.name, r.number, v.version, r.trade_kind, r.campaign_id, r.product_id,
      r.merchant_id, r.channel_id, r.tier, r.priority, v.effective_from, v.effective_to, v.definition
    from split_rule_versions v join split_rules r on r.tenant_id = v.tenant_id and r.id = v.rule_id
    where v.tenant_id = ${ctx.tenant.id} and v.state = 'scheduled'`;
  return rows.map(ruleInForce);
}

function ruleInForce(row: VersionRow): RuleInForce {
  const scope: RuleScope = {
    tradeKind: row.trade_kind,
    campaignId: row.campaign_id,
    productId: row.product_id,
    merchantId: row.merchant_id,
    channelId: row.channel_id,
    tier: row.tier,
  };
  return {
    id: row.version_id,
    ruleId: row.rule_id,
    ruleName: row.name,
    ruleNumber: row.number,
    version: row.version,
    scope,
    priority: row.priority,
    effectiveFrom: new Date(row.effective_from),
    effectiveTo: row.effective_to ? new Date(row.effective_to) : null,
    plan: compileRule(row.definition),
  };
}

interface ScheduleRow {
  version_id: string;
  schedule_id: string;
  number: string;
  name: string;
  version: number;
  role: FeeRole;
  leg: string;
  currency: string;
  effective_from: string;
  effective_to: string | null;
  definition: FeeScheduleDefinition;
}

/** Every published version of a fee schedule, the superseded ones too. */
export async function loadSchedules(
  ctx: TxCtx,
): Promise<(ScheduleInForce & { definition: FeeScheduleDefinition })[]> {
  const rows = await rawSql(ctx.tx)<ScheduleRow[]>`
    select v.id as version_id, v.schedule_id, s.number, s.name, v.version, s.role, s.leg, s.currency, v.effective_from,
      v.effective_to, v.definition
    from fee_schedule_versions v join fee_schedules s on s.tenant_id = v.tenant_id and s.id = v.schedule_id
    where v.tenant_id = ${ctx.tenant.id} and v.state = 'scheduled'`;
  return rows.map(({ version_id, schedule_id, effective_from, effective_to, definition, ...row }) => ({
    ...row,
    id: version_id,
    scheduleId: schedule_id,
    effectiveFrom: new Date(effective_from),
    effectiveTo: effective_to ? new Date(effective_to) : null,
    definition,
    appliesTo: definition.appliesTo,
    plan: compileSchedule(definition),
  }));
}

/** One version, whatever its state: for explaining a posted trade. Throws RULE_NOT_FOUND. */
export async function loadVersion(ctx: TxCtx, versionId: string): Promise<RuleInForce> {
  const rows = await rawSql(ctx.tx)<VersionRow[]>`
    select v.id as version_id, v.rule_id, r.name, r.number, v.version, r.trade_kind, r.campaign_id, r.product_id,
      r.merchant_id, r.channel_id, r.tier, r.priority, v.effective_from, v.effective_to, v.definition
    from split_rule_versions v join split_rules r on r.tenant_id = v.tenant_id and r.id = v.rule_id
    where v.tenant_id = ${ctx.tenant.id} and v.id = ${versionId}`;
  const row = rows[0];
  if (!row) throw new DomainError("RULE_NOT_FOUND", { version: versionId });
  return ruleInForce(row);
}

/** Loading a gift card needs no rule of the tenant's: what was paid becomes the programme's liability. */
export const STORED_VALUE_PLAN: Plan = compileRule(storedValueRule());

/** The rule in force for a trade at its time. Throws RULE_NOT_FOUND, naming what was looked for. */
export function ruleFor(
  terms: Terms,
  facts: {
    tradeKind: TradeKind;
    campaignId: string | null;
    merchantId: string | null;
    channelId: string | null;
    productId?: string | null;
    tier?: string | null;
  },
  at: Date,
): { plan: Plan; rule: RuleInForce | null } {
  const rule = terms.rules.find(facts, at);
  if (rule) return { plan: rule.plan, rule };
  if (facts.tradeKind === "stored_value") return { plan: STORED_VALUE_PLAN, rule: null };
  throw new DomainError("RULE_NOT_FOUND", {
    kind: facts.tradeKind,
    campaign: facts.campaignId,
    merchant: facts.merchantId,
    ...(facts.productId && { product: facts.productId }),
    at: at.toISOString(),
  });
}
