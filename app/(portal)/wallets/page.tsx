import type { SearchParams } from "nuqs/server";
import { walletsInput, walletsTable } from "@/components/wallets/table";
import { WalletsPage } from "@/components/wallets/wallets-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const input = walletsInput(walletsTable.load(await searchParams));
  await prefetch(trpc.wallets.list.queryOptions(input));
  return (
    <HydrateClient>
      <WalletsPage />
    </HydrateClient>
  );
}
