import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { RedemptionPage } from "@/components/redemptions/redemption-page";
import { requestContextOfPage } from "@/server/auth/request";
import { appRouter } from "@/server/trpc/root";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const id = decodeURIComponent((await params).id);
  // By its reference, as people quote it, it leads to its one address.
  if (/^[a-z]{2}-/i.test(id)) {
    const caller = appRouter.createCaller(await requestContextOfPage(await headers()));
    const found = await caller.redemptions.get({ id }).catch(() => null);
    if (found) redirect(`/redemptions/${found.id}`);
  }
  await prefetch(trpc.redemptions.get.queryOptions({ id }), trpc.trades.explain.queryOptions({ id }));
  return (
    <HydrateClient>
      <RedemptionPage id={id} />
    </HydrateClient>
  );
}
