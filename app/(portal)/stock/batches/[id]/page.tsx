import type { SearchParams } from "nuqs/server";
import { BatchPage } from "@/components/stock/batch-page";
import { keysInput, keysTable } from "@/components/stock/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}) {
  const { id } = await params;
  const keys = keysInput(id, keysTable.load(await searchParams));
  await prefetch(trpc.stock.batch.queryOptions({ id }), trpc.stock.keys.queryOptions(keys));
  return (
    <HydrateClient>
      <BatchPage id={id} />
    </HydrateClient>
  );
}
