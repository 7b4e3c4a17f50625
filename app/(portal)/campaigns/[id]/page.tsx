import { CampaignPage } from "@/components/campaigns/campaign-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.campaigns.get.queryOptions({ id }));
  return (
    <HydrateClient>
      <CampaignPage id={id} />
    </HydrateClient>
  );
}
