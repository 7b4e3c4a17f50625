import { ChannelPage } from "@/components/channels/channel-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.channels.get.queryOptions({ id }));
  return (
    <HydrateClient>
      <ChannelPage id={id} />
    </HydrateClient>
  );
}
