import type { z } from "zod";
import { rawSql } from "@/db/client";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError, isDomainError } from "@/server/core/errors";
import { SYSTEM_REASONS } from "@/server/core/system-words";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { recordEvents } from "./order-events";
import { reissue } from "./reissue";
import { type ResolveReportInput, reportDeliveryInput, resolveReportInput } from "./schemas";
import { deliveriesOf, orderOfDelivery, type StoredDelivery } from "./stored-delivery";
import { lockOrder, type StoredOrder } from "./stored-order";
import type { ReportMade } from "./types";

/** A key does not work. Throws DELIVERY_NOT_REPORTABLE for one that was not shown yet, or is not in use any more. */
export async function reportDelivery(
  ctx: Ctx,
  input: z.input<typeof reportDeliveryInput>,
): Promise<ReportMade> {
  requirePermission(ctx, "order:report");
  const { deliveryId, reason } = reportDeliveryInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const { order, deliveries, delivery } = await lockDelivery(ctx, deliveryId);
    return reportOn(ctx, order, deliveries, delivery, reason);
  });
}

/** Of an order that the caller has locked and may report on. */
export async function reportOn(
  ctx: TxCtx,
  order: StoredOrder,
  deliveries: readonly StoredDelivery[],
  delivery: StoredDelivery,
  reason: string,
): Promise<ReportMade> {
  if (!isReportable(delivery)) throw new DomainError("DELIVERY_NOT_REPORTABLE", { state: delivery.state });
  await rawSql(ctx.tx)`
    update card_deliveries set reported_at = ${ctx.clock.now().toISOString()}::timestamptz, reported_by = ${ctx.actor.name},
      report_reason = ${reason}, report_outcome = 'open'
    where tenant_id = ${ctx.tenant.id} and id = ${delivery.id}`;
  await recordEvents(ctx, [{ orderId: order.id, kind: "reported", data: { delivery: delivery.id } }]);
  const needsSupport = deliveries.some((one) => one.reportedAt !== null);
  const replacementId =
    !needsSupport && isForTheRule(ctx, delivery) ? await tryReissue(ctx, order, delivery) : null;
  await record(ctx, {
    action: "order.card_reported",
    subject: { kind: "order", id: order.id },
    partyId: order.distributorId,
    data: { delivery: delivery.id, replaced: replacementId !== null },
  });
  return {
    deliveryId: delivery.id,
    outcome: replacementId ? "replaced" : "open",
    replacementId,
    needsSupport,
  };
}

export function isReportable({ state, revealedAt, reportedAt }: StoredDelivery): boolean {
  return state === "delivered" && revealedAt !== null && reportedAt === null;
}

/**
 * Whether the tenant replaces it without support: the order's first report, soon after the key was first shown.
 * Never a looped key, which serves others: one buyer's word does not take it from them.
 */
function isForTheRule(ctx: TxCtx, { revealedAt, looped }: StoredDelivery): boolean {
  const minutes = ctx.tenant.settings.autoReissueMinutes;
  if (minutes <= 0 || looped || revealedAt === null) return false;
  return ctx.clock.now().getTime() - revealedAt.getTime() <= minutes * 60_000;
}

/** Where there is nothing to replace it by, the report stays open for support. */
async function tryReissue(ctx: TxCtx, order: StoredOrder, delivery: StoredDelivery): Promise<string | null> {
  try {
    return await ctx.tx.transaction((tx) =>
      reissue({ ...ctx, tx }, order, delivery, SYSTEM_REASONS.reported),
    );
  } catch (error) {
    if (!isDomainError(error)) throw error;
    await recordEvents(ctx, [
      { orderId: order.id, kind: "reissue_out_of_stock", data: { delivery: delivery.id, cause: error.code } },
    ]);
    return null;
  }
}

/**
 * Support replaces the key, or refuses.
 * @throws DELIVERY_NOT_REPORTED · REISSUE_NEEDS_SUPPORT (the order had one replaced: say `agree`) · OUT_OF_STOCK
 */
export async function resolveReport(
  ctx: Ctx,
  input: ResolveReportInput,
): Promise<{ replacementId: string | null }> {
  requirePermission(ctx, "order:resolve");
  const asked = resolveReportInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const { order, deliveries, delivery } = await lockDelivery(ctx, asked.deliveryId);
    if (delivery.reportOutcome !== "open" || delivery.state !== "delivered")
      throw new DomainError("DELIVERY_NOT_REPORTED", { state: delivery.state });
    if (asked.action === "confirm") {
      if (!asked.agree && deliveries.some((one) => one.state === "replaced"))
        throw new DomainError("REISSUE_NEEDS_SUPPORT");
      return { replacementId: await reissue(ctx, order, delivery, "Reported, confirmed by support") };
    }
    await rawSql(ctx.tx)`
      update card_deliveries set report_outcome = 'refused' where tenant_id = ${ctx.tenant.id} and id = ${delivery.id}`;
    await recordEvents(ctx, [
      { orderId: order.id, kind: "report_refused", data: { delivery: delivery.id, reason: asked.reason } },
    ]);
    await record(ctx, {
      action: "order.report_refused",
      subject: { kind: "order", id: order.id },
      partyId: order.distributorId,
      data: { delivery: delivery.id, reason: asked.reason },
    });
    return { replacementId: null };
  });
}

/** A delivery within the asker's scope, its order locked. Throws NOT_FOUND. */
async function lockDelivery(
  ctx: TxCtx,
  deliveryId: string,
): Promise<{ order: StoredOrder; deliveries: StoredDelivery[]; delivery: StoredDelivery }> {
  const orderId = await orderOfDelivery(ctx, deliveryId);
  if (!orderId) throw new DomainError("NOT_FOUND", { noun: "delivery" });
  const order = await lockOrder(ctx, orderId);
  const deliveries = await deliveriesOf(ctx, order.id);
  const delivery = deliveries.find((one) => one.id === deliveryId);
  if (!delivery) throw new DomainError("NOT_FOUND", { noun: "delivery" });
  return { order, deliveries, delivery };
}
