import { rawSql } from "@/db/client";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId, referenceOf } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { openBooks } from "../ledger";
import { enqueue } from "../outbox";
import { channelTerms, chooseChannel, notifyUrlOf, portOf, walletChannel } from "../payments";
import { FIRST_ASK_MS } from "./ask-times";
import { deliverOrders, Undeliverable } from "./deliver";
import { refusalOf, requireClearable } from "./dry-run";
import { recordEvents } from "./order-events";
import { pickupPath } from "./pickup-token";
import { type PayOrderInput, payOrderInput } from "./schemas";
import { linesOf, lockOrder, paymentsOf, type StoredOrder, type StoredPayment } from "./stored-order";
import type { PaymentStarted } from "./types";

/**
 * By wallet: paid and delivered in one transaction. By channel: where to pay. Safe to call twice.
 * @throws ORDER_NOT_PAYABLE · ORDER_EXPIRED · ACCOUNT_BELOW_FLOOR · CHANNEL_NONE_FITS · CHANNEL_OFF · CHANNEL_UNREACHABLE
 */
export async function payOrder(ctx: Ctx, input: PayOrderInput): Promise<PaymentStarted> {
  requirePermission(ctx, "order:create");
  const { orderId, method } = payOrderInput.parse(input);
  if (method.kind === "wallet") return withTransaction(ctx, (ctx) => payFromWallet(ctx, orderId));
  return payByChannel(ctx, { orderId, channelId: method.channelId ?? null });
}

// ── wallet ──

async function payFromWallet(ctx: TxCtx, orderId: string): Promise<PaymentStarted> {
  const order = await lockOrder(ctx, orderId);
  const payments = await paymentsOf(ctx, [order.id]);
  const wallet = await walletChannel(ctx);
  const paid = payments.find((payment) => payment.outcome === "accepted");
  if (paid?.channelId === wallet) return started(order.id, paid.id, order.state, null, null);
  requirePayable(ctx, order);
  // The buyer's money of a shop is not the distributor's.
  if (order.source === "shop") throw new DomainError("ORDER_NOT_PAYABLE", { state: order.state });
  const [books, lines] = await Promise.all([openBooks(ctx), linesOf(ctx, [order.id])]);
  const now = ctx.clock.now();
  const delivered = await deliverOrders(ctx, books, [{ order, lines, channelId: null, tradedAt: now }]).catch(
    (error) => {
      throw error instanceof Undeliverable ? causeOf(error) : error;
    },
  );
  const paymentId = newId();
  const sql = rawSql(ctx.tx);
  const at = now.toISOString();
  await Promise.all([
    sql`
      insert into payments (tenant_id, id, order_id, channel_id, transaction_id, amount, received, currency, state, outcome,
        created_at, paid_at, settled_at)
      values (${ctx.tenant.id}, ${paymentId}, ${order.id}, ${wallet}, ${paymentId}, ${order.total.toString()}::bigint,
        ${order.total.toString()}::bigint, ${order.currency}, 'succeeded', 'accepted', ${at}::timestamptz, ${at}::timestamptz,
        ${at}::timestamptz)`.execute(),
    sql`
      update orders set state = 'delivered', paid_at = ${at}::timestamptz, delivered_at = ${at}::timestamptz
      where tenant_id = ${ctx.tenant.id} and id = ${order.id}`.execute(),
    askSoon(ctx, payments),
  ]);
  await recordEvents(ctx, [
    { orderId: order.id, kind: "paid", amount: order.total, data: { payment: paymentId, wallet: true } },
    {
      orderId: order.id,
      kind: "delivered",
      tradeId: delivered.length === 1 ? (delivered[0]?.tradeId ?? null) : null,
      data: { cards: delivered.length },
    },
  ]);
  await record(ctx, {
    action: "order.delivered",
    subject: { kind: "order", id: order.id },
    partyId: order.distributorId,
    data: {
      payment: paymentId,
      wallet: true,
      amount: order.total,
      currency: order.currency,
      cards: delivered.length,
    },
  });
  return started(order.id, paymentId, "delivered", null, null);
}

function causeOf({ orders }: Undeliverable): DomainError {
  const [stuck] = orders.values();
  return stuck ? refusalOf(stuck.cause, "") : new DomainError("OUT_OF_STOCK");
}

// ── channel ──

/** An attempt to pay through a channel; the caller has asked for permission or holds the order's link. */
export async function payByChannel(
  ctx: Ctx,
  { orderId, channelId }: { orderId: string; channelId: string | null },
): Promise<PaymentStarted> {
  const { order, attempt, channelName } = await withTransaction(ctx, (ctx) =>
    findOrMakeAttempt(ctx, orderId, channelId),
  );
  const method = { channelId: attempt.channelId, channelName };
  if (attempt.state === "succeeded") return started(order.id, attempt.id, order.state, method, null);
  if (attempt.cashierUrl) return started(order.id, attempt.id, order.state, method, attempt.cashierUrl);
  // Over the network, outside of any transaction; asked again, it answers the same.
  const port = await portOf(ctx, attempt.channelId);
  const { cashierUrl } = await port.create({
    paymentId: attempt.id,
    amount: attempt.amount,
    currency: attempt.currency,
    subject: `${ctx.tenant.name} ${referenceOf("ORD", order.id)}`,
    notifyUrl: notifyUrlOf(ctx, attempt.channelId),
    returnUrl: returnUrlOf(ctx, order),
    expiresAt: order.expiresAt,
  });
  await withTransaction(
    ctx,
    ({ tx, tenant }) => rawSql(tx)`
      update payments set cashier_url = ${cashierUrl} where tenant_id = ${tenant.id} and id = ${attempt.id}`,
  );
  return started(order.id, attempt.id, order.state, method, cashierUrl);
}

async function findOrMakeAttempt(
  ctx: TxCtx,
  orderId: string,
  wanted: string | null,
): Promise<{ order: StoredOrder; attempt: StoredPayment; channelName: string }> {
  const order = await lockOrder(ctx, orderId);
  const payments = await paymentsOf(ctx, [order.id]);
  const paid = payments.find((payment) => payment.outcome === "accepted");
  if (paid) {
    const { name, provider } = await channelTerms(ctx, paid.channelId);
    if (provider === "wallet") throw new DomainError("ORDER_NOT_PAYABLE", { state: order.state });
    return { order, attempt: paid, channelName: name };
  }
  requirePayable(ctx, order);
  const open = payments.findLast(
    ({ state, channelId }) => state === "created" && (wanted === null || channelId === wanted),
  );
  if (open) return { order, attempt: open, channelName: (await channelTerms(ctx, open.channelId)).name };
  const { channelId, considered } = await chooseFor(ctx, order, wanted);
  const lines = await linesOf(ctx, [order.id]);
  await requireClearable(ctx, await openBooks(ctx), { order, lines, channelId });
  const attempt = await insertAttempt(ctx, order, channelId, considered);
  return { order, attempt, channelName: (await channelTerms(ctx, channelId)).name };
}

async function chooseFor(ctx: TxCtx, order: StoredOrder, wanted: string | null) {
  const ask = { amount: order.total, currency: order.currency };
  if (wanted === null) return chooseChannel(ctx, ask);
  const { enabled, provider, name } = await channelTerms(ctx, wanted);
  if (!enabled || provider === "wallet") throw new DomainError("CHANNEL_OFF", { channel: name });
  const { channelId } = await chooseChannel(ctx, { ...ask, candidates: [wanted] });
  return { channelId, considered: null };
}

async function insertAttempt(
  ctx: TxCtx,
  order: StoredOrder,
  channelId: string,
  considered: unknown,
): Promise<StoredPayment> {
  const id = newId();
  const now = ctx.clock.now();
  const askAt = new Date(now.getTime() + FIRST_ASK_MS);
  await rawSql(ctx.tx)`
    insert into payments (tenant_id, id, order_id, channel_id, amount, currency, state, routing, created_at, ask_at)
    values (${ctx.tenant.id}, ${id}, ${order.id}, ${channelId}, ${order.total.toString()}::bigint, ${order.currency}, 'created',
      ${considered === null ? null : JSON.stringify(considered)}::text::jsonb, ${now.toISOString()}::timestamptz,
      ${askAt.toISOString()}::timestamptz)`;
  await enqueue(ctx, "ask-channels", { paymentId: id }, { jobKey: `ask/${id}`, runAt: askAt });
  await recordEvents(ctx, [
    { orderId: order.id, kind: "payment_started", data: { payment: id, channel: channelId } },
  ]);
  await record(ctx, {
    action: "order.payment_started",
    subject: { kind: "order", id: order.id },
    partyId: order.distributorId,
    data: { payment: id, channel: channelId, amount: order.total, currency: order.currency },
  });
  return {
    id,
    orderId: order.id,
    channelId,
    attemptId: null,
    transactionId: null,
    amount: order.total,
    received: null,
    currency: order.currency,
    state: "created",
    outcome: null,
    heldTradeId: null,
    cashierUrl: null,
    createdAt: now,
    paidAt: null,
    asked: 0,
  };
}

function requirePayable(ctx: TxCtx, order: StoredOrder): void {
  if (order.state === "expired" || (order.state === "pending" && order.expiresAt <= ctx.clock.now()))
    throw new DomainError("ORDER_EXPIRED", { at: order.expiresAt.toISOString() });
  if (order.state !== "pending") throw new DomainError("ORDER_NOT_PAYABLE", { state: order.state });
}

/** Other attempts of an order that is paid are closed at their channels, and asked once more. */
export async function askSoon(ctx: TxCtx, payments: readonly StoredPayment[]): Promise<void> {
  const open = payments.filter((payment) => payment.state === "created");
  if (open.length === 0) return;
  const at = ctx.clock.now().toISOString();
  await rawSql(ctx.tx)`
    update payments set ask_at = ${at}::timestamptz
    where tenant_id = ${ctx.tenant.id} and id = any(${open.map((payment) => payment.id)}::uuid[]) and state = 'created'`;
  for (const { id } of open) await enqueue(ctx, "ask-channels", { paymentId: id }, { jobKey: `ask/${id}` });
}

/** Where the cashier sends the buyer afterwards. */
function returnUrlOf(ctx: Ctx, order: StoredOrder): string {
  const portal = process.env.NEXTAUTH_URL || `http://localhost:${process.env.PORT || 3000}`;
  const path = order.source === "shop" ? pickupPath(ctx.tenant, order) : `/orders/${order.id}`;
  return new URL(path, portal).href;
}

function started(
  orderId: string,
  paymentId: string,
  state: PaymentStarted["state"],
  method: PaymentStarted["method"] | null,
  cashierUrl: string | null,
): PaymentStarted {
  return { orderId, paymentId, state, method: method ?? { channelId: null, channelName: null }, cashierUrl };
}
