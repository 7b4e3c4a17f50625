import { rawSql } from "@/db/client";
import type { FundingAmount, FundingShare, TradeFee, TradeTerms } from "@/db/schema/types";
import { unpackFees } from "@/db/trade-fees";
import { type Ctx, partyScope, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { referenceOf } from "@/server/core/ids";
import { withSnapshot } from "@/server/core/transaction";
import type { AccountKind, AccountRef } from "../ledger";
import { factsOf } from "./clear";
import type { TradeFacts } from "./engine";
import { type FeeMovement, feeMovements, keptFees } from "./fees/explain";
import { type ScheduleSet, scheduleSet } from "./fees/select";
import type { Choice, RuleSet, ScopeField } from "./rules";
import { TRADE_KINDS, type TradeKind } from "./schemas";
import { loadVersion, type RuleInForce, STORED_VALUE_PLAN } from "./store";
import { termsNow } from "./terms-now";
import { type TradeTrace, traceTrade } from "./trace";

export interface ExplainedParty {
  id: string;
  name: string;
  kind: string;
}

/** A posted leg as people read it. Amounts in minor units. */
export interface ExplainedTransfer {
  id: string;
  leg: string;
  amount: bigint;
  debit: { party: ExplainedParty; kind: AccountKind };
  credit: { party: ExplainedParty; kind: AccountKind };
  debitDueAt: Date | null;
  creditDueAt: Date | null;
  /** Of a reversal: the transfer it undoes, with what that was. */
  reverses: { id: string; amount: bigint } | null;
}

export interface TradeExplanation {
  trade: {
    id: string;
    reference: string;
    kind: string;
    tradedAt: Date;
    postedAt: Date;
    currency: string;
    gross: bigint;
    discount: bigint;
    paid: bigint;
    storedValue: bigint;
    collectedBy: "platform" | "merchant" | "wallet";
    merchant: ExplainedParty | null;
    brand: ExplainedParty | null;
    campaign: { id: string; number: string; name: string } | null;
    voucherId: string | null;
    supplier: ExplainedParty | null;
    distributor: ExplainedParty | null;
    /** Of a card sale. */
    product: { id: string; number: string; name: string } | null;
    orderId: string | null;
    orderRef: string | null;
    reason: string | null;
  };
  /** The version that was in force when it was traded; null where none is needed. */
  rule: {
    ruleId: string;
    number: string;
    /** Null for whom it is not a rule of: a name may tell what was agreed with the merchant or distributor. */
    name: string | null;
    version: number;
    effectiveFrom: Date;
    /** What decided for it among the rules that fitted. */
    because: Choice<RuleInForce>["because"];
    /** The facts of the trade that it names. */
    names: ScopeField[];
  } | null;
  /** How the legs came about, computed again; null for what no rule clears (a payout, say). */
  trace: TradeTrace | null;
  /** Whether the legs computed again are those that stand in the books. */
  agrees: boolean;
  transfers: ExplainedTransfer[];
  reversalOf: {
    id: string;
    reference: string;
    refundedBefore: bigint;
    refunded: bigint;
    given: bigint;
  } | null;
  reversals: { id: string; reference: string; at: Date; amount: bigint; reason: string | null }[];
  /** Of a refund or a true-up: what it did to the months that fee schedules count. */
  fees: FeeMovement[];
}

interface Row {
  id: string;
  kind: string;
  traded_at: string;
  posted_at: string;
  currency: string;
  gross: bigint;
  discount: bigint;
  paid: bigint;
  collected_by: "platform" | "merchant" | "wallet";
  product_id: string | null;
  product_number: string | null;
  product_name: string | null;
  supplier_id: string | null;
  distributor_id: string | null;
  order_id: string | null;
  terms: TradeTerms | null;
  merchant_id: string | null;
  brand_id: string | null;
  campaign_id: string | null;
  voucher_id: string | null;
  channel_id: string | null;
  rule_version_id: string | null;
  channel_fee_rate: string | null;
  funding: FundingAmount[] | null;
  fees: TradeFee[] | null;
  reverses_id: string | null;
  refunded_before: bigint | null;
  order_ref: string | null;
  reason: string | null;
  campaign_number: string | null;
  campaign_name: string | null;
  campaign_funding: FundingShare[] | null;
}

const REFERENCE_PREFIX: Record<string, string> = { redemption: "RD", reversal: "RV", card_sale: "CS" };

/** What a reference of a trade begins with: redemption, reversal, card sale, or any other trade. */
export function tradeReference(kind: string, id: string): string {
  return referenceOf(REFERENCE_PREFIX[kind] ?? "TR", id);
}

/**
 * "Explain this number": a trade's transfers with the trace that made them, computed again from its facts and
 * the version of the rule in force at its time. A party sees the legs on its own accounts alone.
 * @throws DomainError NOT_FOUND, also for a trade that does not concern the actor's party
 */
export async function explainTrade(ctx: Ctx, tradeId: string): Promise<TradeExplanation> {
  requirePermission(ctx, "trade:read");
  return withSnapshot(ctx, async (ctx) => {
    const row = await tradeRow(ctx, tradeId);
    const [all, reversals] = await Promise.all([transfersOf(ctx, tradeId), reversalsOf(ctx, tradeId)]);
    const scope = partyScope(ctx);
    const original = row.reverses_id ? await tradeRow(ctx, row.reverses_id) : row;
    const own = ownSides(scope, original);
    const transfers = all.filter(({ debit, credit }) =>
      own([
        { partyId: debit.party.id, kind: debit.kind },
        { partyId: credit.party.id, kind: credit.kind },
      ]),
    );
    const named = [row.merchant_id, row.brand_id, row.supplier_id, row.distributor_id];
    if (scope !== null && transfers.length === 0 && !named.includes(scope)) {
      throw new DomainError("NOT_FOUND", { noun: "trade", id: tradeId });
    }
    const cleared = (TRADE_KINDS as readonly string[]).includes(original.kind);
    const rule = original.rule_version_id ? await loadVersion(ctx, original.rule_version_id) : null;
    const terms = rule || row.fees || original.fees ? await termsNow(ctx) : null;
    const why = rule && terms ? whyThisRule(terms.rules, rule, original) : null;
    const schedules = terms?.schedules ?? NO_SCHEDULES;
    const trace = cleared
      ? traceTrade(rule?.plan ?? STORED_VALUE_PLAN, facts(ctx, original, schedules))
      : null;
    // Whose card it is, and who sold it, is the house's business with each of them.
    const hidden = new Set(scope === null ? [] : [row.supplier_id, row.distributor_id]);
    hidden.delete(scope);
    if (scope !== row.supplier_id) hidden.delete(row.distributor_id);
    const names = await parties(
      ctx,
      named.filter((id) => !hidden.has(id)),
    );
    const storedValue = abs(row.gross) - abs(row.discount) - abs(row.paid);
    return {
      trade: {
        id: row.id,
        reference: tradeReference(row.kind, row.id),
        kind: row.kind,
        tradedAt: new Date(row.traded_at),
        postedAt: new Date(row.posted_at),
        currency: row.currency,
        gross: row.gross,
        discount: row.discount,
        paid: row.paid,
        storedValue: row.kind === "redemption" || row.kind === "reversal" ? storedValue : 0n,
        collectedBy: row.collected_by,
        merchant: row.merchant_id ? (names.get(row.merchant_id) ?? null) : null,
        brand: row.brand_id ? (names.get(row.brand_id) ?? null) : null,
        campaign: row.campaign_id
          ? { id: row.campaign_id, number: row.campaign_number ?? "", name: row.campaign_name ?? "" }
          : null,
        voucherId: row.voucher_id,
        supplier: row.supplier_id ? (names.get(row.supplier_id) ?? null) : null,
        distributor: row.distributor_id ? (names.get(row.distributor_id) ?? null) : null,
        product: row.product_id
          ? { id: row.product_id, number: row.product_number ?? "", name: row.product_name ?? "" }
          : null,
        orderId: row.order_id,
        orderRef: row.order_ref,
        reason: row.reason,
      },
      rule: rule
        ? {
            ruleId: rule.ruleId,
            number: rule.ruleNumber,
            name: ofOwnTerms(scope, original) ? rule.ruleName : null,
            version: rule.version,
            effectiveFrom: rule.effectiveFrom,
            because: why?.because ?? "none",
            names: why?.names ?? [],
          }
        : null,
      trace: trace && scope !== null ? ownPart(trace, scope, own, original.fees ?? []) : trace,
      agrees: row.reverses_id !== null || trace === null || sameLegs(trace, all),
      transfers,
      reversalOf: row.reverses_id
        ? {
            id: original.id,
            reference: tradeReference(original.kind, original.id),
            refundedBefore: row.refunded_before ?? 0n,
            refunded: row.discount - row.gross,
            given: original.gross - original.discount,
          }
        : null,
      reversals,
      fees: movementsOf(row, schedules).filter(({ partyId }) => scope === null || partyId === scope),
    };
  });
}

/** The house, and those whose sales a rule divides: their rules are their terms. */
function ofOwnTerms(scope: string | null, { merchant_id, distributor_id }: Row): boolean {
  return scope === null || scope === merchant_id || scope === distributor_id;
}

const NO_SCHEDULES = scheduleSet([]);

function movementsOf({ kind, fees }: Row, schedules: ScheduleSet): FeeMovement[] {
  if (!fees || (kind !== "reversal" && kind !== "adjustment")) return [];
  return feeMovements(schedules, fees, kind === "reversal" ? "walk_back" : "true_up");
}

/** What decided for the rule when the trade was made; of one that was chosen by hand or before, nothing. */
function whyThisRule(rules: RuleSet<RuleInForce>, rule: RuleInForce, row: Row): Choice<RuleInForce> | null {
  const choice = rules.select(
    {
      tradeKind: row.kind as TradeKind,
      campaignId: row.campaign_id,
      merchantId: row.merchant_id,
      channelId: row.channel_id,
      productId: row.product_id,
      tier: row.terms?.tier,
    },
    new Date(row.traded_at),
  );
  return choice.version?.id === rule.id ? choice : null;
}

const abs = (n: bigint) => (n < 0n ? -n : n);

function facts(ctx: TxCtx, row: Row, schedules: ScheduleSet): TradeFacts {
  const stored = row.gross - row.discount - row.paid;
  const tierOf = (partyId: string) => (partyId === row.distributor_id ? (row.terms?.tier ?? null) : null);
  const plain = factsOf(
    ctx.tenant.platformPartyId,
    {
      kind: row.kind as TradeKind,
      tradedAt: new Date(row.traded_at),
      currency: row.currency,
      gross: row.gross,
      discount: row.discount,
      paid: row.paid,
      merchantId: row.merchant_id,
      brandId: row.brand_id,
      campaignId: row.campaign_id,
      voucherId: row.voucher_id,
      collectedBy: row.collected_by,
      channelId: row.channel_id,
      fundingShares: row.campaign_funding ?? undefined,
      fundingAmounts: row.funding?.map(({ partyId, amount }) => ({ partyId, amount: BigInt(amount) })),
      storedValue: stored > 0n ? stored : undefined,
      card:
        row.terms && row.product_id && row.supplier_id && row.distributor_id && row.order_id
          ? {
              productId: row.product_id,
              supplierId: row.supplier_id,
              distributorId: row.distributor_id,
              orderId: row.order_id,
              terms: row.terms,
            }
          : undefined,
    },
    row.channel_fee_rate,
  );
  if (row.fees) plain.fees = keptFees(schedules, row.fees, new Date(row.traded_at), tierOf);
  return plain;
}

type Side = Pick<AccountRef, "partyId" | "kind">;

/**
 * Tells by its two sides whether a leg is a party's own. What a distributor's wallet pays for a card is split behind
 * it: cost and margin are not its legs, though its wallet stands on them.
 */
function ownSides(scope: string | null, original: Row): (sides: readonly (Side | null)[]) => boolean {
  const isSale = original.kind === "card_sale";
  return (sides) =>
    scope === null || sides.some((side) => side?.partyId === scope && !(isSale && side.kind === "wallet"));
}

/**
 * Of a trace, what concerns one party: its legs, and its part of the funding; the parts of others stay theirs. So does
 * the schedule by which another is priced, a channel say, though the party bears that fee.
 */
function ownPart(
  trace: TradeTrace,
  partyId: string,
  own: ReturnType<typeof ownSides>,
  fees: readonly TradeFee[],
): TradeTrace {
  const priced = new Set(fees.filter(({ party }) => party === partyId).map(({ leg }) => leg));
  return {
    ...trace,
    funding: trace.funding.filter((part) => part.partyId === partyId),
    legs: trace.legs
      .filter((leg) =>
        trace.kind === "card_sale"
          ? own([leg.debit, leg.credit])
          : leg.partyId === partyId || own([leg.debit, leg.credit]),
      )
      .map((leg) => (leg.fee && !priced.has(leg.code) ? { ...leg, fee: null } : leg)),
  };
}

function sameLegs(trace: TradeTrace, transfers: readonly ExplainedTransfer[]): boolean {
  const computed = trace.legs.filter((leg) => leg.note === null).map((leg) => `${leg.code}=${leg.amount}`);
  const posted = transfers.map((t) => `${t.leg}=${t.amount}`);
  return computed.sort().join() === posted.sort().join();
}

async function tradeRow(ctx: TxCtx, id: string): Promise<Row> {
  const [row] = await rawSql(ctx.tx)<(Omit<Row, "fees"> & { fees: string | null })[]>`
    select t.id, t.kind, t.traded_at, t.posted_at, t.currency, t.gross, t.discount, t.paid, t.collected_by, t.merchant_id,
      t.brand_id, t.campaign_id, t.voucher_id, t.channel_id, t.rule_version_id, t.channel_fee_rate, t.funding,
      t.fees, t.reverses_id, t.refunded_before, t.order_ref, t.reason, t.product_id, t.supplier_id, t.distributor_id, t.order_id,
      t.terms, c.number as campaign_number, c.name as campaign_name, c.funding as campaign_funding,
      p.number as product_number, p.name as product_name
    from trades t
    left join campaigns c on c.tenant_id = t.tenant_id and c.id = t.campaign_id
    left join products p on p.tenant_id = t.tenant_id and p.id = t.product_id
    where t.tenant_id = ${ctx.tenant.id} and t.id = ${id}`;
  if (!row) throw new DomainError("NOT_FOUND", { noun: "trade", id });
  return { ...row, fees: unpackFees(row.fees) };
}

async function parties(ctx: TxCtx, ids: readonly (string | null)[]): Promise<Map<string, ExplainedParty>> {
  const wanted = ids.filter((id): id is string => id !== null);
  const rows = await rawSql(ctx.tx)<ExplainedParty[]>`
    select id, name, kind from parties where tenant_id = ${ctx.tenant.id} and id = any(${wanted}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row]));
}

async function transfersOf(ctx: TxCtx, tradeId: string): Promise<ExplainedTransfer[]> {
  const rows = await rawSql(ctx.tx)<
    {
      id: string;
      leg: string;
      amount: bigint;
      debit_kind: AccountKind;
      credit_kind: AccountKind;
      debit_party: ExplainedParty;
      credit_party: ExplainedParty;
      debit_due_at: string | null;
      credit_due_at: string | null;
      reverses_id: string | null;
      reversed_amount: bigint | null;
    }[]
  >`
    select t.id, t.leg, t.amount, d.kind as debit_kind, c.kind as credit_kind,
      json_build_object('id', dp.id, 'name', dp.name, 'kind', dp.kind) as debit_party,
      json_build_object('id', cp.id, 'name', cp.name, 'kind', cp.kind) as credit_party,
      t.debit_due_at, t.credit_due_at, t.reverses_id, o.amount as reversed_amount
    from transfers t
    join accounts d on d.tenant_id = t.tenant_id and d.id = t.debit_account_id
    join accounts c on c.tenant_id = t.tenant_id and c.id = t.credit_account_id
    join parties dp on dp.tenant_id = d.tenant_id and dp.id = d.party_id
    join parties cp on cp.tenant_id = c.tenant_id and cp.id = c.party_id
    join trades b on b.tenant_id = t.tenant_id and b.id = t.trade_id
    left join transfers o on o.tenant_id = t.tenant_id and o.trade_id = b.reverses_id and o.id = t.reverses_id
    where t.tenant_id = ${ctx.tenant.id} and t.trade_id = ${tradeId} order by t.id`;
  return rows.map((row) => ({
    id: row.id,
    leg: row.leg,
    amount: row.amount,
    debit: { party: row.debit_party, kind: row.debit_kind },
    credit: { party: row.credit_party, kind: row.credit_kind },
    debitDueAt: row.debit_due_at ? new Date(row.debit_due_at) : null,
    creditDueAt: row.credit_due_at ? new Date(row.credit_due_at) : null,
    reverses: row.reverses_id ? { id: row.reverses_id, amount: row.reversed_amount ?? 0n } : null,
  }));
}

async function reversalsOf(ctx: TxCtx, tradeId: string): Promise<TradeExplanation["reversals"]> {
  const rows = await rawSql(ctx.tx)<
    { id: string; traded_at: string; amount: bigint; reason: string | null }[]
  >`
    select id, traded_at, discount - gross as amount, reason from trades
    where tenant_id = ${ctx.tenant.id} and reverses_id = ${tradeId} order by id`;
  return rows.map((row) => ({
    id: row.id,
    reference: tradeReference("reversal", row.id),
    at: new Date(row.traded_at),
    amount: row.amount,
    reason: row.reason,
  }));
}
