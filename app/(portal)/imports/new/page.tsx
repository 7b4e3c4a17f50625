import { NewImportPage } from "@/components/imports/new-import-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page() {
  await prefetch(trpc.imports.mappings.queryOptions());
  return (
    <HydrateClient>
      <NewImportPage />
    </HydrateClient>
  );
}
