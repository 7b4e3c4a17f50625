import type { z } from "zod";
import type { Database } from "@/db/client";
import type { pickupInput, pickupPayInput, pickupReportInput, pickupRevealInput } from "./schemas";
import type { PaymentStarted, PickupView, ReportMade, RevealedCard } from "./types";

/** Who asks at a public page. */
export interface Visitor {
  db: Database;
  ip?: string | undefined;
  clock?: import("@/server/core/context").Clock;
}

/** What the holder of a pick-up link sees. Throws LINK_INVALID for whatever is no link of ours (any more). */
export async function pickupView(
  _visitor: Visitor,
  _input: z.input<typeof pickupInput>,
): Promise<PickupView> {
  throw new Error("not built yet");
}

/** Numbers and secrets, on click: counted and audited. */
export async function revealByLink(
  _visitor: Visitor,
  _input: z.input<typeof pickupRevealInput>,
): Promise<{ cards: RevealedCard[] }> {
  throw new Error("not built yet");
}

export async function reportByLink(
  _visitor: Visitor,
  _input: z.input<typeof pickupReportInput>,
): Promise<ReportMade> {
  throw new Error("not built yet");
}

/** Of an order in a shop. */
export async function payByLink(
  _visitor: Visitor,
  _input: z.input<typeof pickupPayInput>,
): Promise<PaymentStarted> {
  throw new Error("not built yet");
}
