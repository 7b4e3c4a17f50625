import type { SearchParams } from "nuqs/server";
import { ReplayTradesPage } from "@/components/replay/replay-trades-page";
import { replayTradesInput, replayTradesTable } from "@/components/replay/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}) {
  const { id } = await params;
  const query = replayTradesTable.load(await searchParams);
  await Promise.all([
    prefetch(trpc.replays.get.queryOptions({ id })),
    prefetch(trpc.replays.trades.queryOptions(replayTradesInput(id, query))),
  ]);
  return (
    <HydrateClient>
      <ReplayTradesPage id={id} />
    </HydrateClient>
  );
}
