import type { Ctx } from "@/server/core/context";
import type { RefundOrderInput } from "./schemas";
import type { OrderRefunded } from "./types";

/** Gives money back, whole or by line or by key; reverses the sales exactly. Throws ORDER_NOT_REFUNDABLE. */
export async function refundOrder(_ctx: Ctx, _input: RefundOrderInput): Promise<OrderRefunded> {
  throw new Error("not built yet");
}
