import { SupplierPage } from "@/components/suppliers/supplier-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.suppliers.get.queryOptions({ partyId: id }));
  return (
    <HydrateClient>
      <SupplierPage id={id} />
    </HydrateClient>
  );
}
