import { ProductEditor } from "@/components/products/product-form";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.products.get.queryOptions({ id }));
  return (
    <HydrateClient>
      <ProductEditor id={id} />
    </HydrateClient>
  );
}
