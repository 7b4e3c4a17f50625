import type { SearchParams } from "nuqs/server";
import { ClosingsPage } from "@/components/statements/closings-page";
import { runsInput, runsTable } from "@/components/statements/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await prefetch(
    trpc.settlement.runs.queryOptions(runsInput(runsTable.load(await searchParams))),
    trpc.calendar.years.queryOptions(),
  );
  return (
    <HydrateClient>
      <ClosingsPage />
    </HydrateClient>
  );
}
