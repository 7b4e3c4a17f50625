import { rawSql } from "@/db/client";
import type { TradeFee, TradeTerms } from "@/db/schema/types";
import { unpackFees } from "@/db/trade-fees";
import type { TxCtx } from "@/server/core/context";
import { actorId } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import {
  type AccountKind,
  type AccountRef,
  type Books,
  findAccounts,
  type NewTransfer,
  openBooks,
  post,
} from "../ledger";
import { writeMonths } from "./fees/counters";
import { type FeeWalk, walkFeesBack } from "./fees/walk-back";
import { partBetween, type ReversedLeg, reverseLegs, storedValueOf } from "./reversal";
import { loadParties, termsOf } from "./store";

export interface ReversedTrade {
  reversalId: string;
  /** What goes back to the customer: money, or stored value of a gift card. */
  amount: bigint;
  /** Of that, stored value. */
  storedValue: bigint;
  /** Nothing of the trade is left. */
  whole: boolean;
  voucherId: string | null;
  campaignId: string | null;
  merchantId: string | null;
  /** What the merchant loses by it (positive), on its payable. */
  merchantDue: bigint;
}

interface TradeRow {
  id: string;
  kind: string;
  currency: string;
  gross: bigint;
  discount: bigint;
  paid: bigint;
  merchant_id: string | null;
  brand_id: string | null;
  campaign_id: string | null;
  voucher_id: string | null;
  channel_id: string | null;
  collected_by: "platform" | "merchant" | "wallet";
  product_id: string | null;
  supplier_id: string | null;
  distributor_id: string | null;
  order_id: string | null;
  terms: TradeTerms | null;
  fees: TradeFee[] | null;
  rule_version_id: string | null;
  channel_fee_rate: string | null;
  order_ref: string | null;
}

interface PostedLeg {
  id: string;
  code: string;
  amount: bigint;
  partyId: string;
  debit: { partyId: string; kind: AccountKind; ref: string };
  credit: { partyId: string; kind: AccountKind; ref: string };
  ofChannel: boolean;
}

/**
 * Reverses a posted trade: whole, or `amount` out of what the customer gave. Falls due at once. Reversals of one
 * trade are posted one after the other, whatever the number of servers.
 * @throws DomainError NOT_FOUND · TRADE_ALREADY_REVERSED · REVERSAL_EXCEEDS_TRADE · INPUT_INVALID
 */
export async function reverseTrade(
  ctx: TxCtx,
  input: {
    tradeId: string;
    amount?: bigint;
    reason: string;
    externalRef?: string | null;
    /** No money goes back: another trade takes this one's place (re-issue), so the channel's fee is undone too. */
    exchange?: boolean;
  },
): Promise<ReversedTrade> {
  const sql = rawSql(ctx.tx);
  const books = await openBooks(ctx);
  await sql`select pg_advisory_xact_lock(hashtextextended(${`reverse/${ctx.tenant.id}/${input.tradeId}`}, 0))`;
  const trade = await findTrade(ctx, input.tradeId);
  const [before, legs] = await Promise.all([refundedBefore(ctx, trade.id), postedLegs(ctx, trade.id)]);
  const storedTotal = trade.gross - trade.discount - trade.paid;
  const given = trade.paid + storedTotal;
  if (before.count > 0 && given === before.amount)
    throw new DomainError("TRADE_ALREADY_REVERSED", { trade: trade.id });

  const amount = input.amount ?? given - before.amount;
  const terms = await termsOf(ctx, books);
  if (trade.channel_id) await loadParties(ctx, terms, [trade.channel_id]);
  const channelRefundsFee =
    input.exchange === true ||
    (trade.channel_id !== null && (terms.parties.get(trade.channel_id)?.channelRefundsFee ?? false));
  const reversed = reverseLegs(legs, {
    paid: given,
    refundedBefore: before.amount,
    refund: amount,
    channelRefundsFee,
  });
  const after = before.amount + amount;
  const part = (total: bigint) => partBetween(total, before.amount, after, given);
  const storedValue = storedValueOf(reversed);
  const paid = amount - storedValue;
  const discount = part(trade.discount);

  const walks = await walkFeesBack(ctx, terms, trade.fees ?? [], {
    given,
    refundedBefore: before.amount,
    refunded: after,
    reversed,
    channelRefundsFee,
  });

  const reversalId = newId();
  const now = ctx.clock.now();
  const transfers = await mirror(ctx, books, trade, reversalId, now, reversed, walks);
  await post(
    ctx,
    books.closedThrough,
    [
      {
        id: reversalId,
        kind: "reversal",
        tradedAt: now,
        currency: trade.currency,
        gross: -(paid + storedValue + discount),
        discount: -discount,
        paid: -paid,
        merchantId: trade.merchant_id,
        brandId: trade.brand_id,
        campaignId: trade.campaign_id,
        voucherId: trade.voucher_id,
        channelId: trade.channel_id,
        collectedBy: trade.collected_by,
        card: cardOf(trade),
        ruleVersionId: trade.rule_version_id,
        channelFeeRate: trade.channel_fee_rate,
        reversesId: trade.id,
        refundedBefore: before.amount,
        fees: walks.length > 0 ? walks.map(({ fee }) => fee) : null,
        orderRef: trade.order_ref,
        externalRef: input.externalRef,
        actorId: actorId(ctx.actor),
        reason: input.reason,
      },
    ],
    transfers,
  );
  await writeMonths(
    ctx,
    walks.map(({ move }) => move),
  );
  let merchantDue = 0n;
  for (const { debit, credit, amount: moved } of transfers) {
    if (debit.partyId === trade.merchant_id) merchantDue += moved;
    if (credit.partyId === trade.merchant_id) merchantDue -= moved;
  }
  return {
    reversalId,
    amount,
    storedValue,
    whole: after === given,
    voucherId: trade.voucher_id,
    campaignId: trade.campaign_id,
    merchantId: trade.merchant_id,
    merchantDue,
  };
}

async function findTrade(ctx: TxCtx, tradeId: string): Promise<TradeRow> {
  const [row] = await rawSql(ctx.tx)<(Omit<TradeRow, "fees"> & { fees: string | null })[]>`
    select id, kind, currency, gross, discount, paid, merchant_id, brand_id, campaign_id, voucher_id, channel_id,
      collected_by, rule_version_id, channel_fee_rate, order_ref, fees, product_id, supplier_id, distributor_id, order_id, terms
    from trades
    where tenant_id = ${ctx.tenant.id} and id = ${tradeId} and kind in ('redemption', 'card_sale', 'payment')`;
  if (!row) throw new DomainError("NOT_FOUND", { noun: "trade", id: tradeId });
  return { ...row, fees: unpackFees(row.fees) };
}

function cardOf(trade: TradeRow) {
  if (!trade.order_id || !trade.distributor_id) return null;
  return {
    orderId: trade.order_id,
    distributorId: trade.distributor_id,
    productId: trade.product_id,
    supplierId: trade.supplier_id,
    terms: trade.terms,
  };
}

async function refundedBefore(ctx: TxCtx, tradeId: string): Promise<{ count: number; amount: bigint }> {
  // gross + discount cancel: what went back is paid plus stored value, gross less discount
  const [row] = await rawSql(ctx.tx)<{ count: bigint; amount: bigint }[]>`
    select count(*) as count, coalesce(sum(discount - gross), 0)::bigint as amount
    from trades where tenant_id = ${ctx.tenant.id} and reverses_id = ${tradeId}`;
  return { count: Number(row?.count ?? 0), amount: row?.amount ?? 0n };
}

async function postedLegs(ctx: TxCtx, tradeId: string): Promise<PostedLeg[]> {
  const rows = await rawSql(ctx.tx)<
    {
      id: string;
      leg: string;
      amount: bigint;
      party_id: string;
      debit_party: string;
      debit_kind: AccountKind;
      debit_ref: string;
      credit_party: string;
      credit_kind: AccountKind;
      credit_ref: string;
      of_channel: boolean;
    }[]
  >`
    select t.id, t.leg, t.amount, t.party_id, d.party_id as debit_party, d.kind as debit_kind, d.ref as debit_ref,
      c.party_id as credit_party, c.kind as credit_kind, c.ref as credit_ref,
      d.kind = 'channel_receivable' and exists (
        select from split_rule_versions v cross join jsonb_array_elements(v.definition -> 'legs') l
        where v.tenant_id = t.tenant_id and v.id = t.rule_version_id and l ->> 'code' = t.leg and l ->> 'from' <> 'payer')
        as of_channel
    from transfers t
    join accounts d on d.tenant_id = t.tenant_id and d.id = t.debit_account_id
    join accounts c on c.tenant_id = t.tenant_id and c.id = t.credit_account_id
    where t.tenant_id = ${ctx.tenant.id} and t.trade_id = ${tradeId} order by t.id`;
  return rows.map((row) => ({
    id: row.id,
    code: row.leg,
    amount: row.amount,
    partyId: row.party_id,
    debit: { partyId: row.debit_party, kind: row.debit_kind, ref: row.debit_ref },
    credit: { partyId: row.credit_party, kind: row.credit_kind, ref: row.credit_ref },
    ofChannel: row.of_channel,
  }));
}

async function mirror(
  ctx: TxCtx,
  books: Books,
  trade: TradeRow,
  reversalId: string,
  now: Date,
  reversed: readonly ReversedLeg<PostedLeg>[],
  walks: readonly FeeWalk[],
): Promise<NewTransfer[]> {
  const besides = walks.flatMap(({ leg }) => leg ?? []);
  const find = await findAccounts(
    ctx,
    trade.currency,
    [...reversed, ...besides].flatMap(({ debit, credit }) => [debit, credit]),
  );
  // A reversal falls due at once; if that moment is closed already, at the first one that is not.
  const due = new Date(Math.max(now.getTime(), books.closedThrough.getTime() + 1));
  const transfer = (
    { code, partyId, id }: Pick<PostedLeg, "code" | "partyId"> & { id: string | null },
    { debit, credit, amount }: { debit: AccountRef; credit: AccountRef; amount: bigint },
  ): NewTransfer => {
    const debitAccount = find(debit);
    const creditAccount = find(credit);
    return {
      tradeId: reversalId,
      leg: code,
      debit: debitAccount,
      credit: creditAccount,
      amount,
      currency: trade.currency,
      partyId,
      ruleVersionId: trade.rule_version_id,
      tradedAt: now,
      debitDueAt: debitAccount.settled ? due : null,
      creditDueAt: creditAccount.settled ? due : null,
      reversesId: id,
    };
  };
  return [
    ...reversed.map((leg) => transfer(leg.of, leg)),
    ...besides.map((leg) => transfer({ code: leg.code, partyId: leg.partyId, id: null }, leg)),
  ];
}
