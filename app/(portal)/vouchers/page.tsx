import type { SearchParams } from "nuqs/server";
import { vouchersInput, vouchersTable } from "@/components/vouchers/table";
import { VouchersPage } from "@/components/vouchers/vouchers-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const input = vouchersInput(vouchersTable.load(await searchParams));
  await prefetch(trpc.vouchers.list.queryOptions(input));
  return (
    <HydrateClient>
      <VouchersPage />
    </HydrateClient>
  );
}
