import { PartyPage } from "@/components/parties/party-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.parties.get.queryOptions({ id }), trpc.fees.progressOf.queryOptions({ partyId: id }));
  return (
    <HydrateClient>
      <PartyPage id={id} />
    </HydrateClient>
  );
}
