import { FeePage } from "@/components/fees/fee-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.fees.get.queryOptions({ id }));
  return (
    <HydrateClient>
      <FeePage id={id} />
    </HydrateClient>
  );
}
