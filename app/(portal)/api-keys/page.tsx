import type { SearchParams } from "nuqs/server";
import { ApiKeysPage } from "@/components/apiKeys/api-keys-page";
import { apiKeysInput, apiKeysTable } from "@/components/apiKeys/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await prefetch(trpc.apiKeys.list.queryOptions(apiKeysInput(apiKeysTable.load(await searchParams))));
  return (
    <HydrateClient>
      <ApiKeysPage />
    </HydrateClient>
  );
}
