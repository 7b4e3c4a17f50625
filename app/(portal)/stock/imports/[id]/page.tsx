import { KeyImportPage } from "@/components/stock/import-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.stock.import.queryOptions({ id }));
  return (
    <HydrateClient>
      <KeyImportPage id={id} />
    </HydrateClient>
  );
}
