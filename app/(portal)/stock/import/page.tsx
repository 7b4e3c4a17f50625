import { NewKeyImportPage } from "@/components/stock/new-import-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page() {
  await prefetch(trpc.products.options.queryOptions({}));
  return (
    <HydrateClient>
      <NewKeyImportPage />
    </HydrateClient>
  );
}
