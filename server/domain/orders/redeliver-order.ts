import type { Ctx } from "@/server/core/context";
import type { OrderState } from "./schemas";

/** Delivers a flagged order whose money is held, once there are keys. Throws ORDER_NOT_FLAGGED · OUT_OF_STOCK. */
export async function redeliverOrder(_ctx: Ctx, _input: { orderId: string }): Promise<{ state: OrderState }> {
  throw new Error("not built yet");
}
