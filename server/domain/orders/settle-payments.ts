import type { Ctx } from "@/server/core/context";
import type { PaymentFact, Settled } from "./types";

/** Books money that came, of many orders at once: delivers, or holds it and says why. Telling twice changes nothing. */
export async function settlePayments(_ctx: Ctx, _facts: readonly PaymentFact[]): Promise<Settled[]> {
  throw new Error("not built yet");
}
