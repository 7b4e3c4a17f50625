import type { Metadata } from "next";
import { headers } from "next/headers";
import { ShopPage } from "@/components/store/shop-page";
import { ShopClosed } from "@/components/store/store-frame";
import { requestContextOfPage } from "@/server/auth/request";
import { appRouter } from "@/server/trpc/root";

/** For those whom the distributor gives the link. */
export const metadata: Metadata = { robots: { index: false, follow: false } };

export default async function Page({ params }: { params: Promise<{ tenant: string; shop: string }> }) {
  const address = await params;
  const caller = appRouter.createCaller(await requestContextOfPage(await headers()));
  const view = await caller.store.shop(address).catch(missing);
  return view ? <ShopPage address={address} initial={view} /> : <ShopClosed />;
}

function missing(error: unknown): null {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  if (code === "NOT_FOUND" || code === "BAD_REQUEST" || cause?.code === "SHOP_CLOSED") return null;
  throw error;
}
