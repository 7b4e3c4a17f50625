import { TiersPage } from "@/components/distributors/tiers-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page() {
  await prefetch(trpc.tiers.list.queryOptions());
  return (
    <HydrateClient>
      <TiersPage />
    </HydrateClient>
  );
}
