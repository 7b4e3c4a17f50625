import { rawSql } from "@/db/client";
import { partyScope, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import type { OrderSource, OrderState } from "./schemas";

/** An order as its verbs read it. */
export interface StoredOrder {
  id: string;
  source: OrderSource;
  distributorId: string;
  state: OrderState;
  flag: string | null;
  currency: string;
  total: bigint;
  refunded: bigint;
  externalRef: string | null;
  pickupVersion: number;
  createdAt: Date;
  expiresAt: Date;
  paidAt: Date | null;
  deliveredAt: Date | null;
}

export interface StoredLine {
  id: string;
  orderId: string;
  position: number;
  productId: string;
  quantity: number;
  price: bigint;
  markup: bigint;
  tier: string;
  refunded: number;
}

export interface StoredPayment {
  id: string;
  orderId: string;
  channelId: string;
  attemptId: string | null;
  transactionId: string | null;
  amount: bigint;
  received: bigint | null;
  currency: string;
  state: "created" | "succeeded" | "closed";
  outcome: "accepted" | "duplicate" | "late" | "wrong_amount" | null;
  heldTradeId: string | null;
  cashierUrl: string | null;
  createdAt: Date;
  paidAt: Date | null;
  asked: number;
}

type Row<T> = {
  [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K];
};

/** Locks orders, in one order whoever asks, and reads them as they are now. */
export async function lockOrders(ctx: TxCtx, ids: readonly string[]): Promise<Map<string, StoredOrder>> {
  const sql = rawSql(ctx.tx);
  const rows = await sql<Row<StoredOrder>[]>`
    select ${columns(sql)} from orders where tenant_id = ${ctx.tenant.id} and id = any(${[...ids]}::uuid[])
    order by id for update`;
  return new Map(rows.map((row) => [row.id, storedOrder(row)]));
}

/** Of payments, whatever their state: their orders, locked. */
export async function lockOrdersOfPayments(
  ctx: TxCtx,
  paymentIds: readonly string[],
): Promise<Map<string, StoredOrder>> {
  const sql = rawSql(ctx.tx);
  const rows = await sql<Row<StoredOrder>[]>`
    select ${columns(sql)} from orders where tenant_id = ${ctx.tenant.id} and id = any(array(
      select order_id from payments where tenant_id = ${ctx.tenant.id} and id = any(${[...paymentIds]}::uuid[])))
    order by id for update`;
  return new Map(rows.map((row) => [row.id, storedOrder(row)]));
}

/** One order within the asker's scope, locked. Throws NOT_FOUND. */
export async function lockOrder(ctx: TxCtx, id: string): Promise<StoredOrder> {
  const order = (await lockOrders(ctx, [id])).get(id);
  const scope = partyScope(ctx);
  if (!order || (scope !== null && scope !== order.distributorId))
    throw new DomainError("NOT_FOUND", { noun: "order" });
  return order;
}

export async function linesOf(ctx: TxCtx, orderIds: readonly string[]): Promise<StoredLine[]> {
  return await rawSql(ctx.tx)<StoredLine[]>`
    select id, order_id as "orderId", position, product_id as "productId", quantity, price, markup, tier, refunded
    from order_lines where tenant_id = ${ctx.tenant.id} and order_id = any(${[...orderIds]}::uuid[])
    order by order_id, position`;
}

export async function linesOfPayments(ctx: TxCtx, paymentIds: readonly string[]): Promise<StoredLine[]> {
  return await rawSql(ctx.tx)<StoredLine[]>`
    select l.id, l.order_id as "orderId", l.position, l.product_id as "productId", l.quantity, l.price, l.markup, l.tier,
      l.refunded
    from order_lines l where l.tenant_id = ${ctx.tenant.id} and l.order_id = any(array(
      select order_id from payments where tenant_id = ${ctx.tenant.id} and id = any(${[...paymentIds]}::uuid[])))
    order by l.order_id, l.position`;
}

const PAYMENT = `id, order_id as "orderId", channel_id as "channelId", attempt_id as "attemptId",
  transaction_id as "transactionId", amount, received, currency, state, outcome, held_trade_id as "heldTradeId",
  cashier_url as "cashierUrl", created_at as "createdAt", paid_at as "paidAt", asked`;

export async function paymentsOf(ctx: TxCtx, orderIds: readonly string[]): Promise<StoredPayment[]> {
  const sql = rawSql(ctx.tx);
  const rows = await sql<Row<StoredPayment>[]>`
    select ${sql.unsafe(PAYMENT)} from payments
    where tenant_id = ${ctx.tenant.id} and order_id = any(${[...orderIds]}::uuid[]) order by id`;
  return rows.map(storedPayment);
}

/** All payments of the orders that these payments are for. */
export async function paymentsBeside(ctx: TxCtx, paymentIds: readonly string[]): Promise<StoredPayment[]> {
  const sql = rawSql(ctx.tx);
  const rows = await sql<Row<StoredPayment>[]>`
    select ${sql.unsafe(PAYMENT)} from payments where tenant_id = ${ctx.tenant.id} and order_id = any(array(
      select order_id from payments where tenant_id = ${ctx.tenant.id} and id = any(${[...paymentIds]}::uuid[])))
    order by id`;
  return rows.map(storedPayment);
}

function columns(sql: ReturnType<typeof rawSql>) {
  return sql.unsafe(`id, source, distributor_id as "distributorId", state, flag, currency, total, refunded,
    external_ref as "externalRef", pickup_version as "pickupVersion", created_at as "createdAt",
    expires_at as "expiresAt", paid_at as "paidAt", delivered_at as "deliveredAt"`);
}

function storedOrder(row: Row<StoredOrder>): StoredOrder {
  return {
    ...row,
    createdAt: new Date(row.createdAt),
    expiresAt: new Date(row.expiresAt),
    paidAt: date(row.paidAt),
    deliveredAt: date(row.deliveredAt),
  };
}

function storedPayment(row: Row<StoredPayment>): StoredPayment {
  return { ...row, createdAt: new Date(row.createdAt), paidAt: date(row.paidAt) };
}

export const date = (text: string | null): Date | null => (text === null ? null : new Date(text));
