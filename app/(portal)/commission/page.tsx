import type { SearchParams } from "nuqs/server";
import { CommissionPage } from "@/components/commission/commission-page";
import { commissionInput, commissionTable } from "@/components/commission/table";
import { currentViewer } from "@/server/auth/viewer";
import { isPlatformRole } from "@/server/core/permissions";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await currentViewer();
  const input = commissionInput(commissionTable.load(await searchParams));
  if (viewer && (input.partyId !== undefined || !isPlatformRole(viewer.role))) {
    await prefetch(trpc.distributors.commissions.queryOptions(input));
  }
  return (
    <HydrateClient>
      <CommissionPage />
    </HydrateClient>
  );
}
