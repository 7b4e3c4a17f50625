import type { Ctx } from "@/server/core/context";

/** Ends orders whose time to pay is over, and completes delivered ones. */
export async function expireOrders(_ctx: Ctx): Promise<{ expired: number; completed: number }> {
  throw new Error("not built yet");
}
