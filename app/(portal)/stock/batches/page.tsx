import type { SearchParams } from "nuqs/server";
import { BatchesPage } from "@/components/stock/batches-page";
import { batchesInput, batchesTable } from "@/components/stock/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const input = batchesInput(batchesTable.load(await searchParams));
  await prefetch(trpc.stock.batches.queryOptions(input));
  return (
    <HydrateClient>
      <BatchesPage />
    </HydrateClient>
  );
}
