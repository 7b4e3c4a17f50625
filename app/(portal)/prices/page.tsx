import type { SearchParams } from "nuqs/server";
import { PricesPage } from "@/components/prices/prices-page";
import { pricesInput, pricesTable } from "@/components/prices/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await prefetch(
    trpc.prices.list.queryOptions(pricesInput(pricesTable.load(await searchParams))),
    trpc.tiers.list.queryOptions(),
  );
  return (
    <HydrateClient>
      <PricesPage />
    </HydrateClient>
  );
}
