import type { Ctx } from "@/server/core/context";

/** Asks the channels about payments whose time has come. Returns how many it asked. */
export async function askChannels(_ctx: Ctx): Promise<number> {
  throw new Error("not built yet");
}

/** Asks the channel about one payment, and settles what it tells. */
export async function askPayment(_ctx: Ctx, _paymentId: string): Promise<void> {
  throw new Error("not built yet");
}
