import type { SearchParams } from "nuqs/server";
import { StockPage } from "@/components/stock/stock-page";
import { stockInput, stockTable } from "@/components/stock/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const input = stockInput(stockTable.load(await searchParams));
  await prefetch(trpc.stock.list.queryOptions(input), trpc.stock.low.queryOptions());
  return (
    <HydrateClient>
      <StockPage />
    </HydrateClient>
  );
}
