import type { Metadata } from "next";
import { headers } from "next/headers";
import { code128 } from "@/components/wallet/bars";
import { WalletMissing, WalletPage } from "@/components/wallet/wallet-page";
import { requestContextOfPage } from "@/server/auth/request";
import { appRouter } from "@/server/trpc/root";

/** The address is a bearer secret: no page that is opened from here learns it. */
export const metadata: Metadata = { referrer: "no-referrer", robots: { index: false, follow: false } };

export default async function Page({ params }: { params: Promise<{ tenant: string; token: string }> }) {
  const { tenant, token } = await params;
  const caller = appRouter.createCaller(await requestContextOfPage(await headers()));
  const view = await caller.wallet.view({ tenant, token }).catch(missing);
  if (!view) return <WalletMissing />;
  return (
    <WalletPage
      tenant={tenant}
      token={token}
      initial={view}
      bars={view.code ? code128(view.code.replaceAll("-", "")) : null}
    />
  );
}

/** An address that was cut short or made up is told as such, not as an error. */
function missing(error: unknown): null {
  const code = (error as { code?: unknown }).code;
  if (code === "NOT_FOUND" || code === "BAD_REQUEST") return null;
  throw error;
}
