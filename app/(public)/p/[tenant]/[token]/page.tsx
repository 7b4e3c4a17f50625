import type { Metadata } from "next";
import { headers } from "next/headers";
import { PickupPage } from "@/components/store/pickup-page";
import { LinkMissing } from "@/components/store/store-frame";
import { requestContextOfPage } from "@/server/auth/request";
import { appRouter } from "@/server/trpc/root";

/** The address is a bearer secret: no page that is opened from here learns it. */
export const metadata: Metadata = { referrer: "no-referrer", robots: { index: false, follow: false } };

export default async function Page({ params }: { params: Promise<{ tenant: string; token: string }> }) {
  const address = await params;
  const caller = appRouter.createCaller(await requestContextOfPage(await headers()));
  const view = await caller.store.view(address).catch(missing);
  return view ? <PickupPage address={address} initial={view} /> : <LinkMissing />;
}

/** An address that was cut short, made up, or has run out is told as such, not as an error. */
function missing(error: unknown): null {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  if (code === "NOT_FOUND" || code === "BAD_REQUEST" || cause?.code === "LINK_INVALID") return null;
  throw error;
}
