import { OwingPage } from "@/components/statements/owing-page";
import { OWING_LIMIT } from "@/components/statements/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page() {
  await prefetch(trpc.statements.owing.queryOptions({ limit: OWING_LIMIT }));
  return (
    <HydrateClient>
      <OwingPage />
    </HydrateClient>
  );
}
