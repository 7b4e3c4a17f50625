import type { SearchParams } from "nuqs/server";
import { SuppliersPage } from "@/components/suppliers/suppliers-page";
import { suppliersInput, suppliersTable } from "@/components/suppliers/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const input = suppliersInput(suppliersTable.load(await searchParams));
  await prefetch(trpc.suppliers.list.queryOptions(input));
  return (
    <HydrateClient>
      <SuppliersPage />
    </HydrateClient>
  );
}
