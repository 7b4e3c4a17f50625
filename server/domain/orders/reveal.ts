import type { Ctx } from "@/server/core/context";
import type { RevealedCard } from "./types";

/** Numbers and secrets of a delivered order: one key, or all of them. Counted and audited. */
export async function revealOrder(
  _ctx: Ctx,
  _input: { orderId: string; deliveryId?: string | undefined },
): Promise<{ cards: RevealedCard[] }> {
  throw new Error("not built yet");
}
