import type { SearchParams } from "nuqs/server";
import { PartiesPage } from "@/components/parties/parties-page";
import { partiesInput, partiesTable } from "@/components/parties/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await prefetch(trpc.parties.list.queryOptions(partiesInput(partiesTable.load(await searchParams))));
  return (
    <HydrateClient>
      <PartiesPage />
    </HydrateClient>
  );
}
