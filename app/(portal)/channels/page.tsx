import { ChannelsPage } from "@/components/channels/channels-page";
import { FIRST_TRY } from "@/components/channels/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page() {
  await Promise.all([
    prefetch(trpc.channels.list.queryOptions()),
    prefetch(trpc.channels.tryRoute.queryOptions({ amount: String(FIRST_TRY) })),
  ]);
  return (
    <HydrateClient>
      <ChannelsPage />
    </HydrateClient>
  );
}
