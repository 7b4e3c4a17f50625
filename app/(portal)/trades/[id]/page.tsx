import { TradePage } from "@/components/trace/trade-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.trades.explain.queryOptions({ id }));
  return (
    <HydrateClient>
      <TradePage id={id} />
    </HydrateClient>
  );
}
