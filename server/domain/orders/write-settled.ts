import { allAnswered, awaitBehindCommit, instantArray, plainArray, rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { SYSTEM_REASONS } from "@/server/core/system-words";
import { type AuditEntry, auditJson } from "../audit";
import { releaseKeys } from "../cards";
import { holdPayment, reverseTrade } from "../clearing";
import type { Books } from "../ledger";
import { channelTerms } from "../payments";
import { LAST_LOOK_MS } from "./ask-times";
import { type Delivered, deliverOrders } from "./deliver";
import type { Judged } from "./judge-payment";
import { makeRefund } from "./make-refund";
import { type NewEvent, recordEvents } from "./order-events";
import type { OrderFlag, OrderState } from "./schemas";
import type { StoredPayment } from "./stored-order";

/** Does what was judged, in the caller's transaction. */
export async function writeSettled(
  ctx: TxCtx,
  books: Books,
  judged: readonly Judged[],
  /** For the opener of the transaction, who does nothing after this: has it committed without another way to the database and back. */
  options: { commit: boolean },
): Promise<void> {
  const now = ctx.clock.now();
  const news = judged.filter((one) => one.verdict !== "known").map((one) => asWritten(one, now));
  if (news.length === 0) return;
  const paying = news.filter((one) => one.verdict === "pay");
  const held = news.filter((one) => one.verdict !== "pay");
  const delivered =
    paying.length > 0
      ? await deliverOrders(
          ctx,
          books,
          paying.map(({ order, lines, fact, soldAt }) => ({
            order,
            lines,
            channelId: fact.channelId,
            tradedAt: soldAt,
          })),
        )
      : [];
  for (const one of held) one.heldTradeId = await hold(ctx, one);
  const stored = allAnswered([
    storePayments(ctx, news),
    storeOrders(ctx, news),
    releaseKeys(
      ctx,
      held.flatMap((one) => (one.verdict === "wrong_amount" ? one.lines.map((line) => line.id) : [])),
    ),
  ]);
  stored.catch(() => {}); // awaited below
  // Refunds refer to the rows of their payments, which are on their way.
  for (const one of held) if (one.verdict === "duplicate" || one.verdict === "late") await sendBack(ctx, one);
  const told = recordEvents(ctx, eventsOf(news, delivered));
  told.catch(() => {}); // awaited below
  await allSent();
  const entries = news.map((one) => entryOf(one, delivered));
  const statements = [stored, told, audited(ctx, entries)];
  if (options.commit) awaitBehindCommit(ctx.tx, statements);
  else await allAnswered(statements);
}

/** Sent at once, and so before the commit that is sent behind it. */
function audited(ctx: TxCtx, entries: readonly AuditEntry[]): Promise<unknown> {
  return rawSql(ctx.tx)`select audit_append(${auditJson(ctx, entries)}::text::jsonb)`.execute();
}

/** Lets the driver send what it was given, so that what follows, the lock on the audit chain, comes behind it. */
const allSent = () => new Promise((resolve) => setImmediate(resolve));

interface Written extends Judged {
  /** Row of `payments`. */
  paymentId: string;
  soldAt: Date;
  heldTradeId: string | null;
  sentBack: { refundId: string; tradeId: string } | null;
}

function asWritten(one: Judged, now: Date): Written {
  return {
    ...one,
    paymentId: one.isFirstOfAttempt ? one.attempt.id : newId(),
    // A channel's clock may be ahead; nothing is sold in the future.
    soldAt: one.fact.paidAt < now ? one.fact.paidAt : now,
    heldTradeId: null,
    sentBack: null,
  };
}

const REASON = {
  duplicate: SYSTEM_REASONS.paidTwice,
  late: SYSTEM_REASONS.paidLate,
  wrong_amount: SYSTEM_REASONS.wrongAmount,
  stuck: SYSTEM_REASONS.nothingToDeliver,
} as const;
const reasonOf = ({ verdict }: Judged) => REASON[verdict as keyof typeof REASON];

async function hold(ctx: TxCtx, one: Written): Promise<string> {
  const { fact, order } = one;
  const terms = await channelTerms(ctx, fact.channelId);
  return holdPayment(ctx, {
    orderId: order.id,
    distributorId: order.distributorId,
    channelId: fact.channelId,
    amount: fact.amount,
    currency: order.currency,
    paidAt: fact.paidAt,
    fee: terms,
    externalRef: `payment/${one.paymentId}`,
    reason: reasonOf(one),
  });
}

/** Money that nobody is to decide about goes back by itself. */
async function sendBack(ctx: TxCtx, one: Written): Promise<void> {
  if (!one.heldTradeId) throw new Error("money that is sent back is held first");
  const { reversalId } = await reverseTrade(ctx, { tradeId: one.heldTradeId, reason: reasonOf(one) });
  const refundId = await makeRefund(ctx, {
    orderId: one.order.id,
    paymentId: one.paymentId,
    amount: one.fact.amount,
    currency: one.order.currency,
    reason: reasonOf(one),
    byWallet: false,
  });
  one.sentBack = { refundId, tradeId: reversalId };
}

const OUTCOME: Record<Exclude<Judged["verdict"], "known">, NonNullable<StoredPayment["outcome"]>> = {
  pay: "accepted",
  stuck: "accepted",
  duplicate: "duplicate",
  late: "late",
  wrong_amount: "wrong_amount",
};
const outcomeOf = ({ verdict }: Judged) => OUTCOME[verdict as Exclude<Judged["verdict"], "known">];

async function storePayments(ctx: TxCtx, news: readonly Written[]): Promise<void> {
  const now = ctx.clock.now();
  const sql = rawSql(ctx.tx);
  const first = news.filter((one) => one.isFirstOfAttempt);
  const again = news.filter((one) => !one.isFirstOfAttempt);
  const updated =
    first.length > 0 &&
    sql`
      update payments p set transaction_id = n.transaction_id, received = n.received, state = 'succeeded', outcome = n.outcome,
        held_trade_id = n.held, paid_at = n.paid_at, settled_at = ${now.toISOString()}::timestamptz, ask_at = n.ask_at
      from unnest(${plainArray(first.map((one) => one.paymentId))}::uuid[], ${first.map((one) => one.fact.transactionId)}::text[],
        ${plainArray(first.map((one) => one.fact.amount))}::bigint[], ${plainArray(first.map(outcomeOf))}::text[],
        ${plainArray(first.map(stillHeld))}::uuid[], ${instantArray(first.map((one) => one.fact.paidAt))}::timestamptz[],
        ${instantArray(first.map((one) => lastLook(one, now)))}::timestamptz[])
        as n (id, transaction_id, received, outcome, held, paid_at, ask_at)
      where p.tenant_id = ${ctx.tenant.id} and p.id = n.id`.execute();
  const inserted = again.map((one) =>
    sql`
      insert into payments (tenant_id, id, order_id, channel_id, attempt_id, transaction_id, amount, received, currency, state,
        outcome, held_trade_id, created_at, paid_at, settled_at)
      values (${ctx.tenant.id}, ${one.paymentId}, ${one.order.id}, ${one.fact.channelId}, ${one.attempt.id},
        ${one.fact.transactionId}, ${one.attempt.amount.toString()}::bigint, ${one.fact.amount.toString()}::bigint,
        ${one.order.currency}, 'succeeded', ${outcomeOf(one)}, ${stillHeld(one)}, ${now.toISOString()}::timestamptz,
        ${one.fact.paidAt.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz)`.execute(),
  );
  await allAnswered([updated, ...inserted]);
}

/** What is sent back by itself is held by nothing once this is committed. */
function stillHeld({ verdict, heldTradeId }: Written): string | null {
  return verdict === "duplicate" || verdict === "late" ? null : heldTradeId;
}

function lastLook({ order }: Written, now: Date): Date | null {
  const at = order.expiresAt.getTime() + LAST_LOOK_MS;
  return at > now.getTime() ? new Date(at) : null;
}

interface Change {
  id: string;
  state: OrderState;
  flag: OrderFlag | null;
  paidAt: Date | null;
  isDelivered: boolean;
}

function changeOf({ verdict, order: { id }, fact, stuck }: Written): Change | null {
  const { paidAt } = fact;
  switch (verdict) {
    case "pay":
      return { id, state: "delivered", flag: null, paidAt, isDelivered: true };
    case "stuck":
      return { id, state: "flagged", flag: stuck?.flag ?? null, paidAt, isDelivered: false };
    case "wrong_amount":
      return { id, state: "flagged", flag: "WRONG_AMOUNT", paidAt: null, isDelivered: false };
    default:
      return null;
  }
}

async function storeOrders(ctx: TxCtx, news: readonly Written[]): Promise<void> {
  const changes = news.flatMap((one) => changeOf(one) ?? []);
  if (changes.length === 0) return;
  await rawSql(ctx.tx)`
    update orders o set state = n.state, flag = n.flag, paid_at = n.paid_at, ended_at = null,
      delivered_at = case when n.is_delivered then ${ctx.clock.now().toISOString()}::timestamptz end
    from unnest(${plainArray(changes.map((c) => c.id))}::uuid[], ${plainArray(changes.map((c) => c.state))}::text[],
      ${plainArray(changes.map((c) => c.flag))}::text[], ${instantArray(changes.map((c) => c.paidAt))}::timestamptz[],
      ${plainArray(changes.map((c) => `${c.isDelivered}`))}::boolean[]) as n (id, state, flag, paid_at, is_delivered)
    where o.tenant_id = ${ctx.tenant.id} and o.id = n.id`;
}

function eventsOf(news: readonly Written[], delivered: readonly Delivered[]): NewEvent[] {
  const sales = Map.groupBy(delivered, (one) => one.orderId);
  return news.flatMap((one): NewEvent[] => {
    const { fact, order, verdict, stuck } = one;
    const orderId = order.id;
    const amount = fact.amount;
    const data = { payment: one.paymentId, transaction: fact.transactionId };
    switch (verdict) {
      case "pay": {
        const keys = sales.get(orderId) ?? [];
        return [
          { orderId, kind: order.state === "expired" ? "paid_late" : "paid", amount, data },
          {
            orderId,
            kind: "delivered",
            tradeId: keys.length === 1 ? (keys[0]?.tradeId ?? null) : null,
            data: { cards: keys.length },
          },
        ];
      }
      case "stuck":
        return [
          { orderId, kind: "held_undelivered", amount, tradeId: one.heldTradeId, data },
          { orderId, kind: "flagged", data: { flag: stuck?.flag ?? null, cause: stuck?.cause.code ?? null } },
        ];
      case "wrong_amount":
        return [
          {
            orderId,
            kind: "held_wrong_amount",
            amount,
            tradeId: one.heldTradeId,
            data: { ...data, asked: `${order.total}` },
          },
          { orderId, kind: "flagged", data: { flag: "WRONG_AMOUNT" } },
        ];
      default:
        return [
          {
            orderId,
            kind: verdict === "late" ? "held_late" : "held_duplicate",
            amount,
            tradeId: one.heldTradeId,
            data,
          },
          {
            orderId,
            kind: "refund_made",
            amount: -amount,
            tradeId: one.sentBack?.tradeId ?? null,
            data: { refund: one.sentBack?.refundId ?? null, reason: reasonOf(one) },
          },
        ];
    }
  });
}

function entryOf(one: Written, delivered: readonly Delivered[]): AuditEntry {
  const { order, fact, verdict } = one;
  const shared = {
    payment: one.paymentId,
    channel: fact.channelId,
    transaction: fact.transactionId,
    amount: fact.amount,
    currency: order.currency,
  };
  const subject = { kind: "order", id: order.id };
  const partyId = order.distributorId;
  if (verdict === "pay") {
    const cards = delivered.filter((key) => key.orderId === order.id).length;
    return { action: "order.delivered", subject, partyId, data: { ...shared, cards } };
  }
  return {
    action: "order.payment_held",
    subject,
    partyId,
    data: {
      ...shared,
      outcome: verdict === "stuck" ? (one.stuck?.flag ?? "") : verdict,
      sentBack: one.sentBack !== null,
    },
  };
}
