import { RedemptionPage } from "@/components/redemptions/redemption-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.redemptions.get.queryOptions({ id }));
  return (
    <HydrateClient>
      <RedemptionPage id={id} />
    </HydrateClient>
  );
}
