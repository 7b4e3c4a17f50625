import type { SearchParams } from "nuqs/server";
import { ProductsPage } from "@/components/products/products-page";
import { productsInput, productsTable } from "@/components/products/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const input = productsInput(productsTable.load(await searchParams));
  await prefetch(trpc.products.list.queryOptions(input));
  return (
    <HydrateClient>
      <ProductsPage />
    </HydrateClient>
  );
}
