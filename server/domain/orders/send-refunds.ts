import type { Ctx } from "@/server/core/context";

/** Tells the channels of refunds whose time has come. Returns how many it told. */
export async function sendRefunds(_ctx: Ctx, _refundId?: string): Promise<number> {
  throw new Error("not built yet");
}

/** Tries a refund again that the channel refused for good. */
export async function retryRefund(_ctx: Ctx, _input: { refundId: string }): Promise<void> {
  throw new Error("not built yet");
}
