import type { SearchParams } from "nuqs/server";
import { OrdersPage } from "@/components/orders/orders-page";
import { ordersInput, ordersTable } from "@/components/orders/table";
import { currentViewer } from "@/server/auth/viewer";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [viewer, params] = await Promise.all([currentViewer(), searchParams]);
  if (viewer) {
    const input = ordersInput(ordersTable.load(params), viewer.tenant.timezone);
    await prefetch(trpc.orders.list.queryOptions(input));
  }
  return (
    <HydrateClient>
      <OrdersPage />
    </HydrateClient>
  );
}
