import { RulesPage } from "@/components/rules/rules-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page() {
  await prefetch(trpc.rules.list.queryOptions());
  return (
    <HydrateClient>
      <RulesPage />
    </HydrateClient>
  );
}
