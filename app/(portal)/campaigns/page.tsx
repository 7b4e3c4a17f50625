import type { SearchParams } from "nuqs/server";
import { CampaignsPage } from "@/components/campaigns/campaigns-page";
import { campaignsInput, campaignsTable } from "@/components/campaigns/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const input = campaignsInput(campaignsTable.load(await searchParams));
  await prefetch(trpc.campaigns.list.queryOptions(input));
  return (
    <HydrateClient>
      <CampaignsPage />
    </HydrateClient>
  );
}
