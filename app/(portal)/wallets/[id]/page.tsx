import type { SearchParams } from "nuqs/server";
import { movementsInput, movementsTable } from "@/components/wallets/table";
import { WalletPage } from "@/components/wallets/wallet-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}) {
  const { id } = await params;
  const input = movementsInput(id, movementsTable.load(await searchParams));
  await Promise.all([
    prefetch(trpc.wallets.get.queryOptions({ distributorId: id })),
    prefetch(trpc.wallets.movements.queryOptions(input)),
  ]);
  return (
    <HydrateClient>
      <WalletPage id={id} />
    </HydrateClient>
  );
}
