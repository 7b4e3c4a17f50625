import type { PickupView } from "@/server/domain/orders/types";

const SOON_MS = 2_000;
const LATER_MS = 15_000;

/** Milliseconds until the page asks again; false where nothing more is expected. */
export function lookAgainIn(view: PickupView | undefined): number | false {
  if (!view) return false;
  if (view.state === "pending" || view.state === "paid") return SOON_MS;
  // Money that came late, a person at work, or a report that is being checked.
  const awaited = view.cards.some(({ report }) => report?.outcome === "open");
  return view.state === "expired" || view.state === "flagged" || awaited ? LATER_MS : false;
}
