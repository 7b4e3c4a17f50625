import { DistributorPage } from "@/components/distributors/distributor-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.distributors.get.queryOptions({ partyId: id }));
  return (
    <HydrateClient>
      <DistributorPage id={id} />
    </HydrateClient>
  );
}
