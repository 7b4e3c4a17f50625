import type { Ctx } from "@/server/core/context";
import type { Settled } from "./types";

/** A channel said that something came: asks it before believing, and settles what it tells. */
export async function receiveCallback(
  _ctx: Ctx,
  _input: { channelId: string; paymentId: string },
): Promise<Settled[]> {
  throw new Error("not built yet");
}
