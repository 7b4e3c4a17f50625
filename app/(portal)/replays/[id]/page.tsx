import type { SearchParams } from "nuqs/server";
import { ReplayPage } from "@/components/replay/replay-page";
import { replayPartiesInput, replayPartiesTable } from "@/components/replay/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}) {
  const { id } = await params;
  const query = replayPartiesTable.load(await searchParams);
  await Promise.all([
    prefetch(trpc.replays.get.queryOptions({ id })),
    prefetch(trpc.replays.parties.queryOptions(replayPartiesInput(id, query))),
  ]);
  return (
    <HydrateClient>
      <ReplayPage id={id} />
    </HydrateClient>
  );
}
