import { FeesPage } from "@/components/fees/fees-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page() {
  await prefetch(trpc.fees.list.queryOptions());
  return (
    <HydrateClient>
      <FeesPage />
    </HydrateClient>
  );
}
