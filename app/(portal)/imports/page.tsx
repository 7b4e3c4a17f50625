import type { SearchParams } from "nuqs/server";
import { ImportsPage } from "@/components/imports/imports-page";
import { importsInput, importsTable } from "@/components/imports/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const query = importsTable.load(await searchParams);
  await prefetch(trpc.imports.list.queryOptions(importsInput(query)));
  return (
    <HydrateClient>
      <ImportsPage />
    </HydrateClient>
  );
}
