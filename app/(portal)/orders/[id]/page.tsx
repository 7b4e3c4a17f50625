import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { OrderPage } from "@/components/orders/order-page";
import { requestContextOfPage } from "@/server/auth/request";
import { appRouter } from "@/server/trpc/root";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const id = decodeURIComponent((await params).id);
  // By its reference, as people quote it, it leads to its one address.
  if (/^ord-/i.test(id)) {
    const caller = appRouter.createCaller(await requestContextOfPage(await headers()));
    const found = await caller.orders.get({ id }).catch(() => null);
    if (found) redirect(`/orders/${found.id}`);
  }
  await prefetch(trpc.orders.get.queryOptions({ id }));
  return (
    <HydrateClient>
      <OrderPage id={id} />
    </HydrateClient>
  );
}
