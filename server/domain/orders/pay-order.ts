import type { Ctx } from "@/server/core/context";
import type { PayOrderInput } from "./schemas";
import type { PaymentStarted } from "./types";

/**
 * By wallet: paid and delivered in one transaction. By channel: where to pay. Safe to call twice.
 * @throws ORDER_NOT_PAYABLE · ORDER_EXPIRED · ACCOUNT_BELOW_FLOOR · CHANNEL_NONE_FITS · CHANNEL_OFF · CHANNEL_UNREACHABLE
 */
export async function payOrder(_ctx: Ctx, _input: PayOrderInput): Promise<PaymentStarted> {
  throw new Error("not built yet");
}
