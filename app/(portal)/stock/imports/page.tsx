import type { SearchParams } from "nuqs/server";
import { KeyImportsPage } from "@/components/stock/imports-page";
import { keyImportsInput, keyImportsTable } from "@/components/stock/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const input = keyImportsInput(keyImportsTable.load(await searchParams));
  await prefetch(trpc.stock.imports.queryOptions(input));
  return (
    <HydrateClient>
      <KeyImportsPage />
    </HydrateClient>
  );
}
