import { VoucherPage } from "@/components/vouchers/voucher-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.vouchers.get.queryOptions({ id }));
  return (
    <HydrateClient>
      <VoucherPage id={id} />
    </HydrateClient>
  );
}
