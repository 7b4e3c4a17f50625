import { rawSql } from "@/db/client";
import { type Ctx, requirePermission } from "@/server/core/context";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { recordEvents } from "./order-events";
import { pickupPath } from "./pickup-token";
import { renewPickupInput } from "./schemas";
import { lockOrder } from "./stored-order";

/** A new pick-up link; the old one is worth nothing any more. Throws NOT_FOUND. */
export async function renewPickup(ctx: Ctx, input: { orderId: string }): Promise<{ pickupPath: string }> {
  requirePermission(ctx, "order:resolve");
  const { orderId } = renewPickupInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const order = await lockOrder(ctx, orderId);
    const pickupVersion = order.pickupVersion + 1;
    await rawSql(ctx.tx)`
      update orders set pickup_version = ${pickupVersion} where tenant_id = ${ctx.tenant.id} and id = ${order.id}`;
    await recordEvents(ctx, [{ orderId: order.id, kind: "pickup_renewed" }]);
    await record(ctx, {
      action: "order.pickup_renewed",
      subject: { kind: "order", id: order.id },
      partyId: order.distributorId,
    });
    return { pickupPath: pickupPath(ctx.tenant, { id: order.id, pickupVersion }) };
  });
}
