import type { Ctx } from "@/server/core/context";

/** A new pick-up link; the old one is worth nothing any more. */
export async function renewPickup(_ctx: Ctx, _input: { orderId: string }): Promise<{ pickupPath: string }> {
  throw new Error("not built yet");
}
