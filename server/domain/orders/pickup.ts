import type { z } from "zod";
import { type Database, rawSql } from "@/db/client";
import { type Clock, type Ctx, systemClock, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { referenceOf } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { countAttempt, findTenantId, loadTenant, systemCtx } from "../parties";
import { BUYER } from "./order-events";
import { payByChannel } from "./pay-order";
import { isTokenOf, orderOfToken } from "./pickup-token";
import { isReportable, reportOn } from "./report-delivery";
import { revealKeys } from "./reveal";
import { pickupInput, pickupPayInput, pickupReportInput, pickupRevealInput } from "./schemas";
import { deliveriesOf, type StoredDelivery } from "./stored-delivery";
import { lockOrders, paymentsOf, type StoredOrder } from "./stored-order";
import type { PaymentStarted, PickupCard, PickupView, ReportMade, RevealedCard } from "./types";

/** Who asks at a public page. */
export interface Visitor {
  db: Database;
  ip?: string | undefined;
  clock?: Clock;
}

/** Links tried that are none; one that is right is forgiven. */
const WRONG_LINKS = { name: "pickup.address", limit: 60, seconds: 900 };

/** What the holder of a pick-up link sees. Throws LINK_INVALID for whatever is no link of ours (any more). */
export async function pickupView(visitor: Visitor, input: z.input<typeof pickupInput>): Promise<PickupView> {
  return withLink(visitor, pickupInput.parse(input), async (ctx, order) => {
    if (order.deliveredAt)
      await rawSql(ctx.tx)`
        update orders set pickup_views = pickup_views + 1 where tenant_id = ${ctx.tenant.id} and id = ${order.id}`;
    return viewOf(ctx, order);
  });
}

/** Numbers and secrets, on click: counted and audited. */
export async function revealByLink(
  visitor: Visitor,
  input: z.input<typeof pickupRevealInput>,
): Promise<{ cards: RevealedCard[] }> {
  const { deliveryId, ...link } = pickupRevealInput.parse(input);
  return withLink(visitor, link, async (ctx, order) => ({
    cards: await revealKeys(ctx, order, deliveryId ?? null, { counts: true }),
  }));
}

/** A key does not work. Throws DELIVERY_NOT_REPORTABLE. */
export async function reportByLink(
  visitor: Visitor,
  input: z.input<typeof pickupReportInput>,
): Promise<ReportMade> {
  const { deliveryId, reason, ...link } = pickupReportInput.parse(input);
  return withLink(visitor, link, async (ctx, order) => {
    const deliveries = await deliveriesOf(ctx, order.id);
    const delivery = deliveries.find((one) => one.id === deliveryId);
    if (!delivery) throw new DomainError("NOT_FOUND", { noun: "delivery" });
    return reportOn(ctx, order, deliveries, delivery, reason);
  });
}

/** Where to pay an order of a shop. Throws ORDER_NOT_PAYABLE · ORDER_EXPIRED · CHANNEL_*. */
export async function payByLink(
  visitor: Visitor,
  input: z.input<typeof pickupPayInput>,
): Promise<PaymentStarted> {
  const { channelId, ...link } = pickupPayInput.parse(input);
  const found = await withLink(visitor, link, async ({ tx: _, ...ctx }, order) => ({ ctx, order }));
  if (found.order.source !== "shop") throw new DomainError("ORDER_NOT_PAYABLE", { state: found.order.state });
  // Its transaction is over: a channel is asked outside of any.
  return payByChannel(found.ctx, { orderId: found.order.id, channelId: channelId ?? null });
}

/** Runs in the order's tenant as its buyer, with the order locked. Whatever is wrong with a link says the same. */
async function withLink<T>(
  { db, ip, clock = systemClock }: Visitor,
  { tenant: slug, token }: { tenant: string; token: string },
  work: (ctx: TxCtx, order: StoredOrder) => Promise<T>,
): Promise<T> {
  const attempt = await countAttempt(db, WRONG_LINKS, ip ?? "unknown", clock.now());
  const orderId = orderOfToken(token);
  const tenantId = orderId && (await findTenantId(db, slug));
  if (!orderId || !tenantId) throw new DomainError("LINK_INVALID");
  const ctx = await buyerCtx(db, tenantId, clock, ip);
  let isRight = false;
  try {
    return await withTransaction(ctx, async (ctx) => {
      const order = (await lockOrders(ctx, [orderId])).get(orderId);
      if (!order || !isTokenOf(tenantId, order, token) || isOver(ctx, order))
        throw new DomainError("LINK_INVALID");
      isRight = true;
      return work(ctx, order);
    });
  } finally {
    // Counted on a connection of its own: not while this one waits.
    if (isRight) await attempt.forgive();
  }
}

export async function buyerCtx(
  db: Database,
  tenantId: string,
  clock: Clock,
  ip: string | undefined,
): Promise<Ctx> {
  const ctx = systemCtx(db, await loadTenant(db, tenantId), BUYER, clock);
  return ip === undefined ? ctx : { ...ctx, ip };
}

/** Until when the link works, counted from the delivery; null before. */
export function pickupUntil(ctx: Pick<Ctx, "tenant">, order: Pick<StoredOrder, "deliveredAt">): Date | null {
  if (order.deliveredAt === null) return null;
  return new Date(order.deliveredAt.getTime() + ctx.tenant.settings.pickupDays * 86_400_000);
}

function isOver(ctx: TxCtx, order: StoredOrder): boolean {
  const until = pickupUntil(ctx, { deliveredAt: order.deliveredAt ?? order.createdAt });
  const waits = order.state === "pending" || order.state === "flagged" || order.state === "paid";
  return !waits && until !== null && until <= ctx.clock.now();
}

async function viewOf(ctx: TxCtx, order: StoredOrder): Promise<PickupView> {
  const sql = rawSql(ctx.tx);
  const [deliveries, payments, lines, [seller]] = await Promise.all([
    deliveriesOf(ctx, order.id),
    paymentsOf(ctx, [order.id]),
    sql<PickupView["lines"]>`
      select l.product_id as "productId", p.name as "productName", l.quantity, l.price
      from order_lines l join products p on p.tenant_id = l.tenant_id and p.id = l.product_id
      where l.tenant_id = ${ctx.tenant.id} and l.order_id = ${order.id} order by l.position`.execute(),
    sql<{ name: string }[]>`
      select coalesce(d.shop_title, p.name) as name
      from parties p left join distributors d on d.tenant_id = p.tenant_id and d.party_id = p.id
      where p.tenant_id = ${ctx.tenant.id} and p.id = ${order.distributorId}`.execute(),
  ]);
  const now = ctx.clock.now();
  const payable = order.source === "shop" && order.state === "pending" && order.expiresAt > now;
  const open = payments.findLast((payment) => payment.state === "created");
  return {
    tenantName: ctx.tenant.name,
    sellerName: seller?.name ?? ctx.tenant.name,
    timeZone: ctx.tenant.timezone,
    asOf: now,
    reference: referenceOf("ORD", order.id),
    state: order.state,
    payable,
    cashierUrl: payable ? (open?.cashierUrl ?? null) : null,
    currency: order.currency,
    total: order.total,
    refunded: order.refunded,
    createdAt: order.createdAt,
    expiresAt: order.expiresAt,
    deliveredAt: order.deliveredAt,
    until: pickupUntil(ctx, order),
    lines: [...lines],
    cards: deliveries.map(cardOf),
  };
}

function cardOf(delivery: StoredDelivery): PickupCard {
  const { reportedAt, reportOutcome } = delivery;
  return {
    deliveryId: delivery.id,
    productId: delivery.productId,
    productName: delivery.productName,
    tail: delivery.tail,
    state: delivery.state,
    revealedAt: delivery.revealedAt,
    reveals: delivery.reveals,
    report: reportedAt && reportOutcome ? { at: reportedAt, outcome: reportOutcome } : null,
    reportable: isReportable(delivery),
  };
}
