import type { SearchParams } from "nuqs/server";
import { StatementsPage } from "@/components/statements/statements-page";
import { statementsFilter, statementsInput, statementsTable } from "@/components/statements/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const query = statementsTable.load(await searchParams);
  await prefetch(
    trpc.statements.list.queryOptions(statementsInput(query)),
    trpc.statements.sums.queryOptions(statementsFilter(query)),
  );
  return (
    <HydrateClient>
      <StatementsPage />
    </HydrateClient>
  );
}
