import { CampaignEditor } from "@/components/campaigns/campaign-form";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.campaigns.get.queryOptions({ id }));
  return (
    <HydrateClient>
      <CampaignEditor id={id} />
    </HydrateClient>
  );
}
