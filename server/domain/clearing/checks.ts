import type { z } from "zod";
import { rawSql } from "@/db/client";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { startOfLocalDate } from "../calendar";
import { cornerProblems } from "./corners";
import { definitionOfDraft, draftProblems } from "./draft";
import {
  type CheckedRange,
  checkRuleDraftInput,
  type DraftDefinition,
  type Problem,
  type RuleScope,
  type SplitRuleDefinition,
} from "./schemas";

/**
 * All that keeps a draft from being published, each at its field: what the definition says, what it comes to for the
 * smallest and largest trades, and what this tenant has no party, tier or account for.
 */
export async function checkRuleDraft(
  ctx: Ctx,
  input: z.input<typeof checkRuleDraftInput>,
): Promise<Problem[]> {
  requirePermission(ctx, "rule:write");
  const draft = checkRuleDraftInput.parse(input);
  return withTransaction(ctx, async (ctx) => [
    ...(await problemsOfDraft(ctx, draft)),
    ...(draft.effectiveFrom !== null &&
    startOfLocalDate(draft.effectiveFrom, ctx.tenant.timezone) < ctx.clock.now()
      ? [{ code: "EFFECTIVE_IN_PAST" as const, path: ["effectiveFrom"] }]
      : []),
  ]);
}

export async function problemsOfDraft(
  ctx: TxCtx,
  { scope, definition, checked }: { scope: RuleScope; definition: DraftDefinition; checked: CheckedRange },
): Promise<Problem[]> {
  const problems = draftProblems(definition, scope.tradeKind);
  const whole = definitionOfDraft(definition, scope.tradeKind);
  if (whole) problems.push(...cornerProblems(whole, scope.tradeKind, checked, ctx.tenant.currency));
  return [...problems, ...(await tenantProblems(ctx, scope, whole))];
}

/** Throws NOT_FOUND for a party, campaign or product that the tenant does not have. */
export async function checkScope(ctx: TxCtx, scope: RuleScope): Promise<void> {
  const parties = [scope.merchantId, scope.channelId].filter((id): id is string => Boolean(id));
  const [row] = await rawSql(ctx.tx)<{ parties: bigint; campaigns: bigint; products: bigint }[]>`
    select (select count(*) from products where tenant_id = ${ctx.tenant.id} and id = ${scope.productId ?? null}::uuid) as products,
      (select count(*) from parties where tenant_id = ${ctx.tenant.id} and id = any(${parties}::uuid[])) as parties,
      (select count(*) from campaigns where tenant_id = ${ctx.tenant.id} and id = ${scope.campaignId ?? null}::uuid) as campaigns`;
  if (Number(row?.parties ?? 0) !== new Set(parties).size)
    throw new DomainError("NOT_FOUND", { noun: "party" });
  if (scope.campaignId && Number(row?.campaigns ?? 0) !== 1)
    throw new DomainError("NOT_FOUND", { noun: "campaign" });
  if (scope.productId && Number(row?.products ?? 0) !== 1)
    throw new DomainError("NOT_FOUND", { noun: "product" });
}

/** Throws RULE_INVALID with the first problem, and all of them as text. `noun`: "rule" or "fee_schedule". */
export function refuseProblems(problems: readonly Problem[], noun = "rule"): void {
  const [first] = problems;
  if (!first) return;
  throw new DomainError("RULE_INVALID", {
    noun,
    problem: first.code,
    path: first.path.join("."),
    problems: problems.map((p) => `${p.path.join(".")}: ${p.code}`).join("; "),
  });
}

interface Known {
  merchant_kind: string | null;
  channel_kind: string | null;
  campaign: {
    type: string;
    currency: string;
    merchants: string[] | null;
    channel: string | null;
    collectedBy: string;
  } | null;
  product_currency: string | null;
  tier: boolean;
  parties: string[] | null;
  channels: string[] | null;
  with_account: string[] | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Scopes that no trade of this tenant ever fits, and parties that it does not have. */
async function tenantProblems(
  ctx: TxCtx,
  scope: RuleScope,
  definition: SplitRuleDefinition | null,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const add = (code: Problem["code"], ...path: (string | number)[]) => problems.push({ code, path });
  const named = namedParties(definition);
  const currency = definition?.currency ?? null;
  const ids = [...new Set([...named.map(({ id }) => id), scope.merchantId].filter((id) => id != null))];
  const [known] = await rawSql(ctx.tx)<Known[]>`
    select
      (select kind from parties where tenant_id = ${ctx.tenant.id} and id = ${scope.merchantId ?? null}::uuid) as merchant_kind,
      (select kind from parties where tenant_id = ${ctx.tenant.id} and id = ${scope.channelId ?? null}::uuid) as channel_kind,
      (select json_build_object('type', type, 'currency', currency, 'merchants', merchant_ids, 'channel', channel_id,
        'collectedBy', collected_by) from campaigns
        where tenant_id = ${ctx.tenant.id} and id = ${scope.campaignId ?? null}::uuid) as campaign,
      (select currency from products where tenant_id = ${ctx.tenant.id} and id = ${scope.productId ?? null}::uuid) as product_currency,
      exists (select 1 from tiers where tenant_id = ${ctx.tenant.id} and code = ${scope.tier ?? null}) as tier,
      (select array_agg(id::text) from parties where tenant_id = ${ctx.tenant.id} and id = any(${ids}::uuid[])) as parties,
      (select array_agg(id::text) from parties
        where tenant_id = ${ctx.tenant.id} and id = any(${ids}::uuid[]) and kind = 'channel') as channels,
      (select array_agg(distinct party_id::text) from accounts
        where tenant_id = ${ctx.tenant.id} and currency = ${currency} and party_id = any(${ids}::uuid[])) as with_account`;
  if (!known) return problems;

  const cards = scope.tradeKind === "card_sale";
  if (cards ? scope.campaignId : false) add("SCOPE_IMPOSSIBLE", "scope", "campaignId");
  if (cards ? scope.merchantId : false) add("SCOPE_IMPOSSIBLE", "scope", "merchantId");
  if (!cards && scope.productId) add("SCOPE_IMPOSSIBLE", "scope", "productId");
  if (!cards && scope.tier) add("SCOPE_IMPOSSIBLE", "scope", "tier");
  if (scope.merchantId && known.merchant_kind !== "merchant") add("SCOPE_UNKNOWN", "scope", "merchantId");
  if (scope.channelId && known.channel_kind !== "channel") add("SCOPE_UNKNOWN", "scope", "channelId");
  if (scope.campaignId && !known.campaign) add("SCOPE_UNKNOWN", "scope", "campaignId");
  if (scope.productId && known.product_currency === null) add("SCOPE_UNKNOWN", "scope", "productId");
  if (scope.tier && !known.tier) add("SCOPE_UNKNOWN", "scope", "tier");
  const { campaign } = known;
  if (campaign) {
    if (scope.tradeKind === "stored_value" && campaign.type !== "gift_card")
      add("SCOPE_IMPOSSIBLE", "scope", "campaignId");
    const { merchants } = campaign;
    if (scope.merchantId && merchants && merchants.length > 0 && !merchants.includes(scope.merchantId)) {
      add("SCOPE_IMPOSSIBLE", "scope", "merchantId");
    }
    const collects = campaign.collectedBy === "platform" ? campaign.channel : null;
    if (scope.channelId && collects && collects !== scope.channelId)
      add("SCOPE_IMPOSSIBLE", "scope", "channelId");
  }
  const other =
    currency !== null &&
    [campaign?.currency, known.product_currency].some((c) => c != null && c !== currency);
  if (other) add("CURRENCY_OTHER_THAN_SCOPE", "currency");

  for (const { id, path } of named) {
    const payer = path[2] === "to" ? definition?.legs[Number(path[1])]?.from : undefined;
    if (!known.parties?.includes(id)) add("PARTY_INVALID", ...path);
    else if (payer === "merchant" && id === scope.merchantId) add("SAME_PARTY", ...path);
    else if (payer === "payer" && known.channels?.includes(id)) add("SAME_PARTY", ...path);
  }
  // In a currency of its own a party has to be known to the books before a rule promises it money there.
  const foreign = currency !== null && currency !== ctx.tenant.currency;
  if (foreign && ids.some((id) => !known.with_account?.includes(id)))
    add("CURRENCY_WITHOUT_ACCOUNT", "currency");
  return problems;
}

function namedParties(definition: SplitRuleDefinition | null): { id: string; path: (string | number)[] }[] {
  if (!definition) return [];
  return [
    ...definition.funding.map(({ party }, i) => ({ id: party, path: ["funding", i, "party"] })),
    ...definition.legs.flatMap(({ from, to, base }, i) => [
      { id: from, path: ["legs", i, "from"] },
      { id: to, path: ["legs", i, "to"] },
      { id: base?.slice("funding:".length) ?? "", path: ["legs", i, "base"] },
    ]),
  ].filter(({ id }) => UUID.test(id));
}
