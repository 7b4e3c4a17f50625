import type { Ctx } from "@/server/core/context";
import type { PaymentFact, Settled } from "./types";

/** As `settlePayments`, for calls that arrive together: they share a transaction, and one fails alone. */
export async function settleTogether(_ctx: Ctx, _facts: readonly PaymentFact[]): Promise<Settled[]> {
  throw new Error("not built yet");
}
