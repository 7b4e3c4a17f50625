import { ReplayTradePage } from "@/components/replay/replay-trade-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string; tradeId: string }> }) {
  const { id, tradeId } = await params;
  await Promise.all([
    prefetch(trpc.replays.get.queryOptions({ id })),
    prefetch(trpc.replays.trade.queryOptions({ replayId: id, tradeId })),
  ]);
  return (
    <HydrateClient>
      <ReplayTradePage id={id} tradeId={tradeId} />
    </HydrateClient>
  );
}
